"""Where on a proof each verdict and each remark goes: into the text at its character, or to the figure of its cell."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from report.catalog import Catalog
from report.document import Mark, Number, Remark, Span, Text
from report.facts import Fact, Passage, Verdict, View

IN_TEXT = re.compile(r"(?P<source>.+) › (?P<kind>character|paragraph) (?P<number>\d+)")
PARAGRAPH = re.compile(r"[^\r\n]*[^\r\n\s][^\r\n]*")
PLACES = 4  # so many of a figure's places are told where it is printed with fewer
Told = tuple[int, str]
"""A remark's number and degree."""


class Marks:
    """Gives every place its mark, and remembers in `anchors` where each remark was first put."""

    def __init__(
        self, views: Mapping[str, View], verdicts: Sequence[Verdict], remarks: Sequence[Remark], catalog: Catalog
    ) -> None:
        self.anchors: dict[int, str] = {}
        self._count = 0
        self._texts: dict[str, str] = {}
        self._owners: dict[str, str] = {}
        for code, view in views.items():
            for passage in (view.headline, view.recap, view.outlook):
                if passage is not None:
                    self._texts[passage.source] = passage.text
            for word in (view.recommendation, view.analyst):
                if word is not None:
                    self._owners[word.source] = code
        self._owners |= {f"观点 › {one.view.title}": one.code for one in catalog.views if one.view}
        self._verdicts: dict[str, list[Verdict]] = defaultdict(list)
        for verdict in sorted(verdicts, key=lambda verdict: verdict.start):
            self._verdicts[verdict.source].append(verdict)
        self._told: dict[str, list[tuple[int, Told]]] = defaultdict(list)
        self._cells: dict[str, list[Told]] = defaultdict(list)
        self._cursor: dict[str, int] = {}
        for remark in remarks:
            self._place(remark)

    def _place(self, remark: Remark) -> None:
        match = IN_TEXT.fullmatch(remark.where)
        source = match["source"] if match else remark.where
        told = (remark.number, remark.degree)
        if source not in self._texts:
            self._cells[self._owners.get(source, source)].append(told)
            return
        self._told[source].append((self._offset(source, match), told))

    def _offset(self, source: str, match: re.Match[str] | None) -> int:
        if match is None:
            return 0
        if match["kind"] == "character":
            return int(match["number"]) - 1
        starts = [found.start() for found in PARAGRAPH.finditer(self._texts[source])]
        return starts[min(int(match["number"]), len(starts)) - 1]

    def of_view(self, code: str) -> tuple[Span, ...]:
        """A mark without text for what is said of a view as a whole, or nothing."""
        remarks = tuple(self._cells.get(code, ()))
        return (Text("", mark=self._mark(remarks)),) if remarks else ()

    def passage(self, passage: Passage, text: str) -> tuple[Span, ...]:
        """A part of a passage, cut where numbers stand and remarks are made; parts must be asked for in order."""
        whole = passage.text
        begin = whole.index(text, self._cursor.get(passage.source, 0))
        end = self._cursor[passage.source] = begin + len(text)
        return tuple(self._cut(passage, begin, end))

    def _cut(self, passage: Passage, begin: int, end: int) -> Iterator[Text]:
        source, at = passage.source, begin
        told = sorted(one for one in self._told[source] if begin <= one[0] <= end)
        for verdict in self._verdicts[source]:
            if not at <= verdict.start < verdict.end <= end:
                continue
            while told and told[0][0] < verdict.start:
                place, remark = told.pop(0)
                yield Text(passage.text[at : max(at, place)], source)
                yield Text("", source, self._mark((remark,)))
                at = max(at, place)
            yield Text(passage.text[at : verdict.start], source)
            mine = tuple(remark for place, remark in told if place < verdict.end)
            told = [one for one in told if one[0] >= verdict.end]
            yield Text(passage.text[verdict.start : verdict.end], source, self._judged(verdict, mine))
            at = verdict.end
        for place, remark in told:
            yield Text(passage.text[at : max(at, place)], source)
            yield Text("", source, self._mark((remark,)))
            at = max(at, place)
        yield Text(passage.text[at:end], source)

    def number(self, number: Number) -> Number:
        """A printed figure with what it comes from, and what is said of its cell."""
        fact = number.fact
        if fact is None:
            return number
        remarks = tuple(self._cells.get(fact.source, ()))
        says = "" if number.value is None else f"{round(number.value, PLACES).normalize():f} {number.unit}".rstrip()
        return replace(number, mark=replace(self._of(fact, self._mark(remarks)), verdict="printed", says=says))

    def _judged(self, verdict: Verdict, remarks: tuple[Told, ...]) -> Mark:
        mark = replace(self._mark(remarks), verdict=verdict.status, aspect=verdict.aspect, name=verdict.name)
        mark = replace(mark, says=verdict.says)
        return self._of(verdict.fact, mark) if verdict.fact is not None else mark

    def _of(self, fact: Fact, mark: Mark) -> Mark:
        cells = fact.cells() if fact.inputs else ()
        return replace(mark, day=fact.session, source=fact.source, cells=cells)

    def _mark(self, remarks: tuple[Told, ...]) -> Mark:
        self._count += 1
        anchor = f"n{self._count}"
        for number, _ in remarks:
            self.anchors.setdefault(number, anchor)
        return Mark(anchor, remarks=remarks)
