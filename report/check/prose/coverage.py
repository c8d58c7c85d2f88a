"""How much of the prose was checked: numbers found, agreeing, contradicting and unbound, per view and in all."""

from __future__ import annotations

from dataclasses import dataclass

from report.check.evidence import Evidence
from report.check.prose.compare import AGREES, CONTRADICTS
from report.check.prose.judge import judged


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of one view, or of all ('' as variety): found = agrees + contradicts + unbound."""

    variety: str
    found: int
    agrees: int
    contradicts: int

    @property
    def unbound(self) -> int:
        """Numbers no fact could be held against."""
        return self.found - self.bound

    @property
    def bound(self) -> int:
        """Numbers held against a fact, or against their own sentence."""
        return self.agrees + self.contradicts

    def __str__(self) -> str:
        told = f"{self.found} found, {self.agrees} agree, {self.contradicts} contradict, {self.unbound} unbound"
        return f"{self.variety or 'all'}: {told}"


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
