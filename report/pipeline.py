"""The corridor: the one place that knows the order of the rooms. The gate stands here.

    read -> derive -> check -> (gate) -> compose -> render -> kept in history -> laid in the outbox

Nothing is stored and no file is written before every room has done its work.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from report import catalog as catalogs
from report import lookback, sessions, workspace
from report.catalog import Catalog, packaged
from report.check import Evidence, check
from report.compose import KINDS
from report.derive.derivation import derive
from report.document import Advice, Document
from report.errors import GateClosed, InputError, UsageError
from report.facts import OF_CONTRACT, Fact, Facts, Finding, Passage, Severity, View
from report.history import History
from report.lookback import BEIJING
from report.read import Reading
from report.render import begun, break_off, glyphs
from report.sessions import Calendars
from report.workspace import FORM, Workspace

if TYPE_CHECKING:
    from report.intake import Ingested

SAMPLE = date(2024, 3, 29)
ECHOES = {"R102", "C301"}
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class House:
    """A workspace with its catalogue, calendars and history open. `open_house` opens it; close it when done."""

    workspace: Workspace
    catalog: Catalog
    calendars: Calendars
    history: History


@dataclass(frozen=True, slots=True)
class Built:
    """What a build gave: the document, the files laid in the outbox, all findings, worst first."""

    document: Document
    files: tuple[Path, ...]
    findings: tuple[Finding, ...]


def open_house(place: Workspace) -> House:
    """Open a workspace; $RIBAO_DATABASE goes before the settings' `database`, so that no file need hold a password.

    Raises CatalogError or HistoryError.
    """
    catalog = catalogs.load(place.folders("data"))
    calendars = sessions.load(place.folders("data/calendars"))
    url = os.environ.get("RIBAO_DATABASE") or catalog.settings.database
    return House(place, catalog, calendars, History(url if "://" in url else place.root / url))


def init(root: Path) -> Workspace:
    """Make a workspace that holds the sample day and its history, whole or not at all.

    Raises UsageError when the folder is there and not empty.
    """
    samples = packaged("data") / "samples"
    with workspace.fresh(root) as draft:
        place = Workspace(draft)
        (draft / "data").mkdir()
        (draft / "templates").mkdir()
        (draft / "outbox").mkdir()
        shutil.copyfile(packaged("data") / "settings.toml", draft / "data" / "settings.toml")
        for day in sorted(samples.glob("????-??-??")):
            shutil.copytree(day, place.inbox(date.fromisoformat(day.name)), copy_function=shutil.copyfile)
        house = open_house(place)
        try:
            _keep_samples(house, samples)
        finally:
            house.history.close()
    return Workspace(root)


def _keep_samples(house: House, samples: Path) -> None:
    for done in ingest(house, [samples / "history"], _morning(SAMPLE)):
        if done.problem:
            raise InputError(done.problem)
    for day in house.workspace.report_dates():
        reading = _read_workbooks(house, day, _morning(day))
        house.history.keep(_filed(reading.facts, day), reading.views, _morning(day))


def ingest(
    house: House, paths: Iterable[Path], now: datetime, dry_run: bool = False, progress: Progress = lambda _: None
) -> tuple[Ingested, ...]:
    """Read every file of the paths, folders with all they hold, and keep the facts; dry_run keeps nothing.

    A file that cannot be read says why in `problem` and does not stop the others. Raises CatalogError, HistoryError.
    """
    from report.intake import Intake
    from report.read import families

    known = families.load(house.workspace.folders("data/layouts"))
    return Intake(known, house.catalog, house.calendars, house.history).take(paths, now, dry_run, progress)


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=BEIJING)


def new(house: House, report_date: date, *, name: str = f"{FORM}.xlsx") -> Path:
    """Write that morning's empty desk workbook into the inbox, previous values filled from history; gives its path.

    Raises UsageError when the file is there already: what an analyst typed is never written over.
    """
    from report.read import blank

    house.calendars.check_report_date(report_date)
    path = house.workspace.inbox(report_date) / workspace.workbook_name(name)
    if path.exists():
        raise UsageError(f"{path}: exists already and is left alone; give another name with --name, or move it away")
    facts = lookback.standing_on(house.history, house.catalog, report_date)
    content = blank.write(report_date, house.catalog, house.calendars, facts)
    return workspace.lay(path.parent, {path.name: content})[0]


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
    house.calendars.check_report_date(report_date)
    progress("读取底稿")
    reading = _read_workbooks(house, report_date, now)
    progress("推算、编排")
    known = lookback.standing_on(house.history, house.catalog, report_date, as_of, anew=True)
    last = house.history.last_views(report_date, as_of)
    evidence, troubles = _derived(house, report_date, reading, known, last)
    document = KINDS["daily"](evidence.day, evidence.views, last, house.catalog)
    templates = house.workspace.folders("templates")
    unprintable = glyphs.findings(document, templates)
    with _setting(document, () if unprintable else formats, templates, progress) as pages:
        findings = _told_once([*reading.findings, *troubles, *check(evidence), *unprintable])
        _gate(report_date, findings)
        contents = {_filename(house, report_date, name): page for name, page in pages().items()}
    progress("入库")
    with workspace.laying(house.workspace.outbox(report_date), contents) as files:
        if as_of is None:
            printed = _as_printed(reading.views, document, house.catalog)
            house.history.keep(_filed(reading.facts, report_date), printed, now)
    return Built(document, tuple(files), tuple(findings))


def _read_workbooks(house: House, report_date: date, known_at: datetime) -> Reading:
    from report.read import desk, form, merge

    readings, unreadable = [], []
    for path in house.workspace.workbooks(report_date):
        try:
            reading = desk.read(path, house.catalog, house.calendars, report_date, known_at)
        except InputError as error:
            unreadable.append(Finding("R100", Severity.ERROR, path.name, str(error)))
            continue
        readings.append(reading)
    merged = merge.merge(readings)
    aside = merge.aside(house.workspace.leftovers(report_date))
    refused = tuple(sheet.name for sheet in form.SHEETS) if unreadable else merged.refused
    return replace(merged, findings=(*unreadable, *merged.findings, *aside), refused=refused)


def _filed(facts: Iterable[Fact], report_date: date) -> list[Fact]:
    """The facts as history keeps them: every morning's workbook has the same name, so the date goes before it."""
    return [replace(fact, source=f"{report_date}/{fact.source}") for fact in facts]


