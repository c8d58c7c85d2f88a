"""The checks alone: what a build would find, and nothing built, kept or written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from report.facts import Finding, Waiver, still_open
from report.pipeline.building import Draft, assemble, told
from report.pipeline.house import House, Progress
from report.render import glyphs


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks gave: the draft, all findings, worst first, and those that are waived."""

    draft: Draft
    findings: tuple[Finding, ...]
    waived: Mapping[Finding, Waiver]

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that keep the report from being published."""
        return still_open(self.findings, self.waived)


def check(
    house: House,
    report_date: date,
    now: datetime,
    progress: Progress = lambda _: None,
    *,
    as_of: datetime | None = None,
) -> Checked:
    """Hold the report of that date against all the house knows. Raises NoSession, InputError, CatalogError."""
    draft = assemble(house, report_date, now, progress, as_of=as_of)
    progress("核对")
    unprintable = glyphs.findings(draft.document, house.workspace.folders("templates"))
    return Checked(draft, *told(draft, unprintable))
