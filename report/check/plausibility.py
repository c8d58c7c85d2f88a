"""C502, C420–C424: is a typed number one that its series may have? Nobody doubts what a source's own file says too.

Thresholds are those of data/checks.toml, of the measures and of the varieties.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from statistics import median

from report.check.evidence import Evidence
from report.check.past import before, doubtful, numbers
from report.check.rounding import told
from report.check.scales import scales
from report.facts import CONTINUOUS, MAIN, OF_CONTRACT, Fact, Finding, Series, Severity, Standing

ONE, ZERO = Decimal(1), Decimal(0)
NORMAL, MEAN = Decimal("1.4826"), Decimal("1.2533")  # what a median and a mean deviation are of a standard deviation
COUNTS = ("trading_volume", "open_interest")


def beyond_limit(evidence: Evidence) -> Iterator[Finding]:
    """A close or price further from the session before than its exchange lets it go: WARNING, for limits are changed.

    ERROR beyond the limit that data/checks.toml has for all. A limit of an instrument is counted from the settlement
    before; where that is not known, the close before may itself be a limit away from it.
    """
    for series, standing in evidence.day.standings.items():
        today, previous = standing.today, standing.previous
        if today is None or previous is None or not series.measure.endswith(("_close", "_price")):
            continue
        if not today.value or not previous.value or previous.value < 0:
            continue
        limit, base = _limit(evidence, standing, previous)
        moved = today.value / (base.value or ONE) - 1
        if abs(moved) > limit:
            message = (
                f"{told(today.value)} is {moved * 100:+.2f}% from {told(base.value or ZERO)} ({base.source}), more "
                f"than the {limit * 100:.0f}% a session can move it; one of the two is wrong, or tells another unit, "
                "or the limit in data/ is an old one"
            )
            far = abs(moved) > max(limit, scales(evidence.catalog.folders).limit)
            yield Finding("C502", Severity.ERROR if far else Severity.WARNING, today.source, message)


def _limit(evidence: Evidence, standing: Standing, previous: Fact) -> tuple[Decimal, Fact]:
    instrument = evidence.catalog.instrument(standing.series)
    if instrument is None or instrument.limit is None:
        own = evidence.catalog.measures[standing.series.measure].limit
        return (scales(evidence.catalog.folders).limit if own is None else own), previous
    bars = standing.series._replace(basis=CONTINUOUS)
    close = evidence.known.get(bars, previous.session)
    settled = evidence.known.get(bars._replace(measure="settlement_price"), previous.session)
    if close is not None and close.value == previous.value and settled is not None and settled.value:
        return instrument.limit, settled
    return (ONE + instrument.limit) / (ONE - instrument.limit) - 1, previous


def jump(evidence: Evidence) -> Iterator[Finding]:
    """A change far outside those of the series' own past: WARNING. A ratio where no number is below zero."""
    scale = scales(evidence.catalog.folders).jump
    yield from _quotes(evidence)
    for fact, standing in doubtful(evidence):
        past = numbers(evidence, fact.series, fact.session, scale.numbers)
        last = before(standing, fact, past)
        if len(past) <= scale.least or last is None or fact.measure in COUNTS:
            continue
        relative = min(past) > 0 and last > 0
        moves = [(new / old - 1) if relative else new - old for old, new in pairwise(past)]
        usual = median(moves)
        apart = [abs(move - usual) for move in moves]
        width = max(median(apart) * NORMAL, sum(apart, ZERO) / len(apart) * MEAN)
        own = (fact.value or ZERO) / last - 1 if relative else (fact.value or ZERO) - last
        stock = fact.measure.endswith("_stock")
        if width and abs(own - usual) > (scale.stocks if stock else scale.deviations) * width:
            moved = f"{own * 100:+.2f}%" if relative else f"{told(own)}"
            message = (
                f"{told(fact.value or ZERO)} is {moved} from {told(last)}, {abs(own - usual) / width:.0f} times what "
                f"the series moves by in {len(moves)} sessions; look at the source again"
            )
            yield Finding("C420", Severity.WARNING, fact.source, message)


def _quotes(evidence: Evidence) -> Iterator[Finding]:
    """Quoted prices that moved further than quotes do, whether there is a past or not."""
    bound = scales(evidence.catalog.folders).quotes
    for fact, standing in doubtful(evidence):
        ratio = standing.change_ratio.value if standing.change_ratio is not None else None
        if ratio is None or not fact.measure.endswith("_price") or not bound < abs(ratio) <= _freely(evidence, fact):
            continue
        message = f"{told(fact.value or ZERO)} is {ratio * 100:+.2f}% from the session before; look at the source again"
        yield Finding("C420", Severity.WARNING, fact.source, message)


def _freely(evidence: Evidence, fact: Fact) -> Decimal:
    """How far the measure may go before it is an ERROR; nothing is said of one with a limit of its own."""
    own = evidence.catalog.measures[fact.measure].limit
    return scales(evidence.catalog.folders).limit if own is None else ZERO


