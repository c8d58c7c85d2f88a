"""read: a file in one known layout becomes facts, each with the cell it stood in."""

from __future__ import annotations

from dataclasses import dataclass

from report.facts import Fact, Finding, View


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave: its facts, the views written in it, and what was wrong or noteworthy, with cells named."""

    facts: tuple[Fact, ...] = ()
    views: tuple[View, ...] = ()
    findings: tuple[Finding, ...] = ()
