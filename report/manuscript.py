"""A note as it was written, before anything is numbered or set: passages, figures, numbers, each with its line.

`read.note` makes it of a note's folder, `derive.bound` gives the numbers in it, `compose.note` makes the document.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise

from report.facts import Fact, Finding, Series
from report.frontpage import FigureEntry, FrontPage


@dataclass(frozen=True, slots=True)
class Quantity:
    """The number of a name on a day, or, where since is told, its change from that day."""

    name: str
    day: date
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Expression:
    """A number in the text: a sum of quantities, or what one sum is of another; None as places: those of the series."""

    text: str
    top: tuple[tuple[int, Quantity], ...]
    bottom: tuple[tuple[int, Quantity], ...] = ()
    unit: str = ""
    places: int | None = None
    absolute: bool = False

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Every quantity in it, as written."""
        return tuple(quantity for _, quantity in (*self.top, *self.bottom))


@dataclass(frozen=True, slots=True)
class Words:
    """Plain characters."""

    text: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Reference:
    """A place that names a figure, table, chapter or section by its key."""

    key: str
    place: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A place where a number is to be put."""

    expression: Expression
    place: str


@dataclass(frozen=True, slots=True)
class Footnote:
    """A place that calls a footnote, whose words stand at `place`."""

    inlines: tuple[Inline, ...]
    place: str


Inline = Words | Reference | Figure | Footnote


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text. role: plain, callout (a conclusion set apart)."""

    inlines: tuple[Inline, ...]
    place: str
    role: str = "plain"


@dataclass(frozen=True, slots=True)
class Listing:
    """A list, numbered or not."""

    items: tuple[tuple[Inline, ...], ...]
    place: str
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter (level 1), a section (2) or a lead of the abstract (level 2 before the first chapter)."""

    text: str
    level: int
    place: str
    key: str = ""
    numbered: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a figure's data: its heading, and what stands in each of its rows."""

    heading: str
    values: tuple[date | Decimal | str | None, ...]


@dataclass(frozen=True, slots=True)
class Exhibit:
    """A figure or table: what the text says of it, and its columns, the one across first.

    rows: those of a table typed in the text; a cell is words, or the place of one number. lines: its description as
    written, the first of them behind the fence.
    """

    key: str
    entry: FigureEntry
    place: str
    columns: tuple[Column, ...] = ()
    rows: tuple[tuple[str | Figure, ...], ...] = ()
    lines: tuple[str, ...] = ()

    def place_of(self, text: str) -> str:
        """The first line of the description that holds the text; the fence's where none does."""
        file, _, fence = self.place.rpartition(" ")
        at = next((at for at, line in enumerate(self.lines, start=1) if text in line), 0)
        return f"{file} {int(fence) + at}"

    @property
    def is_table(self) -> bool:
        """Whether it is counted among the tables."""
        return self.entry.kind == "table"

    def points(self, column: Column) -> list[tuple[date, Decimal]]:
        """The numbers of a column on the days that are drawn, oldest first, measured as asked."""
        entry, first, last = self.entry, self.entry.since or date.min, self.entry.until or date.max
        pairs = zip(self.columns[0].values, column.values, strict=True)
        known = sorted(
            (d, v) for d, v in pairs if isinstance(d, date) and isinstance(v, Decimal) and first <= d <= last
        )
        if entry.every == "month":
            known = list({(day.year, day.month): (day, value) for day, value in known}.values())
        if entry.measured == "change":
            return [(day, value - before) for (_, before), (day, value) in pairwise(known)]
        if entry.measured == "cumulative":
            return [(day, value - known[0][1]) for day, value in known]
        return known


Part = Heading | Paragraph | Listing | Exhibit


@dataclass(frozen=True)
class Manuscript:
    """A whole note. abstract: what stands before the first chapter; facts: the numbers its bound names stand for.

    highlights: the numbers of the front page's highlights, in their order. unread: names whose numbers could not be
    read, which has been told.
    """

    name: str
    front: FrontPage
    abstract: tuple[Part, ...]
    body: tuple[Part, ...]
    facts: tuple[Fact, ...] = ()
    findings: tuple[Finding, ...] = ()
    series: Mapping[str, Series] = field(default_factory=dict)
    highlights: tuple[Figure, ...] = ()
    unread: frozenset[str] = frozenset()

    def figures(self) -> Iterator[Figure]:
        """Every place of a number, in text, tables, footnotes and on the cover."""
        yield from (one for one in self.inlines() if isinstance(one, Figure))

    @property
    def parts(self) -> tuple[Part, ...]:
        """Abstract and body."""
        return (*self.abstract, *self.body)

    def inlines(self) -> Iterator[Inline]:
        """Every inline of every passage, footnotes' own included, of tables and of the cover."""
        yield from self.highlights
        for part in self.parts:
            if isinstance(part, Exhibit):
                yield from (cell for row in part.rows for cell in row if isinstance(cell, Figure))
            runs = part.items if isinstance(part, Listing) else (part.inlines,) if isinstance(part, Paragraph) else ()
            for run in runs:
                yield from _deep(run)


def _deep(run: tuple[Inline, ...]) -> Iterator[Inline]:
    for inline in run:
        yield inline
        if isinstance(inline, Footnote):
            yield from _deep(inline.inlines)
