"""更正: what an earlier version of a report printed, and what is right, found by holding the two against each other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher

from report.compose.printed import DRAWN, Printed
from report.document import Correction, Document, Erratum, Mast, Number, Span

MOST = 14  # corrections told on the first page; all of them are attached


def corrections(before: Sequence[Printed], after: Sequence[Printed]) -> tuple[Correction, ...]:
    """All that is printed otherwise, figures first and drawings last; one number printed twice is told once."""
    old, new = _by_key(before), _by_key(after)
    figures, words, drawings = [], [], []
    seen = set()
    for key in dict.fromkeys((*new, *old)):
        was, now = old.get(key, []), new.get(key, [])
        if [one.spans for one in was] == [one.spans for one in now]:
            continue
        for correction in _changed(was, now):
            told = (_amounts(correction.before), _amounts(correction.after), correction.source)
            if correction.column == DRAWN:
                drawings.append(correction)
            elif not correction.source:
                words.append(correction)
            elif told not in seen:
                seen.add(told)
                figures.append(correction)
    return (*figures, *words, *drawings)


def noted(document: Document, found: Sequence[Correction], version: int, published: date) -> Document:
    """The document as that version: the note stands under the title band of the first page, the title says so.

    published: the day the version before it, which it supersedes, was published.
    """
    first, *others = document.sections
    note = Erratum(version, published, tuple(found[:MOST]), max(0, len(found) - MOST))
    at = 1 + next((at for at, block in enumerate(first.blocks) if isinstance(block, Mast)), -1)
    opened = replace(first, blocks=(*first.blocks[:at], note, *first.blocks[at:]))
    return replace(document, title=f"{document.title} v{version}", sections=(opened, *others), version=version)


def _by_key(things: Sequence[Printed]) -> dict[tuple[str, str, str], list[Printed]]:
    found: dict[tuple[str, str, str], list[Printed]] = {}
    for one in things:
        found.setdefault(one.key, []).append(one)
    return found


def _changed(was: Sequence[Printed], now: Sequence[Printed]) -> Iterator[Correction]:
    """The runs of things in one place that differ."""
    place, label, column = (was or now)[0].key
    matcher = SequenceMatcher(None, [one.spans for one in was], [one.spans for one in now], autojunk=False)
    for kind, i, j, m, n in matcher.get_opcodes():
        if kind != "equal":
            source = next((one.source for one in (*now[m:n], *was[i:j]) if one.source), "")
            yield Correction(place, label, column, _joined(was[i:j]), _joined(now[m:n]), source)


def _joined(things: Sequence[Printed]) -> tuple[Span, ...]:
    return tuple(span for one in things for span in one.spans)


def _amounts(spans: Sequence[Span]) -> tuple[object, ...]:
    return tuple(span.value if isinstance(span, Number) else span.text for span in spans)
