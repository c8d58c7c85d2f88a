"""A note's own words as the checks of prose look at them: every passage, caption, cell and footnote, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta

from report.check import Evidence
from report.document import Call, Document, Link, Number, Prose, Span, Text
from report.facts import PERIOD, WEEK, Day, Facts, Given, Passage, Standing, View
from report.frontpage import FRONT, TEXT
from report.longform import Cover, Endnotes, Items
from report.longform import Exhibit as Shown
from report.manuscript import Exhibit, Heading, Manuscript
from report.pipeline.house import House
from report.read.front import line_of
from report.render import format, page


def evidence(house: House, note: Manuscript, document: Document, facts: Facts, front: str) -> Evidence:
    """The note's text as the checks of prose look at it: every passage a view, every bound series known by its days.

    front: the text of the front page. Nothing stands as today's number: one without a day speaks of no day in a note.
    """
    day = note.front.date
    standings = {one: Standing(one, day, day - timedelta(days=1)) for one in note.series.values() if one.variety}
    passages = (
        *_prose(document),
        *_headings(note),
        *_cover(note, document, front.splitlines()),
        *_exhibits(note, document),
    )
    views = {f"{at}": View(note.front.variety, day, outlook=one) for at, one in enumerate(passages)}
    return Evidence(Day(day, facts, standings, {}), Facts(), Facts(), views, house.catalog)


def _prose(document: Document) -> Iterator[Passage]:
    """Every paragraph, item, lead and footnote of the document."""
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
                yield _passage(spans, next((one.source for one in spans if isinstance(one, Text) and one.source), TEXT))


def _passage(spans: Sequence[Span], place: str, before: str = "") -> Passage:
    """The passage that spans make. A change is written without its sign: what the words say of it is to be heard."""
    text, given = before, []
    for span in spans:
        start = len(text)
        text += page.plain_prose((span,))
        if isinstance(span, Number) and span.fact is not None:
            moved = span.fact.basis in (WEEK, PERIOD)
            if moved:
                text = text[:start] + text[start:].removeprefix(format.MINUS)
            given.append(Given(start, len(text), span.fact, span.absolute))
        elif isinstance(span, Link | Call):
            given.append(Given(start, len(text)))
    return Passage(text, place, tuple(given), len(before))


def _headings(note: Manuscript) -> Iterator[Passage]:
    """Titles of chapters, sections and leads."""
    yield from (Passage(part.text, part.place) for part in note.parts if isinstance(part, Heading))


def _cover(note: Manuscript, document: Document, lines: Sequence[str]) -> Iterator[Passage]:
    """Title and subtitle, and what the large numbers of the cover are said to be."""
    for key in ("title", "subtitle"):
        if text := getattr(note.front, key):
            yield Passage(text, f"{FRONT} › line {line_of((key,), lines)}")
    cover = next(block for section in document.sections for block in section.blocks if isinstance(block, Cover))
    places = [one.place for one in note.highlights]
    for place, (number, text) in zip(places, cover.highlights, strict=False):
        yield _passage((Text(f"{text}："), number), place)


def _exhibits(note: Manuscript, document: Document) -> Iterator[Passage]:
    """Titles, notes, words of drawings and cells of every figure and table."""
    written = [part for part in note.body if isinstance(part, Exhibit)]
    shown = [block for section in document.sections for block in section.blocks if isinstance(block, Shown)]
    for part, block in zip(written, shown, strict=True):
        entry = part.entry
        boxes = ("，".join(node.text) for node in entry.node.values())
        for text in (entry.title, *entry.notes, *boxes, *(one.text for one in entry.arrow)):
            if text:
                yield Passage(text, part.place_of(text.partition("，")[0]))
        yield from _cells(part, block)


def _cells(part: Exhibit, block: Shown) -> Iterator[Passage]:
    """The cells of a table typed in the text: what holds a number is read behind its headings, in the table's unit."""
    rows = getattr(block.body, "rows", ()) if part.rows else ()
    for row in rows:
        for heading, cell in zip(part.entry.headings, row, strict=True):
            if isinstance(cell, Number):
                yield _passage((cell,), part.place)
            elif cell is not row[0] and any(char.isdigit() for char in cell):
                bare = cell.strip(" +-−,.0123456789") == ""
                unit = part.entry.unit if bare else ""
                yield _passage((Text(cell + unit),), part.place_of(cell), f"{heading}{row[0]}")
            elif cell:
                yield Passage(cell, part.place_of(cell))
