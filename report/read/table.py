"""Any plain table with a column of dates: history workbooks, exports. What it means is a layout, which is data.

Exactly one layout recognises a file. Every column is claimed, ignored by name, or reported; a row whose date cannot be
trusted is left out and reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from openpyxl.utils import get_column_letter

from report.catalog import Catalog
from report.entries import Variety
from report.errors import CatalogError
from report.facts import Fact, Finding, Series
from report.read import Reading, codes, layouts
from report.read.cell import Cell, Kind, marks_missing, number, refusal
from report.read.days import day
from report.read.headed import HEAD_WITHIN, Layout, head
from report.read.incoming import Incoming
from report.read.sheets import Sheet
from report.read.words import folded, nearest, shown
from report.sessions import Calendars

__all__ = ("Layout", "lacks", "read")


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why a file is not of a layout; '' where it is."""
    if not file.sheets:
        return f"a table in a workbook or a .csv, not {file.kind}"
    mine = [sheet for sheet in file.sheets if layout.variety(sheet.title, catalog)]
    if not mine:
        return f"no sheet is called after a variety, only {'、'.join(sheet.title for sheet in file.sheets)}"
    wanted = (layout.date, *layout.columns)
    missing = [[one for one in wanted if folded(one) not in head(sheet, layout)[1]] for sheet in mine]
    return "" if not all(missing) else f"no column {'、'.join(sorted(missing, key=len)[0])}"


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """Read a file of a layout: its facts, and everything that was left out and why.

    Raises InputError for a file that cannot be opened, CatalogError for a layout the catalogue does not bear out.
    """
    layouts.check(layout, catalog)
    facts: list[Fact] = []
    findings = list(file.findings)
    seen: dict[str, str] = {}
    for sheet in file.sheets:
        variety = layout.variety(sheet.title, catalog)
        if variety is None:
            if any(value not in ("", None) for line in sheet.rows for value in line):
                near = nearest(sheet.title, [one.name for one in catalog.varieties.values()])
                message = f"no variety is called {shown(sheet.title)} ({near}); not read"
                findings.append(codes.UNKNOWN_SHEET.at(sheet.where, message))
        elif (first := seen.setdefault(variety.code, sheet.title)) != sheet.title:
            message = f"the sheets {first} and {sheet.title} are both about {variety.name}; rename or delete one"
            findings.append(codes.TWICE.at(sheet.where, message))
        else:
            table = _Table(sheet, layout, variety, catalog, calendars)
            facts += table.facts()
            findings += table.findings
    return Reading(tuple(facts), (), tuple(dict.fromkeys(findings)), file.name)


@dataclass(frozen=True, slots=True)
class _Column:
    """A claimed column: where it stands and what its numbers are; factor turns them into the house's unit."""

    at: int
    series: Series
    unit: str
    factor: Decimal
    calendar: str


