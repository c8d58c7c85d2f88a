"""Where a terminal's export (EDB) says what its columns are: the cell 指标名称 and the labelled rows around it.

The label stands somewhere in the first rows, with a dead formula, a vendor's name or nothing above it. The other
labelled rows (频率, 单位, 指标ID, 时间区间, 更新时间, 来源 …) come in any order and number, above or below it or not
at all. The data begin with the first row below that begins with a date.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from report.read.days import day
from report.read.sheets import Sheet
from report.read.words import bare, folded, narrow

HEAD_WITHIN, ACROSS = 40, 10
NAMES = ("指标名称", "指标名", "名称")
ROLES = {"单位": "unit", "指标id": "code", "指标代码": "code", "频率": "frequency", "频度": "frequency"}
FREQUENCIES = {"日": 1, "周": 7, "旬": 10, "月": 30, "季": 91, "半年": 182, "年": 365}


@dataclass(frozen=True, slots=True)
class Column:
    """One series of a sheet: its column, its name as written, and what the labelled rows say ('' where they do not)."""

    at: int
    name: str
    code: str = ""
    unit: str = ""
    frequency: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """What the series may be claimed by, dearest first: its ID, its name, its name without the frequency behind."""
        plain = narrow(self.name)
        for word in FREQUENCIES:
            plain = plain.removesuffix(f":{word}").removesuffix(f"[{word}]")
        return tuple(folded(one) for one in (self.code, self.name, plain) if one)

    @property
    def days(self) -> int:
        """How many days lie between two of its numbers, as far as it says."""
        return next((days for word, days in FREQUENCIES.items() if self.frequency.startswith(word)), 1)


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a sheet: the row of names, the column of labels and dates, the first row of data, the series.

    others: the labels nobody knows, by row; unnamed: columns with data and no name.
    """

    row: int
    at: int
    data: int
    columns: tuple[Column, ...]
    others: Mapping[int, str]


def place(sheet: Sheet) -> tuple[int, int]:
    """The cell 指标名称, (0, 0) where there is none."""
    known = {folded(name) for name in NAMES}
    for row, line in enumerate(sheet.rows[:HEAD_WITHIN], start=1):
        for column, value in enumerate(line[:ACROSS], start=1):
            if value and isinstance(value, str) and folded(value) in known:
                return row, column
    return 0, 0


def head(sheet: Sheet) -> Head | None:
    """The head of a sheet, or None where it is no export."""
    row, at = place(sheet)
    if not row:
        return None
    first = next((n for n in range(row + 1, len(sheet.rows) + 1) if is_day(sheet, n, at)), len(sheet.rows) + 1)
    told: dict[str, int] = {}
    others: dict[int, str] = {}
    for number in [*range(1, row), *range(row + 1, min(first, row + HEAD_WITHIN))]:
        label = _text(sheet, number, at)
        role = ROLES.get(folded(label))
        if role:
            told.setdefault(role, number)
        elif label and (number > row or any(_text(sheet, number, at + 1))):
            others[number] = label
    width = len(sheet.rows[row - 1])
    columns = [
        Column(column, name, **{role: _text(sheet, number, column) for role, number in told.items()})
        for column in range(at + 1, width + 1)
        if (name := _text(sheet, row, column))
    ]
    return Head(row, at, first, tuple(columns), others)


def is_day(sheet: Sheet, row: int, column: int) -> bool:
    """Whether a cell holds a date, in whatever way it is written."""
    line = sheet.rows[row - 1]
    value = line[column - 1] if column <= len(line) else ""
    if isinstance(value, date):
        return True
    if value is None or value == "" or (isinstance(value, str) and not value.strip()[:1].isdigit()):
        return False
    return day(sheet.cell(row, column), sheet.epoch).value is not None


def _text(sheet: Sheet, row: int, column: int) -> str:
    line = sheet.rows[row - 1]
    value = line[column - 1] if column <= len(line) else ""
    return bare(value) if isinstance(value, str) else ""
