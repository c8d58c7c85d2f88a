"""Columns of a note's spreadsheets, found by sheet and heading, row by row down to the first empty cell across.

A sheet or column that is not there is one finding, however many figures and numbers ask for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from report.facts import Finding, Severity
from report.manuscript import Column
from report.read import codes
from report.read.cell import Cell, Kind, Taken, label, number, text
from report.read.days import day
from report.read.sheets import Sheet
from report.read.words import folded, nearest, shown

HEAD_WITHIN = 10
NAMED = 4  # so many of the places that ask for what is not there are named


@dataclass
class Shelf:
    """The sheets of all spreadsheets of a note. missing: the marks for no number. findings: what its cells have.

    whole: whether every spreadsheet could be opened; where one could not, nobody knows which sheets it has.
    """

    sheets: Sequence[Sheet]
    missing: tuple[str, ...]
    findings: list[Finding] = field(default_factory=list)
    whole: bool = True
    _told: set[Finding] = field(default_factory=set)
    _lacking: dict[str, list[str]] = field(default_factory=dict)

    def lacking(self) -> Iterator[Finding]:
        """What was asked for and is not there: one finding each, at the first place that asks, naming the others."""
        for message, places in self._lacking.items():
            others = list(dict.fromkeys(place for place in places if place != places[0]))
            more = f"{'、'.join(others[:NAMED])}{' …' if len(others) > NAMED else ''}"
            yield codes.NO_DATA.at(places[0], f"{message} (asked for at {more} too)" if others else message)

    def _lack(self, place: str, message: str) -> None:
        if self.whole:
            self._lacking.setdefault(message, []).append(place)

    def named(self, title: str, place: str) -> Sheet | None:
        """The sheet of that name; None, and a finding that names the others, where there is none or there are two."""
        found = [one for one in self.sheets if folded(one.title) == folded(title)]
        if len(found) == 1:
            return found[0]
        if found:
            self._lack(place, f"two sheets are called {shown(title)} ({found[0].where}, {found[1].where}); rename one")
        elif self.sheets:
            near = nearest(title, [one.title for one in self.sheets])
            self._lack(place, f"no sheet of the note's spreadsheets is called {shown(title)} ({near}); mend 'sheet'")
        else:
            self._lack(place, "the note's folder has no spreadsheet to take the data from; put it there")
        return None

    def columns(self, title: str, across: str, headings: Sequence[str], place: str, dated: bool) -> tuple[Column, ...]:
        """The column across and those of the headings; none where one of them is not there (which is told).

        dated: the column across holds days; otherwise it holds names.
        """
        sheet = self.named(title, place)
        if sheet is None:
            return ()
        row, at = self._places(sheet, across, headings, place)
        if not row:
            return ()
        rows = list(_rows(sheet, row, at[0]))
        firsts = [self._take(day(cell, sheet.epoch) if dated else _words(cell)) for cell in _down(sheet, rows, at[0])]
        if dated:
            self._once(sheet, rows, at[0], firsts)
            self._behind(sheet, row + len(rows) + 1, at[0])
        found = [Column(across or str(sheet.rows[row - 1][at[0] - 1]), tuple(firsts))]
        for heading, column in zip(headings, at[1:], strict=True):
            cells = _down(sheet, rows, column)
            if not dated and any(cell.kind is Kind.TEXT for cell in cells):
                values: list[date | Decimal | str | None] = [self._take(_words(cell)) for cell in cells]
            else:
                values = [self._take(number(cell, heading, self.missing)) for cell in cells]
            found.append(Column(heading, tuple(values)))
        return tuple(found)

    def cells(self, title: str, across: str, heading: str, place: str) -> list[tuple[date, Decimal | None, str]] | None:
        """Day, number and cell of every row under a heading; None where it is not there (which is told)."""
        found = self.columns(title, across, (heading,), place, dated=True)
        sheet = self.named(title, place) if found else None
        if sheet is None:
            return None
        row, at = self._places(sheet, across, (heading,), place)
        lines = zip(_rows(sheet, row, at[0]), found[0].values, found[1].values, strict=True)
        return [
            (first, value, sheet.place(line, at[1]))
            for line, first, value in lines
            if isinstance(first, date) and not isinstance(value, date | str)
        ]

    def _places(self, sheet: Sheet, across: str, headings: Sequence[str], place: str) -> tuple[int, list[int]]:
        """The row of headings and the columns asked for, the one across first; row 0 where one is lacking."""
        for row, line in enumerate(sheet.rows[:HEAD_WITHIN], start=1):
            heads = {folded(str(value)): at for at, value in reversed(list(enumerate(line, start=1))) if value}
            first = heads.get(folded(across)) if across else min(heads.values(), default=None)
            at = [heads.get(folded(heading)) for heading in headings]
            if first is not None and (not headings or any(at)):
                lacking = [heading for heading, found in zip(headings, at, strict=True) if found is None]
                if lacking:
                    there = "、".join(str(value) for value in line if value)
                    for heading in lacking:
                        self._lack(place, f"{sheet.where} has no column {heading}, only {there}; mend the heading")
                    return 0, []
                return row, [first, *(found for found in at if found is not None)]
        wanted = "、".join(filter(None, (across, *headings)))
        self._lack(place, f"{sheet.where} has no column {wanted} in its first {HEAD_WITHIN} rows; mend the headings")
        return 0, []

    def _once(self, sheet: Sheet, rows: Sequence[int], column: int, days: Sequence[object]) -> None:
        """Report every day that two rows tell."""
        first: dict[object, int] = {}
        for row, told in zip(rows, days, strict=True):
            if told is not None and (before := first.setdefault(told, row)) != row:
                message = f"{told} stands in {sheet.place(before, column)} already; take one of the two rows out"
                self._tell(codes.SAME_ROW.at(sheet.place(row, column), message))

    def _behind(self, sheet: Sheet, empty: int, column: int) -> None:
        """Report a day below the first empty cell, where nothing is read any more."""
        for row in range(empty + 1, len(sheet.rows) + 1):
            if sheet.cell(row, column).kind is Kind.DATE:
                message = f"is empty, and {sheet.place(row, column)} below it holds a day; fill it, or take the row out"
                self._tell(codes.NO_NAME.at(sheet.place(empty, column), message))
                return

    def _take(self, taken: Taken[Decimal] | Taken[date] | Taken[str]) -> date | Decimal | str | None:
        if taken.finding is not None and taken.finding.severity > Severity.NOTE:
            self._tell(taken.finding)
        return taken.value

    def _tell(self, finding: Finding) -> None:
        if finding not in self._told:
            self._told.add(finding)
            self.findings.append(finding)


def _words(cell: Cell) -> Taken[str]:
    """A cell of a table of words, as typed; a number is one too."""
    return label(cell) if cell.kind is Kind.NUMBER else text(cell)


def _rows(sheet: Sheet, head: int, column: int) -> Iterator[int]:
    """The rows below the headings, down to the first whose cell across is empty."""
    for row in range(head + 1, len(sheet.rows) + 1):
        if sheet.cell(row, column).kind is Kind.BLANK:
            return
        yield row


def _down(sheet: Sheet, rows: Sequence[int], column: int) -> list[Cell]:
    return [sheet.cell(row, column) for row in rows]
