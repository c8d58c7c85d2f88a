"""The dates and the numbers of a terminal's export: plain values fast, anything else through its cell.

What a terminal writes for 'nothing' differs: an empty cell, `--`, or a 0. A 0 that stands alone between numbers of a
price or a stock, or between the weeks of a weekly series, is taken for nothing, and said.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from openpyxl.utils import get_column_letter

from report.facts import Finding
from report.read import codes
from report.read.cell import DIGITS, Taken, marks_missing, number
from report.read.days import day
from report.read.edb_head import NAMES, Column, Head
from report.read.sheets import Sheet
from report.read.words import folded, shown

LARGEST = 10.0**DIGITS
NAMED = frozenset(map(folded, NAMES))


def dates(sheet: Sheet, head: Head) -> tuple[dict[int, date], list[Finding]]:
    """The date of every row below the head that has one of its own, and what is wrong with the others.

    A row of text without numbers is a footer (数据来源：Wind).
    """
    rows: dict[date, list[int]] = {}
    findings: list[Finding] = []
    notes: list[Finding] = []
    for row in range(head.data, len(sheet.rows) + 1):
        line = sheet.rows[row - 1]
        value = line[head.at - 1] if head.at <= len(line) else ""
        if type(value) is datetime or type(value) is date:
            rows.setdefault(value.date() if isinstance(value, datetime) else value, []).append(row)
            continue
        if isinstance(value, str) and folded(value) in NAMED:
            message = (
                f"a second head, {shown(value)}; nothing from here on is read; give each export a sheet of its own"
            )
            findings.append(codes.NOT_A_DATE.at(sheet.place(row, head.at), message))
            break
        found, finding = day(sheet.cell(row, head.at), sheet.epoch)
        if found is not None:
            rows.setdefault(found, []).append(row)
            notes += [finding] if finding else []
        elif any(_is_number(one) for one in line[head.at :]):
            message = "expected a date beside these numbers, found none; the row is not read; export it again"
            findings.append(finding or codes.NOT_A_DATE.at(sheet.place(row, head.at), message))
    findings += one_of(notes)
    for found, lines in rows.items():
        if len(lines) > 1:
            cells = " and ".join(f"{get_column_letter(head.at)}{row}" for row in lines[:9])
            message = f"{found} stands in {cells}; none of these rows is read; keep the right one"
            findings.append(codes.SAME_ROW.at(sheet.place(lines[1], head.at), message))
    return {lines[0]: found for found, lines in rows.items() if len(lines) == 1}, findings


def one_of(alike: Sequence[Finding]) -> list[Finding]:
    """The first of several findings of one kind, saying how many more there are."""
    if len(alike) < 2:
        return list(alike)
    return [replace(alike[0], message=f"{alike[0].message}, and {len(alike) - 1} more like it in the column")]


def _is_number(value: object) -> bool:
    if isinstance(value, str):
        return value.lstrip("+-.")[:1].isdigit()
    return isinstance(value, int | float | Decimal)


def numbers(
    sheet: Sheet, at: int, values: Sequence[object], rows: Iterable[int], missing: tuple[str, ...], percent: bool
) -> tuple[dict[int, Decimal], list[Finding]]:
    """The numbers of a column in those rows, and what stands there and is none.

    values: what all its rows hold, as `held` gives them; missing: the marks for nothing.
    """
    found: dict[int, Decimal] = {}
    notes: list[Finding] = []
    refused: list[Finding] = []
    doubtful = {row for row, where in sheet.survey.marks if where == at}
    for row in rows:
        value = values[row - 1]
        if type(value) is float and -LARGEST < value < LARGEST and row not in doubtful:
            found[row] = Decimal(int(value)) if value.is_integer() else Decimal(f"{value:.{DIGITS}g}")
            continue
        if (value == "" or value is None) and row not in doubtful and sheet.loaded is None:
            continue
        taken = _taken(sheet, row, at, missing, percent)
        if taken.value is not None:
            found[row] = taken.value
        if taken.finding:
            (refused if taken.refused else notes).append(taken.finding)
    return found, [*one_of(notes), *refused]


def held(sheet: Sheet, column: Column) -> list[object]:
    """What the rows of a sheet hold in a column, '' where they end before it."""
    at = column.at - 1
    return [line[at] if at < len(line) else "" for line in sheet.rows]


def _taken(sheet: Sheet, row: int, at: int, missing: tuple[str, ...], percent: bool) -> Taken[Decimal]:
    cell = sheet.cell(row, at)
    if marks_missing(cell, missing):
        return Taken()
    return number(cell, cell.where, (), percent=percent)


def blanks(values: Mapping[date, Decimal], column: Column) -> list[date]:
    """The dates, oldest first, whose 0 looks like a blank: alone between numbers, or off the beat of a slow series."""
    if not any(values.values()) or all(values.values()):
        return []
    ordered = sorted(values)
    beat = column.days
    suspect = []
    for at, one in enumerate(ordered):
        if values[one]:
            continue
        around = [other for other in (at - 1, at + 1) if 0 <= other < len(ordered)]
        alone = len(around) == 2 and all(values[ordered[other]] for other in around)
        crowded = beat > 1 and any(abs((ordered[other] - one).days) < beat * 0.6 for other in around)
        if alone or crowded:
            suspect.append(one)
    return suspect
