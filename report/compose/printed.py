"""What a document says, place by place, so that two versions of a report can be held against each other."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any

from report.document import (
    Advice,
    Block,
    Chart,
    Document,
    Figures,
    HeatStrip,
    Indicators,
    Notice,
    Number,
    Overview,
    Prose,
    Section,
    Span,
    Spark,
    Text,
)

DRAWN = "drawn"
_OF_ALL = ("title", "house", "subject", "authors", "keywords", "running_left", "running_right", "foot")
_TOLD_APART: dict[type[Block], tuple[str, ...]] = {
    Advice: ("recommendation",),
    Figures: ("columns", "rows"),
}

_SENTENCE = re.compile(r"[^。！？；]*[。！？；]|[^。！？；]+$")


@dataclass(frozen=True, slots=True)
class Printed:
    """One figure, one sentence or one drawing in one place.

    place is where a reader finds it ('铜', '产业数据透视 › 铜', '' for the first page). label and column say what it is
    there: the words of the table ('LME库存', '3月28日'), or, where none are printed, headline, recap, outlook, drafted,
    plain, advice, close, change, ratio; of any other block its name and that of the field (mast contact); of a drawing,
    which is told by its sentence and a digest of all it is drawn from, drawn. source: the cell or formula of a figure.
    """

    place: str
    label: str
    column: str
    spans: tuple[Span, ...]
    source: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What two versions of a report share of it."""
        return self.place, self.label, self.column

    def as_row(self) -> dict[str, Any]:
        """As JSON has it."""
        told = {"place": self.place, "label": self.label, "column": self.column, "source": self.source}
        return told | {"spans": rows(self.spans)}


def of_row(row: Mapping[str, Any]) -> Printed:
    """A Printed from its JSON form."""
    spans = tuple(Text(one) if isinstance(one, str) else _number(one) for one in row["spans"])
    return Printed(row["place"], row["label"], row["column"], spans, row["source"])


def rows(spans: Sequence[Span]) -> list[str | dict[str, Any]]:
    """Spans as JSON has them: words are texts."""
    return [_span_row(span) for span in spans]


def _span_row(span: Span) -> str | dict[str, Any]:
    if not isinstance(span, Number):
        return span.text
    value = None if span.value is None else str(span.value)
    looks = {name: getattr(span, name) for name in ("unit", "decimals", "signed", "absolute")}
    return {"value": value, **looks}


def _number(row: Mapping[str, Any]) -> Number:
    value = row["value"]
    looks = {name: row[name] for name in ("unit", "decimals", "signed", "absolute")}
    return Number(None if value is None else Decimal(value), **looks)


def printed(document: Document) -> tuple[Printed, ...]:
    """All that a document says, in order: nothing in it that a reader sees is left out."""
    whole = (Printed("", name, "", (one,)) for name in _OF_ALL for one in _leaves(getattr(document, name)))
    return (*(one for section in document.sections for one in _section(section)), *whole)


def _section(section: Section) -> Iterator[Printed]:
    place = section.kicker or section.title
    yield Printed(place, "headline", "", (Text(f"{section.number} {section.title}".strip()),))
    for block in section.blocks:
        match block:
            case Prose():
                yield from (Printed(place, block.role, "", sentence) for sentence in sentences(block.spans))
            case Notice():
                yield from (Printed(place, block.title or block.name, "", (Text(one),)) for one in block.paragraphs)
            case Chart():
                yield _drawing(place, block.title, block, f"{block.alt} {block.source}")
            case Overview():
                yield from _overview(place, block)
            case Indicators():
                yield from _indicators(place, block)
            case HeatStrip():
                yield from (_figure(place, block.name, cell.label, cell.ratio) for cell in block.cells)
            case _:
                yield from _figures_and_words(place, block)


def _figures_and_words(place: str, block: Block) -> Iterator[Printed]:
    match block:
        case Figures():
            yield from _figures(place, block)
        case Advice():
            yield Printed(place, "advice", "", (Text(block.recommendation),))
    yield from _others(place, block, _TOLD_APART.get(type(block), ()))


def _others(place: str, block: Block, told: Collection[str] = ()) -> Iterator[Printed]:
    """Everything in a block that is not told apart, field by field."""
    for each in fields(block):  # type: ignore[arg-type]
        if each.name in told:
            continue
        for one in _leaves(getattr(block, each.name)):
            source = one.fact.source if isinstance(one, Number) and one.fact else ""
            yield Printed(place, block.name, each.name, (_plain(one),), source)


def _leaves(value: object) -> Iterator[Number | Text]:
    """The words and numbers that a value comes down to."""
    if isinstance(value, Number):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _leaves(getattr(value, each.name))
    elif isinstance(value, tuple):
        for one in value:
            yield from _leaves(one)
    elif value:
        yield Text(str(value))


def _drawing(place: str, label: str, drawn: Chart | Spark, words: str) -> Printed:
    digest = hashlib.sha256(repr(drawn).encode()).hexdigest()[:8]
    return Printed(place, label, DRAWN, (Text(f"{words} [{digest}]".strip()),))


def _figures(place: str, block: Figures) -> Iterator[Printed]:
    for row in block.rows:
        name = next((cell for cell in row if isinstance(cell, str)), "")
        for column, cell in zip(block.columns, row, strict=True):
            if isinstance(cell, Number):
                yield _figure(place, name, column.heading, cell)
            elif cell != name:
                yield Printed(place, name, column.heading, (Text(cell),))


def _indicators(place: str, block: Indicators) -> Iterator[Printed]:
    for row in (*block.left, *block.right):
        yield Printed(f"{place} › {block.title}", row.label, "unit", (Text(f"{row.unit} {row.day}".strip()),))
        for column, number in ((block.today, row.today), (block.previous, row.previous), ("change", row.change)):
            yield _figure(f"{place} › {block.title}", row.label, column, number)


def _overview(place: str, block: Overview) -> Iterator[Printed]:
    if block.note:
        yield Printed(place, block.name, "note", (Text(block.note),))
    for row in block.rows:
        yield Printed(place, block.name, row.label, (Text(f"{row.label} {row.day}".strip()),))
        yield _drawing(place, row.label, row.spark, row.spark.alt)
        for column, number in (("close", row.close), ("change", row.change), ("ratio", row.ratio)):
            yield _figure(place, row.label, column, number)


def _figure(place: str, label: str, column: str, number: Number) -> Printed:
    return Printed(place, label, column, (_plain(number),), number.fact.source if number.fact else "")


def _plain(span: Span) -> Span:
    """The span without its fact and colour: what two versions are compared by."""
    if isinstance(span, Number):
        return replace(span, fact=None, coloured=False)
    return Text(span.text)


def sentences(spans: Sequence[Span]) -> Iterator[tuple[Span, ...]]:
    """The spans of a paragraph, sentence by sentence."""
    held: list[Span] = []
    for span in map(_plain, spans):
        if isinstance(span, Number):
            held.append(span)
            continue
        for piece in _SENTENCE.findall(span.text):
            held = (
                [*held[:-1], Text(held[-1].text + piece)]
                if held and isinstance(held[-1], Text)
                else [*held, Text(piece)]
            )
            if piece[-1] in "。！？；":
                yield tuple(held)
                held = []
    if held:
        yield tuple(held)
