"""Layouts of plain tables as data: data/layouts/*.toml says which file is meant and what its columns are.

    name = "主力连续日线"                      for people
    file = "主力连续日线*.xlsx"                optional: what the file is called
    date = "日期"                              the heading of the column of dates
    published = { sessions = 0, time = "15:30", zone = "Asia/Shanghai" }
    [sheets]                                   optional: sheets not named as the catalogue names the variety
    "Sheet1" = "cu"
    [columns]                                  what is read
    "收盘价" = { measure = "futures_close", basis = "主力连续", unit_of = "futures_close" }
    [ignored]                                  what is not, and why
    "注销仓单" = "…"

A number becomes known `sessions` sessions of its calendar after the one it speaks of, at `time` in `zone`. unit is the
file's unit where it is not the house's; unit_of names the series whose unit the numbers share.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Annotated
from unicodedata import normalize
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, PrivateAttr, ValidationError

from report.catalog import Catalog, files
from report.entries import Entry, Variety
from report.errors import CatalogError
from report.facts import Series
from report.read.words import folded


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


class Column(Entry):
    """What the numbers under one heading are."""

    measure: str
    basis: str = ""
    unit: str = ""
    unit_of: str = ""


class Layout(Entry):
    """One family of plain tables."""

    name: str
    date: str
    published: Published
    columns: Mapping[str, Column] = Field(min_length=1)
    ignored: Mapping[str, str] = {}
    sheets: Mapping[str, str] = {}
    file: str = ""
    _home: str = PrivateAttr("data/layouts/")

    @property
    def home(self) -> str:
        """The file the layout stands in, as messages name it."""
        return self._home

    def called(self, name: str) -> bool:
        """Whether a file of that name may be of this layout."""
        return not self.file or fnmatchcase(normalize("NFC", name).casefold(), normalize("NFC", self.file).casefold())

    def variety(self, sheet: str, catalog: Catalog) -> Variety | None:
        """The variety a sheet of that name is about, or None."""
        return catalog.varieties.get(self.sheets[sheet]) if sheet in self.sheets else catalog.named(sheet.strip())

    def unit(self, column: Column, variety: Variety, catalog: Catalog) -> str:
        """The house's unit of a column's numbers."""
        if column.unit_of:
            return catalog.unit(catalog.series(variety, column.unit_of))
        return catalog.unit(Series(variety.code, column.measure, column.basis))


def load(folders: Sequence[Path]) -> tuple[Layout, ...]:
    """Read every layout of the folders, most particular first; a file hides its namesake in a later folder.

    Raises CatalogError with every mistake of every file.
    """
    mistakes: list[str] = []
    found: list[Layout] = []
    for name, path in files(folders, "*.toml").items():
        home = f"data/layouts/{name}"
        try:
            layout = Layout.model_validate(tomllib.loads(path.read_text(encoding="utf-8-sig")))
        except ValidationError as error:
            for item in error.errors():
                mistakes.append(f"{home} › {'.'.join(map(str, item['loc'])) or '(file)'}: {item['msg']}")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            mistakes.append(f"{home}: not readable as TOML: {error}")
        else:
            layout._home = home
            mistakes += _quarrels(layout, found)
            found.append(layout)
    if mistakes:
        raise CatalogError("\n".join(mistakes))
    return tuple(found)


def _quarrels(layout: Layout, others: Sequence[Layout]) -> Iterator[str]:
    for other in others:
        if other.name == layout.name:
            yield f"{layout.home} › name: '{layout.name}' is taken by {other.home}; give it its own"
    seen: dict[str, str] = {folded(layout.date): "date"}
    for place, headings in (("columns", layout.columns), ("ignored", layout.ignored)):
        for heading in headings:
            first = seen.setdefault(folded(heading), place)
            if first != place:
                yield f"{layout.home} › {place}.{heading}: the heading stands under '{first}' too; keep one"


def check(layout: Layout, catalog: Catalog) -> None:
    """Raise CatalogError when the layout names a measure, variety or unit the catalogue does not know."""
    mistakes = [
        f"{layout.home} › sheets.{sheet}: no variety has the code '{code}'"
        for sheet, code in layout.sheets.items()
        if code not in catalog.varieties
    ]
    for heading, column in layout.columns.items():
        where = f"{layout.home} › columns.{heading}"
        for key, reference in (("measure", column.measure), ("unit_of", column.unit_of.partition("@")[0])):
            if reference and reference not in catalog.measures:
                mistakes.append(f"{where}.{key}: '{reference}' is no measure of data/measures.toml")
    if mistakes:
        raise CatalogError("\n".join(mistakes))
