"""C407: does a stock agree with what its source, the day after, says it began with?

Exchanges print both numbers: the LME its Opening Stock, the CME its PREV TOTAL, GFEX yesterday's receipts, SHFE what
has come since. The layouts keep the second as the same measure of the day before, on a basis of its own.
"""

from __future__ import annotations

from collections.abc import Iterator

from report.check.evidence import Evidence
from report.facts import Finding, Severity

CARRIED = "次日期初"  # the basis, as data/layouts/ says it


def otherwise(evidence: Evidence) -> Iterator[Finding]:
    """A number that the next day's file of its source carries on with another value: WARNING naming both cells."""
    facts = evidence.day.facts
    for series, standing in evidence.day.standings.items():
        for session in sorted({standing.previous_session, standing.session}):
            told, carried = facts.get(series, session), facts.get(series._replace(basis=CARRIED), session)
            if told is None or carried is None or None in (told.value, carried.value) or told.value == carried.value:
                continue
            message = f"{told.value} for {session}, but {carried.source} goes on from {carried.value}"
            mend = "the number was corrected by its source, or belongs to another day: mend whichever is wrong"
            yield Finding("C407", Severity.WARNING, told.source, f"{message}; {mend}")
