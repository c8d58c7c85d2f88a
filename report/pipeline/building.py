"""From the morning's workbooks to the report in the outbox. The gate stands here.

Nothing is stored and no file is written before every room has done its work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from report import lookback, waivers, workspace
from report.catalog import Catalog
from report.check import Evidence, check, contract
from report.compose import KINDS
from report.derive import INDICATORS
from report.derive.derivation import derive
from report.document import Advice, Document
from report.facts import OF_CONTRACT, Coverage, Fact, Facts, Finding, Passage, View, Waiver, still_open
from report.pipeline import gate
from report.pipeline.house import House, Progress
from report.pipeline.inputs import filed, read_workbooks
from report.read import Reading
from report.render import ENDINGS, begun, break_off, glyphs

if TYPE_CHECKING:
    from report.render.pdf import Attachment


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave: the document, the files laid in the outbox, all findings, worst first; those that are waived.

    open: what stands in the way of publishing, errors and warnings that nobody waived. coverage: of a note, how many of
    its numbers were held against facts.
    """

    document: Document
    files: tuple[Path, ...]
    findings: tuple[Finding, ...]
    waived: Mapping[Finding, Waiver]
    coverage: Coverage | None = None

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that keep the report from being published."""
        return still_open(self.findings, self.waived)


@dataclass(frozen=True, slots=True)
class Draft:
    """A report before the gate: what was read, what the checks look at, the document; troubles of those steps.

    reading: without the numbers it does not stand on, which the checks have. waivers: those of the report's date.
    """

    reading: Reading
    evidence: Evidence
    document: Document
    troubles: tuple[Finding, ...]
    waivers: tuple[Waiver, ...]


def assemble(
    house: House,
    report_date: date,
    now: datetime,
    progress: Progress = lambda _: None,
    *,
    as_of: datetime | None = None,
) -> Draft:
    """Read, derive and compose the report of that date; nothing is kept or written.

    Raises NoSession, InputError, CatalogError for a mistake in the day's waivers.
    """
    house.calendars.check_report_date(report_date)
    progress("读取底稿")
    reading = read_workbooks(house, report_date, now)
    progress("推算、编排")
    known = lookback.standing_on(house.history, house.catalog, report_date, as_of, anew=True)
    return drafted(house, report_date, reading, known, house.history.last_views(report_date, as_of))


def drafted(house: House, report_date: date, reading: Reading, known: Facts, last: Mapping[str, View]) -> Draft:
    """Derive and compose the report from a reading, the facts known before it, and the views of the last report.

    Raises CatalogError for a mistake in the day's waivers.
    """
    waived = waivers.load(house.workspace.folders("data"), report_date)
    used = _without_former(reading, known, waived)
    evidence, troubles = _derived(house, report_date, reading, used.facts, known, last)
    document = KINDS["daily"](evidence.day, evidence.views, last, house.catalog)
    proposed = {code: advice.recommendation for code, advice in _advice(document).items() if advice.proposed}
    return Draft(used, replace(evidence, proposed=proposed), document, (*reading.findings, *troubles), waived)


def _without_former(reading: Reading, known: Facts, waived: Sequence[Waiver]) -> Reading:
    """The reading without the previous closes that are those of a former main contract, but for waived ones."""
    former = contract.of_the_former(Facts(reading.facts), known)
    aside = {fact for fact, finding in former.items() if not any(waiver.names(finding) for waiver in waived)}
    return replace(reading, facts=tuple(fact for fact in reading.facts if fact not in aside)) if aside else reading


def build(
    house: House,
    report_date: date,
    formats: Sequence[str],
    now: datetime,
    progress: Progress = lambda _: None,
    *,
    as_of: datetime | None = None,
) -> Built:
    """Build the report of that date into the outbox, in the formats asked for ('pdf', 'html', 'text').

    now: when the inputs became known. as_of: history is read as it was known then, and nothing is kept.
    Raises NoSession, InputError, GateClosed (with all findings), RenderError.
    """
    draft = assemble(house, report_date, now, progress, as_of=as_of)
    document, templates = draft.document, house.workspace.folders("templates")
    unprintable = glyphs.findings(document, templates, house.catalog.settings.texts())
    with setting(document, () if unprintable else formats, templates, progress) as pages:
        findings, waived = told(draft, unprintable)
        gate.closed_by_errors(report_date, findings, waived)
        contents = {_filename(house, report_date, name): page for name, page in pages().items()}
    progress("入库")
    with workspace.laying(house.workspace.outbox(report_date), contents) as files:
        if as_of is None:
            keep(house, draft, now)
    return Built(document, tuple(files), findings, waived)


def told(draft: Draft, unprintable: Sequence[Finding]) -> tuple[tuple[Finding, ...], dict[Finding, Waiver]]:
    """All findings of a draft, worst first; and those that are waived."""
    return gate.examined([*draft.troubles, *check(draft.evidence), *unprintable], draft.waivers)


def keep(house: House, draft: Draft, now: datetime) -> None:
    """Put into the history what the morning's workbooks told, and the views as they were printed."""
    printed = _as_printed(draft.reading.views, draft.document, house.catalog)
    house.history.keep(filed(draft.reading.facts, draft.document.date), printed, now)


