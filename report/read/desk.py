"""The desk workbook 日报底稿.xlsx: its sheets 收盘, 产业 and 观点 become facts and views.

An analyst's own workbook may have only some of the sheets; `report.read.merge` joins the workbooks of a day and says
which sheet none of them has. A sheet whose 报告日期 is absent or another day's is read for its mistakes only: it gives
no facts and no views. A number that is refused is a fact without a value, at the cell to mend; a sheet that is refused,
or has a row nobody can place, is told in `Reading.refused`, so that nobody asks for what only has to be mended.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from report.catalog import Catalog
from report.facts import Fact, Finding
from report.read import Reading, closes, codes, form, industry, joined, views
from report.read.book import Book, opened
from report.read.cell import Cell, Kind
from report.read.claim import Claim, Task
from report.read.days import day
from report.read.grid import HEAD_WITHIN, Grid, Row, head, oddities, rows
from report.read.preflight import inspect
from report.read.sniff import content
from report.read.words import folded
from report.sessions import Calendars

MAX_ROWS = 5_000

READERS: dict[str, Callable[[Row, Task], Claim | Finding]] = {
    form.CLOSES.name: closes.claim,
    form.INDUSTRY.name: industry.claim,
    form.VIEWS.name: views.claim,
}
ABSENT: dict[str, Callable[[Grid, Collection[tuple[str, ...]], Task], Iterator[Fact]]] = {
    form.CLOSES.name: closes.absent,
    form.INDUSTRY.name: industry.absent,
}


def read(path: Path, catalog: Catalog, calendars: Calendars, report_date: date, known_at: datetime) -> Reading:
    """Read one workbook for the report of that date.

    Raises InputError where the file cannot be opened, and CatalogError where no calendar reaches the report date; all
    else that is wrong is among the findings.
    """
    book = opened(inspect(path.name, content(path), MAX_ROWS))
    return read_book(book, catalog, calendars, report_date, known_at)


def read_book(book: Book, catalog: Catalog, calendars: Calendars, report_date: date, known_at: datetime) -> Reading:
    """Read an opened workbook for the report of that date."""
    grids, findings = book.grids()
    task = Task(catalog, calendars, report_date, known_at)
    parts = [_sheet(grid, task) for grid in grids]
    return joined((Reading(findings=(*book.findings, *findings)), *parts), book.file)


def report_date(book: Book) -> date | None:
    """The 报告日期 of the first sheet that says one, or None."""
    for grid in book.grids()[0]:
        place = _label(grid)
        found = day(_beside(grid, *place), grid.epoch).value if place else None
        if found is not None:
            return found
    return None


def _sheet(grid: Grid, task: Task) -> Reading:
    dated, findings = _dated(grid, task.report_date)
    top, faults = head(grid)
    findings += faults
    name = grid.shape.name
    whole = dated and top is not None
    parts = [Reading(findings=tuple(findings), sheets=(name,), refused=() if whole else (name,))]
    if top is not None:
        parts.append(Reading(findings=tuple(oddities(grid, top))))
        there: dict[tuple[str, ...], int] = {}
        read = list(_rows(rows(grid, top), READERS[name], task, there))
        parts += read if dated else [replace(one, facts=(), views=(), retold=(), said=()) for one in read]
        if dated and name in ABSENT and not any(one.refused for one in read):
            parts.append(Reading(absent=tuple(ABSENT[name](grid, there, task))))
    return joined(parts)


def _rows(
    lines: Iterator[Row], claim: Callable[[Row, Task], Claim | Finding], task: Task, first: dict[tuple[str, ...], int]
) -> Iterator[Reading]:
    """Read the rows; first: what they are about, and the number of the first row about it, is put in there."""
    for row in lines:
        found = claim(row, task)
        if isinstance(found, Finding):
            yield Reading(findings=(found,), refused=(row.grid.shape.name,))
        elif found.key in first:
            message = f"{found.name} stands in row {first[found.key]} and again in row {row.number}; delete one of them"
            yield Reading(findings=(codes.SAME_ROW.at(row.where, message),))
        else:
            first[found.key] = row.number
            yield found.take()


def _dated(grid: Grid, report_date: date) -> tuple[bool, list[Finding]]:
    """Whether the sheet says it is of the report's date, and what is to be said about it."""
    place = _label(grid)
    if place is None:
        message = f"no {form.DATE_LABEL} in the first {HEAD_WITHIN} rows; type it, and {report_date} beside it"
        return False, [codes.NO_DATE.at(grid.where, message)]
    cell = _beside(grid, *place)
    taken = day(cell, grid.epoch)
    findings = [taken.finding] if taken.finding else []
    if taken.value is None:
        empty = codes.NO_DATE.at(cell.where, f"no date beside {form.DATE_LABEL}; type {report_date}")
        return False, findings or [empty]
    if taken.value != report_date:
        message = (
            f"the sheet is of {taken.value}, the report of {report_date}; hand in the day's sheet or correct the date"
        )
        findings.append(codes.OTHER_DATE.at(cell.where, message))
    return taken.value == report_date, findings


def _label(grid: Grid) -> tuple[int, int] | None:
    for row in range(1, min(grid.values.max_row, HEAD_WITHIN) + 1):
        for column in range(1, grid.values.max_column + 1):
            cell = grid.cell(row, column, merged=False)
            if cell.kind is Kind.TEXT and folded(str(cell.value)).rstrip(":") == form.DATE_LABEL:
                return row, column
    return None


def _beside(grid: Grid, row: int, column: int) -> Cell:
    """The cell right of the label; right of all of it where it is merged."""
    here = grid.cell(row, column).value if grid.cell(row, column).kind is Kind.MERGED else ""
    step = 1
    while here and grid.cell(row, column + step).value == here:
        step += 1
    return grid.cell(row, column + step, merged=False)
