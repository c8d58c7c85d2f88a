"""What a document says, place by place, so that two versions of a report can be held against each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from report.document import Advice, Document, Figures, Indicators, Number, Overview, Prose, Section, Span, Text

_SENTENCE = re.compile(r"[^。！？；]*[。！？；]|[^。！？；]+$")


@dataclass(frozen=True, slots=True)
class Printed:
    """One figure or one sentence in one place.

    place is where a reader finds it ('铜', '产业数据透视 › 铜', '' for the first page). label and column say what it is
    there: the words of the table ('LME库存', '3月28日'), or, where none are printed, headline, recap, outlook, drafted,
    plain, advice, close, change, ratio. source is the cell or formula of a figure.
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
    """All figures, headlines, sentences and recommendations of a document, in order."""
    return tuple(one for section in document.sections for one in _section(section))


def _section(section: Section) -> Iterator[Printed]:
    place = section.kicker or section.title
    if section.level > 1:
        yield Printed(place, "headline", "", (Text(section.title),))
    for block in section.blocks:
        match block:
            case Figures():
                yield from _figures(place, block)
            case Indicators():
                yield from _indicators(place, block)
            case Overview():
                yield from _overview(place, block)
            case Prose():
                yield from (Printed(place, block.role, "", sentence) for sentence in sentences(block.spans))
            case Advice():
                yield Printed(place, "advice", "", (Text(block.recommendation),))


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
        for column, number in ((block.today, row.today), (block.previous, row.previous), ("change", row.change)):
            yield _figure(f"{place} › {block.title}", row.label, column, number)


def _overview(place: str, block: Overview) -> Iterator[Printed]:
    for row in block.rows:
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
