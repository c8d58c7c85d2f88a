"""A note's folder -> its manuscript: front page (扉页.toml), text (正文.md), and the spreadsheets of its figures.

Whatever is wrong is a finding with file and line, all of them together; only a folder without the two files is an
InputError at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from report.catalog import Catalog
from report.entries import mistake
from report.errors import InputError
from report.facts import Finding
from report.frontpage import CHARTS, FRONT, TEXT, FigureEntry, FrontPage
from report.manuscript import Exhibit, Figure, Heading, Manuscript, Paragraph, Part, Reference
from report.read import codes, expression, front
from report.read.bindings import Bindings, to_come
from report.read.columns import Shelf
from report.read.front import key as key_of
from report.read.front import line_of
from report.read.incoming import SPREADSHEETS, Incoming
from report.read.passages import NUMBER, Fence, passages
from report.read.sheets import Sheet
from report.read.words import nearest, shown

NOTES = "notes"
KEY = re.compile("[A-Za-z][A-Za-z0-9-]*")
KINDS = {"图": False, "表": True}
"""What a fence says before the key, and whether the block is a table."""


def read(folder: Path, catalog: Catalog, risk: str) -> Manuscript:
    """Read the note of a folder. risk: what its chapter of risks is called.

    Raises InputError, with all that is wrong with it, where the front page or the text cannot be read at all.
    """
    page, lines = front.read(folder / FRONT)
    text = front.text(folder / TEXT)
    found, findings = passages(TEXT, text)
    sheets, whole = _sheets(folder, findings)
    shelf = Shelf(sheets, catalog.words.missing, findings, whole)
    reader = _Reader(page, lines, shelf, findings)
    bindings = Bindings(page, lines, shelf, catalog, findings)
    parts = [reader.exhibit(one) if isinstance(one, Fence) else one for one in found]
    told = [one for one in parts if one is not None]
    first = next((at for at, one in enumerate(told) if isinstance(one, Heading) and one.level == 1), len(told))
    highlights, body = tuple(reader.highlights()), tuple(told[first:])
    facts = tuple(bindings.facts())
    note = Manuscript(folder.name, page, tuple(told[:first]), body, facts, (), {}, highlights)
    bindings.name(note.figures())
    findings += shelf.lacking()
    findings += _keys(note, reader.refused)
    findings += _chapters(note, risk)
    findings += to_come(page, note.figures(), (one for one in body if isinstance(one, Exhibit)))
    unread = frozenset(bindings.unread)
    return replace(note, findings=tuple(dict.fromkeys(findings)), series=bindings.series, unread=unread)


def _sheets(folder: Path, findings: list[Finding]) -> tuple[list[Sheet], bool]:
    """The sheets of every spreadsheet of the folder, and whether every one of those could be opened."""
    found: list[Sheet] = []
    whole = True
    for path in sorted(folder.iterdir()):
        if path.suffix.lower().lstrip(".") in SPREADSHEETS and not path.name.startswith(("~$", ".")):
            file = Incoming(path)
            try:
                if not file.sheets:
                    raise InputError(f"no spreadsheet, whatever its name says ({file.kind}); save it again as .xlsx")
                found += file.sheets
                findings += file.findings
            except InputError as error:
                findings.append(codes.NOTE_FILE.at(path.name, str(error)))
                whole = False
    return found, whole


@dataclass
class _Reader:
    front: FrontPage
    lines: Sequence[str]
    shelf: Shelf
    findings: list[Finding]
    refused: set[str] = field(default_factory=set)

    def exhibit(self, fence: Fence) -> Exhibit | None:
        """The figure or table of a fenced block; None, and findings, where its description is wrong."""
        place = f"{TEXT} › line {fence.line + 1}"
        word, _, key = fence.info.partition(" ")
        if word not in KINDS or not KEY.fullmatch(key.strip()):
            message = f"the fence says {shown(fence.info)}; write 图 or 表 and a key, such as ```图 onrrp"
            self.findings.append(codes.NO_FIGURE.at(place, message))
            return None
        entry = self._entry(fence, place)
        if entry is None:
            self.refused.add(key.strip())
            return None
        lines = fence.text.splitlines()
        if not entry.source.strip():
            at = f"{TEXT} › line {fence.line + 1 + (line_of(('source',), lines) if 'source' in fence.text else 0)}"
            message = f"{word} {key} names no source; add a line source = …"
            self.findings.append(codes.NO_SOURCE.at(at, message))
        if (entry.kind == "table") is not KINDS[word]:
            self.findings.append(codes.NO_FIGURE.at(place, f"a {word} of kind {entry.kind}; write the other word"))
        where = f"{TEXT} › line {fence.line + 1 + line_of(('columns' if entry.columns else 'sheet',), lines)}"
        data, rows = self._data(entry, where), self._rows(entry, fence)
        made = Exhibit(key.strip(), entry, place, data, rows, tuple(lines))
        for column in made.columns[1:] if entry.kind in CHARTS else ():
            if len(made.points(column)) < 2:
                message = f"{column.heading} has fewer than two numbers to draw; mend 'columns', 'since' or 'until'"
                self.findings.append(codes.NO_DATA.at(where, message))
        return made

    def _entry(self, fence: Fence, place: str) -> FigureEntry | None:
        try:
            return FigureEntry.model_validate(tomllib.loads(fence.text))
        except tomllib.TOMLDecodeError as error:
            line = re.search(r"line (\d+)", str(error))
            at = f"{TEXT} › line {fence.line + 1 + int(line[1])}" if line else place
            self.findings.append(codes.NO_FIGURE.at(at, f"not readable as TOML: {error}; mend that line"))
        except ValidationError as error:
            lines = fence.text.splitlines()
            for one in error.errors():
                here = key_of(one).partition(".")[0] in fence.text
                at = f"{TEXT} › line {fence.line + 1 + (line_of(one['loc'], lines) if here else 0)}"
                told = mistake(one, FigureEntry)
                self.findings.append(codes.NO_FIGURE.at(at, f"{key_of(one)}: {told}" if one["loc"] else told))
        return None

    def _data(self, entry: FigureEntry, place: str) -> tuple[Any, ...]:
        drawn = entry.kind in CHARTS
        if not drawn and (entry.kind != "table" or entry.rows):
            return ()
        headings = (*entry.columns, *entry.second)
        if not headings or not entry.sheet:
            message = f"a {entry.kind} needs 'sheet' and 'columns'; name the sheet and the headings to be drawn"
            self.findings.append(codes.NO_FIGURE.at(place, message))
            return ()
        return self.shelf.columns(entry.sheet, entry.across, headings, place, drawn)

    def _rows(self, entry: FigureEntry, fence: Fence) -> tuple[tuple[str | Figure, ...], ...]:
        """The rows of a table typed in the text, as wide as its headings, every cell read."""
        lines = fence.text.splitlines()
        if any(len(row) != len(entry.headings) for row in entry.rows):
            place = f"{TEXT} › line {fence.line + 1 + line_of(('rows',), lines)}"
            wide = f"'headings' has {len(entry.headings)} cells and a row of 'rows' another number"
            self.findings.append(codes.NO_FIGURE.at(place, f"{wide}; give every row one cell a heading"))
            return ()
        return tuple(tuple(self._cell(cell, fence.line + 1, lines) for cell in row) for row in entry.rows)

    def _cell(self, text: str, line: int, lines: Sequence[str]) -> str | Figure:
        at = next((at for at, each in enumerate(lines, start=1) if text in each), 0)
        return self._number(text, f"{TEXT} › line {line + at}") or text

    def _number(self, text: str, place: str) -> Figure | None:
        """The one number that a cell is; None for words, and with a finding for a mixture or what cannot be read."""
        match = NUMBER.fullmatch(text.strip())
        try:
            if match is not None:
                return Figure(expression.parse(match[1]), place)
            if "{{" in text:
                message = f"{shown(text)}: words and a number; give the number a place of its own"
                self.findings.append(codes.NO_EXPRESSION.at(place, message))
        except expression.NotAnExpression as error:
            self.findings.append(codes.NO_EXPRESSION.at(place, f"{text}: {error}"))
        return None

    def highlights(self) -> Iterator[Figure]:
        """The numbers of the cover; a finding for one that is none."""
        for one in self.front.highlights:
            at = next((at for at, line in enumerate(self.lines, start=1) if one.number in line), 1)
            place = f"{FRONT} › line {at}"
            figure = self._number(one.number, place)
            if figure is not None:
                yield figure
            elif "{{" not in one.number:
                message = f"{shown(one.number)} is no expression; {expression.EXAMPLE}"
                self.findings.append(codes.NO_EXPRESSION.at(place, message))


def _keys(note: Manuscript, refused: Collection[str]) -> Iterator[Finding]:
    """Keys told twice, references to none, figures that are never spoken of. refused: those of what was told wrong."""
    first: dict[str, str] = {}
    for part in note.parts:
        key = part.key if isinstance(part, Exhibit | Heading) else ""
        if key and (before := first.setdefault(key, part.place)) != part.place:
            yield codes.SAME_KEY.at(part.place, f"the key '{key}' is taken by {before}; give it another")
    spoken = {one.key for one in note.inlines() if isinstance(one, Reference)}
    for one in note.inlines():
        if isinstance(one, Reference) and one.key not in first and one.key not in refused:
            message = f"[](#{one.key}): nothing has the key '{one.key}' ({nearest(one.key, first)}); mend the key"
            yield codes.NO_KEY.at(one.place, message)
    for part in note.body:
        if isinstance(part, Exhibit) and part.key not in spoken:
            message = f"the text never mentions it; write [](#{part.key}) where it is spoken of"
            yield codes.UNREFERENCED.at(part.place, message)


def _chapters(note: Manuscript, risk: str) -> Iterator[Finding]:
    """No chapter of risks; an abstract of more than leads and paragraphs."""
    chapters: Iterable[Part] = (one for one in note.body if isinstance(one, Heading) and one.level == 1)
    if not any(isinstance(one, Heading) and one.text == risk for one in chapters):
        yield codes.NO_RISK.at(TEXT, f"no chapter is called {risk}; a note may not go out without one")
    for part in note.abstract:
        if not isinstance(part, Heading | Paragraph):
            message = "a figure or list before the first chapter; the abstract has leads and paragraphs, move it"
            yield codes.NOTE_MARKUP.at(part.place, message)
