"""Numbers typed where the house has its own: over its formulas, or a second time on another sheet.

None of them becomes a fact. They are handed on as they were typed, for the checks to hold against the house's.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.facts import Fact, Retold, Series
from report.read.cell import Cell, Kind, number
from report.read.claim import Task
from report.read.grid import Row

CHANGE, WIDTH = "涨跌", "涨跌幅"


def typed(cell: Cell, task: Task) -> Decimal | None:
    """The number typed in a cell of ours; None where there is none, or a formula, or something that is no number."""
    return None if cell.formula or cell.kind is Kind.MERGED else number(cell, "", task.missing, percent=True).value


def told(series: Series, today: Cell, previous: Cell, factor: Decimal, task: Task) -> Iterator[Retold]:
    """The numbers of the two columns, in the house's unit."""
    if (value := typed(today, task)) is not None:
        yield Retold(series, "today", value * factor, step(value) * factor, today.where)
    if (value := typed(previous, task)) is not None:
        yield Retold(series, "previous", value * factor, step(value) * factor, previous.where)


def moves(series: Series, row: Row, beside: tuple[Fact | Retold, ...], factor: Decimal, task: Task) -> Iterator[Retold]:
    """涨跌 and 涨跌幅 typed in a row; beside: the row's own two numbers."""
    if len(beside) == 2:
        if (change := typed(row[CHANGE], task)) is not None:
            yield Retold(series, "change", change * factor, step(change) * factor, row[CHANGE].where, beside)
        if (width := typed(row[WIDTH], task)) is not None:
            yield Retold(series, "change_ratio", width, step(width), row[WIDTH].where, beside)


def step(value: Decimal) -> Decimal:
    """One unit of the last digit typed; a number without decimals stands for a whole one."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(exponent, 0) if isinstance(exponent, int) else 0)
