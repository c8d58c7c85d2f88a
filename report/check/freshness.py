"""C5xx: does every number speak of the session the report asks for, and can it be that of one day?"""

from __future__ import annotations

from collections.abc import Iterator

from report.check.evidence import Evidence
from report.facts import Fact, Finding, Severity

TURNOVER = {"trading_volume", "open_interest"}
BOUND = 0.3


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


def beyond_limit(evidence: Evidence) -> Iterator[Finding]:
    """A close more than 30 % away from the session before: ERROR, no exchange lets a day go that far."""
    for standing in evidence.day.standings.values():
        ratio = standing.change_ratio
        if ratio is None or ratio.value is None or not _is_close(standing.today):
            continue
        if abs(ratio.value) > BOUND and standing.today is not None and standing.previous is not None:
            message = (
                f"{standing.today.value} is {ratio.value * 100:+.2f}% from {standing.previous.value} "
                f"({standing.previous.source}); one of the two is wrong, or tells another unit"
            )
            yield Finding("C502", Severity.ERROR, standing.today.source, message)


def _is_close(fact: Fact | None) -> bool:
    return fact is not None and fact.measure.endswith("_close")
