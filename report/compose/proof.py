"""核对稿: the whole text with a mark at every number, all findings, and how much of the prose was checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from report.catalog import Catalog
from report.compose.marks import Marks
from report.document import (
    Block,
    Chart,
    Document,
    Figures,
    Indicator,
    Indicators,
    Number,
    Prose,
    Remark,
    Remarks,
    Section,
    Span,
    Tallies,
    Tally,
    Text,
)
from report.facts import Coverage, Finding, Passage, Severity, Verdict, View, Waiver

LEFT_OUT = ("overview", "about")
DEGREES = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
ORDER = ("error", "warning", "waived", "note")


def compose(
    document: Document,
    views: Mapping[str, View],
    verdicts: Sequence[Verdict],
    findings: Sequence[Finding],
    waived: Mapping[Finding, Waiver],
    coverage: Sequence[Coverage],
    catalog: Catalog,
) -> Document:
    """The proof of a report: its views and tables marked; findings and coverage go before them."""
    remarks = _remarks(findings, waived)
    marks = Marks(views, verdicts, remarks, catalog)
    shown = [section for section in document.sections if section.anchor not in LEFT_OUT]
    sections = [_view(one, views, marks) if one.level > 1 else _part(one, marks) for one in shown]
    placed = tuple(replace(remark, anchor=marks.anchors.get(remark.number, "")) for remark in remarks)
    head = (
        Section("核对结果", "findings", (Remarks(placed),)),
        Section("数字核对", "coverage", (_tallies(coverage, catalog),)),
    )
    return replace(document, kind="proof", title=f"核对稿 {document.title}", sections=(*head, *sections))


def _remarks(findings: Sequence[Finding], waived: Mapping[Finding, Waiver]) -> list[Remark]:
    degrees = {finding: "waived" if finding in waived else DEGREES[finding.severity] for finding in findings}
    rows = []
    for number, finding in enumerate(sorted(degrees, key=lambda one: ORDER.index(degrees[one])), 1):
        row = Remark(number, degrees[finding], finding.code, finding.where, finding.message)
        if waiver := waived.get(finding):
            row = replace(row, reason=waiver.reason, by=waiver.by, waiver=waiver.source)
        rows.append(row)
    return rows


def _tallies(coverage: Sequence[Coverage], catalog: Catalog) -> Tallies:
    titles = {one.code: one.view.title for one in catalog.views if one.view}
    *views, whole = coverage
    rows = [Tally(titles.get(one.variety, one.variety), one, f"view-{one.variety}") for one in views]
    return Tallies(tuple(rows), Tally("合计", whole))


def _view(section: Section, views: Mapping[str, View], marks: Marks) -> Section:
    code = section.anchor.removeprefix("view-")
    view = views.get(code)
    headline = view.headline if view else None
    spans = (*marks.of_view(code), *(marks.passage(headline, section.title) if headline else ()))
    head = (Prose(spans, "headline"),) if spans else ()
    passages = {one.source: one for one in (view.recap, view.outlook) if one} if view else {}
    blocks = (_block(block, marks, passages) for block in section.blocks if not isinstance(block, Chart))
    return replace(section, title="", blocks=(*head, *blocks))


def _part(section: Section, marks: Marks) -> Section:
    return replace(section, blocks=tuple(_block(block, marks, {}) for block in section.blocks))


def _block(block: Block, marks: Marks, passages: Mapping[str, Passage]) -> Block:
    if isinstance(block, Prose):
        return replace(block, spans=tuple(one for span in block.spans for one in _spans(span, marks, passages)))
    if isinstance(block, Figures):
        rows = (tuple(marks.number(cell) if isinstance(cell, Number) else cell for cell in row) for row in block.rows)
        return replace(block, rows=tuple(rows))
    if isinstance(block, Indicators):
        left, right = (tuple(_indicator(row, marks) for row in half) for half in (block.left, block.right))
        return replace(block, left=left, right=right)
    return block


def _spans(span: Span, marks: Marks, passages: Mapping[str, Passage]) -> tuple[Span, ...]:
    if isinstance(span, Number):
        return (marks.number(span),)
    if isinstance(span, Text) and span.source in passages:
        return marks.passage(passages[span.source], span.text)
    return (span,)


def _indicator(row: Indicator, marks: Marks) -> Indicator:
    return replace(
        row, today=marks.number(row.today), previous=marks.number(row.previous), change=marks.number(row.change)
    )
