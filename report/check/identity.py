"""C408–C410: does what was typed beside the house's own arithmetic follow from the figures it is made of?

Nothing of it is printed, so each of them is a WARNING.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.check import rounding
from report.check.evidence import Evidence
from report.check.rounding import Span
from report.facts import Fact, Finding, Retold, Series, Severity

ASPECTS = ("today", "previous")
ZERO, HUNDRED = Decimal(0), Decimal(100)
SHOWN = Decimal("0.000001")
FINE = Decimal("0.001")  # with fewer decimals than these a fraction is taken for the whole of a percentage, as 0.01


def indicator(evidence: Evidence) -> Iterator[Finding]:
    """A ratio, spread or stock, typed or told by a file, that its inputs do not make: WARNING with their cells."""
    for told in evidence.retold:
        house = _house(evidence, told.series, told.aspect)
        if house is not None and house.inputs and not _span(evidence, house).meets(_span(evidence, told)):
            yield _made(told.source, told.value, house)
    for series, standing in evidence.day.standings.items():
        if evidence.catalog.measures[series.measure].derived:
            for aspect, session in zip(ASPECTS, (standing.session, standing.previous_session), strict=True):
                known, house = evidence.known.get(series, session), _house(evidence, series, aspect)
                if known is None or known.value is None or house is None or not house.inputs:
                    continue
                if not _span(evidence, house).meets(_span(evidence, known)):
                    yield _made(known.source, known.value, house)


def change(evidence: Evidence) -> Iterator[Finding]:
    """A typed 涨跌 that is not today − previous of its own row: WARNING."""
    for told in _moves(evidence, "change"):
        today, previous = told.beside
        made = rounding.combined(_less, [_span(evidence, today), _span(evidence, previous)])
        if not made.meets(_span(evidence, told)):
            yield _apart("C409", told, today, previous, _less(today.value or ZERO, previous.value or ZERO), "")


def change_ratio(evidence: Evidence) -> Iterator[Finding]:
    """A typed 涨跌幅 that is not the change over previous, in percent or as a fraction: WARNING."""
    for told in _moves(evidence, "change_ratio"):
        today, previous = told.beside
        spans = _span(evidence, today), _span(evidence, previous)
        if spans[1].low <= 0 <= spans[1].high:
            continue
        made, typed = rounding.combined(_width, spans), _span(evidence, told)
        if not made.meets(typed) and not made.meets(_fraction(told, typed)):
            yield _apart(
                "C410", told, today, previous, _width(today.value or Decimal(0), previous.value or HUNDRED), "%"
            )


def _house(evidence: Evidence, series: Series, aspect: str) -> Fact | None:
    standing = evidence.day.standings.get(series)
    fact = getattr(standing, aspect) if standing is not None and aspect in ASPECTS else None
    return fact if isinstance(fact, Fact) else None


def _moves(evidence: Evidence, aspect: str) -> Iterator[Retold]:
    return (told for told in evidence.retold if told.aspect == aspect and len(told.beside) == 2)


def _span(evidence: Evidence, fact: Fact | Retold) -> Span:
    return rounding.span(fact, evidence.catalog, evidence.formulas)


def _fraction(told: Retold, typed: Span) -> Span:
    """What was typed, if it is a fraction, in percent."""
    if told.step <= FINE:
        return Span(typed.low * HUNDRED, typed.high * HUNDRED)
    whole = told.value * HUNDRED
    return Span(whole - rounding.NOISE, whole + rounding.NOISE)


def _less(today: Decimal, previous: Decimal) -> Decimal:
    return today - previous


def _width(today: Decimal, previous: Decimal) -> Decimal:
    return (today - previous) / previous * HUNDRED


def _made(where: str, value: Decimal, house: Fact) -> Finding:
    made = rounding.told((house.value or ZERO).quantize(SHOWN))
    told = f"{rounding.told(value)}, but {house.source.removeprefix('= ')} is {made}"
    message = f"{told}; look at {'; '.join(house.cells())}, and mend whichever is wrong"
    return Finding("C408", Severity.WARNING, where, message)


def _apart(code: str, told: Retold, today: Fact | Retold, previous: Fact | Retold, made: Decimal, unit: str) -> Finding:
    figures = f"{rounding.told(today.value or Decimal(0))} and {rounding.told(previous.value or Decimal(0))}"
    cells = f"{today.source}; {previous.source}"
    shown = rounding.told(made.quantize(SHOWN))
    message = (
        f"{rounding.told(told.value)}, but {figures} make {shown}{unit} ({cells}); mend whichever of the three is wrong"
    )
    return Finding(code, Severity.WARNING, told.source, message)
