"""A desk workbook, opened twice with openpyxl, and the sheets of the form in it."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from report.errors import InputError
from report.facts import Finding
from report.read import codes, form
from report.read.grid import Grid
from report.read.preflight import Package
from report.read.words import folded, nearest

# What openpyxl says of parts it does not keep; no cell depends on any of them.
_HARMLESS = re.compile(
    "extension is not supported|conditional formatting rule|header or footer|no default style|no stylesheet|"
    "DrawingML|Unable to read chart|image format|Defined name|Print area|Unknown type for|cannot be loaded"
)
_IN_A_CELL = re.compile(r"Cell [A-Z]+\d+ is marked as a date")  # the cell itself then reads as an error


@dataclass(frozen=True)
class Book:
    """A workbook with its formulas, the same with its saved values, and what is worth saying about the file."""

    file: str
    formulas: Workbook
    values: Workbook
    findings: tuple[Finding, ...]

    def grids(self) -> tuple[list[Grid], list[Finding]]:
        """The sheets of the form that are there, in the form's order, and findings about the others."""
        found: dict[str, list[Worksheet]] = {}
        for sheet in self.values.worksheets:
            found.setdefault(folded(sheet.title), []).append(sheet)
        grids, findings = [], []
        for shape in form.SHEETS:
            sheets = found.pop(folded(shape.name), [])
            if sheets:
                grids.append(Grid(self.file, shape, self.formulas[sheets[0].title], sheets[0]))
            if len(sheets) > 1:
                names = " and ".join(f"'{sheet.title}'" for sheet in sheets)
                message = f"two sheets are called {shape.name} ({names}); rename or delete one"
                findings.append(codes.TWICE.at(f"{self.file} › {shape.name}", message))
        found.pop(folded(form.GUIDE), None)
        others = [sheet for sheets in found.values() for sheet in sheets]
        findings += self._unread(others)
        if not grids:
            names = "、".join(shape.name for shape in form.SHEETS)
            there = "、".join(self.values.sheetnames)
            message = f"none of the sheets {names} is in this workbook, only {there}; rename the sheet, or use the form"
            findings.append(codes.NO_SHEET.at(self.file, message))
        return grids, findings

    def _unread(self, sheets: list[Worksheet]) -> Iterator[Finding]:
        for sheet in sheets:
            if sheet.max_row > 1 or sheet.max_column > 1 or sheet["A1"].value is not None:
                hidden = "hidden; " if sheet.sheet_state != "visible" else ""
                near = nearest(sheet.title, [shape.name for shape in form.SHEETS])
                message = f"{hidden}the form knows no sheet of this name ({near}); not read"
                yield codes.UNKNOWN_SHEET.at(f"{self.file} › {sheet.title}", message)


def opened(package: Package) -> Book:
    """Open the workbook for its formulas and for its saved values.

    Raises InputError where openpyxl cannot: it fails in some ten ways on damaged files, all of them the file's fault.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            formulas = load_workbook(BytesIO(package.data), keep_links=False)
            values = load_workbook(BytesIO(package.data), keep_links=False, data_only=True)
        except Exception as error:
            problem = f"cannot be opened as a workbook ({type(error).__name__}: {error})"
            raise InputError(f"{package.name}: {problem}; open it in Excel, save it, and hand it in again") from error
    return Book(package.name, formulas, values, tuple(about(package, said)))


def about(package: Package, said: Sequence[warnings.WarningMessage]) -> Iterator[Finding]:
    """What is worth saying of the file: links, macros, and what openpyxl warned of."""
    if package.links:
        targets = ", ".join(package.links[:5]) + (" …" if len(package.links) > 5 else "")
        message = f"cells depend on other files ({targets}) and show what was last saved; turn them into numbers"
        yield codes.LINKS.at(package.name, message)
    if package.macros:
        yield codes.LEFT_ASIDE.at(package.name, "macros, which are not run")
    for text in dict.fromkeys(str(one.message) for one in said):
        if not _HARMLESS.search(text) and not _IN_A_CELL.match(text):
            yield codes.LEFT_ASIDE.at(package.name, f"openpyxl: {text}")
