"""From a note's folder to the note in the outbox: read, numbers, compose, check, the gate, render.

Nothing is written before every room has done its work, and all that is wrong is told together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

from report import catalog as catalogs
from report import scenarios, workspace
from report.check import NOTE_CHECKS, Evidence, check
from report.compose import KINDS
from report.derive import accounts, bound, channels
from report.document import Document, Prose
from report.errors import GateClosed, UsageError
from report.facts import Day, Facts, Finding, Passage, Severity, Standing, TAccount, View
from report.frontpage import FRONT, NoteFile
from report.longform import Cover, Endnotes, Items
from report.manuscript import Exhibit, Manuscript
from report.pipeline.building import Built
from report.pipeline.house import House, Progress
from report.read import note as notes
from report.render import ENDINGS, begun, glyphs, page

WORDS = "note.toml"
FORMATS = ("pdf", "html", "text")


def build(house: House, name: str, formats: Sequence[str], progress: Progress = lambda _: None) -> Built:
    """Build the note of that name into outbox/notes, in the formats asked for ('pdf', 'html', 'text').

    Raises UsageError for a name nobody has, InputError, CatalogError, GateClosed (with all findings), RenderError.
    """
    if strange := [one for one in formats if one not in FORMATS]:
        raise UsageError(f"--format {','.join(strange)}: a note is made as {', '.join(FORMATS)}")
    progress("读取正文与图表")
    folder = _folder(house, name)
    words = catalogs.entry(house.workspace.folders("data"), WORDS, NoteFile)
    note = notes.read(folder, house.catalog, words.risk)
    progress("取数、编排")
    facts = _facts(house, note)
    numbers, unknown = bound.evaluate(note.figures(), note.series, facts, house.catalog, note.unread)
    drawn, undrawn = _accounts(house, note)
    document = KINDS["note"](note, numbers, drawn, words, house.catalog)
    templates = house.workspace.folders("templates")
    findings = [*note.findings, *unknown, *undrawn]
    findings += check(_evidence(house, note, document, facts), NOTE_CHECKS)
    findings += glyphs.findings(document, templates, house.catalog.settings.texts())
    findings = sorted(dict.fromkeys(findings), key=lambda one: -one.severity)
    _gate(name, findings)
    progress(f"排版 {'、'.join(formats)}")
    stem = f"{note.front.title}_{note.front.date:%Y%m%d}"
    pages = {f"{stem}.{ENDINGS.get(one, one)}": begun(one, document, templates) for one in formats}
    files = workspace.lay(house.workspace.root / "outbox" / "notes", {file: page() for file, page in pages.items()})
    return Built(document, tuple(files), tuple(findings), {})


def known(house: House) -> list[str]:
    """The names of all notes, the desk's own and the packaged ones."""
    found = {path.parent.name for folder in _shelves(house) for path in folder.glob(f"*/{FRONT}")}
    return sorted(found)


def _shelves(house: House) -> tuple[Path, ...]:
    return tuple(folder / notes.NOTES for folder in house.workspace.folders("data"))


def _folder(house: House, name: str) -> Path:
    names = known(house)
    if name not in names:
        raise UsageError(f"no note is called '{name}' (known: {'、'.join(names) or 'none'}); see data/{notes.NOTES}/")
    return next(folder / name for folder in _shelves(house) if (folder / name / FRONT).is_file())


def _facts(house: House, note: Manuscript) -> Facts:
    """The numbers of the note's bound names: its own spreadsheets', and the history's of those that have none."""
    facts = Facts(note.facts)
    own = {name for name, one in note.front.bound.items() if one.sheet}
    asked = {series for name, series in note.series.items() if name not in own}
    days = [
        day
        for one in note.figures()
        for quantity in one.expression.quantities
        for day in (quantity.since, quantity.day)
        if day is not None
    ]
    if asked and days:
        of = ({one.variety for one in asked}, {one.measure for one in asked})
        kept = house.history.facts(min(days), note.front.date, of=of)
        facts.add(fact for fact in kept if fact.series in asked)
    return facts


def _accounts(house: House, note: Manuscript) -> tuple[dict[str, tuple[TAccount, ...]], list[Finding]]:
    """The T-accounts of every drawing of accounts, by the figure's key."""
    asked = [one for one in note.body if isinstance(one, Exhibit) and one.entry.kind == "accounts"]
    if not asked:
        return {}, []
    file = scenarios.channels(house.workspace.folders("data"))
    return accounts.drawn(asked, channels.system(file))


def _evidence(house: House, note: Manuscript, document: Document, facts: Facts) -> Evidence:
    """The note's text as the checks of prose look at it: every passage a view, every bound series known by its days.

    Nothing stands as today's number, for a number without a day speaks of no day in a note.
    """
    day = note.front.date
    standings = {one: Standing(one, day, day - timedelta(days=1)) for one in note.series.values() if one.variety}
    views = {f"{at}": View(note.front.variety, day, recap=passage) for at, passage in enumerate(_passages(document))}
    return Evidence(Day(day, facts, standings, {}), Facts(), Facts(), views, house.catalog)


def _passages(document: Document) -> Iterator[Passage]:
    """Every passage of the document's own words, with the place it was written at, each once."""
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Prose):
                runs = [block.spans]
            elif isinstance(block, Items):
                runs = list(block.items)
            elif isinstance(block, Cover):
                runs = [paragraph.spans for lead in block.leads for paragraph in lead.paragraphs]
            elif isinstance(block, Endnotes):
                runs = [spans for _, spans in block.notes]
            else:
                continue
            for spans in runs:
                place = next((getattr(span, "source", "") for span in spans if getattr(span, "source", "")), "")
                yield Passage(page.plain_prose(spans), place)


def _gate(name: str, findings: Sequence[Finding]) -> None:
    stopping = sum(finding.severity is Severity.ERROR for finding in findings)
    if stopping:
        message = f"专题 {name} 未生成：{stopping} 处错误须先改正（改好后再运行 ribao note build {name}）"
        raise GateClosed(message, findings)
