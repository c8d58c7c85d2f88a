"""C401–C403, C411, C414: does what was typed this morning agree with what the house knows, here and elsewhere?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from report.check import rounding
from report.check.evidence import Evidence
from report.facts import CONTINUOUS, MAIN, OF_CONTRACT, UNLIKE, Fact, Finding, Retold, Series, Severity


def known_otherwise(evidence: Evidence) -> Iterator[Finding]:
    """A typed number of a session that history knows with another value, naming both cells.

    ERROR where the number known is from a source's own file, WARNING where it was typed for an earlier report. A number
    that rounds to the other is the same.
    """
    for fact in evidence.typed:
        if fact.contract:
            known = evidence.known.of_contract(fact.variety, fact.measure, fact.contract, fact.session)
        else:
            known = evidence.known.get(fact.series, fact.session)
        if known is None or known.value is None or fact.value is None or _alike(evidence, fact, known):
            continue
        told = f"{fact.value} for {fact.session}, but {known.source} has {known.value}{_instead(evidence, fact)}"
        if known.typed:
            message = f"{told}, typed for an earlier report; mend whichever is wrong"
            yield Finding("C401", Severity.WARNING, fact.source, message)
        else:
            message = f"{told}, the source's own file; type that number, or take in a corrected file with ribao ingest"
            yield Finding("C401", Severity.ERROR, fact.source, message)


def roll(evidence: Evidence) -> Iterator[Finding]:
    """The contract's previous close is not that of the continuous main series: the main contract rolled, or a typo.

    Where the main contract of that session is known to be another one there is no doubt, and C404 says so.
    """
    for fact in evidence.typed:
        if fact.basis not in (OF_CONTRACT, MAIN) or fact.measure != "futures_close":
            continue
        known = evidence.known.get(Series(fact.variety, fact.measure, CONTINUOUS), fact.session)
        if known is None or fact.value is None or known.value == fact.value:
            continue
        main = evidence.known.get(Series(fact.variety, fact.measure, MAIN), fact.session)
        if main is not None and fact.contract and main.contract not in ("", fact.contract):
            continue
        message = (
            f"{fact.value} for {fact.contract or '主力'} on {fact.session}, but {known.source} has {known.value} "
            "for the main contract of that day; either the main contract has changed since, or one of the two is wrong"
        )
        yield Finding("C402", Severity.WARNING, fact.source, message)


def not_positive(evidence: Evidence) -> Iterator[Finding]:
    """A price or stock that is zero or less: ERROR, for a missing number is an empty cell."""
    for fact in evidence.typed:
        named = fact.measure.endswith(("_price", "_close")) or fact.measure == "lme_stock"
        if named and fact.value is not None and fact.value <= 0:
            message = f"{fact.value} cannot be; if the number is not known, leave the cell empty"
            yield Finding("C403", Severity.ERROR, fact.source, message)


def _alike(evidence: Evidence, one: Fact, other: Fact | Retold) -> bool:
    """Whether one number may be meant by both."""
    mine, theirs = (rounding.span(told, evidence.catalog, evidence.formulas) for told in (one, other))
    return one.value == other.value or mine.meets(theirs)


def _instead(evidence: Evidence, fact: Fact) -> str:
    """The session whose number was typed instead, where its source's own file knows one."""
    standing = evidence.day.standings.get(fact.series)
    for session in (standing.session, standing.previous_session) if standing else ():
        known = evidence.known.get(fact.series, session)
        if known is not None and not known.typed and session != fact.session and known.value == fact.value:
            return f" ({fact.value} is that of {session})"
    return ""


def twice(evidence: Evidence) -> Iterator[Finding]:
    """A close typed again on the sheet 产业 with another value than on 收盘: ERROR naming both cells."""
    for told in evidence.retold:
        standing = evidence.day.standings.get(told.series)
        house = {"today": standing.today, "previous": standing.previous}.get(told.aspect) if standing else None
        if house is None or house.value is None or evidence.catalog.measures[told.series.measure].derived:
            continue
        if not _alike(evidence, house, told):
            message = f"{rounding.told(told.value)}, but {house.source} has {house.value} for {house.session}"
            yield Finding("C411", Severity.ERROR, told.source, f"{message}; mend whichever is wrong")


def two_files(evidence: Evidence) -> Iterator[Finding]:
    """Two files that came in tell one number of this report differently: WARNING naming both cells."""
    for other in evidence.known:
        basis, unlike, contract = other.basis.partition(UNLIKE)
        if not unlike or other.value is None:
            continue
        series = other.series._replace(basis=basis)
        holds = evidence.known.get(series, other.session)
        if contract:
            holds = evidence.known.of_contract(*series[:2], contract, other.session)
        standing = evidence.day.standings.get(series)
        asked = (standing.session, standing.previous_session) if standing is not None else ()
        told = replace(other, basis=basis)
        if (
            holds is not None
            and holds.value is not None
            and other.session in asked
            and not _alike(evidence, holds, told)
        ):
            message = (
                f"{other.value} for {other.session}, but {holds.source} has {holds.value}, which is taken; ask who "
                "sent the file, and take in the right one with ribao ingest"
            )
            yield Finding("C414", Severity.WARNING, other.source, message)
