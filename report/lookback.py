"""What history is asked: the facts a report stands on, and one series with every revision of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta, timezone

from report.catalog import Catalog
from report.derive import INDICATORS, liquidity
from report.entries import Variety
from report.errors import InputError, UsageError
from report.facts import CONTINUOUS, MAIN, OF_CONTRACT, Fact, Facts, disputed
from report.history import History, Told
from report.read.words import folded, nearest, shown

NEAR = timedelta(days=21)
"""How far back the sessions lie that a report prints, across the longest holiday."""
BEIJING = timezone(timedelta(hours=8))
REACH = timedelta(days=140)
"""How far charts and trends look back: 60 sessions, and the longest holidays between them."""
RECENT = timedelta(days=45)
"""How far everything else does: two sessions, or two weekly numbers, across the longest holiday."""


def standing_on(
    history: History, catalog: Catalog, report_date: date, as_of: datetime | None = None, *, anew: bool = False
) -> Facts:
    """What is known to a report of that date of the series the catalogue names; as_of looks back.

    anew: what this report's own workbooks told in an earlier run is left aside. What another file tells otherwise than
    the number that holds is there too, as `facts.disputed` makes it.
    """
    without, recent = report_date if anew else None, report_date - RECENT
    drawn, told = (catalog.varieties, set(_drawn(catalog))), (catalog.varieties, measures(catalog))
    before = recent - timedelta(days=1)
    facts = history.facts(report_date - REACH, before, as_of, of=drawn, contracts=False, without=without)
    facts.add(history.facts(recent, report_date, as_of, of=told, without=without))
    facts.add(disputed(other) for _, other in history.disputed(report_date - NEAR, report_date, told, as_of))
    return facts


def measures(catalog: Catalog) -> set[str]:
    """Every measure that a report may print, draw, or derive something from."""
    named = {
        catalog.series(variety, name).measure for variety in catalog.varieties.values() for name in _named(variety)
    }
    return named | set(_drawn(catalog))


def _named(variety: Variety) -> Iterator[str]:
    """What the variety prints, and what its indicators are made of."""
    for instrument in variety.instruments:
        yield instrument.measure
        if instrument.measure == "futures_close":
            yield from ("trading_volume", "open_interest", "settlement_price")
    for name, entry in variety.series.items():
        yield name
        yield from entry.inputs.values()
    if variety.block:
        yield from (*variety.block.left, *variety.block.right)


def _drawn(catalog: Catalog) -> Iterator[str]:
    """The measures of which more than two sessions are looked at: in pictures, and for trends."""
    yield from (instrument.measure for _, instrument in catalog.instruments)
    for variety in catalog.views:
        if variety.view:
            chart = variety.view.chart
            names = [*variety.view.signals.values(), *((chart.price, chart.second) if chart else ())]
            yield from (catalog.series(variety, name).measure for name in names if name)
            yield from liquidity.MEASURES if variety.view.liquidity else ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A series asked for by name. bases: those it is counted on, folded; chosen: the basis was named by who asks."""

    variety: Variety
    measure: str
    bases: tuple[str, ...]
    chosen: bool = False

    def means(self, fact: Fact, contract: str) -> bool:
        """Whether the fact is of the series, or, where one is named, of that contract."""
        if contract and fact.contract != contract.upper():
            return False
        return (bool(contract) and not self.chosen) or folded(fact.basis) in self.bases


def series(
    history: History,
    catalog: Catalog,
    words: Sequence[str],
    *,
    since: date = date.min,
    until: date = date.max,
    as_of: datetime | None = None,
    contract: str = "",
    last: int = 0,
) -> list[Told]:
    """Every statement of the series that the words name, by session; of each number the one that holds comes last.

    words: 铜 LME库存, cu lme_stock, cu.lme_stock, 铜 收盘价@合约. Without @ it is the house's basis, with 主力 also
    主力连续, and where nothing is kept on it every basis but single contracts (合约).
    contract: only this one, on any basis. last: only so many sessions.
    Raises UsageError for a name nobody knows, InputError where nothing is kept.
    """
    asked = understood(words, catalog)
    told = history.told(asked.variety.code, asked.measure, since, until, as_of)
    kept = [one for one in told if asked.means(one.fact, contract)]
    if not kept and not contract and not asked.chosen:
        kept = [one for one in told if one.fact.basis != OF_CONTRACT]
    if not kept:
        raise InputError(_nothing(asked, told, catalog))
    sessions = sorted({one.fact.session for one in kept})[-last:]
    return sorted((one for one in kept if one.fact.session >= sessions[0]), key=lambda one: one.fact.session)


