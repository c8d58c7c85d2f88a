"""Facts to sentences: the market paragraph of a view, drafted from data/sentences.toml.

Each number is bound to its fact, each direction word chosen by the sign of the figure as printed. A clause whose number
is missing is left out; a sentence whose first clause is missing is not written.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from report.catalog import Catalog
from report.compose.numbers import Numbers, day_of, printed_sign
from report.document import Number, Span, Text, Word
from report.entries import Variety
from report.errors import CatalogError
from report.facts import Fact, Series, Standing
from report.sessions import weekday_word

SLOT = re.compile(r"\{([^{}]+)\}")
CONTRACT = re.compile(r"\d{3,4}$")
Clause = list[Span]


def draft(variety: Variety, numbers: Numbers, names: Sequence[str] | None = None) -> tuple[Span, ...]:
    """The paragraph of those sentences (None: the view's own), or an empty tuple where none of them has its facts."""
    drafter = _Drafter(variety, numbers, numbers.catalog)
    spans: list[Span] = []
    own = variety.view.draft if variety.view else ()
    for name in own if names is None else names:
        spans += drafter.sentence(numbers.catalog.sentences[name])
    return tuple(spans)


@dataclass
class _Drafter:
    variety: Variety
    numbers: Numbers
    catalog: Catalog

    def sentence(self, clauses: Sequence[str]) -> Clause:
        first = self.clause(clauses[0], clauses[0])
        if first is None:
            return []
        spans = first
        for template in clauses[1:]:
            clause = self.clause(template, clauses[0])
            if clause is not None:
                spans += [Text("，"), *clause]
        return [*spans, Text("。")]

    def clause(self, template: str, opening: str) -> Clause | None:
        """The spans of one clause, or None where a number of it is missing."""
        spans: Clause = []
        place = 0
        for slot in SLOT.finditer(template):
            filled = self.slot(slot.group(1).strip(), opening)
            if filled is None:
                return None
            spans += [Text(template[place : slot.start()]), *filled]
            place = slot.end()
        spans.append(Text(template[place:]))
        return [span for span in spans if not (isinstance(span, Text) and not span.text)]

    def slot(self, slot: str, opening: str) -> Clause | None:
        if slot == "weekday":
            return [Text(weekday_word(self._session(opening)))]
        if slot in ("name", "spoken"):
            return [Text(self.variety.spoken or self.variety.name if slot == "spoken" else self.variety.name)]
        if slot.endswith("contract"):
            return self._contract(slot.removesuffix("contract").rstrip("."))
        reference, _, mode = slot.partition("~")
        series = self._series(reference, slot)
        return MODES[mode](self, series, self.numbers.standing(series), opening)

    def _series(self, reference: str, slot: str) -> Series:
        series = self.catalog.series(self.variety, reference)
        if series.measure not in self.catalog.measures or slot.partition("~")[2] not in MODES:
            raise CatalogError(f"data/sentences.toml: {{{slot}}} is neither a series nor a known form of one")
        if series not in self.numbers.day.standings:
            raise CatalogError(
                f"data/sentences.toml: {{{slot}}} asks for {series}, which data/varieties/{series.variety}.toml lacks"
            )
        return series

    def _session(self, opening: str) -> date:
        for slot in SLOT.findall(opening):
            reference = slot.partition("~")[0].strip()
            if reference not in ("weekday", "name", "spoken") and not reference.endswith("contract"):
                return self.numbers.standing(self._series(reference, slot.strip())).session
        return self.numbers.day.report_date

    def _contract(self, code: str) -> Clause:
        owner = self.catalog.varieties[code] if code else self.variety
        fact = self.numbers.standing(self.catalog.series(owner, "futures_close")).today
        month = CONTRACT.search(fact.contract) if fact else None
        return [Text(f" {month.group()} 合约")] if month else []

    def level(self, series: Series, standing: Standing, opening: str) -> Clause | None:
        return _present(self.numbers.of(standing.today, series))

    def previous(self, series: Series, standing: Standing, opening: str) -> Clause | None:
        return _present(self.numbers.of(standing.previous, series))

    def change(self, series: Series, standing: Standing, opening: str) -> Clause | None:
        words = self.catalog.measures[series.measure].words or "move"
        return self._worded(words, replace(self.numbers.change(series), signed=False, coloured=False))

    def width(self, series: Series, standing: Standing, opening: str) -> Clause | None:
        number = replace(self.numbers.ratio(series), signed=False, coloured=False)
        return self._worded("width", number) if printed_sign(number) else None

    def premium(self, series: Series, standing: Standing, opening: str) -> Clause | None:
        return self._worded("premium", self.numbers.of(standing.today, series))

    def day(self, series: Series, standing: Standing, opening: str) -> Clause | None:
        report_session = self.numbers.standing(self.catalog.series(self.variety, "futures_close")).session
        return [] if standing.session == report_session else [Text(f"（{day_of(standing.session)}）")]

    def dated(self, series: Series, standing: Standing, opening: str) -> Clause | None:
        return [Text(day_of(standing.session))] if standing.today else None

    def since(self, series: Series, standing: Standing, opening: str) -> Clause | None:
        return [Text(day_of(standing.previous_session))] if standing.previous else None

    def _worded(self, words: str, number: Number) -> Clause | None:
        if number.value is None:
            return None
        choice = self.catalog.words.directions[words]
        sign = printed_sign(number)
        fact: Fact | None = number.fact
        if sign == 0:
            return [Word(choice.flat, 0, fact)]
        return [Word(choice.up if sign > 0 else choice.down, sign, fact), Text(" "), replace(number, absolute=True)]


def _present(number: Number) -> Clause | None:
    return None if number.value is None else [number]


MODES: dict[str, Callable[[_Drafter, Series, Standing, str], Clause | None]] = {
    "": _Drafter.level,
    "previous": _Drafter.previous,
    "change": _Drafter.change,
    "width": _Drafter.width,
    "premium": _Drafter.premium,
    "day": _Drafter.day,
    "date": _Drafter.dated,
    "since": _Drafter.since,
}