def _derived(
    house: House, report_date: date, reading: Reading, known: Facts, last: Mapping[str, View]
) -> tuple[Evidence, list[Finding]]:
    facts = Facts(known)
    facts.add(fact for fact in reading.facts if not _told_by_its_source(fact, known))
    day, troubles = derive(facts, house.catalog, house.calendars, report_date)
    views = {view.variety: view for view in reading.views}
    refused = frozenset(reading.refused)
    return Evidence(day, Facts(reading.facts), known, views, house.catalog, last, refused), troubles


@contextmanager
def _setting(
    document: Document, formats: Sequence[str], templates: Sequence[Path], progress: Progress
) -> Iterator[Callable[[], dict[str, bytes]]]:
    """Set the document in all formats while the block looks for faults; the function given waits for the pages.

    When the block ends by an error, the setting is broken off.
    """

    progress(f"核对、排版 {'、'.join(formats)}")
    pages = {name: begun(name, document, templates) for name in formats}
    with ThreadPoolExecutor(1) as beside:
        setting = beside.submit(lambda: {name: page() for name, page in pages.items()})
        try:
            yield setting.result
        except BaseException:
            break_off()
            raise


def _filename(house: House, report_date: date, name: str) -> str:
    return f"{house.catalog.settings.title}_{report_date:%Y%m%d}.{'txt' if name == 'text' else name}"


def _told_by_its_source(fact: Fact, known: Facts) -> bool:
    """Whether a source's own file tells the typed number too; the report then stands on that file."""
    if fact.basis == OF_CONTRACT:
        other = known.of_contract(fact.variety, fact.measure, fact.contract, fact.session)
    else:
        other = known.get(fact.series, fact.session)
    if other is None or other.typed or (fact.contract and fact.contract != other.contract):
        return False
    return fact.value is not None and (other.value, other.unit) == (fact.value, fact.unit)


def _told_once(findings: Sequence[Finding]) -> list[Finding]:
    """Worst first; of a cell that something worse is said of, it needs not be said that it is empty too."""
    worst: dict[str, Severity] = {}
    for one in findings:
        worst[one.where] = max(one.severity, worst.get(one.where, one.severity))
    kept = [one for one in findings if one.severity is worst[one.where] or one.code not in ECHOES]
    return sorted(kept, key=lambda finding: -finding.severity)


def _gate(report_date: date, findings: Sequence[Finding]) -> None:
    stopping = sum(finding.severity is Severity.ERROR for finding in findings)
    if stopping:
        message = f"报告 {report_date} 未生成：{stopping} 处错误须先改正（改好底稿后再运行 ribao build {report_date}）"
        raise GateClosed(message, findings)


def _as_printed(views: Iterable[View], document: Document, catalog: Catalog) -> list[View]:
    """The views with the recommendation that was printed, so that the next report compares with what clients read."""
    printed = {
        section.anchor: block for section in document.sections for block in section.blocks if isinstance(block, Advice)
    }
    kept = []
    for view in views:
        advice = printed.get(f"view-{view.variety}")
        if view.recommendation is None and advice is not None:
            view = replace(view, recommendation=Passage(advice.recommendation, "系统建议"))
        kept.append(view)
    return kept


def listing(house: House) -> list[tuple[date, int, tuple[str, ...]]]:
    """Every report date known to the workspace: date, number of workbooks in the inbox, names of the files built."""
    rows = []
    for day in house.workspace.report_dates():
        books = house.workspace.spreadsheets(day)
        built = tuple(sorted(path.name for path in house.workspace.outbox(day).glob("[!.]*")))
        rows.append((day, len(books), built))
    return rows