@dataclass
class _Table:
    sheet: Sheet
    layout: Layout
    variety: Variety
    catalog: Catalog
    calendars: Calendars
    findings: list[Finding] = field(default_factory=list)
    _published: dict[tuple[str, date], datetime | str] = field(default_factory=dict)

    def facts(self) -> list[Fact]:
        """Read the sheet; what is wrong with it goes to `findings`."""
        row, heads = head(self.sheet, self.layout)
        at = self._only(self.layout.date, row, heads)
        columns = list(self._columns(row, heads)) if at else []
        if not row:
            wanted = " ".join((self.layout.date, *self.layout.columns))
            message = f"no headings in the first {HEAD_WITHIN} rows; put {wanted} above the data"
            self.findings.append(codes.NO_HEADINGS.at(self.sheet.where, message))
        if not columns:
            return []
        self._report_others(row, heads)
        days = self._days(row, at, columns)
        return [fact for line, one in days.items() for fact in self._row(line, at, one, columns)]

    def _only(self, heading: str, row: int, heads: dict[str, list[int]]) -> int:
        """The one column of a heading; 0, and a finding, where there is none or more than one."""
        places = heads.get(folded(heading), [])
        if len(places) == 1:
            return places[0]
        if places:
            cells = " and ".join(f"{get_column_letter(at)}{row}" for at in places)
            message = f"the heading {heading} stands in {cells}; rename or delete one of the columns"
            self.findings.append(codes.TWICE.at(self.sheet.place(row, places[1]), message))
        elif row:
            message = f"no column {heading} on the sheet; put the heading {heading} into row {row}"
            self.findings.append(codes.NO_COLUMN.at(self.sheet.where, message))
        return 0

    def _columns(self, row: int, heads: dict[str, list[int]]) -> Iterator[_Column]:
        for heading, column in self.layout.columns.items():
            if at := self._only(heading, row, heads):
                series = Series(self.variety.code, column.measure, column.basis)
                unit = self.layout.unit(column, self.variety, self.catalog)
                factor = self.catalog.factor(column.unit or unit, unit)
                if factor is None:
                    where = f"{self.layout.home} › columns.{heading}.unit"
                    mend = "declare the conversion in data/units.toml"
                    raise CatalogError(f"{where}: '{column.unit}' does not convert into {unit}; {mend}")
                yield _Column(at, series, unit, factor, self.catalog.calendar(series))

    def _report_others(self, row: int, heads: dict[str, list[int]]) -> None:
        known = {folded(one) for one in (self.layout.date, *self.layout.columns, *self.layout.ignored)}
        titled = {at: name for name, places in heads.items() for at in places}
        for at in range(1, max(map(len, self.sheet.rows)) + 1):
            below = (line[at - 1] for line in self.sheet.rows[row:] if at <= len(line))
            if at not in titled and any(value not in ("", None) for value in below):
                message = "cells under no heading; not read"
            elif at in titled and titled[at] not in known:
                title = shown(self.sheet.cell(row, at).value)
                message = f"the column {title} is neither claimed nor ignored by {self.layout.home}; not read"
            else:
                continue
            self.findings.append(codes.UNKNOWN_COLUMN.at(self.sheet.place(row, at), message))

    def _days(self, top: int, at: int, columns: Sequence[_Column]) -> dict[int, date]:
        """The date of every row that has one of its own."""
        rows: dict[date, list[int]] = {}
        notes: list[Finding] = []
        for row in range(top + 1, len(self.sheet.rows) + 1):
            cell = self._cell(row, at)
            found, finding = day(cell, self.sheet.epoch)
            if found is not None:
                rows.setdefault(found, []).append(row)
                notes += [finding] if finding else []
            elif any(self._cell(row, column.at).kind is not Kind.BLANK for column in columns):
                message = "expected a date, found an empty cell; type the date, or clear the row"
                self.findings.append(finding or codes.NOT_A_DATE.at(cell.where, message))
            elif finding:
                message = f"{shown(cell.value)}: a row without a date and without numbers; not read"
                self.findings.append(codes.LEFT_ASIDE.at(cell.where, message))
        if notes:
            more = f", and {len(notes) - 1} more like it below" if len(notes) > 1 else ""
            self.findings.append(replace(notes[0], message=notes[0].message + more))
        for found, lines in rows.items():
            if len(lines) > 1:
                cells = " and ".join(f"{get_column_letter(at)}{row}" for row in lines)
                message = f"{found} stands in {cells}; none of these rows is read; keep the right one"
                self.findings.append(codes.SAME_ROW.at(self.sheet.place(lines[1], at), message))
        return {lines[0]: found for found, lines in rows.items() if len(lines) == 1}

    def _row(self, row: int, at: int, session: date, columns: Sequence[_Column]) -> Iterator[Fact]:
        published = {one: self._known_at(one, session) for one in dict.fromkeys(c.calendar for c in columns)}
        for shut in published.values():
            if isinstance(shut, str):
                message = f"{shut}; the numbers of this row are left out"
                self.findings.append(codes.NO_SESSION.at(self.sheet.place(row, at), message))
        for column in columns:
            known_at = published[column.calendar]
            if isinstance(known_at, str):
                continue
            cell = self._cell(row, column.at)
            value, finding = self._number(cell, column)
            if finding:
                self.findings.append(finding)
            if value is not None or finding is None:
                variety, measure, basis = column.series
                told = None if value is None else value * column.factor
                yield Fact(variety, measure, session, told, column.unit, basis, "", known_at, cell.where)

    def _cell(self, row: int, column: int) -> Cell:
        """What stands in a cell; merged cells are no single cell."""
        for top, left, bottom, right in self.sheet.merged:
            if top <= row <= bottom and left <= column <= right:
                span = f"{get_column_letter(left)}{top}:{get_column_letter(right)}{bottom}"
                return Cell(f"{self.sheet.where} › {span}", Kind.MERGED, span)
        return self.sheet.cell(row, column)

    def _number(self, cell: Cell, column: _Column) -> tuple[Decimal | None, Finding | None]:
        """The number of a cell; nothing at all where it is empty or marked as missing. Text is never taken for one."""
        if marks_missing(cell, self.catalog.words.missing):
            return None, None
        if cell.kind is Kind.TEXT:
            message = f"expected a number, found {shown(cell.value)}; type the number again in that cell"
            return None, codes.NO_NUMBER.at(cell.where, message)
        if cell.kind is not Kind.NUMBER:
            return None, refusal(cell, "a number")
        value, finding = number(cell, str(column.series), (), percent=column.unit == "%")
        return value, finding

    def _known_at(self, calendar: str, session: date) -> datetime | str:
        """When a number of that session is published, or why there is no such session."""
        key = (calendar, session)
        if key not in self._published:
            self._published[key] = self.layout.published.moment(self.calendars, calendar, session)
        return self._published[key]
