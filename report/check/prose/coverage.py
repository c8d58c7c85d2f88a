"""How much of the prose was checked: numbers found, agreeing, contradicting, unbound; per view, in all, and each."""

from __future__ import annotations

from collections.abc import Iterator

from report.check.evidence import Evidence
from report.check.prose.compare import AGREES, CONTRADICTS, UNBOUND
from report.check.prose.findings import name, says
from report.check.prose.judge import judged
from report.facts import Coverage, Verdict


def coverage(evidence: Evidence) -> tuple[Coverage, ...]:
    """One Coverage per view in print order, and the last one for all."""
    counts = {variety.code: [0, 0, 0] for variety in evidence.catalog.views if variety.code in evidence.views}
    for passage in judged(evidence):
        mine = counts.setdefault(passage.view.variety, [0, 0, 0])
        for reading in passage.readings:
            if reading.claim.aspect != "trend":
                mine[0] += 1
                mine[1] += reading.status == AGREES
                mine[2] += reading.status == CONTRADICTS
    views = [Coverage(code, *told) for code, told in counts.items()]
    whole = (sum(told[part] for told in counts.values()) for part in range(3))
    return (*views, Coverage("", *whole))


def verdicts(evidence: Evidence) -> Iterator[Verdict]:
    """What became of every number of the prose, and of every direction word that a fact was found for."""
    for passage in judged(evidence):
        for reading in passage.readings:
            token, aspect = reading.claim.token, reading.claim.aspect
            if aspect == "trend" and reading.status == UNBOUND:
                continue
            yield Verdict(
                passage.passage.source,
                token.start,
                token.end,
                passage.passage.text[token.start : token.end],
                reading.status,
                aspect,
                name(evidence, reading) if reading.fact else "",
                says(evidence, reading) if reading.status != UNBOUND else "",
                reading.fact if reading.status != UNBOUND else None,
            )
