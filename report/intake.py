"""The corridor's way in: files as they were sent become facts in the history, each file by itself.

    path -> incoming -> recognised by exactly one layout -> read -> kept in one transaction

A file that fails leaves nothing behind and does not stop the others.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from report.catalog import Catalog
from report.errors import CalendarEnds, InputError
from report.facts import Fact, Finding
from report.history import FileRead, History, Kept
from report.read import Reading, codes
from report.read.families import FAMILIES
from report.read.incoming import Incoming
from report.read.layouts import Common
from report.read.recognise import recognise
from report.sessions import Calendars

HOUSE = ZoneInfo("Asia/Shanghai")
NOTHING = Kept()
PASSED_ON = ("table", "edb", "desk")
"""Families of files that somebody passes on; those of all others are the publisher's own, and go before them."""
UNCLAIMED = (codes.UNKNOWN_COLUMN, codes.UNKNOWN_SHEET, codes.UNCLAIMED)


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file: its layout, how many facts it brought, of which sessions; or why it could not be read.

    unclaimed: what no layout claims or ignores; findings: everything that was said of the file, that included.
    """

    path: Path
    layout: str = ""
    kept: Kept = NOTHING
    first: date | None = None
    last: date | None = None
    findings: tuple[Finding, ...] = ()
    problem: str = ""

    @property
    def unclaimed(self) -> tuple[Finding, ...]:
        """What in the file nobody claimed: columns, sheets, products."""
        names = {code.name for code in UNCLAIMED}
        return tuple(finding for finding in self.findings if finding.code in names)


@dataclass(frozen=True, slots=True)
class Intake:
    """Where files go: the layouts that may recognise them, and the history that keeps their facts."""

    layouts: Sequence[Common]
    catalog: Catalog
    calendars: Calendars
    history: History

    def take(
        self,
        paths: Iterable[Path],
        now: datetime,
        dry_run: bool = False,
        progress: Callable[[str], None] = lambda _: None,
    ) -> tuple[Ingested, ...]:
        """Take in every file of the paths, folders with all they hold. dry_run: tell what it would bring, keep nothing.

        Raises HistoryError, and CatalogError for a layout the catalogue does not bear out.
        """
        done = []
        for path in _files(paths):
            progress(path.name)
            done.append(self._one(path, now, dry_run))
        return tuple(done)

    def _one(self, path: Path, now: datetime, dry_run: bool) -> Ingested:
        try:
            file = Incoming(path)
            layout, reading = self.read(file)
        except (InputError, CalendarEnds) as error:
            return Ingested(path, problem=str(error))
        known = [fact for fact in reading.facts if fact.value is not None]
        source = FileRead.of(file.name, file.data, layout.name, published=layout.family not in PASSED_ON)
        if dry_run:
            kept = self.history.weigh(known, now, source)
        else:
            kept = self.history.keep(known, reading.views, now, source)
        days = [fact.session for fact in known]
        told = (*reading.findings, *_to_come(known, now))
        return Ingested(path, layout.name, kept, min(days, default=None), max(days, default=None), told)

    def read(self, file: Incoming) -> tuple[Common, Reading]:
        """The layout of a file, and what it holds. Raises InputError, CatalogError."""
        layout = recognise(file, self.layouts, self.catalog)
        reading: Reading = FAMILIES[layout.family].read(file, layout, self.catalog, self.calendars)
        return layout, reading


def _to_come(facts: Iterable[Fact], now: datetime) -> Iterator[Finding]:
    """Say that numbers are of days after today, today being the house's."""
    today = now.astimezone(HOUSE).date()
    late = sorted((fact for fact in facts if fact.session > today), key=lambda fact: fact.session)
    if late:
        until = f" to {late[-1].session}" if late[-1].session > late[0].session else ""
        message = (
            f"{len(late)} numbers are of {late[0].session}{until}, and today is {today}; "
            "look whether the file's dates or this machine's clock are wrong"
        )
        yield codes.TO_COME.at(late[0].source, message)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    """Every file once: those named, and those of the folders named; hidden ones and Excel's marks (~$…) left aside."""
    seen = set()
    for path in paths:
        inside = sorted(one for one in path.rglob("*") if one.is_file() and not _aside(one, path))
        for one in inside if path.is_dir() else [path]:
            if (real := os.path.realpath(one)) not in seen:  # a link to itself is told when it is opened
                seen.add(real)
                yield one


def _aside(path: Path, folder: Path) -> bool:
    return any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts)