def sign(evidence: Evidence) -> Iterator[Finding]:
    """A number with the other sign than all of its past, or about the opposite of the one before: WARNING."""
    scale = scales(evidence.catalog.folders).sign
    for fact, standing in doubtful(evidence):
        past = numbers(evidence, fact.series, fact.session, scale.numbers)
        value, last = fact.value or ZERO, before(standing, fact, past)
        if last is None or value * last >= 0:
            continue
        size, step = abs(value), ONE.scaleb(-evidence.catalog.decimals(fact.series))
        alone = len(past) >= scale.least and all(number * value < 0 for number in past)
        usual = alone and size >= median(map(abs, past)) * scale.share
        opposite = value == -last and size >= step * scale.steps
        near = ONE / scale.near < size / abs(last) < scale.near and size >= _price(evidence, fact) * scale.price
        if usual or opposite or near:
            message = f"{told(value)} after {told(last)}: the other sign; look whether a minus is missing or too many"
            yield Finding("C421", Severity.WARNING, fact.source, message)


def _price(evidence: Evidence, fact: Fact) -> Decimal:
    """The close of the fact's variety on the exchange it follows; without one nothing is near it."""
    for instrument in evidence.catalog.varieties[fact.variety].instruments:
        close = evidence.day.standings[Series(fact.variety, instrument.measure, instrument.basis)].today
        if close is not None and close.value and instrument.exchange == evidence.catalog.calendar(fact.series):
            return close.value
    return Decimal("Infinity")


def magnitude(evidence: Evidence) -> Iterator[Finding]:
    """So many times the number before, or so small a part of it, that it tells another unit or lacks a digit: WARNING.

    Of what may be below zero only the first is said.
    """
    scale = scales(evidence.catalog.folders).magnitude
    for fact, standing in doubtful(evidence):
        past = numbers(evidence, fact.series, fact.session, 1)
        value, last = fact.value or ZERO, before(standing, fact, past)
        least = ONE.scaleb(-evidence.catalog.decimals(fact.series)) * scale.steps
        if not value or not last or max(abs(value), abs(last)) < least or fact.measure in COUNTS:
            continue
        times = max(value / last, last / value)
        if any(slip / scale.near <= times <= slip * scale.near for slip in scale.slips):
            message = f"{told(value)} after {told(last)}: another unit? mend the number, or its 单位"
            yield Finding("C422", Severity.WARNING, fact.source, message)
        elif times >= scale.times and value > 0:
            message = f"{told(value)} after {told(last)}, {times:.0f} times apart; look for a digit too many or too few"
            yield Finding("C422", Severity.WARNING, fact.source, message)


def tick(evidence: Evidence) -> Iterator[Finding]:
    """A close that is no multiple of its contract's tick: ERROR, for nothing can have traded there."""
    for fact in evidence.typed:
        basis = MAIN if fact.basis == OF_CONTRACT else fact.basis
        instrument = evidence.catalog.instrument(fact.series._replace(basis=basis))
        if instrument is not None and instrument.tick and fact.value is not None and fact.value % instrument.tick:
            message = (
                f"{told(fact.value)} is no multiple of {instrument.tick}, the tick of {instrument.label}; type it again"
            )
            yield Finding("C424", Severity.ERROR, fact.source, message)


def other_basis(evidence: Evidence) -> Iterator[Finding]:
    """Volume or open interest so far from the session before that one of them has another basis: WARNING."""
    for fact in evidence.typed:
        times = scales(evidence.catalog.folders).counts.get(fact.measure)
        standing = evidence.day.standings.get(fact.series)
        if (
            times is None
            or not fact.value
            or standing is None
            or standing.previous is None
            or not standing.previous.value
        ):
            continue
        if fact.basis == MAIN and (not fact.contract or fact.contract != standing.previous.contract):
            continue  # the main contract's own count changes with the contract
        ratio = fact.value / standing.previous.value
        if not ONE / times <= ratio <= times and not _moved_too(evidence, fact.series, standing, ratio):
            message = (
                f"{told(fact.value)} after {told(standing.previous.value)} ({standing.previous.source}): one of "
                f"the two is probably not {fact.basis}; look which contracts each of them counts"
            )
            yield Finding("C423", Severity.WARNING, fact.source, message)


def _moved_too(evidence: Evidence, series: Series, standing: Standing, ratio: Decimal) -> bool:
    """Whether the main contract's own count went the same way, at least half as far."""
    bars = series._replace(basis=CONTINUOUS)
    now, then = (evidence.known.get(bars, day) for day in (standing.session, standing.previous_session))
    if now is None or then is None or not now.value or not then.value:
        return False
    bar = now.value / then.value
    return (ratio > 1 and bar * 2 > ratio) or (ratio < 1 and bar < ratio * 2)
