"""The research note: cover, contents, numbered chapters with their figures, lists of figures and tables, small print.

Numbers of chapters, figures, tables and footnotes are given here and nowhere else, so that no reference can go stale.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from report.catalog import Catalog
from report.compose.exhibits import body, rounding
from report.compose.numbers import day_of
from report.document import (
    Block,
    Call,
    Column,
    Document,
    Figures,
    Link,
    Notice,
    Number,
    Office,
    Offices,
    Prose,
    Section,
    Span,
    Text,
)
from report.facts import Fact, TAccount
from report.frontpage import NoteFile
from report.longform import Contents, Cover, Endnotes, Entry, Exhibit, Items, Lead, Signature
from report.manuscript import Exhibit as Written
from report.manuscript import (
    Expression,
    Figure,
    Footnote,
    Heading,
    Inline,
    Listing,
    Manuscript,
    Paragraph,
    Part,
    Reference,
    Words,
)

SHARE_PLACES = 1


def compose(
    note: Manuscript,
    numbers: Mapping[Expression, Fact],
    accounts: Mapping[str, Sequence[TAccount]],
    words: NoteFile,
    catalog: Catalog,
) -> Document:
    """The note as a document. numbers: what its expressions come to; accounts: the T-accounts of each such figure.

    A reference or number that is not known is left out: what is wrong has been told when it was read.
    """
    return _Composer(note, numbers, accounts, words, catalog).document()


@dataclass
class _Composer:
    note: Manuscript
    numbers: Mapping[Expression, Fact]
    accounts: Mapping[str, Sequence[TAccount]]
    words: NoteFile
    catalog: Catalog
    footnotes: list[tuple[int, tuple[Span, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.labels = {part.key: label for part, label in self._numbered() if part.key}
        self._numbers = {id(part): label for part, label in self._numbered()}

    def document(self) -> Document:
        front, settings, words = self.note.front, self.catalog.settings, self.words
        cover = Section("", "cover", (self._cover(),))
        body = tuple(self._sections())
        chapters = tuple(Entry(one.number, one.title, one.anchor, one.level) for one in body)
        contents = Section(words.contents, "contents", (Contents(chapters),), breaks_before=True)
        ends = Section("", "notes", (Endnotes(words.footnotes, tuple(self.footnotes)),))
        about = Section(words.about, "about", tuple(self._small_print()))
        return Document(
            "note",
            front.title,
            front.date,
            settings.house,
            (cover, contents, *self._lists(), *body, ends, about),
            front.subject or front.subtitle,
            tuple(person.name for person in front.people),
            front.keywords or settings.keywords,
            settings.house,
            f"{front.series}　{front.title}" if front.series else front.title,
            settings.foot,
        )

    # —— numbers of parts ——

    def _numbered(self) -> Iterator[tuple[Heading | Written, str]]:
        """Every heading and exhibit of the body with its number: 2, 2.1, 图 3, 表 1; '' for those that have none."""
        chapter = section = figures = tables = 0
        for part in self.note.body:
            if isinstance(part, Written):
                figures, tables = figures + (not part.is_table), tables + part.is_table
                said = self.words.table.format(tables) if part.is_table else self.words.figure.format(figures)
                yield part, said
            elif isinstance(part, Heading):
                counted = part.level == 1 and part.numbered
                chapter, section = chapter + counted, 0 if part.level == 1 else section + 1
                yield part, "" if not part.numbered else str(chapter) if part.level == 1 else f"{chapter}.{section}"

    def _referred(self, key: str) -> str:
        """What a reference says: 图 3, 表 1, 第 2 章, 第 2.1 节, or the words of a heading without a number."""
        label = self.labels.get(key, "")
        part = next((one for one in self.note.body if isinstance(one, Heading) and one.key == key), None)
        if part is None:
            return label
        if not label:
            return f"“{part.text}”"
        return (self.words.chapter if part.level == 1 else self.words.section).format(label)

    # —— parts ——

    def _cover(self) -> Cover:
        front, words = self.note.front, self.words
        day = f"{front.date.year}年{day_of(front.date)}"
        signed = (
            Signature(one.role, one.name, tuple(filter(None, (one.licence, one.phone, one.email))))
            for one in front.people
        )
        run = front.series + front.number
        leads = tuple(self._leads())
        house, related = self.catalog.settings.house, front.related
        numbers = zip(map(self._number, self.note.highlights), front.highlights, strict=False)
        large = tuple((number, one.text) for number, one in numbers if number is not None)
        return Cover(
            *(front.title, front.subtitle, run, day, house, leads, tuple(signed)),
            *(words.related, related, words.imprint, large),
        )

    def _leads(self) -> Iterator[Lead]:
        title, paragraphs = "", list[Prose]()
        for part in self.note.abstract:
            if isinstance(part, Heading):
                if title or paragraphs:
                    yield Lead(title, tuple(paragraphs))
                title, paragraphs = part.text, []
            elif isinstance(part, Paragraph):
                paragraphs.append(Prose(self._spans(part.inlines, part.place), part.role))
        if title or paragraphs:
            yield Lead(title, tuple(paragraphs))

    def _sections(self) -> Iterator[Section]:
        heading: Heading | None = None
        blocks: list[Block] = []
        first = True
        for part in (*self.note.body, None):
            if part is not None and not isinstance(part, Heading):
                blocks.append(self._block(part))
                continue
            if heading is not None:
                number = self._numbers[id(heading)]
                anchor = _anchor(heading, number)
                yield Section(heading.text, anchor, tuple(blocks), heading.level, "", first, number)
                first = False
            heading, blocks = part, []

    def _block(self, part: Part) -> Block:
        if isinstance(part, Paragraph):
            return Prose(self._spans(part.inlines, part.place), part.role)
        if isinstance(part, Listing):
            return Items(tuple(self._spans(item, part.place) for item in part.items), part.ordered)
        if isinstance(part, Written):
            entry = part.entry
            unit = self.words.unit.format(entry.unit) if entry.unit else ""
            drawn = body(part, self.accounts.get(part.key, ()), self.words, self._number)
            label = self._numbers[id(part)]
            source = self.words.source.format(entry.source)
            notes = (*entry.notes, *rounding(part, self.words, self._number))
            return Exhibit(label, entry.title, _keyed(part.key), drawn, unit, source, notes)
        raise TypeError(part)

    def _lists(self) -> Iterator[Section]:
        """插图目录 and 表格目录, where there is anything to list."""
        shown = [part for part in self.note.body if isinstance(part, Written)]
        for title, anchor, tables in ((self.words.figures, "figures", False), (self.words.tables, "tables", True)):
            entries = tuple(
                Entry(self._numbers[id(one)], self._listed(one), _keyed(one.key))
                for one in shown
                if one.is_table is tables
            )
            if entries:
                yield Section(title, anchor, (Contents(entries),))

    def _listed(self, part: Written) -> str:
        unit = part.entry.unit
        return f"{part.entry.title}（{self.words.unit.format(unit)}）" if unit else part.entry.title

    # —— words ——

    def _spans(self, inlines: Iterable[Inline], place: str) -> tuple[Span, ...]:
        return tuple(span for inline in inlines for span in self._span(inline, place))

    def _span(self, inline: Inline, place: str) -> Iterator[Span]:
        if isinstance(inline, Words):
            yield Text(inline.text, place, strong=inline.strong)
        elif isinstance(inline, Reference):
            if inline.key in self.labels:
                yield Link(self._referred(inline.key), _keyed(inline.key))
        elif isinstance(inline, Figure):
            known = self._number(inline)
            yield from () if known is None else (known,)
        elif isinstance(inline, Footnote):
            number = len(self.footnotes) + 1
            self.footnotes.append((number, ()))
            spans = self._spans(inline.inlines, inline.place)
            self.footnotes[number - 1] = (number, spans)
            yield Call(number, tuple(span for span in spans if not isinstance(span, Call)))

    def _number(self, figure: Figure) -> Number | None:
        """The number of a place; None where it is not known, which has been told."""
        asked = figure.expression
        fact = self.numbers.get(asked)
        if fact is None:
            return None
        name = asked.top[0][1].name
        bound = self.note.front.bound.get(name)
        own = bound.decimals if bound else self.catalog.decimals(self.note.series[name])
        places = SHARE_PLACES if asked.bottom else own
        places = places if asked.places is None else asked.places
        return Number(fact.value, fact.unit, places, absolute=asked.absolute, fact=fact)

    # —— small print ——

    def _small_print(self) -> Iterator[Block]:
        words, settings = self.words, self.catalog.settings
        yield Notice(words.commitment_title, words.commitment)
        headings = tuple(Column(heading, "text") for heading in words.rating_headings)
        rows = tuple((one.of, one.rating, one.meaning) for one in words.rating)
        yield Figures(headings, rows, words.rating_title, notes=(words.rating_basis,))
        yield from (Notice(notice.title, notice.paragraphs) for notice in settings.notice)
        yield Offices(
            tuple(Office(one.name, one.address, one.phones) for one in settings.office),
            settings.motto,
            settings.hotline,
        )


def _keyed(key: str) -> str:
    """The anchor of a key, apart from the house's own."""
    return f"k-{key}"


def _anchor(heading: Heading, number: str) -> str:
    """The anchor of a heading: by its key, else its number, else the line it was written on."""
    if heading.key:
        return _keyed(heading.key)
    return f"s-{number.replace('.', '-')}" if number else f"l-{heading.place.rpartition(' ')[2]}"
