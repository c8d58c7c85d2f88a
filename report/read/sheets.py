"""The sheets of a spreadsheet of any kind, cell by cell, for layouts that are data.

Numbers, texts and dates come from calamine, twenty times as fast as openpyxl. What it cannot tell apart in an .xlsx (an
error, a formula never calculated and an empty cell; 4.2 and 420%) is looked for in the file beside it; a workbook that
is put together in an unusual way goes through openpyxl, opened twice, like the desk's own.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from io import StringIO
from pathlib import Path

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.worksheet.worksheet import Worksheet

from report.errors import InputError
from report.facts import Finding
from report.read import biff, book, bulk, compound, marks, oddities, opendocument, preflight, sniff
from report.read.bulk import Table
from report.read.cell import Cell, Kind, of
from report.read.marks import Mark, Survey
from report.read.preflight import Package
from report.read.words import bare

MAX_FIELDS = 16_384  # of a row of a text file
MAX_MERGED = 500  # ranges looked at
MAX_UNUSUAL = 100_000  # cells that openpyxl is given, which reads some 50,000 a second, twice
_NUMBER = re.compile(r"[+-]?([1-9][0-9]{0,2}(,[0-9]{3})+|0|[1-9][0-9]*)(\.[0-9]+)?|[+-]?\.[0-9]+")
_DAY = re.compile(r"[12][0-9]{3}([-/.])[0-9]{1,2}\1[0-9]{1,2}")


@dataclass(frozen=True)
class Sheet:
    """One sheet. rows: its values from A1 on, '' or None where a cell is empty; `cell` says more of any of them.

    survey: what an .xlsx says beside its values. merged: ranges (top, left, bottom, right). loaded: the sheet as
    openpyxl gives it, with formulas and with values, where only that is to be trusted. written: the sheet is a text
    file (.csv), `rows` holds its fields as they stand there, and `cell` gives their numbers and dates.
    """

    file: str
    title: str
    rows: Sequence[Sequence[object]]
    loaded: tuple[Worksheet, Worksheet] | None = None
    written: bool = False
    epoch: datetime = WINDOWS_EPOCH
    hidden: bool = False
    survey: Survey = field(default_factory=Survey)
    merged: tuple[tuple[int, int, int, int], ...] = ()

    @property
    def where(self) -> str:
        """The sheet, as findings name it."""
        return f"{self.file} › {self.title}"

    def place(self, row: int, column: int) -> str:
        """A cell, as findings and facts name it."""
        before, after = self.around(column)
        return f"{before}{row}{after}"

    def around(self, column: int) -> tuple[str, str]:
        """What stands before and after the row in the names of a column's cells."""
        if self.written:
            return f"{self.file} › row ", f" › {get_column_letter(column)}"
        return f"{self.file} › {self.title} › {get_column_letter(column)}", ""

    def cell(self, row: int, column: int) -> Cell:
        """What stands in a cell; rows and columns count from 1."""
        where = self.place(row, column)
        if self.loaded:
            return of(self.loaded[0].cell(row, column), self.loaded[1].cell(row, column), where)
        line = self.rows[row - 1] if row <= len(self.rows) else ()
        value = line[column - 1] if column <= len(line) else ""
        if self.written:
            value = _typed(str(value))
        kind = _kind(value)
        mark = self.survey.marks.get((row, column))
        if mark is not None:
            return _marked(where, kind, value, mark)
        return Cell(where) if kind is Kind.BLANK else Cell(where, kind, value)


def _marked(where: str, kind: Kind, value: object, mark: Mark) -> Cell:
    if mark.error:
        return Cell(where, Kind.ERROR, mark.error, mark.formula)
    if mark.uncalculated and kind is Kind.BLANK:
        return Cell(where, Kind.UNCALCULATED, None, mark.formula)
    value = None if kind is Kind.BLANK else value
    return Cell(where, kind, value, mark.formula, mark.percent and kind is Kind.NUMBER)


def _typed(text: str) -> object:
    """A number or a date of a text file as such, exactly as written; the text where it is neither."""
    plain = text.strip()
    if _NUMBER.fullmatch(plain):
        return Decimal(plain.replace(",", ""))
    if _DAY.fullmatch(plain):
        try:
            return date(*map(int, re.split("[-/.]", plain)))
        except ValueError:
            return text
    return text


def _kind(value: object) -> Kind:
    if value is None:
        return Kind.BLANK
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, int | float | Decimal):
        return Kind.NUMBER
    if isinstance(value, date | time | timedelta):
        return Kind.DATE
    return Kind.TEXT if bare(str(value)) else Kind.BLANK


