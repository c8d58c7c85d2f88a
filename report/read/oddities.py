"""What is worth saying of the sheets of any spreadsheet, whatever its layout: hidden cells, links, a lying end."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING

from openpyxl.utils import get_column_letter

from report.facts import Finding
from report.read import codes

if TYPE_CHECKING:
    from report.read.sheets import Sheet


def said(sheets: Sequence[Sheet], links: Sequence[str]) -> Iterator[Finding]:
    """Findings about every sheet that holds anything. links: the files that formulas of the workbook name."""
    for sheet in sheets:
        if not any(map(_holds, sheet.rows)):
            continue
        if sheet.hidden:
            yield codes.HIDDEN.at(sheet.where, "the sheet is hidden and was read; show it, or delete it")
        yield from _hidden(sheet)
        yield from _linked(sheet, links)
        yield from _beyond(sheet)


def _holds(line: Sequence[object]) -> bool:
    return any(value not in ("", None) for value in line)


def _hidden(sheet: Sheet) -> Iterator[Finding]:
    rows = [row for row in sorted(sheet.survey.hidden_rows) if row <= len(sheet.rows) and _holds(sheet.rows[row - 1])]
    if rows:
        message = "hidden and read; show the rows, or clear them"
        yield codes.HIDDEN.at(f"{sheet.where} › row {_some(rows, str)}", message)
    width = max(map(len, sheet.rows), default=0)
    columns = [
        at
        for at in sorted(sheet.survey.hidden_columns)
        if at <= width and any(at <= len(line) and line[at - 1] not in ("", None) for line in sheet.rows)
    ]
    if columns:
        message = "hidden and read; show the columns, or clear them"
        yield codes.HIDDEN.at(f"{sheet.where} › column {_some(columns, get_column_letter)}", message)


def _linked(sheet: Sheet, links: Sequence[str]) -> Iterator[Finding]:
    cells = [at for at, mark in sheet.survey.marks.items() if links and mark.formula and "[" in mark.formula]
    if cells:
        some = _some(sorted(cells), lambda at: f"{get_column_letter(at[1])}{at[0]}")
        message = f"taken from another file ({', '.join(links[:3])}) and shows what was last saved; type the number"
        yield codes.LINKS.at(f"{sheet.where} › {some}", message)


def _beyond(sheet: Sheet) -> Iterator[Finding]:
    """A sheet whose cells reach further than it says: some readers stop there, this one did not."""
    if sheet.survey.ends is None:
        return
    row, column = sheet.survey.ends
    last = (len(sheet.rows), max(map(len, sheet.rows), default=0))
    if last[0] > row or last[1] > column:
        ends = f"{get_column_letter(last[1])}{last[0]}"
        message = f"the sheet says it ends at {get_column_letter(column)}{row}; read to its last cell, {ends}"
        yield codes.BEYOND.at(sheet.place(*last), message)


def _some(found: Collection[int] | Collection[tuple[int, int]], shown: Callable[..., str]) -> str:
    names = [shown(one) for one in list(found)[:10]]
    return ", ".join(names) + (" …" if len(found) > 10 else "")
