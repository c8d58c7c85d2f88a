"""The sheets of a plain workbook, cell by cell, for layouts that are data.

Numbers, texts and dates come from calamine, twenty times as fast as openpyxl. What it cannot tell apart (an error, a
formula never calculated and an empty cell; 4.2 and 420%) is looked for in the file first: such a workbook goes through
openpyxl, opened twice, like the desk's own.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import WINDOWS_EPOCH
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from report.errors import InputError
from report.facts import Finding
from report.read import book, preflight
from report.read.cell import Cell, Kind, of
from report.read.preflight import Package
from report.read.words import bare

_SUBTLE = re.compile(rb"""<(?:\w+:)?f[\s/>]|\bt=["']e["']""")  # a formula, an error
_STYLED = re.compile(rb"""%|numFmtId=["'](?:9|10)["']""")  # a percentage
_EPOCH = re.compile(rb"""date1904=["'](?:1|true)["']""")


@dataclass(frozen=True)
class Sheet:
    """One sheet. rows: its values; loaded: the same as openpyxl gives it, with formulas and with values."""

    file: str
    title: str
    rows: Sequence[Sequence[object]]
    loaded: tuple[Worksheet, Worksheet] | None = None

    @property
    def where(self) -> str:
        """The sheet, as findings name it."""
        return f"{self.file} › {self.title}"

    @property
    def epoch(self) -> datetime:
        """What the workbook counts its days from."""
        epoch: datetime = self.loaded[1].parent.epoch if self.loaded else WINDOWS_EPOCH
        return epoch

    def place(self, row: int, column: int) -> str:
        """A cell, as findings and facts name it."""
        return f"{self.file} › {self.title} › {get_column_letter(column)}{row}"

    def cell(self, row: int, column: int) -> Cell:
        """What stands in a cell; rows and columns count from 1."""
        where = self.place(row, column)
        if self.loaded:
            return of(self.loaded[0].cell(row, column), self.loaded[1].cell(row, column), where)
        line = self.rows[row - 1]
        value = line[column - 1] if column <= len(line) else ""
        kind = _kind(value)
        return Cell(where) if kind is Kind.BLANK else Cell(where, kind, value)


def _kind(value: object) -> Kind:
    if isinstance(value, bool):
        return Kind.BOOLEAN
    if isinstance(value, int | float):
        return Kind.NUMBER
    if isinstance(value, date | time | timedelta):
        return Kind.DATE
    return Kind.TEXT if bare(str(value)) else Kind.BLANK


def opened(path: Path) -> tuple[list[Sheet], tuple[Finding, ...]]:
    """Give the sheets of a workbook in their order, and what is worth saying about the file.

    Raises InputError for a file that is no harmless .xlsx.
    """
    package = preflight.inspect(path)
    if _is_plain(package):
        return [Sheet(package.name, title, rows) for title, rows in _by_calamine(package)], ()
    both = book.opened(package)
    sheets = [
        Sheet(package.name, sheet.title, list(sheet.iter_rows(values_only=True)), (both.formulas[sheet.title], sheet))
        for sheet in both.values.worksheets
    ]
    return sheets, both.findings


def _is_plain(package: Package) -> bool:
    """Whether calamine tells all there is to tell."""
    with ZipFile(BytesIO(package.data)) as archive:
        for name in archive.namelist():
            doubt = _SUBTLE if name.startswith("xl/worksheets/") else _STYLED if name == "xl/styles.xml" else None
            doubt = _EPOCH if name == "xl/workbook.xml" else doubt
            if doubt and doubt.search(archive.read(name)):
                return False
    return True


def _by_calamine(package: Package) -> list[tuple[str, Sequence[Sequence[object]]]]:
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(package.data))
        names = workbook.sheet_names
        return [(name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in names]
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        problem = f"cannot be opened as a workbook ({type(error).__name__}: {error})"
        raise InputError(f"{package.name}: {problem}; open it in Excel, save it, and hand it in again") from error
