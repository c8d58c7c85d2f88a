"""A claim against what the house knows: agrees, contradicts, or no fact to hold it against."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from report.catalog import Catalog
from report.check.prose.claims import Claim
from report.check.prose.figures import Figure
from report.check.prose.known import Known, Span
from report.check.prose.units import ONE, factors, share_factor
from report.check.prose.vocabulary import Vocabulary
from report.facts import Fact, Series

AGREES, CONTRADICTS, UNBOUND = "agrees", "contradicts", "unbound"
SIGNED = ("premium", "brand")
NEAR = Decimal("0.1")  # a doubtful level this far off is still taken for the series it nearly is
ABOUT = Decimal("0.05")
HALF, HUNDRED = Decimal("0.5"), Decimal(100)


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim and what became of it. expected is what the fact says, in percent for a ratio, else in the fact's unit.

    fault: value, direction, unit, inner (the sentence's own figures do not fit); '' where there is none.
    """

    claim: Claim
    status: str
    fact: Fact | None = None
    expected: Decimal | None = None
    series: Series | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Expectation:
    """One number the claim may stand for; other is a second way to come to it, from printed figures."""

    series: Series
    value: Decimal
    fact: Fact
    factor: Decimal | None
    other: Decimal | None = None


@dataclass(frozen=True)
class Judge:
    """Holds claims against the day's facts."""

    known: Known
    catalog: Catalog
    vocabulary: Vocabulary

    def reading(self, claim: Claim) -> Reading:
        """What became of the claim."""
        if not claim.subject.series:
            return Reading(claim, UNBOUND)
        if claim.aspect == "trend":
            return self._trend(claim)
        if claim.doubt == 2 and claim.figure.ranged:
            return Reading(claim, UNBOUND)
        expected = [one for series in claim.subject.series for one in self._expected(claim, series)]
        for one in expected:
            if one.factor is not None and self._fits(claim, one, claim.sign):
                return self._moved(claim, one)
        if claim.aspect == "level" and claim.doubt == 1 and claim.sign is None and not claim.side:
            change = self.reading(replace(claim, aspect="change"))
            if change.status == AGREES:
                return change
        return self._missed(claim, expected)

    # —— what is expected ——

    def _expected(self, claim: Claim, series: Series) -> Iterator[Expectation]:
        for value, fact, other in ASPECTS[claim.aspect](self, claim, series):
            if self._other_contract(claim, fact):
                continue
            if claim.aspect == "ratio":
                yield Expectation(series, value, fact, share_factor(claim.figure), other)
                continue
            found = tuple(factors(claim.figure, series, self.catalog, self.vocabulary))
            for factor in found or (None,):
                yield Expectation(series, value, fact, factor, other)

    def _other_contract(self, claim: Claim, fact: Fact) -> bool:
        told, own = claim.subject.contract, fact.contract
        return bool(told and own and claim.subject.kind == "close" and not _same_contract(told, own))

    def _level(self, claim: Claim, series: Series) -> Iterator[tuple[Decimal, Fact, Decimal | None]]:
        for fact in self.known.levels(series, claim.day):
            if fact.value is not None:
                yield (abs(fact.value) if claim.subject.kind == "absolute" else fact.value), fact, None

    def _previous(self, claim: Claim, series: Series) -> Iterator[tuple[Decimal, Fact, Decimal | None]]:
        standing = self.known.day.standings[series]
        for span in self.known.spans(series, claim.day, claim.base):
            fact = standing.previous if standing.previous and standing.previous.value == span.then else span.fact
            yield (abs(span.then) if claim.subject.kind == "absolute" else span.then), fact, None
        if claim.day not in (None, "session") and claim.base is None:
            yield from self._level(claim, series)

    def _change(self, claim: Claim, series: Series) -> Iterator[tuple[Decimal, Fact, Decimal | None]]:
        for span in self.known.spans(series, claim.day, claim.base):
            if claim.width or claim.subject.kind == "absolute":
                if span.now * span.then >= 0:
                    yield abs(span.now) - abs(span.then), span.fact, None
                continue
            yield span.change, span.fact, self._printed(series, span)

    def _ratio(self, claim: Claim, series: Series) -> Iterator[tuple[Decimal, Fact, Decimal | None]]:
        for span in self.known.spans(series, claim.day, claim.base):
            if span.then:
                yield span.change / abs(span.then) * HUNDRED, span.fact, None

    def _difference(self, claim: Claim, series: Series) -> Iterator[tuple[Decimal, Fact, Decimal | None]]:
        rival = claim.rival
        if rival is None or len(rival.series) != 1 or not rival.sure:
            return
        if self.catalog.unit(rival.series[0]) != self.catalog.unit(series):
            return
        for fact in self.known.levels(series, claim.day):
            for other in self.known.levels(rival.series[0], claim.day):
                if rival.contract and not _same_contract(rival.contract, other.contract):
                    continue
                if fact.value is not None and other.value is not None:
                    yield fact.value - other.value, fact, None

    def _printed(self, series: Series, span: Span) -> Decimal:
        places = Decimal(1).scaleb(-self.catalog.decimals(series))
        shown = self.catalog.entry(series).shown_in or self.catalog.measures[series.measure].shown_in
        factor = (self.catalog.factor(self.catalog.unit(series), shown) if shown else ONE) or ONE
        now, then = ((value * factor).quantize(places, ROUND_HALF_UP) / factor for value in (span.now, span.then))
        return now - then

    # —— whether it fits ——

    def _fits(self, claim: Claim, one: Expectation, sign: int | None) -> bool:
        low, high = bounds(claim.figure, claim.side)
        factor = one.factor if one.factor is not None else ONE
        low, high = low * factor, high * factor
        for value in (one.value, one.other):
            if value is None:
                continue
            told = value if sign is None else value * (sign or 1)
            loose = sign is None and (claim.aspect != "level" or claim.subject.kind not in SIGNED)
            if low <= (abs(told) if loose else told) <= high:
                return True
        return False

    def _moved(self, claim: Claim, one: Expectation) -> Reading:
        fine = Reading(claim, AGREES, one.fact, one.value, one.series)
        if claim.moved is None or claim.doubt or (claim.subject.kind in (*SIGNED, "absolute") and not claim.width):
            return fine
        spans = list(self.known.spans(one.series, claim.day, claim.base))
        moves = [abs(span.now) - abs(span.then) if claim.width else span.change for span in spans]
        if not moves or any(_sign(move) == claim.moved for move in moves):
            return fine
        return Reading(claim, CONTRADICTS, spans[0].fact, moves[0], one.series, "direction")

    def _missed(self, claim: Claim, expected: list[Expectation]) -> Reading:
        if not expected or claim.doubt == 2:
            return Reading(claim, UNBOUND)
        one = min(expected, key=lambda other: _distance(claim, other))
        if one.factor is None:
            alike = self._fits(claim, one, claim.sign) or self._fits(claim, one, None)
            status = CONTRADICTS if alike and claim.subject.sure else UNBOUND
            return Reading(claim, status, one.fact, one.value, one.series, "unit" if alike else "")
        if claim.doubt or not claim.subject.sure:
            near = claim.aspect == "level" and _distance(claim, one) <= NEAR
            if not near:
                return Reading(claim, UNBOUND)
        turned = claim.sign is not None and self._fits(claim, one, -claim.sign or 1)
        loose = self._fits(claim, one, None) or turned
        return Reading(claim, CONTRADICTS, one.fact, one.value, one.series, "direction" if loose else "value")

    def _trend(self, claim: Claim) -> Reading:
        series = claim.subject.series[0]
        spans = list(self.known.spans(series, claim.day, claim.base))
        if claim.width:
            spans = [span for span in spans if span.now * span.then > 0]
        moves = [abs(span.now) - abs(span.then) if claim.width else span.change for span in spans]
        if not moves:
            return Reading(claim, UNBOUND)
        fits = any(_sign(move) == claim.sign for move in moves)
        status = AGREES if fits else CONTRADICTS
        return Reading(claim, status, spans[0].fact, moves[0], series, "" if fits else "direction")


