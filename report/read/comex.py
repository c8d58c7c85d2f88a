"""COMEX stocks (.xls): the day is a text in a cell, the totals stand at the foot. The layout is `depositories.Layout`.

Every total is held against its depositories and against the other totals: where they do not add up nothing of the file
is read, for nobody can tell which of the numbers is wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from report.catalog import Catalog
from report.errors import InputError
from report.facts import Fact, Finding
from report.read import Reading, codes
from report.read.cell import number
from report.read.depositories import Layout
from report.read.english import american
from report.read.incoming import Incoming
from report.read.sheets import Sheet
from report.read.told import numbers
from report.read.words import folded, narrow, shown
from report.sessions import Calendars

__all__ = ("Layout", "lacks", "read")
HEAD_WITHIN = 20
WORKBOOKS = ("xls", "xlsx", "ods")
CLOSE = 0.01  # between a total and its parts, in the file's unit: floats told to the thousandth


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is not the stock report of this metal; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    if file.kind not in WORKBOOKS:
        return f"a workbook is wanted, this is {file.kind}"
    for sheet in file.sheets:
        if sheet.title == layout.sheet:
            return "" if _cell(sheet, layout.metal) else f"no cell {layout.metal} in the first {HEAD_WITHIN} rows"
    return f"no sheet {layout.sheet}, only {'、'.join(sheet.title for sheet in file.sheets)}"


def _cell(sheet: Sheet, wanted: str, begins: bool = False) -> tuple[int, int] | None:
    """The first cell near the top whose text is, or begins with, the wanted one."""
    for row, line in enumerate(sheet.rows[:HEAD_WITHIN], start=1):
        for column, value in enumerate(line, start=1):
            if isinstance(value, str) and value:
                found, sought = folded(value), folded(wanted)
                if found == sought or (begins and found.startswith(sought)):
                    return row, column
    return None


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """Read the stocks of one session of one metal."""
    facts: list[Fact] = []
    findings = list(file.findings)
    for sheet in file.sheets:
        if sheet.title == layout.sheet:
            report = _Report(sheet, layout, catalog, calendars)
            facts += report.facts()
            findings += report.findings
        elif any(any(line) for line in sheet.rows):
            message = f"the sheet {shown(sheet.title)} is not of this report; not read"
            findings.append(codes.UNKNOWN_SHEET.at(sheet.where, message))
    return Reading(tuple(facts), (), tuple(findings))


@dataclass
class _Report:
    sheet: Sheet
    layout: Layout
    catalog: Catalog
    calendars: Calendars
    findings: list[Finding] = field(default_factory=list)

    def facts(self) -> list[Fact]:
        """The facts of the combined total, none where the totals do not add up. InputError: the form has changed."""
        session = self._session()
        self._at(self.layout.counted)
        top, _ = self._at(self.layout.headings.name)
        columns = self._columns(top)
        totals, parts = self._lines(top, columns)
        values = {line: self._values(line, row, columns) for line, row in totals.items()}
        for line, heading, message in self._quarrels(values, parts):
            self.findings.append(codes.NO_SUM.at(self.sheet.place(totals[line], columns[heading]), message))
        if any(finding.code == codes.NO_SUM.name for finding in self.findings):
            return []
        last = self.layout.totals.combined
        where = {heading: self.sheet.place(totals[last], at) for heading, at in columns.items()}
        self._movement(values[last], where)
        return list(self._claimed(session, values[last], where))

    def _changed(self, where: str, found: str) -> InputError:
        return InputError(f"{where}: {found}; if the report's form has changed, change {self.layout.home}")

    def _at(self, wanted: str, begins: bool = False) -> tuple[int, int]:
        if (found := _cell(self.sheet, wanted, begins)) is None:
            raise self._changed(self.sheet.where, f"no cell {shown(wanted)} in the first {HEAD_WITHIN} rows")
        return found

    def _session(self) -> date:
        row, column = self._at(self.layout.day, begins=True)
        text = str(self.sheet.rows[row - 1][column - 1])
        found = american(narrow(text)[len(narrow(self.layout.day)) :])
        if found is None:
            expected = f"expected {self.layout.day} and a day such as 3/31/2026, found {shown(text)}"
            raise self._changed(self.sheet.place(row, column), expected)
        self._only(found, self.sheet.place(row, column))
        return found

    def _only(self, day: date, where: str) -> None:
        """Raise InputError where another cell of the sheet says another day."""
        said = folded(self.layout.day)
        cells = ((row, at, value) for row, line in enumerate(self.sheet.rows, 1) for at, value in enumerate(line, 1))
        for row, at, value in cells:
            other = folded(value) if isinstance(value, str) else ""
            if other.startswith(said) and american(other.removeprefix(said)) != day:
                message = f"{shown(value)}, but {day} at {where}; nobody can tell whose the stocks are"
                raise InputError(f"{self.sheet.place(row, at)}: {message}: fetch the file again")

    def _columns(self, top: int) -> dict[str, int]:
        """The column of every kind of number; a column under no known heading is reported."""
        wanted, found = self.layout.headings.numbers, dict[str, int]()
        known = {folded(one): one for one in wanted}
        ignored = {folded(one) for one in (self.layout.headings.name, *self.layout.ignored)}
        for at, value in enumerate(self.sheet.rows[top - 1], start=1):
            head = folded(value) if isinstance(value, str) else ""
            if head in known and known[head] not in found:
                found[known[head]] = at
            elif head and head not in ignored:
                message = f"the column {shown(value)} is neither read nor ignored by {self.layout.home}"
                self.findings.append(codes.UNKNOWN_COLUMN.at(self.sheet.place(top, at), message))
        if lost := [one for one in wanted if one not in found]:
            raise self._changed(f"{self.sheet.where} › row {top}", f"no column {'、'.join(lost)}")
        return found

    def _lines(self, top: int, columns: dict[str, int]) -> tuple[dict[str, int], dict[tuple[str, str], float]]:
        """The rows of the totals, and what the depositories come to, by kind of line and heading."""
        totals = {folded(one): one for one in self.layout.totals.each}
        parts = {folded(part): one for part, one in zip(self.layout.parts.each, self.layout.totals.each, strict=True)}
        ignored = {folded(one) for one in self.layout.ignored}
        rows: dict[str, int] = {}
        sums: dict[tuple[str, str], float] = {}
        for row, line in enumerate(self.sheet.rows[top:], start=top + 1):
            numbers_in = {one: v for one, at in columns.items() if isinstance(v := _value(line, at), int | float)}
            name = folded(str(line[0])) if numbers_in else ""
            if name in totals:
                if totals[name] in rows:
                    raise self._changed(self.sheet.place(row, 1), f"a second line {totals[name]}")
                rows[totals[name]] = row
            elif name in parts:
                for one, value in numbers_in.items():
                    sums[parts[name], one] = sums.get((parts[name], one), 0.0) + value
            elif numbers_in and name not in ignored:
                message = f"the line {shown(line[0])} is neither read nor ignored by {self.layout.home}"
                self.findings.append(codes.UNKNOWN_COLUMN.at(self.sheet.place(row, 1), message))
        if lost := [one for one in totals.values() if one not in rows]:
            raise self._changed(self.sheet.where, f"no line {'、'.join(lost)}")
        return rows, sums

    def _values(self, line: str, row: int, columns: dict[str, int]) -> dict[str, Decimal]:
        values: dict[str, Decimal] = {}
        for heading, at in columns.items():
            cell = self.sheet.cell(row, at)
            value, finding = number(cell, f"{line} {heading}", self.catalog.words.missing)
            if value is None:
                found = finding.message if finding else "no number"
                raise self._changed(cell.where, f"{line}, {heading}: {found}")
            self.findings += [finding] if finding else []
            values[heading] = value
        return values

    def _quarrels(
        self, values: dict[str, dict[str, Decimal]], parts: dict[tuple[str, str], float]
    ) -> Iterator[tuple[str, str, str]]:
        """Where a total is not what the depositories or the other totals make it: line, heading, what to say."""
        one, other, both = self.layout.totals.each
        left = "nothing of the file is read; compare with the CME's own page, and correct the file"
        for heading in self.layout.headings.numbers:
            if values[one][heading] + values[other][heading] != values[both][heading]:
                sums = f"{one} {values[one][heading]} and {other} {values[other][heading]}"
                yield both, heading, f"{sums} are not {values[both][heading]}; {left}"
            for line in (one, other, both):
                found = parts.get((line, heading), 0.0)
                if abs(found - float(values[line][heading])) >= CLOSE:
                    said = f"{values[line][heading]} in total, but the depositories come to {found:.3f}"
                    yield line, heading, f"{said}; {left}"

    def _movement(self, values: dict[str, Decimal], where: dict[str, str]) -> None:
        heads = self.layout.headings
        before, got, gave = values[heads.previous], values[heads.received], values[heads.withdrawn]
        adjusted, today = values[heads.adjusted], values[heads.today]
        if (came_to := before + got - gave + adjusted) != today:
            message = f"{before} + {got} - {gave} + {adjusted} = {came_to}, but {heads.today} is {today}; it is kept"
            self.findings.append(codes.UNEXPLAINED.at(where[heads.today], message))

    def _claimed(self, session: date, values: dict[str, Decimal], where: dict[str, str]) -> Iterator[Fact]:
        for heading, claim in self.layout.columns.items():
            told = numbers(claim, self.layout, self.catalog, self.layout.variety)
            days = told.days(self.calendars, session, claim.back)
            if isinstance(days, str):
                message = f"{days}; the number is left out"
                self.findings.append(codes.NO_SESSION.at(where[heading], message))
            else:
                yield told.fact(days[0], values[heading], days[1], where[heading])


def _value(line: Sequence[object], at: int) -> object:
    return line[at - 1] if at <= len(line) else ""
