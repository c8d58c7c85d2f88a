"""The sheet 观点: what an analyst writes about a variety."""

from __future__ import annotations

from functools import partial

from report.entries import Variety
from report.facts import Finding, Passage, Severity, View
from report.read import Reading, codes, form
from report.read.cell import Cell, label, marks_missing, text
from report.read.claim import Claim, Task
from report.read.grid import Row
from report.read.industry import variety_of
from report.read.words import folded, shown

PASSAGES = {"标题": "headline", "行情": "recap", "展望": "outlook", "操作建议": "recommendation", "分析师": "analyst"}
REPLACE, FOLLOW = "替换", "接后"


def claim(row: Row, task: Task) -> Claim | Finding:
    """Find the variety the row is about."""
    variety = variety_of(row, task)
    if isinstance(variety, Finding):
        return variety
    return Claim((variety.code,), variety.name, partial(_take, row, variety, task))


def _take(row: Row, variety: Variety, task: Task) -> Reading:
    findings: list[Finding] = []
    passages = {name: _passage(row[heading], task, findings) for heading, name in PASSAGES.items()}
    use = _use(row["用法"], task, findings)
    if use == REPLACE and marks_missing(row["行情"], task.missing):
        message = f"{shown(row['用法'].value)} with an empty 行情: the draft is printed; type 行情, or choose {FOLLOW}"
        findings.append(codes.NO_RECAP.at(row["用法"].where, message))
    written = any(passages.values())
    view = View(variety.code, task.report_date, **passages, use=use)
    title = variety.view.title if variety.view else variety.name
    wrong = any(one.severity is Severity.ERROR for one in findings)
    refused = (f"{form.VIEWS.name} › {title}",) if wrong else ()
    return Reading((), (view,) if written else (), tuple(findings), refused=refused)


def _passage(cell: Cell, task: Task, findings: list[Finding]) -> Passage | None:
    if marks_missing(cell, task.missing):
        return None
    taken = text(cell)
    findings += [taken.finding] if taken.finding else []
    return Passage(taken.value, cell.where) if taken.value else None


def _use(cell: Cell, task: Task, findings: list[Finding]) -> str:
    """What the typed recap does with the drafted one; following it where nothing is said."""
    taken = label(cell)
    if taken.refused and taken.finding:
        findings.append(taken.finding)
        return FOLLOW
    words = task.catalog.words
    typed = folded(taken.value or "")
    if typed in map(folded, words.replace):
        return REPLACE
    if typed and typed not in map(folded, words.follow):
        known = ", ".join((*words.replace, *words.follow))
        message = f"expected one of {known}, found {shown(cell.value)}; choose one, or clear the cell"
        findings.append(codes.NO_USE.at(cell.where, message))
    return FOLLOW
