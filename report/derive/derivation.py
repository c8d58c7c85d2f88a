"""All that follows from a day's facts: indicators, changes, signals, for one report."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, DivisionByZero, InvalidOperation

from report.catalog import Catalog
from report.derive import INDICATORS, Formula, price, signal
from report.entries import Variety
from report.facts import Day, Fact, Facts, Finding, Series, Severity, Standing
from report.sessions import Calendars

WEEKLY_REACH = timedelta(days=10)


def derive(facts: Facts, catalog: Catalog, calendars: Calendars, report_date: date) -> tuple[Day, list[Finding]]:
    """The day a report of that date stands on, and what could not be computed.

    Every series of the catalogue gets its Standing: the value read or derived, this session and the one before, and
    the change between them, always of the same contract. Every view gets the signals trend_ratio, stock_trend_ratio
    and premium_ratio. A number without its inputs is not there: no zero, no guess.
    """
    derivation = _Derivation(facts, catalog, calendars, report_date)
    standings = {series: derivation.standing(series) for series in _all_series(catalog)}
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
    known: dict[tuple[Series, int], Fact | None] = field(default_factory=dict)

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

    def value(self, series: Series, back: int) -> Fact | None:
        """The series' number for this report (back=0) or for the session before (back=1); None where it is missing."""
        if (series, back) not in self.known:
            formula = INDICATORS.get(series.measure)
            self.known[series, back] = self._indicator(series, formula, back) if formula else self._read(series, back)
        return self.known[series, back]

    def session(self, series: Series, back: int) -> date:
        behind = self.catalog.measures[series.measure].behind
        return self.calendars.previous(self.catalog.calendar(series), self.report_date, 1 + behind + back)

    def _read(self, series: Series, back: int) -> Fact | None:
        if self.catalog.measures[series.measure].frequency == "week":
            fact = self._weekly(series, back)
        elif back and (today := self.value(series, 0)) is not None and today.contract:
            fact = self.facts.of_contract(series.variety, series.measure, today.contract, self.session(series, back))
        else:
            fact = self.facts.get(series, self.session(series, back))
        return fact if fact is not None and fact.value is not None else None

    def _weekly(self, series: Series, back: int) -> Fact | None:
        newest = self.session(series, 0)
        run = self.facts.run(series, newest, 1 + back)
        fresh = (
            run and newest - run[-1].session <= WEEKLY_REACH and newest - run[0].session <= WEEKLY_REACH * (1 + back)
        )
        return run[0] if fresh and len(run) == 1 + back else None

    def _indicator(self, series: Series, formula: Formula, back: int) -> Fact | None:
        variety = self.catalog.varieties[series.variety]
        inputs = [self._input(variety, series, name, back) for name in formula.inputs]
        if any(fact is None for fact in inputs):
            return None
        known = tuple(fact for fact in inputs if fact is not None)
        return self._apply(formula.function, formula.name, known, series, self.catalog.unit(series), back)

    def _input(self, variety: Variety, series: Series, name: str, back: int) -> Fact | None:
        if name in variety.constants:
            where = f"data/varieties/{variety.code}.toml › constants.{name}"
            return Fact(variety.code, name, self.session(series, back), variety.constants[name], source=where)
        bound = self.catalog.entry(series).inputs.get(name, name)
        if bound == name and name not in self.catalog.measures:
            code, _, measure = name.partition("_")
            if code not in self.catalog.varieties or measure not in self.catalog.measures:
                return None
            bound = f"{code}.{measure}"
        return self.value(self.catalog.series(variety, bound), back)

    def _apply(
        self,
        formula: Callable[..., Decimal],
        name: str,
        inputs: tuple[Fact, ...],
        series: Series,
        unit: str,
        back: int = 0,
    ) -> Fact | None:
        told = ", ".join(f"{fact.variety}.{fact.measure} {fact.value}" for fact in inputs)
        try:
            value = formula(*(fact.value for fact in inputs))
        except (DivisionByZero, InvalidOperation, ZeroDivisionError):
            message = f"{name}({told}) divides by zero; look at {'; '.join(inputs[-1].cells())}"
            self.findings.append(Finding("D201", Severity.ERROR, str(series), message))
            return None
        session = inputs[0].session if name.startswith("change") else self.session(series, back)
        contract = inputs[0].contract if series.basis else ""
        source = f"= {name}({told})"
        return Fact(*series[:2], session, value, unit, series.basis, contract, None, source, inputs)

    def signals(self, variety: Variety) -> Iterator[Fact]:
        """What the rules for a proposed recommendation look at; a signal without its facts is not there."""
        bound = variety.view.signals if variety.view else {}
        windows = self.catalog.recommendations.windows
        for name, source, formula in (
            ("trend_ratio", "price", signal.trend_ratio),
            ("stock_trend_ratio", "stock", signal.stock_trend_ratio),
        ):
            if source not in bound:
                continue
            series = self.catalog.series(variety, bound[source])
            today = self.value(series, 0)
            count = windows["trend"] if source == "price" else windows["stock"] + 1
            run = self.facts.run(series, today.session, count) if today else []
            if today is not None and len(run) == count:
                values = [fact.value for fact in run if fact.value is not None]
                told = f"= {name}({series}, {count} sessions to {today.session})"
                yield Fact(variety.code, name, today.session, formula(values), source=told, inputs=tuple(run))
        yield from self._premium(variety, bound.get("premium", ""), bound.get("price", ""))

    def _premium(self, variety: Variety, premium: str, close: str) -> Iterator[Fact]:
        if not premium or not close:
            return
        inputs = [self.value(self.catalog.series(variety, reference), 0) for reference in (premium, close)]
        known = tuple(fact for fact in inputs if fact is not None)
        if len(known) == len(inputs):
            series = Series(variety.code, "premium_ratio")
            value = signal.premium_ratio(*(fact.value for fact in known if fact.value is not None))
            told = ", ".join(f"{fact.variety}.{fact.measure} {fact.value}" for fact in known)
            yield Fact(*series[:2], known[1].session, value, source=f"= premium_ratio({told})", inputs=known)
