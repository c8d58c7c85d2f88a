"""The checks alone: what a build would find, and nothing built, kept or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from report import workspace
from report.check.prose.coverage import coverage, verdicts
from report.compose import proof
from report.facts import Coverage, Finding, Verdict, Waiver, still_open
from report.pipeline import approving, keeping
from report.pipeline.building import Draft, assemble, told
from report.pipeline.house import House, Progress
from report.render import glyphs

COUNTS = ("found", "bound", "agrees", "contradicts", "unbound")


@dataclass(frozen=True, slots=True)
class Checked:
    """What the checks gave: the draft, all findings, worst first, and those that are waived.

    digest: what an approval of it names.
    verdicts: what became of every number of the prose; coverage: how many of them, per view and in all.
    """

    draft: Draft
    digest: str
    findings: tuple[Finding, ...]
    waived: Mapping[Finding, Waiver]
    verdicts: tuple[Verdict, ...]
    coverage: tuple[Coverage, ...]

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
    house.calendars.check_report_date(report_date)
    files = keeping.files(house, report_date)
    draft = assemble(house, report_date, now, progress, as_of=as_of)
    progress("核对")
    templates, own = house.workspace.folders("templates"), house.catalog.settings.texts()
    unprintable = glyphs.findings(draft.document, templates, own)
    findings, waived = told(draft, unprintable)
    return Checked(
        draft,
        approving.digest(files, draft.document),
        findings,
        waived,
        tuple(verdicts(draft.evidence)),
        coverage(draft.evidence),
    )


def lay_proof(house: House, checked: Checked) -> Path:
    """Write the proof (核对稿) of what was checked into the workspace and give its path. Raises CatalogError."""
    from report.render import proof as page

    evidence = checked.draft.evidence
    document = proof.compose(
        checked.draft.document,
        evidence.views,
        checked.verdicts,
        checked.findings,
        checked.waived,
        checked.coverage,
        evidence.catalog,
    )
    content = page.render(document, house.workspace.folders("templates"))
    path = house.workspace.proof(evidence.day.report_date)
    return workspace.lay(path.parent, {path.name: content})[0]


def as_data(checked: Checked) -> dict[str, object]:
    """All that was found as plain data for JSON: findings with their waivers, numbers with their verdicts, coverage."""
    told = told_as_data(checked.findings, checked.waived, checked.coverage, checked.verdicts)
    return {"report_date": f"{checked.draft.evidence.day.report_date}", "digest": checked.digest, **told}


def told_as_data(
    findings: Sequence[Finding],
    waived: Mapping[Finding, Waiver],
    counts: Sequence[Coverage],
    numbers: Sequence[Verdict],
) -> dict[str, object]:
    """What checks gave of a report or a note as plain data; a number put there from its fact is counted as given."""
    return {
        "open": len(still_open(findings, waived)),
        "findings": [{**_finding(one), "waived": _waiver(waived.get(one))} for one in findings],
        "coverage": [_counts(one) for one in counts],
        "numbers": [_number(one) for one in numbers],
    }


def _counts(coverage: Coverage) -> dict[str, object]:
    given = {"given": coverage.given} if coverage.given else {}
    return {"view": coverage.variety or "all", **{name: getattr(coverage, name) for name in COUNTS}, **given}


def _finding(finding: Finding) -> dict[str, str]:
    severity = finding.severity.name.lower()
    return {"code": finding.code, "severity": severity, "where": finding.where, "message": finding.message}


def _waiver(waiver: Waiver | None) -> dict[str, str] | None:
    return {"reason": waiver.reason, "by": waiver.by, "source": waiver.source} if waiver else None


def _number(verdict: Verdict) -> dict[str, object]:
    fact = verdict.fact
    return {
        "where": f"{verdict.source} › character {verdict.start + 1}",
        "text": verdict.text,
        "verdict": verdict.status,
        "aspect": verdict.aspect,
        "name": verdict.name,
        "says": verdict.says,
        "session": f"{fact.session}" if fact else None,
        "source": fact.source if fact else None,
        "cells": list(fact.cells()) if fact else [],
    }
