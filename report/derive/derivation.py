"""All that follows from a day's facts: indicators, changes, signals, for one report."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation

from report.catalog import Catalog
from report.derive import INDICATORS, Formula, liquidity, price, signal
from report.entries import Variety
from report.facts import CONTINUOUS, Day, Fact, Facts, Finding, Series, Severity, Standing
from report.sessions import HOME, Calendars

WEEKLY_REACH = timedelta(days=10)


def derive(facts: Facts, catalog: Catalog, calendars: Calendars, report_date: date) -> tuple[Day, list[Finding]]:
    """The day a report of that date stands on, and what could not be computed.

    Every series of the catalogue gets its Standing: the value read or derived, this session and the one before, and
    the change between them, always of the same contract. Every view gets the signals trend_ratio, stock_trend_ratio
    and premium_ratio. A number without its inputs is not there: no zero, no guess.
    """
    derivation = _Derivation(facts, catalog, calendars, report_date)
    standings = {series: derivation.standing(series) for series in _all_series(catalog)}
    standings |= derivation.liquidity()
    signals = {variety.code: {fact.measure: fact for fact in derivation.signals(variety)} for variety in catalog.views}
    return Day(report_date, facts, standings, signals), derivation.findings


def _all_series(catalog: Catalog) -> Iterator[Series]:
    for variety in catalog.varieties.values():
        for instrument in variety.instruments:
            yield Series(variety.code, instrument.measure, instrument.basis)
            if instrument.volume_basis:
                yield Series(variety.code, "trading_volume", instrument.volume_basis)
                yield Series(variety.code, "open_interest", instrument.volume_basis)
        for measure in variety.series:
            yield Series(variety.code, measure)


@dataclass
class _Derivation:
    facts: Facts
    catalog: Catalog
    calendars: Calendars
    report_date: date
    findings: list[Finding] = field(default_factory=list)
    known: dict[tuple[Series, int, bool], Fact | None] = field(default_factory=dict)

    def standing(self, series: Series) -> Standing:
        """The series' numbers for this report; change and change_ratio where both of them are known."""
        today, previous = self.value(series, 0), self.value(series, 1)
        days = (
            today.session if today else self.session(series, 0),
            previous.session if previous else self.session(series, 1),
        )
        if today is None or previous is None:
            return Standing(series, *days, today, previous)
        inputs = (today, previous)
        change = self._apply(price.change, "change", inputs, self._beside(series, "change"), today.unit)
        ratio = None
        if previous.value:
            ratio = self._apply(price.change_ratio, "change_ratio", inputs, self._beside(series, "change_ratio"), "")
        return Standing(series, *days, today, previous, change, ratio)

    @staticmethod
    def _beside(series: Series, aspect: str) -> Series:
        return series._replace(measure=f"{series.measure}_{aspect}")

    def value(self, series: Series, back: int, together: bool = False) -> Fact | None:
        """The series' number for this report (back=0) or the one before (back=1); None where it is missing.

        The one before is that of its own exchange's session before; together: that of the last report but one, which
        is the same session still where the exchange was shut and another open.
        """
        key = (series, back, together)
        if key not in self.known:
            formula = INDICATORS.get(series.measure)
            self.known[key] = self._indicator(series, formula, back) if formula else self._read(*key)
        return self.known[key]

    def session(self, series: Series, back: int, together: bool = False) -> date:
        exchange, behind = self.catalog.calendar(series), self.catalog.measures[series.measure].behind
        if together and back:
            return self.calendars.previous(exchange, self.calendars.previous(HOME, self.report_date, back), 1 + behind)
        return self.calendars.previous(exchange, self.report_date, 1 + behind + back)

    def _read(self, series: Series, back: int, together: bool) -> Fact | None:
        session = self.session(series, back, together)
        asked = self.facts.get(series, self.session(series, 0))
        if self.catalog.measures[series.measure].frequency == "week":
            fact = self._weekly(series, back)
        elif back and asked is not None and asked.contract and session < asked.session:
            fact = self.facts.of_contract(series.variety, series.measure, asked.contract, session)
        else:
            fact = self.facts.get(series, session)
        return fact if fact is not None and fact.value is not None else None

    def _weekly(self, series: Series, back: int) -> Fact | None:
        newest = self.session(series, 0)
        run = self.facts.run(series, newest, 1 + back)
        fresh = (
            run and newest - run[-1].session <= WEEKLY_REACH and newest - run[0].session <= WEEKLY_REACH * (1 + back)
        )
        return run[0] if fresh and len(run) == 1 + back else None

    def _indicator(self, series: Series, formula: Formula, back: int) -> Fact | None:
        """The formula on its inputs; those of several exchanges are taken as the same report knew them."""
        variety = self.catalog.varieties[series.variety]
        bound = [self._bound(variety, series, name) for name in formula.inputs]
        together = len({self.catalog.calendar(one) for one in bound if isinstance(one, Series)}) > 1
        inputs = []
        for one in bound:
            fact = self.value(one, back, together) if isinstance(one, Series) else one
            if fact is None:
                return None
            inputs.append(fact)
        return self._apply(formula.function, formula.name, tuple(inputs), series, self.catalog.unit(series))

    def _bound(self, variety: Variety, series: Series, name: str) -> Series | Fact | None:
        """What a parameter means: a series, a constant of the variety as a fact, or nothing the catalogue knows."""
        if name in variety.constants:
            where = f"data/varieties/{variety.code}.toml › constants.{name}"
            return Fact(variety.code, name, self.report_date, variety.constants[name], source=where)
        bound = self.catalog.entry(series).inputs.get(name, name)
        if bound == name and name not in self.catalog.measures:
            code, _, measure = name.partition("_")
            if code not in self.catalog.varieties or measure not in self.catalog.measures:
                return None
            bound = f"{code}.{measure}"
        return self.catalog.series(variety, bound)

    def _apply(
        self,
        formula: Callable[..., Decimal],
        name: str,
        inputs: tuple[Fact, ...],
        series: Series,
        unit: str,
    ) -> Fact | None:
        """The formula's value. Of several sessions among its inputs it speaks of the earliest; a change, of today's."""
        told = ", ".join(f"{fact.variety}.{fact.measure} {fact.value}" for fact in inputs)
        try:
            value = formula(*(fact.value for fact in inputs))
        except (DivisionByZero, InvalidOperation, ZeroDivisionError):
            message = f"{name}({told}) divides by zero; look at {'; '.join(inputs[-1].cells())}"
            self.findings.append(Finding("D201", Severity.ERROR, str(series), message))
            return None
        session = inputs[0].session if name.startswith("change") else min(fact.session for fact in inputs)
        contract = inputs[0].contract if series.basis else ""
        source = f"= {name}({told})"
        return Fact(*series[:2], session, value, unit, series.basis, contract, None, source, inputs)

    def liquidity(self) -> dict[Series, Standing]:
        """What the panels of dollar liquidity show; a panel without its numbers is left out with a note."""
        found: dict[Series, Standing] = {}
        for variety in self.catalog.views:
            panel = variety.view.liquidity if variety.view else None
            if panel is None:
                continue
            until = self.session(Series(variety.code, liquidity.SHOWN[-1]), 0)
            shown = liquidity.standings(self.facts, variety.code, until, panel.weeks)
            found |= shown
            if not shown:
                lacking = "securities, reserves, ON RRP and TGA of the last two Wednesdays are not all known"
                message = (
                    f"no {panel.title} panel: {lacking} on {until}; take the Fed's files in with: ribao ingest PATH"
                )
                self.findings.append(Finding("D202", Severity.NOTE, variety.name, message))
        return found

    def signals(self, variety: Variety) -> Iterator[Fact]:
        """What the rules for a proposed recommendation look at; a signal without its facts is not there."""
        bound = variety.view.signals if variety.view else {}
        windows = self.catalog.recommendations.windows
        series = {name: self.catalog.series(variety, reference) for name, reference in bound.items()}
        if "price" in series and not self._rolled(series["price"]):
            run = self._window(variety, series["price"], windows["trend"], windows.get("lacking", 0))
            yield from self._signal(variety, "trend_ratio", signal.trend_ratio, run)
        if "stock" in series:
            run = self._window(variety, series["stock"], windows["stock"] + 1)
            yield from self._signal(variety, "stock_trend_ratio", signal.stock_trend_ratio, [*run[:1], *run[-1:]])
        if "premium" in series and "price" in series:
            pair = [fact for name in ("premium", "price") if (fact := self.value(series[name], 0)) is not None]
            yield from self._signal(variety, "premium_ratio", signal.premium_ratio, pair if len(pair) == 2 else [])

    def _window(self, variety: Variety, series: Series, count: int, lacking: int | None = None) -> list[Fact]:
        """The numbers of the last so many sessions of the series' exchange up to today's; a weekly one's last so many.

        None at all, and a note, where more than `lacking` of them are not known; without it, where the first is not.
        """
        today = self.value(series, 0)
        if today is None:
            return []
        known = self.facts.run(series, today.session, count)
        if self.catalog.measures[series.measure].frequency == "week":
            return known if len(known) == count else []
        exchange = self.catalog.calendar(series)
        days = self.calendars.between(
            exchange, self.calendars.previous(exchange, today.session, count - 1), today.session
        )
        run = [fact for fact in known if fact.session in days]
        if lacking is None:
            whole, told = run[:1] and run[0].session == days[0], f"no number of {days[0]}"
        else:
            whole, told = len(run) + lacking >= count, f"only {len(run)} numbers since {days[0]}"
        if whole:
            return run
        behind = f"{count - 1} sessions of {exchange} before {today.session}"
        message = f"{told}, {behind}: no such signal for 系统建议"
        self.findings.append(
            Finding("D203", Severity.NOTE, f"{variety.name} {self.catalog.entry(series).name}", message)
        )
        return []

    def _rolled(self, series: Series) -> bool:
        """Whether today's contract is not the one whose prices the series holds for the session before."""
        today, previous = self.value(series, 0), self.value(series, 1)
        main = self.facts.get(series, self.session(series, 1))
        spliced = self.facts.get(series._replace(basis=CONTINUOUS), self.session(series, 1))
        if today is None or not today.contract:
            return False
        if main is not None and main.contract not in ("", today.contract):
            return True
        return spliced is not None and (previous is None or previous.value != spliced.value)

    def _signal(
        self, variety: Variety, name: str, formula: Callable[[Sequence[Decimal]], Decimal], run: Sequence[Fact]
    ) -> Iterator[Fact]:
        values = [fact.value for fact in run if fact.value is not None]
        if values:
            told = f"= {name}({run[0].series}, {len(run)} numbers from {run[0].session} to {run[-1].session})"
            with suppress(DivisionByZero, InvalidOperation):  # a price or stock of zero is an ERROR of its own
                yield Fact(variety.code, name, run[-1].session, formula(values), source=told, inputs=tuple(run))