ASPECTS: dict[str, Callable[[Judge, Claim, Series], Iterator[tuple[Decimal, Fact, Decimal | None]]]] = {
    "level": Judge._level,
    "previous": Judge._previous,
    "change": Judge._change,
    "ratio": Judge._ratio,
    "difference": Judge._difference,
}


def bounds(figure: Figure, side: str = "") -> tuple[Decimal, Decimal]:
    """The least and the greatest number the written one may stand for, in its own unit without its scale."""
    half = figure.step * HALF
    if side == ">":
        return figure.low - half, figure.low + max(figure.coarse, half)
    if side == "<":
        return figure.high - max(figure.coarse, half), figure.high + half
    if side == "~" or figure.spelled:
        slack = max(half, min(figure.coarse, figure.high * ABOUT))
        return figure.low - slack, figure.high + slack
    return figure.low - half, figure.high + half


def _same_contract(told: str, own: str) -> bool:
    digits = "".join(char for char in told if char.isdigit())
    return bool(digits) and own.endswith(digits if len(digits) > 1 else f"0{digits}")


def _distance(claim: Claim, one: Expectation) -> Decimal:
    middle = (claim.figure.low + claim.figure.high) / 2 * (one.factor if one.factor is not None else ONE)
    whole = max(abs(one.value), abs(middle))
    return abs(abs(middle) - abs(one.value)) / whole if whole else Decimal(0)


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)