def _derived(
    house: House, report_date: date, reading: Reading, used: Sequence[Fact], known: Facts, last: Mapping[str, View]
) -> tuple[Evidence, list[Finding]]:
    """used: the facts of the reading that the report stands on."""
    facts = Facts(known)
    facts.add(fact for fact in used if not _told_by_its_source(fact, known))
    day, troubles = derive(facts, house.catalog, house.calendars, report_date)
    views = {view.variety: view for view in reading.views}
    formulas = {name: formula.function for name, formula in INDICATORS.items()}
    evidence = Evidence(
        day,
        Facts(reading.facts),
        known,
        views,
        house.catalog,
        last,
        refused=frozenset(reading.refused),
        retold=reading.retold,
        formulas=formulas,
    )
    return evidence, troubles


@contextmanager
def setting(
    document: Document,
    formats: Sequence[str],
    templates: Sequence[Path],
    progress: Progress,
    attached: Future[Sequence[Attachment]] | None = None,
) -> Iterator[Callable[[], dict[str, bytes]]]:
    """Set the document in all formats while the block looks for faults; the function given waits for the pages.

    attached: what travels inside the PDF, to be given by the block. When the block ends by an error, the setting is
    broken off.
    """

    progress(f"核对、排版 {'、'.join(formats)}")
    carried = None if attached is None else attached.result
    pages = {name: begun(name, document, templates, carried) for name in formats}
    with ThreadPoolExecutor(1) as beside:
        setting = beside.submit(lambda: {name: page() for name, page in pages.items()})
        try:
            yield setting.result
        except BaseException:
            if attached is not None:
                attached.cancel()
            break_off()
            raise


def _filename(house: House, report_date: date, name: str) -> str:
    return f"{house.catalog.settings.title}_{report_date:%Y%m%d}.{ENDINGS.get(name, name)}"


def _told_by_its_source(fact: Fact, known: Facts) -> bool:
    """Whether a source's own file tells the typed number too; the report then stands on that file."""
    if fact.basis == OF_CONTRACT:
        other = known.of_contract(fact.variety, fact.measure, fact.contract, fact.session)
    else:
        other = known.get(fact.series, fact.session)
    if other is None or other.typed or (fact.contract and fact.contract != other.contract):
        return False
    return fact.value is not None and (other.value, other.unit) == (fact.value, fact.unit)


def _as_printed(views: Iterable[View], document: Document, catalog: Catalog) -> list[View]:
    """The views with the recommendation that was printed, so that the next report compares with what clients read."""
    printed = _advice(document)
    kept = []
    for view in views:
        advice = printed.get(view.variety)
        if view.recommendation is None and advice is not None:
            view = replace(view, recommendation=Passage(advice.recommendation, "系统建议"))
        kept.append(view)
    return kept


def _advice(document: Document) -> dict[str, Advice]:
    """The advice printed in each view, by variety code."""
    return {
        section.anchor.removeprefix("view-"): block
        for section in document.sections
        for block in section.blocks
        if isinstance(block, Advice)
    }
