"""C413: is a total of volume or open interest the total, and not the main contract's alone?"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from report.check.evidence import Evidence
from report.check.scales import scales
from report.facts import CONTINUOUS, MAIN, Fact, Finding, Severity

COUNTS = ("trading_volume", "open_interest")


def of_the_main(evidence: Evidence) -> Iterator[Finding]:
    """A count that its own part, the main contract's bar of the session, does not fit: ERROR, with the bar's cell.

    A total equal to the bar or below it, or many times the bar, is none; a count of the main contract is the bar's.
    """
    for fact in evidence.typed:
        bar = evidence.known.get(fact.series._replace(basis=CONTINUOUS), fact.session)
        if fact.measure not in COUNTS or fact.value is None or bar is None or bar.value is None or bar.typed:
            continue
        if said := _said(fact, bar, scales(evidence.catalog.folders).counts["of_main"]):
            message = f"{fact.value} is told as {fact.basis}, but {said} ({bar.source}); mend the number or its 口径"
            yield Finding("C413", Severity.ERROR, fact.source, message)


def _said(fact: Fact, bar: Fact, most: Decimal) -> str:
    if fact.value is None or bar.value is None:
        return ""
    if fact.basis == MAIN:
        return "" if fact.value == bar.value else f"the main contract has {bar.value}"
    if fact.value == bar.value:
        return "it is the number of the main contract alone"
    fits = bar.value < fact.value <= bar.value * most
    return "" if fits else f"the main contract alone has {bar.value}"
