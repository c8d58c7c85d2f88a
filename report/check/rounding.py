"""What a figure may stand for: all numbers that round to it. Nothing is held against one of them that would do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from report.catalog import Catalog
from report.facts import Fact, Retold

HALF, ONE = Decimal("0.5"), Decimal(1)
NOISE = Decimal("0.000001")  # more than a spreadsheet's binary arithmetic is off: 525.2 − 520 is 5.2000000000000455
Formulas = Mapping[str, Callable[..., Decimal]]


class Span(NamedTuple):
    """The least and the greatest number that may be meant."""

    low: Decimal
    high: Decimal

    def meets(self, other: Span) -> bool:
        """Whether one number may be meant by both; an end that two spans only share is rounded to one of them."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        return low < high or (low == high and (self.low == self.high or other.low == other.high))


def span(fact: Fact | Retold, catalog: Catalog, formulas: Formulas) -> Span:
    """What the number may stand for; a derived one, all that its definition makes of its inputs' spans."""
    assert fact.value is not None
    if isinstance(fact, Retold):
        half = max(fact.step * HALF, NOISE)
        return Span(fact.value - half, fact.value + half)
    if fact.inputs and fact.measure in formulas:
        return combined(formulas[fact.measure], [span(one, catalog, formulas) for one in fact.inputs])
    half = step(fact, catalog) * HALF
    return Span(fact.value - half, fact.value + half)


def combined(formula: Callable[..., Decimal], spans: Iterable[Span]) -> Span:
    """All a formula makes of the spans: it goes one way in each input, so the corners bound it.

    No span of a number but 0 reaches 0, and what divides by 0 is no fact, so no corner does.
    """
    made = [formula(*corner) for corner in product(*(dict.fromkeys(one) for one in spans))]
    return Span(min(made), max(made))


def step(fact: Fact, catalog: Catalog) -> Decimal:
    """One unit of the fact's last place: as it was typed, or as the house prints it where that is finer.

    0 for a constant of the catalogue and for numbers that are quoted as they are, of which nothing is rounded away.
    """
    measure = catalog.measures.get(fact.measure)
    if fact.value is None or measure is None or measure.exact:
        return Decimal(0)
    shown = catalog.entry(fact.series).shown_in or measure.shown_in
    factor = (catalog.factor(shown, catalog.unit(fact.series)) if shown else ONE) or ONE
    exponent = (fact.value / factor).normalize().as_tuple().exponent
    places = max(-exponent if isinstance(exponent, int) else 0, catalog.decimals(fact.series))
    return ONE.scaleb(-places) * factor


def told(value: Decimal) -> str:
    """The number as a message tells it, without zeros behind."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
