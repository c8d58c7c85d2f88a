"""C606: two places of the prose that tell one thing differently, whether a table knows it or not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from report.check.evidence import Evidence
from report.check.prose.claims import Claim
from report.check.prose.compare import Reading, bounds
from report.check.prose.findings import place, quoted
from report.check.prose.judge import Judged, judged
from report.check.prose.vocabulary import Vocabulary, lexicon
from report.facts import Finding, Severity

MOVES = ("change", "ratio", "trend")
EXCHANGES = ("LME", "COMEX", "SHFE", "GFEX", "DCE")
Told = tuple[Judged, Reading]


def crosswise(evidence: Evidence) -> Iterator[Finding]:
    """C606: a series given two values or two directions, of the same day or against the same base: WARNING.

    So are a variety's stocks counted by the week that are told to rise and to fall (去库), though no table has them.
    """
    words = lexicon(evidence.catalog.folders).vocabulary
    levels: dict[object, list[Told]] = {}
    moves: dict[object, list[Told]] = {}
    stocks: dict[object, list[Told]] = {}
    for passage in judged(evidence):
        for reading in passage.readings:
            claim = reading.claim
            if _counted_weekly(claim, evidence):
                stocks.setdefault(claim.subject.variety, []).append((passage, reading))
            if len(claim.subject.series) != 1 or not claim.subject.sure or claim.doubt:
                continue
            series = claim.subject.series[0]
            weekly = evidence.catalog.measures[series.measure].frequency == "week"
            if claim.aspect == "level":
                levels.setdefault((series, _day(claim)), []).append((passage, reading))
            if claim.aspect in MOVES and claim.sign is not None and claim.base != "far":
                span = "week" if weekly else _base(claim)
                moves.setdefault((series, _day(claim), claim.width, span), []).append((passage, reading))
    yield from _pairs(levels, lambda one, other: _apart(one, other, words), "value")
    known = _pairs(moves, _turned, "direction")
    told = {finding.where: finding for finding in (*known, *_pairs(stocks, _unlike, "direction"))}
    yield from told.values()


def _turned(one: Claim, other: Claim) -> bool:
    return one.sign != other.sign


def _unlike(one: Claim, other: Claim) -> bool:
    """Two directions of stocks that may be the same: 铝锭 rising and 铝棒 falling are not."""
    apart = one.subject.series and other.subject.series and one.subject.series != other.subject.series
    return not apart and _turned(one, other)


def _counted_weekly(claim: Claim, evidence: Evidence) -> bool:
    """Whether it is said which way the stocks outside the exchanges went within the week."""
    subject = claim.subject
    if subject.kind != "stock" or subject.market in EXCHANGES or claim.doubt or not claim.sign or not subject.variety:
        return False
    weekly = [evidence.catalog.measures[one.measure].frequency == "week" for one in subject.series]
    if not all(weekly) or claim.aspect not in MOVES or claim.day in ("far", "last_week", "report"):
        return False
    return bool(weekly) or claim.base in ("week", "last_week")


def _day(claim: Claim) -> str:
    return str(claim.day) if claim.day not in (None, "session") else ""


def _base(claim: Claim) -> str:
    if claim.base in (None, "previous", "session"):
        return "day"
    return claim.base.isoformat() if isinstance(claim.base, date) else str(claim.base)


def _apart(one: Claim, other: Claim, words: Vocabulary) -> bool:
    if one.figure.unit != other.figure.unit or one.sign != other.sign:
        return False
    (low, high), (least, most) = bounds(one.figure, one.side), bounds(other.figure, other.side)
    scale: Decimal = other.figure.scale / one.figure.scale
    return high < least * scale or most * scale < low


def _pairs(groups: dict[object, list[Told]], differ: object, what: str) -> Iterator[Finding]:
    for told in groups.values():
        first_passage, first = told[0]
        for passage, reading in told[1:]:
            if callable(differ) and differ(first.claim, reading.claim):
                one, other = quoted(first_passage, first.claim.token), quoted(passage, reading.claim.token)
                where = place(first_passage, first.claim.token)
                message = f"{other} and {one} ({where}) give one series two {what}s; mend one of them"
                yield Finding("C606", Severity.WARNING, place(passage, reading.claim.token), message)
                break
