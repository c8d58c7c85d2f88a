"""Layouts as data: data/layouts/*.toml says which files are meant, what their numbers are, and when those become known.

    family = "table"                           who reads the file: a key of `report.read.families.FAMILIES`
    name = "主力连续日线"                      for people
    file = "主力连续日线*.xlsx"                optional: what the file is called; * stands for anything
    published = { sessions = 0, time = "15:30", zone = "Asia/Shanghai" }
    [ignored]                                  what is not read, and why
    "注销仓单" = "…"

and the keys of the family, which its own `Layout` declares. A number becomes known `sessions` sessions of its exchange
after the one it speaks of, at `time` in `zone`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from fnmatch import fnmatchcase
from typing import Annotated
from unicodedata import normalize
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PrivateAttr

from report.catalog import Catalog
from report.entries import Entry
from report.errors import CalendarEnds, CatalogError
from report.sessions import Calendars


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"'{name}' is no time zone; write one such as Asia/Shanghai") from error
    return name


class Published(Entry):
    """When a number becomes known: so many sessions after its own, at that time of that zone."""

    sessions: int = Field(ge=0, le=10)
    time: time
    zone: Annotated[str, AfterValidator(_known_zone)]

    def moment(self, calendars: Calendars, exchange: str, session: date) -> datetime | str:
        """When a number of that session of that exchange is published (UTC), or why there is no such session."""
        try:
            if not calendars.is_session(exchange, session):
                return f"{session} is no session of {exchange}"
            shown_on = calendars.following(exchange, session, self.sessions) if self.sessions else session
        except CalendarEnds as error:
            return str(error)
        return datetime.combine(shown_on, self.time, ZoneInfo(self.zone)).astimezone(UTC)


class Common(Entry):
    """What every layout says, whatever its family. A family derives its `Layout` from this."""

    family: str
    name: str
    published: Published
    file: str = ""
    ignored: Mapping[str, str] = {}
    _home: str = PrivateAttr("data/layouts/")

    @property
    def home(self) -> str:
        """The file the layout stands in, as messages name it."""
        return self._home

    def called(self, name: str) -> bool:
        """Whether a file of that name may be of this layout."""
        return not self.file or fnmatchcase(normalize("NFC", name).casefold(), normalize("NFC", self.file).casefold())

    def quarrels(self) -> Iterator[str]:
        """Mistakes that lie in the layout alone, `key: what is wrong`. A family overrides it where it can have any."""
        yield from ()

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """What the layout names and the catalogue does not know, `key: what is wrong`. A family overrides it."""
        yield from ()


def check(layout: Common, catalog: Catalog) -> None:
    """Raise CatalogError when the layout names a measure, variety or unit the catalogue does not know."""
    if mistakes := [f"{layout.home} › {one}" for one in layout.mistakes(catalog)]:
        raise CatalogError("\n".join(mistakes))
