"""The SPDR gold trust's archive, .csv or .xlsx: a row a day since 2004, days without trading among them.

date = "Date"                              the heading over the days: 18-Nov-2004
shut = ["HOLIDAY", "US Holiday"]           what stands for the numbers of a day without trading
[columns]                                  what is read; a heading of either form of the file
"Tonnes of Gold" = { variety = "au", measure = "etf_stock", unit = "吨" }
[ignored]                                  headings and sheets that are not read, and why
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pydantic import Field

from report.catalog import Catalog
from report.facts import Fact, Finding
from report.read import Reading, axis, codes
from report.read.cell import Cell, Kind, Taken
from report.read.days import day
from report.read.english import named
from report.read.incoming import SPREADSHEETS, Incoming
from report.read.layouts import Common
from report.read.sheets import Sheet
from report.read.told import Numbers, Told, numbers
from report.read.words import folded, shown
from report.sessions import Calendars


class Layout(Common):
    """An archive of one fund."""

    date: str
    shut: tuple[str, ...] = ()
    columns: Mapping[str, Told] = Field(min_length=1)

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Varieties, measures and units the catalogue does not know."""
        for heading, told in self.columns.items():
            yield from told.mistakes(f"columns.{heading}", catalog)


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no archive of this fund; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    if file.kind not in SPREADSHEETS:
        return f"a spreadsheet is wanted, this is {file.kind}"
    if any(_columns(sheet, layout) for sheet in file.sheets):
        return ""
    return f"no sheet with the columns {layout.date} and {' or '.join(layout.columns)}"


def _columns(sheet: Sheet, layout: Layout) -> dict[int, str]:
    """The claimed headings of a sheet that has days, by their columns."""
    row, _ = axis.head(sheet, (layout.date,))
    claimed = {folded(one): one for one in layout.columns}
    heads = enumerate(sheet.rows[row - 1], start=1) if row else ()
    return {at: claimed[folded(one)] for at, one in heads if isinstance(one, str) and folded(one) in claimed}


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """Read the archive: one fact a session and claimed column."""
    facts: list[Fact] = []
    findings: list[Finding] = list(file.findings)
    ignored = {folded(one) for one in layout.ignored}
    for sheet in file.sheets:
        if columns := _columns(sheet, layout):
            told = {at: numbers(layout.columns[one], layout, catalog) for at, one in columns.items()}
            shut = frozenset(map(folded, layout.shut))
            table = axis.Axis(sheet, calendars, catalog.words.missing, shut, list(_unknown(sheet, layout)))
            facts += _facts(table, layout, told)
            findings += table.findings
        elif folded(sheet.title) not in ignored and any(any(line) for line in sheet.rows):
            message = f"the sheet {shown(sheet.title)} is neither read nor ignored by {layout.home}"
            findings.append(codes.UNKNOWN_SHEET.at(sheet.where, message))
    return Reading(tuple(facts), (), tuple(findings))


def _facts(table: axis.Axis, layout: Layout, told: Mapping[int, Numbers]) -> list[Fact]:
    row, at = axis.head(table.sheet, (layout.date,))
    return table.facts(row, at, told, lambda cell: _day(cell, table.sheet))


def _day(cell: Cell, sheet: Sheet) -> Taken[date]:
    found = named(str(cell.value)) if cell.kind is Kind.TEXT else None
    return Taken(found) if found else day(cell, sheet.epoch)


def _unknown(sheet: Sheet, layout: Layout) -> Iterator[Finding]:
    row, _ = axis.head(sheet, (layout.date,))
    known = {folded(one) for one in (layout.date, *layout.columns, *layout.ignored)}
    for at, value in enumerate(sheet.rows[row - 1], start=1):
        if isinstance(value, str) and value.strip() and folded(value) not in known:
            message = f"the column {shown(value)} is neither claimed nor ignored by {layout.home}; not read"
            yield codes.UNKNOWN_COLUMN.at(sheet.place(row, at), message)
