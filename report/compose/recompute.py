"""Whether a reader who recomputes a table's changes and sums from its printed numbers comes to the printed ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from report.document import Number
from report.manuscript import Expression

Level = tuple[str, date]


def recomputes(cells: Sequence[tuple[Expression, Number]]) -> bool:
    """False where a change or sum of the cells differs, as printed, from what the printed levels beside it make."""
    printed: dict[tuple[Level, str], Decimal] = {}
    for asked, number in cells:
        terms = list(_terms(asked))
        if len(terms) == 1 and not asked.bottom and number.rounded is not None:
            printed[terms[0][1], number.unit] = number.rounded
    return all(_fits(asked, number, printed) for asked, number in cells)


def _terms(asked: Expression) -> Iterator[tuple[int, Level]]:
    """The signed levels of a sum; a change is one level less another."""
    for sign, quantity in asked.top:
        yield sign, (quantity.name, quantity.day)
        if quantity.since is not None:
            yield -sign, (quantity.name, quantity.since)


def _fits(asked: Expression, number: Number, printed: dict[tuple[Level, str], Decimal]) -> bool:
    parts = [(sign, printed.get((level, number.unit))) for sign, level in _terms(asked)]
    known = [sign * value for sign, value in parts if value is not None]
    if asked.bottom or len(known) < len(parts) or number.rounded is None:
        return True
    made = sum(known, Decimal(0))
    return abs(made) == abs(number.rounded) if asked.absolute else made == number.rounded
