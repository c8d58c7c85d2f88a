"""A sheet of the form in an opened workbook: its row of headings, its rows, and what is odd about its shape.

Rows and columns are found by their words, so a desk may move them. Every column is claimed, left out by name (our own
formulas), or reported.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from report.facts import Finding
from report.read import codes, form
from report.read.cell import Cell, Kind, Taken, label, of
from report.read.words import folded, nearest, shown

HEAD_WITHIN = 20


@dataclass(frozen=True)
class Grid:
    """One sheet of a workbook, loaded twice, and the sheet of the form it is."""

    file: str
    shape: form.Sheet
    formulas: Worksheet
    values: Worksheet

    @property
    def where(self) -> str:
        """The sheet, as findings name it."""
        return f"{self.file} › {self.shape.name}"

    @property
    def epoch(self) -> datetime:
        """What the workbook counts its days from."""
        epoch: datetime = self.values.parent.epoch
        return epoch

    @cached_property
    def _merged(self) -> Mapping[tuple[int, int], str]:
        ranges = self.values.merged_cells.ranges
        return {place: str(one) for one in ranges for place in one.cells}

    def cell(self, row: int, column: int, merged: bool = True) -> Cell:
        """The cell there. merged: a cell of a merged range is the range; otherwise what is seen in its corner."""
        if merged and (found := self._merged.get((row, column))):
            return Cell(f"{self.where} › {found}", Kind.MERGED, found)
        where = f"{self.where} › {get_column_letter(column)}{row}"
        return of(self.formulas.cell(row, column), self.values.cell(row, column), where)


@dataclass(frozen=True)
class Head:
    """The row of headings: its number, and the column of each heading of the form that is there."""

    row: int
    columns: Mapping[str, int]


@dataclass(frozen=True)
class Row:
    """One row of data; its cells are asked for by heading."""

    grid: Grid
    number: int
    columns: Mapping[str, int] = field(repr=False)

    @property
    def where(self) -> str:
        """The row, as findings name it."""
        return f"{self.grid.where} › row {self.number}"

    def __getitem__(self, heading: str) -> Cell:
        column = self.columns.get(heading)
        return self.grid.cell(self.number, column) if column else Cell(self.where)

    def label(self, heading: str) -> Taken[str]:
        """The name in that column; a cell without one is refused."""
        cell = self[heading]
        taken = label(cell)
        if taken.value or taken.refused:
            return taken
        missing = f"a row without {heading}; type it, or clear the row"
        return Taken(None, codes.NO_NAME.at(cell.where, missing))


def head(grid: Grid) -> tuple[Head | None, list[Finding]]:
    """Find the row of headings; without one, or with a column missing or twice, there are findings and no Head."""
    known = {folded(one.heading): one.heading for one in grid.shape.fields}
    best: list[tuple[str, int]] = []
    at = 0
    for row in range(1, min(grid.values.max_row, HEAD_WITHIN) + 1):
        names = [(known.get(word, ""), column) for word, column in _words(grid, row)]
        if len(matched := [one for one in names if one[0]]) > len(best):
            best, at = matched, row
    wanted = [one.heading for one in grid.shape.fields if not one.optional]
    if len({name for name, _ in best}) < 2:
        message = f"no headings in the first {HEAD_WITHIN} rows; put {' '.join(wanted)} above the data"
        return None, [codes.NO_HEADINGS.at(grid.where, message)]
    findings = list(_faults(grid, at, best, wanted))
    return (None if findings else Head(at, dict(best))), findings


def _words(grid: Grid, row: int) -> Iterator[tuple[str, int]]:
    for column in range(1, grid.values.max_column + 1):
        cell = grid.cell(row, column, merged=False)
        if cell.kind is Kind.TEXT:
            yield folded(str(cell.value)), column


def _faults(grid: Grid, at: int, found: list[tuple[str, int]], wanted: list[str]) -> Iterator[Finding]:
    places: dict[str, list[str]] = {}
    for name, column in found:
        places.setdefault(name, []).append(f"{get_column_letter(column)}{at}")
    for name, cells in places.items():
        if len(cells) > 1:
            message = f"the heading {name} stands in {' and '.join(cells)}; rename or delete one of the columns"
            yield codes.TWICE.at(f"{grid.where} › {cells[1]}", message)
    for name in wanted:
        if name not in places:
            message = f"no column {name} on the sheet; put the heading {name} into row {at} above its numbers"
            yield codes.NO_COLUMN.at(f"{grid.where} › row {at}", message.replace("numbers", "cells"))


def rows(grid: Grid, top: Head) -> Iterator[Row]:
    """The rows under the headings with anything typed in a column of the form."""
    typed = [name for name in top.columns if name not in _computed(grid)]
    for number in range(top.row + 1, grid.values.max_row + 1):
        row = Row(grid, number, top.columns)
        if any(row[name].kind is not Kind.BLANK for name in typed if _loaded(grid, number, top.columns[name])):
            yield row


def _loaded(grid: Grid, row: int, column: int) -> bool:
    """Whether anything is stored there; a cell inside merged ones counts only in their corner."""
    return grid.formulas.cell(row, column).value is not None


def _computed(grid: Grid) -> set[str]:
    return {one.heading for one in grid.shape.fields if one.computed}


def oddities(grid: Grid, top: Head) -> Iterator[Finding]:
    """Columns the form does not know, and hidden rows, columns or sheets that hold data."""
    headings = [one.heading for one in grid.shape.fields]
    claimed = set(top.columns.values())
    filled: dict[int, set[int]] = {}
    for cells in grid.formulas.iter_rows(min_row=top.row + 1):
        for cell in cells:
            if cell.value is not None:
                filled.setdefault(cell.column, set()).add(cell.row)
    for column in range(1, grid.values.max_column + 1):
        title = grid.cell(top.row, column, merged=False)
        if column in claimed or (title.kind is Kind.BLANK and column not in filled):
            continue
        if title.kind is Kind.BLANK:
            message = "cells under no heading; not read"
        else:
            near = nearest(str(title.value), headings)
            message = f"the form knows no column {shown(title.value)} ({near}); not read"
        yield codes.UNKNOWN_COLUMN.at(f"{grid.where} › {get_column_letter(column)}{top.row}", message)
    yield from _hidden(grid, top, filled)


def _hidden(grid: Grid, top: Head, filled: Mapping[int, set[int]]) -> Iterator[Finding]:
    if grid.values.sheet_state != "visible":
        yield codes.HIDDEN.at(grid.where, "the sheet is hidden and was read; show it, or delete it")
    used = {name: at for name, at in top.columns.items() if name not in _computed(grid) and filled.get(at)}
    spans = [one for one in grid.values.column_dimensions.values() if one.hidden or one.width == 0]
    for name, at in used.items():
        if any(one.min <= at <= one.max for one in spans):
            where = f"{grid.where} › column {get_column_letter(at)}"
            yield codes.HIDDEN.at(where, f"the column {name} is hidden and was read; show it")
    lines = set().union(*(filled[at] for at in used.values())) if used else set()
    unseen = [row for row in sorted(lines) if _is_hidden(grid, row)]
    if unseen:
        some = ", ".join(map(str, unseen[:10])) + (" …" if len(unseen) > 10 else "")
        yield codes.HIDDEN.at(f"{grid.where} › row {some}", "hidden and read; show the rows, or clear them")


def _is_hidden(grid: Grid, row: int) -> bool:
    if row not in grid.values.row_dimensions:
        return False
    line = grid.values.row_dimensions[row]
    return bool(line.hidden) or line.height == 0