def _nothing(asked: Asked, told: Sequence[Told], catalog: Catalog) -> str:
    entry = asked.variety.series.get(asked.measure)
    title = f"{asked.variety.name} {entry.name if entry else catalog.measures[asked.measure].name}"
    if told:
        bases = " ".join(sorted({f"@{one.fact.basis}" for one in told if one.fact.basis}))
        return f"{title}: no such basis or contract is kept; there is {bases} (one contract: --contract CU2405)"
    return f"{title}: no number is kept of the days asked for; take files in with: ribao ingest PATH"


def understood(words: Sequence[str], catalog: Catalog) -> Asked:
    """The series the words name: variety and measure, or an instrument. Raises UsageError with the nearest names."""
    text, _, basis = folded("".join(words)).partition("@")
    for variety, instrument in catalog.instruments:
        if text in (folded(instrument.name), folded(instrument.label)):
            return Asked(variety, instrument.measure, (basis or folded(instrument.basis),), bool(basis))
    called = _called(text, folded(words[0]).partition(".")[0] if words else "", catalog)
    for variety, rest in called:
        if measure := _measures(variety, catalog).get(rest):
            own = catalog.series(variety, _stored(variety, measure, catalog)).basis
            bases = (basis,) if basis else (own, CONTINUOUS) if own == MAIN else (own,)
            return Asked(variety, measure, tuple(map(folded, bases)), bool(basis))
    if not called:
        names = [variety.name for variety in catalog.varieties.values()]
        raise UsageError(f"no variety is called {shown(' '.join(words))} ({nearest(text, names)})")
    variety, rest = called[0]
    named = [entry.name for entry in variety.series.values()]
    named += [catalog.measures[instrument.measure].name for instrument in variety.instruments]
    raise UsageError(f"{variety.name} has no series {shown(rest)} ({nearest(rest, dict.fromkeys(named))})")


def _called(text: str, first: str, catalog: Catalog) -> list[tuple[Variety, str]]:
    """The varieties whose name the text may begin with, and what follows it; the likeliest first."""
    found = [
        (name == first, len(name), variety)
        for variety in catalog.varieties.values()
        for name in map(folded, _names(variety))
        if text.startswith(name)
    ]
    found.sort(key=lambda one: one[:2], reverse=True)
    return [(variety, text[size:].removeprefix(".")) for _, size, variety in found]


def _names(variety: Variety) -> Iterator[str]:
    yield from (variety.code, variety.name, *variety.aliases)
    if variety.view:
        yield variety.view.title


def _measures(variety: Variety, catalog: Catalog) -> dict[str, str]:
    """Folded name -> measure: what the variety calls it goes before the measure's own name, then its key."""
    names = {folded(name): name for name in catalog.measures}
    names |= {folded(also): name for name, measure in catalog.measures.items() for also in measure.also}
    names |= {folded(measure.name): name for name, measure in catalog.measures.items()}
    return names | {folded(entry.name): name for name, entry in variety.series.items()}


def _stored(variety: Variety, measure: str, catalog: Catalog) -> str:
    """The measure, if it is one that is kept. Raises UsageError for a derived one, with its inputs."""
    declared = catalog.measures[measure]
    if declared.derived:
        formula = INDICATORS[measure]
        inputs = [catalog.measures[name].name for name in formula.inputs if name in catalog.measures]
        told = f"{variety.name} {declared.name} is derived, not kept: {formula.definition}"
        raise UsageError(f"{told} Ask for {' or '.join(inputs)}" if inputs else told)
    return measure


HEADINGS = ("交易日", "数值", "单位", "口径", "得知于（北京时间）", "来源", "修订")


def cells(told: Told) -> tuple[str, ...]:
    """A statement as the words of one line, under HEADINGS."""
    fact = told.fact
    kind = " ".join(word for word in (fact.basis, fact.contract) if word)
    moment = fact.known_at.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M") if fact.known_at else ""
    mark = "" if told.alone else "现值" if told.holds else "同值" if told.agrees else "已改"
    return (str(fact.session), str(fact.value), fact.unit, kind, moment, fact.source, mark)


def as_json(told: Sequence[Told]) -> str:
    """The statements as a JSON list, one object a line; values are texts, so that they stay exact."""
    rows = []
    for one in told:
        fact, file = one.fact, one.file
        row = {
            "variety": fact.variety,
            "measure": fact.measure,
            "basis": fact.basis,
            "contract": fact.contract,
            "session": str(fact.session),
            "value": str(fact.value),
            "unit": fact.unit,
            "known_at": _written(fact.known_at),
            "source": fact.source,
            "revision": one.revision,
            "holds": one.holds,
            "agrees": one.agrees,
            "file": file and {**asdict(file), "read_at": _written(file.read_at)},
        }
        rows.append(json.dumps(row, ensure_ascii=False))
    return "[\n" + ",\n".join(rows) + "\n]"


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
