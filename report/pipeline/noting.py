"""From a note's folder to the note in the outbox: read, numbers, compose, check, the gate, render.

Nothing is written before every room has done its work, and all that is wrong is told together.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from report import catalog as catalogs
from report import scenarios, waivers, workspace
from report.check import NOTE_CHECKS, Evidence, check
from report.check.prose.coverage import coverage, verdicts
from report.compose import KINDS
from report.derive import accounts, bound, channels
from report.document import Document
from report.errors import GateClosed, UsageError
from report.facts import Coverage, Facts, Finding, Severity, TAccount, Verdict, Waiver, still_open
from report.frontpage import FRONT, TEXT, NoteFile
from report.manuscript import Exhibit, Manuscript
from report.pipeline import gate, proofreading
from report.pipeline.building import Built
from report.pipeline.house import House, Progress
from report.read import front
from report.read import note as notes
from report.render import ENDINGS, begun, glyphs

WORDS = "note.toml"
FORMATS = ("pdf", "html", "text")


@dataclass(frozen=True)
class Draft:
    """A note before the gate: the document, its words as the checks have them, all findings, those that are waived.

    texts: the files it was written in, by name.
    """

    document: Document
    evidence: Evidence
    findings: tuple[Finding, ...]
    waived: Mapping[Finding, Waiver]
    texts: Mapping[str, str]

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that keep the note from going out: errors, and warnings that nobody waived."""
        return still_open(self.findings, self.waived)

    @property
    def coverage(self) -> Coverage:
        """How many numbers of its words were held against facts."""
        return coverage(self.evidence)[-1]

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What became of each of them."""
        return tuple(verdicts(self.evidence))


def draft(house: House, name: str, progress: Progress = lambda _: None) -> Draft:
    """The note of that name, composed and looked at, nothing set or written.

    Raises UsageError for a name nobody has, InputError, CatalogError.
    """
    progress("读取正文与图表")
    folder = _folder(house, name)
    words = catalogs.entry(house.workspace.folders("data"), WORDS, NoteFile)
    note = notes.read(folder, house.catalog, words.risk)
    progress("取数、编排、核对")
    facts = _facts(house, note)
    numbers, unknown = bound.evaluate(note.figures(), note.series, facts, house.catalog, note.unread)
    drawn, undrawn = _accounts(house, note)
    document = KINDS["note"](note, numbers, drawn, words, house.catalog)
    texts = {file: front.text(folder / file) for file in (FRONT, TEXT)}
    evidence = proofreading.evidence(house, note, document, facts, texts[FRONT])
    found = [*note.findings, *unknown, *undrawn, *check(evidence, NOTE_CHECKS)]
    found += glyphs.findings(document, house.workspace.folders("templates"), house.catalog.settings.texts())
    granted, ended = waivers.followed(waivers.load(house.workspace.folders("data"), name), texts)
    findings, waived = gate.examined([*dict.fromkeys(found), *ended], granted)
    return Draft(document, evidence, findings, waived, texts)


def build(house: House, name: str, formats: Sequence[str], progress: Progress = lambda _: None) -> Built:
    """Build the note of that name into outbox/notes, in the formats asked for ('pdf', 'html', 'text').

    Raises UsageError for a name nobody has, InputError, CatalogError, GateClosed (with all findings), RenderError.
    """
    if strange := [one for one in formats if one not in FORMATS]:
        raise UsageError(f"--format {','.join(strange)}: a note is made as {', '.join(FORMATS)}")
    made = draft(house, name, progress)
    _gate(name, made)
    progress(f"排版 {'、'.join(formats)}")
    document, templates = made.document, house.workspace.folders("templates")
    stem = f"{document.title}_{document.date:%Y%m%d}"
    pages = {f"{stem}.{ENDINGS.get(one, one)}": begun(one, document, templates) for one in formats}
    files = workspace.lay(house.workspace.root / "outbox" / "notes", {file: page() for file, page in pages.items()})
    return Built(document, tuple(files), made.findings, made.waived, made.coverage)


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


def _gate(name: str, made: Draft) -> None:
    stopping = sum(finding.severity is Severity.ERROR for finding in made.findings)
    if stopping:
        message = f"专题 {name} 未生成：{stopping} 处错误须先改正（改好后再运行 ribao note build {name}）"
        raise GateClosed(message, made.findings, made.waived)
