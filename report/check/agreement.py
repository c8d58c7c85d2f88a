"""C401–C403: does what was typed this morning agree with what the house knows?"""

from __future__ import annotations

from collections.abc import Iterator

from report.check.evidence import Evidence
from report.facts import CONTINUOUS, MAIN, OF_CONTRACT, Finding, Series, Severity


def known_otherwise(evidence: Evidence) -> Iterator[Finding]:
    """A typed number of a session that history knows with another value, naming both cells.

    ERROR where the number known is from a source's own file, WARNING where it was typed for an earlier report.
    """
    for fact in evidence.typed:
        if fact.contract:
            known = evidence.known.of_contract(fact.variety, fact.measure, fact.contract, fact.session)
        else:
            known = evidence.known.get(fact.series, fact.session)
        if known is None or known.value is None or fact.value is None or known.value == fact.value:
            continue
        told = f"{fact.value} for {fact.session}, but {known.source} has {known.value}"
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
