"""C413, C415: is a total of volume or open interest the total, and not the main contract's alone? Is it a count?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.check.evidence import Evidence
from report.check.scales import scales
from report.facts import CONTINUOUS, MAIN, Fact, Finding, Series, Severity

COUNTS = ("trading_volume", "open_interest")


def of_the_main(evidence: Evidence) -> Iterator[Finding]:
    """A count that its own part, the main contract's bar of the session, does not fit: ERROR, with the bar's cell.

    A total equal to the bar or below it, or many times the bar, is none; a count of the main contract is the bar's
    where its close is the bar's too.
    """
    for fact in evidence.typed:
        bar = evidence.known.get(fact.series._replace(basis=CONTINUOUS), fact.session)
        if fact.measure not in COUNTS or fact.value is None or bar is None or bar.value is None or bar.typed:
            continue
        if fact.basis == MAIN and not _of_one_contract(evidence, fact):
            continue
        if said := _said(fact, bar, scales(evidence.catalog.folders).counts["of_main"]):
            message = f"{fact.value} is told as {fact.basis}, but {said} ({bar.source}); mend the number or its 口径"
            yield Finding("C413", Severity.ERROR, fact.source, message)


def whole(evidence: Evidence) -> Iterator[Finding]:
    """Volume or open interest that is no whole number of 手: ERROR, for it was told in another unit."""
    for fact in evidence.typed:
        if fact.measure in COUNTS and fact.value is not None and fact.value % 1:
            message = f"{fact.value} is no whole number of {fact.unit}; type the number again in that cell"
            yield Finding("C415", Severity.ERROR, fact.source, message)


def _said(fact: Fact, bar: Fact, most: Decimal) -> str:
    if fact.value is None or bar.value is None:
        return ""
    if fact.basis == MAIN:
        return "" if fact.value == bar.value else f"the main contract has {bar.value}"
    if fact.value == bar.value:
        return "it is the number of the main contract alone"
    fits = bar.value < fact.value <= bar.value * most
    return "" if fits else f"the main contract alone has {bar.value}"


def _of_one_contract(evidence: Evidence, fact: Fact) -> bool:
    """Whether the desk's main contract is the bar's: they closed alike."""
    close = Series(fact.variety, "futures_close", MAIN)
    mine = evidence.typed.get(close, fact.session)
    bar = evidence.known.get(close._replace(basis=CONTINUOUS), fact.session)
    return mine is not None and bar is not None and mine.value is not None and mine.value == bar.value
