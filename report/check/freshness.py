"""C501, C503–C507: does every number speak of the session the report asks for, or was it left standing?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from report.check.evidence import Evidence
from report.check.past import doubtful, numbers
from report.check.scales import scales
from report.facts import CONTINUOUS, Fact, Finding, Series, Severity, Standing

TURNOVER = {"trading_volume", "open_interest"}


def other_session(evidence: Evidence) -> Iterator[Finding]:
    """A typed number of a day that is neither this session nor the one before: WARNING, for it is not printed."""
    for fact in evidence.typed:
        standing = evidence.day.standings.get(fact.series)
        weekly = evidence.catalog.measures[fact.measure].frequency == "week"
        if standing is None or fact.value is None or weekly or fact.measure in TURNOVER:
            continue
        calendar = evidence.catalog.calendar(fact.series)
        asked = (standing.session, standing.previous_session)
        if fact.session not in asked:
            message = (
                f"{fact.value} is said to be of {fact.session}, but of {calendar} this report asks for {asked[0]} "
                f"and {asked[1]}; the number is not printed: mend 本期日期 or 上期日期, or leave them empty"
            )
            yield Finding("C501", Severity.WARNING, fact.source, message)


def too_old(evidence: Evidence) -> Iterator[Finding]:
    """A weekly number that is older than its frequency allows: WARNING, for it is not printed."""
    newest: dict[Series, tuple[date, Fact]] = {}
    for fact in evidence.typed:
        if evidence.catalog.measures[fact.measure].frequency == "week" and fact.value is not None:
            newest[fact.series] = max(newest.get(fact.series, (fact.session, fact)), (fact.session, fact), key=_first)
    for series, (session, fact) in newest.items():
        standing = evidence.day.standings.get(series)
        if standing is not None and standing.today is None:
            message = f"{fact.value} is of {session}, too old for a weekly number of this report; it is not printed"
            yield Finding("C503", Severity.WARNING, fact.source, f"{message}: type the newest one and its 本期日期")


def _first(dated: tuple[date, Fact]) -> date:
    return dated[0]


def copied_column(evidence: Evidence) -> Iterator[Finding]:
    """All of a block stands as before, so many rows of it that one of the columns must be a copy: WARNING."""
    for variety in evidence.catalog.blocks:
        if variety.block is None:
            continue
        names = (*variety.block.left, *variety.block.right)
        rows = [evidence.day.standings[evidence.catalog.series(variety, name)] for name in names]
        moves = [(one, one.change.value) for one in rows if one.change is not None and _daily(evidence, one)]
        still = [one for one, change in moves if not change]
        moved = [one for one, change in moves if change and evidence.catalog.instrument(one.series) is None]
        if moved or len(still) < scales(evidence.catalog.folders).unmoved:
            continue
        told = f"{len(still)} numbers of the block {variety.block.title} stand as on the session before, none moved"
        yield _copied("C504", evidence, still, told)


def copied_closes(evidence: Evidence) -> Iterator[Finding]:
    """Several closes of one exchange, and most of those it has, stand to the tick as before: WARNING with the cells."""
    closes: dict[str, list[Standing]] = {}
    for variety, instrument in evidence.catalog.instruments:
        standing = evidence.day.standings[Series(variety.code, instrument.measure, instrument.basis)]
        if standing.change is not None:
            closes.setdefault(instrument.exchange, []).append(standing)
    doubted, least = {fact.series for fact, _ in doubtful(evidence)}, scales(evidence.catalog.folders).closes
    for exchange, rows in closes.items():
        still = [one for one in rows if one.series in doubted and one.change is not None and not one.change.value]
        if 1 < len(still) == len(rows) or (len(still) >= least and len(still) * 2 > len(rows)):
            told = f"{len(still)} of {len(rows)} closes of {exchange} stand to the tick as on the session before"
            yield _copied("C507", evidence, still, told)


def _copied(code: str, evidence: Evidence, still: Sequence[Standing], told: str) -> Finding:
    """What is said of numbers that all stand as before; which of the two columns is the copy, if history knows."""
    known = [
        (one, fact.value == one.previous.value) for one in still if one.previous and (fact := _known(evidence, one))
    ]
    session, before = still[0].session, still[0].previous_session
    ours, theirs = ([fact.source for fact in facts if fact is not None] for facts in _columns(still))
    if known and all(same for _, same in known):
        why = f"history has those of {before} too, so this session's are probably a copy; type those of {session}"
        return Finding(code, Severity.WARNING, ours[0], f"{told}: {why} ({'; '.join(ours)})")
    if known:
        why = f"the previous ones are probably a copy; type those of {before}"
        return Finding(code, Severity.WARNING, theirs[0], f"{told}: {why} ({'; '.join(theirs)})")
    why = f"one column is probably a copy; look which, and type those of {before} ({'; '.join(theirs)})"
    return Finding(code, Severity.WARNING, theirs[0], f"{told}: {why} or of {session} ({'; '.join(ours)})")


def _columns(still: Sequence[Standing]) -> tuple[list[Fact | None], list[Fact | None]]:
    return [one.today for one in still], [one.previous for one in still]


def _known(evidence: Evidence, standing: Standing) -> Fact | None:
    """What history has for the session before, of the same contract where one is told."""
    previous = standing.previous
    if previous is not None and previous.contract:
        own = evidence.known.of_contract(*standing.series[:2], previous.contract, previous.session)
        if own is not None:
            return own
    for series in (standing.series, standing.series._replace(basis=CONTINUOUS)):
        fact = evidence.known.get(series, standing.previous_session)
        if fact is not None and fact.value is not None:
            return fact
    return None


def _daily(evidence: Evidence, standing: Standing) -> bool:
    measure = evidence.catalog.measures[standing.series.measure]
    return not measure.derived and measure.frequency == "day"


def never_zero(evidence: Evidence) -> Iterator[Finding]:
    """A zero where data/measures.toml says there is none: WARNING, for it stands for a number that was not got."""
    for fact in evidence.typed:
        if fact.value == 0 and evidence.catalog.measures[fact.measure].never_zero:
            standing = evidence.day.standings.get(fact.series)
            last = standing.previous if standing is not None and standing.previous is not fact else None
            after = f" after {last.value} ({last.source})" if last is not None else ""
            message = f"0{after}: such a number is never zero, and a 0 is what a source gives that has none"
            yield Finding("C505", Severity.WARNING, fact.source, f"{message}; type the number, or leave the cell empty")


def standing_still(evidence: Evidence) -> Iterator[Finding]:
    """A number exactly as before in a series whose numbers never repeat, while its variety's closes moved: WARNING."""
    scale = scales(evidence.catalog.folders).still
    for fact, standing in doubtful(evidence):
        if standing.previous is None or standing.previous.value != fact.value:
            continue
        if evidence.catalog.decimals(fact.series) < scale.decimals or not _closes_moved(evidence, fact.variety):
            continue
        past = numbers(evidence, fact.series, fact.session, scale.numbers)
        if len(past) >= scale.least and all(old != new for old, new in pairwise(past)):
            message = (
                f"{fact.value} as on {standing.previous.session} ({standing.previous.source}), and none of the "
                f"{len(past)} numbers before repeats; look whether the source has a newer one"
            )
            yield Finding("C506", Severity.WARNING, fact.source, message)


def _closes_moved(evidence: Evidence, variety: str) -> bool:
    instruments = evidence.catalog.varieties[variety].instruments
    standings = (evidence.day.standings[Series(variety, one.measure, one.basis)] for one in instruments)
    return any(one.change is not None and one.change.value for one in standings)
