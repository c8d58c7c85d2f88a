"""What the day knows of a series: its level, its change, on the day and against the base that the text names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from report.catalog import Catalog
from report.check.prose.claims import Day
from report.check.prose.dates import last_week
from report.facts import CONTINUOUS, MAIN, Fact, Facts, Series, Standing
from report.facts import Day as FactsDay

TURNOVER = ("trading_volume", "open_interest")
FORTNIGHT = timedelta(days=16)


@dataclass(frozen=True, slots=True)
class Span:
    """A number and the one it is held against: level now, level then, and the fact to name."""

    now: Decimal
    then: Decimal
    fact: Fact

    @property
    def change(self) -> Decimal:
        """now − then."""
        return self.now - self.then


@dataclass(frozen=True)
class Known:
    """The day's facts, asked in the words of a text."""

    day: FactsDay
    catalog: Catalog
    session: date

    def levels(self, series: Series, day: Day) -> Iterator[Fact]:
        """The facts a level told of that day may be; none where no fact reaches it."""
        standing = self.day.standings[series]
        if day is None or day == "session" or day == self.session:
            yield from _there(standing.today)
            if series.measure in TURNOVER:
                yield from self._at(series._replace(basis=CONTINUOUS), self.session)
            return
        if day == "previous":  # seen from the morning, 上一交易日 may be the session itself
            yield from _there(standing.previous)
            yield from _there(standing.today)
        elif isinstance(day, date):
            yield from self._dated(series, standing, day)

    def _dated(self, series: Series, standing: Standing, day: date) -> Iterator[Fact]:
        told = [fact for fact in (standing.today, standing.previous) if fact is not None and fact.session == day]
        for fact in told:
            yield from _there(fact)
        yield from self._at(series, day)
        if self.catalog.measures[series.measure].behind and not told:
            run = self._facts.run(series, day - timedelta(days=1), 1)
            if run and day - run[0].session <= timedelta(days=4):
                yield run[0]
        if series.basis == MAIN:
            yield from self._at(series._replace(basis=CONTINUOUS), day)

    @property
    def _facts(self) -> Facts:
        return self.day.facts

    def _at(self, series: Series, day: date) -> Iterator[Fact]:
        fact = self._facts.get(series, day)
        yield from _there(fact)

    def spans(self, series: Series, day: Day, base: Day) -> Iterator[Span]:
        """The changes a text may mean that tells one of that day against that base; none where no fact reaches."""
        standing = self.day.standings[series]
        if day in ("far", "report", "last_week"):
            return
        weekly = self.catalog.measures[series.measure].frequency == "week"
        if isinstance(day, date) and isinstance(base, date) and base < day:
            yield from self._between(series, day, base)
        elif day == "previous" or (isinstance(day, date) and day not in (self.session, standing.session)):
            yield from self._earlier(series, day)
            if day == "previous":
                yield from self._standing(standing)
        elif base in (None, "previous", "session"):
            yield from self._standing(standing)
        elif base in ("week", "last_week"):
            yield from self._weeks(series, standing, weekly, base == "week")
        elif isinstance(base, date):
            yield from self._since(series, standing, base)

    def _standing(self, standing: Standing) -> Iterator[Span]:
        today, previous = standing.today, standing.previous
        if today and previous and today.value is not None and previous.value is not None:
            yield Span(today.value, previous.value, standing.change or today)
        elif standing.series.measure in TURNOVER:
            run = self._facts.run(standing.series._replace(basis=CONTINUOUS), self.session, 2)
            if len(run) == 2 and run[1].session == self.session and run[0].value and run[1].value:
                yield Span(run[1].value, run[0].value, run[1])

    def _earlier(self, series: Series, day: Day) -> Iterator[Span]:
        until = self.day.standings[series].previous_session if day == "previous" else day
        if not isinstance(until, date):
            return
        for basis in {series.basis, CONTINUOUS if series.basis == MAIN else series.basis}:
            run = self._facts.run(series._replace(basis=basis), until, 2)
            if len(run) == 2 and run[1].session == until and run[0].value is not None and run[1].value is not None:
                yield Span(run[1].value, run[0].value, run[1])

    def _weeks(self, series: Series, standing: Standing, weekly: bool, lenient: bool) -> Iterator[Span]:
        monday, sunday = last_week(self.session)
        previous = standing.previous
        if weekly and previous is not None and (lenient or monday <= previous.session <= sunday):
            yield from self._standing(standing)
        if weekly or standing.today is None or standing.today.value is None:
            return
        friday = self._facts.run(series, sunday, 1)
        same = self._facts.run(series, standing.session - timedelta(days=7), 1)
        for fact in {id(fact): fact for fact in (*friday, *same)}.values():
            if fact.value is not None and standing.session - fact.session <= FORTNIGHT:
                yield Span(standing.today.value, fact.value, standing.today)

    def _between(self, series: Series, day: date, base: date) -> Iterator[Span]:
        for now in self.levels(series, day):
            for then in self.levels(series, base):
                if now.value is not None and then.value is not None and then.session < now.session:
                    yield Span(now.value, then.value, now)

    def _since(self, series: Series, standing: Standing, base: date) -> Iterator[Span]:
        today = standing.today
        if today is None or today.value is None:
            return
        for fact in self.levels(series, base):
            if fact.value is not None and fact.session < today.session:
                yield Span(today.value, fact.value, today)


def _there(fact: Fact | None) -> Iterator[Fact]:
    if fact is not None and fact.value is not None:
        yield fact
