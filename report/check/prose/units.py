"""What one unit of the text is in the unit of the fact."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.catalog import Catalog
from report.check.prose.figures import Figure
from report.check.prose.vocabulary import Vocabulary
from report.facts import Series

HUNDRED, TENTH = Decimal(100), Decimal(10)
PERCENT, BASIS_POINT, TENTHS = "%", "BP", "TENTH"
ONE = Decimal(1)
TONNE, LOT = "吨", "手"


def factors(figure: Figure, series: Series, catalog: Catalog, vocabulary: Vocabulary) -> Iterator[Decimal]:
    """The factors that may lead from the written number to the fact's; none where the units do not go together."""
    unit = catalog.unit(series)
    if not figure.unit:
        yield figure.scale
        shown = catalog.entry(series).shown_in or catalog.measures[series.measure].shown_in
        if shown and figure.scale == 1 and (factor := catalog.factor(shown, unit)) is not None:
            yield factor
        return
    factor = _factor(figure.unit, unit, series, catalog, vocabulary)
    if factor is not None:
        yield factor * figure.scale


def _factor(written: str, unit: str, series: Series, catalog: Catalog, vocabulary: Vocabulary) -> Decimal | None:
    known = {told.unit: told.kind for told in vocabulary.unit}
    sum_of_money = catalog.factor(written, unit)  # 美元 of what is counted in 亿美元
    if known.get(written) == "price" and "/" not in written and sum_of_money is None:
        fits = unit.startswith(f"{written}/") or (written not in _currencies(vocabulary) and "/" in unit)
        return ONE if fits else None
    if written in (BASIS_POINT, PERCENT):
        share = ONE if written == PERCENT else 1 / HUNDRED
        return share if unit == PERCENT else (share / HUNDRED if unit == "" else None)
    factor = catalog.factor(written, unit)
    if factor is not None:
        return factor
    lot = vocabulary.lots.get(series.variety)
    tonnes = catalog.factor(unit, TONNE)
    if lot and written == LOT and tonnes:
        return lot / tonnes
    return 1 / lot if lot and written == TONNE and unit == LOT else None


def _currencies(vocabulary: Vocabulary) -> set[str]:
    """The bare units that a unit by weight begins with: 元, 美元."""
    return {told.unit.partition("/")[0] for told in vocabulary.unit if "/" in told.unit}


def share_factor(figure: Figure) -> Decimal | None:
    """What the written number is in percent, or None where it is no share."""
    if figure.unit in ("", PERCENT):
        return ONE
    return {TENTHS: TENTH, BASIS_POINT: 1 / HUNDRED}.get(figure.unit)
