"""What the checks of plausibility ask of a series' own past."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal

from report.check.evidence import Evidence
from report.facts import CONTINUOUS, Fact, Series, Standing


def doubtful(evidence: Evidence) -> Iterator[tuple[Fact, Standing]]:
    """Every typed number of this session that no source's own file tells as well, with its series' standing."""
    for fact in evidence.typed:
        standing = evidence.day.standings.get(fact.series)
        if standing is None or fact.value is None or fact.session != standing.session:
            continue
        if not any(_same(other, fact) for other in _told(evidence, fact)):
            yield fact, standing


def _told(evidence: Evidence, fact: Fact) -> Iterator[Fact | None]:
    yield evidence.known.get(fact.series, fact.session)
    yield evidence.known.get(fact.series._replace(basis=CONTINUOUS), fact.session)


def _same(known: Fact | None, fact: Fact) -> bool:
    return known is not None and not known.typed and known.value == fact.value


def numbers(evidence: Evidence, series: Series, until: date, count: int) -> list[Decimal]:
    """The last numbers of the series before that session, oldest first."""
    run = evidence.known.run(series, evidence.day.report_date, count + 1)
    return [fact.value for fact in run if fact.value is not None and fact.session < until][-count:]


def before(standing: Standing, fact: Fact, past: Sequence[Decimal]) -> Decimal | None:
    """The number before that one: the standing's, else the last one known; None where there is none."""
    if standing.previous is not None and standing.previous.value is not None:
        return standing.previous.value
    return past[-1] if past and not fact.contract else None