def opened(name: str, kind: str, data: bytes) -> tuple[list[Sheet], tuple[Finding, ...]]:
    """Give the sheets of a spreadsheet in their order (none for another kind), and what is worth saying about the file.

    Raises InputError for a file that cannot be opened, or not without danger.
    """
    if kind == "csv":
        return [_of_text(name, data)], ()
    if kind == "xlsx":
        preflight.check_archive(name, data)
        with bulk.begun(name, data) as finish:
            package = preflight.inspect(name, data)
            sheets = _usual(package, finish)
        sheets = sheets or _unusual(package)
        return sheets, (*book.about(package, ()), *oddities.said(sheets, package.links))
    if kind == "xls":
        sheets, links = _old(name, data)
        return sheets, tuple(oddities.said(sheets, links))
    if kind == "ods":
        told = opendocument.surveys(name, data)
        sheets = [_bare(name, one, told.get(one.title, Survey())) for one in bulk.read(name, data)]
        return sheets, tuple(oddities.said(sheets, ()))
    return [], ()


def _old(name: str, data: bytes) -> tuple[list[Sheet], tuple[str, ...]]:
    """The sheets of an .xls and the files its formulas name: calamine reads while its records are looked at."""
    with bulk.begun(name, data) as finish:
        surveys, links, problem = list[Survey](), tuple[str, ...](), ""
        try:
            surveys, links = biff.surveys(data)
        except compound.Damaged as error:
            problem = str(error)
        tables = finish()  # what calamine says of a file goes first
    if problem or len(tables) != len(surveys):
        problem = problem or f"{len(surveys)} sheets by one reader, {len(tables)} by another"
        raise InputError(f"{name}: an .xls put together in an unusual way ({problem}); {sniff.AGAIN}")
    return [_bare(name, *one) for one in zip(tables, surveys, strict=True)], links


def _bare(name: str, table: Table, survey: Survey) -> Sheet:
    merged = _ranges(table.merged)
    return Sheet(name, table.title, table.rows, hidden=not table.visible, survey=survey, merged=merged)


def _of_text(name: str, data: bytes) -> Sheet:
    text = sniff.decoded(name, data)
    try:
        rows = list(csv.reader(StringIO(text, newline=""), delimiter=sniff.delimiter(text) or ","))
    except csv.Error as error:
        raise InputError(f"{name}: no table in text form ({error}); open it in Excel and save it again") from error
    if (widest := max(map(len, rows), default=0)) > MAX_FIELDS:
        raise InputError(f"{name}: a row of {widest} fields, more than {MAX_FIELDS}; take the file apart")
    return Sheet(name, Path(name).stem, rows, written=True)


def _usual(package: Package, finish: Callable[[], list[Table]]) -> list[Sheet]:
    """The sheets by calamine, each with its survey; none where the workbook is put together in an unusual way."""
    surveys = marks.surveys(package.parts)
    if surveys is None:
        return []
    epoch = marks.epoch(package.parts)
    sheets = []
    for one in finish():
        if one.title not in surveys and one.rows:
            return []
        survey = surveys.get(one.title, Survey())
        merged = _ranges(one.merged)
        sheets.append(Sheet(package.name, one.title, one.rows, None, False, epoch, not one.visible, survey, merged))
    return sheets


def _ranges(merged: Sequence[tuple[tuple[int, int], tuple[int, int]]]) -> tuple[tuple[int, int, int, int], ...]:
    return tuple((top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in merged[:MAX_MERGED])


def _unusual(package: Package) -> list[Sheet]:
    """The sheets of the workbook, opened for its formulas and for its values. Raises InputError where it cannot be."""
    if package.cells > MAX_UNUSUAL:
        problem = f"over {MAX_UNUSUAL} cells, put together in an unusual way"
        raise InputError(f"{package.name}: {problem}; open it in Excel, save it, and hand it in again")
    both = book.opened(package)
    return [
        Sheet(
            package.name,
            one.title,
            list(one.iter_rows(values_only=True)),
            (both.formulas[one.title], one),
            epoch=one.parent.epoch,
            hidden=one.sheet_state != "visible",
            survey=_survey(one),
            merged=tuple((span.min_row, span.min_col, span.max_row, span.max_col) for span in one.merged_cells.ranges),
        )
        for one in both.values.worksheets
    ]


def _survey(sheet: Worksheet) -> Survey:
    rows = frozenset(row for row, line in sheet.row_dimensions.items() if line.hidden or line.height == 0)
    spans = [one for one in sheet.column_dimensions.values() if one.hidden or one.width == 0]
    return Survey({}, rows, frozenset(at for one in spans for at in range(one.min, one.max + 1)))
