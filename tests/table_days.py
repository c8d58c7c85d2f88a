"""Right mornings out of real history: what a desk would have typed on each session of it, and the checks over them.

    python -m tests.table_days

prints how many mornings were checked and everything above a NOTE that was said of their tables. A morning comes in two
kinds: `sources`, where the bars and stock reports of the day have come in already, and `alone`, where history holds
only what the desk typed on the mornings before. Changes, percentages, ratios and cancelled stocks are typed too, each
rounded as a desk prints it. A product whose open interest says that its main contract rolled is left out on that
morning: the bars hide the new contract's own close of the day before, which a desk would type.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from report.check import CHECKS, Evidence
from report.derive.derivation import derive
from report.facts import CONTINUOUS, MAIN, Day, Fact, Facts, Finding, Retold, Series, Severity
from tests.days import CALENDARS, CATALOG, FORMULAS
from tests.prose_days import history

FIRST, LAST = date(2024, 1, 2), date(2024, 3, 29)
KINDS = ("sources", "alone")
EMPTY = ("C301", "C302")
TABLES = [code for code in CHECKS if code[:2] in ("C3", "C4", "C5") and code not in EMPTY]
COUNTS = ("trading_volume", "open_interest")


def mornings() -> list[date]:
    """The report dates of 2024 that the sample's history reaches."""
    return CALENDARS.between("SHFE", FIRST, LAST)


@lru_cache(maxsize=1)
def told() -> tuple[Fact, ...]:
    """History as desks typed it: each bar is the main contract's."""
    return tuple(_typed(fact) for fact in history() if fact.basis in ("", CONTINUOUS) and _asked(fact))


def _asked(fact: Fact) -> bool:
    return fact.measure in ("futures_close", *COUNTS) or fact.basis == ""


def _typed(fact: Fact) -> Fact:
    report = CALENDARS.following("SHFE", fact.session, 1)
    basis = MAIN if fact.basis == CONTINUOUS else ""
    return replace(fact, basis=basis, source=f"{report}/日报底稿.xlsx › {fact.series} › {fact.session}")


def morning(report_date: date, kind: str) -> Evidence:
    """The evidence of one morning."""
    rolled = _rolled(report_date)
    typed = [
        replace(fact, source=fact.source.partition("/")[2])
        for fact in told()
        if fact.session in _sessions(fact.series, report_date) and _printed(fact) and fact.variety not in rolled
    ]
    if kind == "alone":
        known = Facts(fact for fact in told() if fact.session < _sessions(fact.series, report_date)[0])
    else:
        known = Facts(fact for fact in history() if fact.session <= _sessions(fact.series, report_date)[0])
    day, _ = derive(Facts([*known, *typed]), CATALOG, CALENDARS, report_date)
    return Evidence(day, Facts(typed), known, {}, CATALOG, retold=tuple(again(day, Facts(typed))), formulas=FORMULAS)


@lru_cache(maxsize=1)
def _interest() -> Facts:
    return Facts(fact for fact in history() if fact.measure == "open_interest")


def _rolled(report_date: date) -> set[str]:
    """The products whose open interest moved by a fifth or more since the session before."""
    found = set()
    for variety in CATALOG.varieties:
        series = Series(variety, "open_interest", CONTINUOUS)
        now, then = (_interest().get(series, day) for day in _sessions(series, report_date))
        if now and then and not Decimal("0.8") < now.value / then.value < Decimal("1.2"):
            found.add(variety)
    return found


def _printed(fact: Fact) -> bool:
    if fact.measure in COUNTS:
        return any(one.volume_basis == MAIN for one in CATALOG.varieties[fact.variety].instruments)
    return True


def _sessions(series: Series, report_date: date) -> tuple[date, date]:
    behind = CATALOG.measures[series.measure].behind
    exchange = CATALOG.calendar(series)
    return CALENDARS.previous(exchange, report_date, 1 + behind), CALENDARS.previous(exchange, report_date, 2 + behind)


def again(day: Day, typed: Facts) -> Iterator[Retold]:
    """What the desk types beside: every indicator it can compute, and the changes of what it typed."""
    for series, standing in day.standings.items():
        today, previous = standing.today, standing.previous
        places = CATALOG.decimals(series)
        if CATALOG.measures[series.measure].derived:
            if today is not None:
                yield _rounded(series, "today", today.value, places)
            if previous is not None:
                yield _rounded(series, "previous", previous.value, places)
        elif today is not None and previous is not None and typed.get(series, today.session) and standing.change:
            yield _rounded(series, "change", standing.change.value, places, (today, previous))
            if standing.change_ratio is not None:
                yield _rounded(series, "change_ratio", standing.change_ratio.value * 100, 2, (today, previous))


def _rounded(series: Series, aspect, value: Decimal, places: int, beside: tuple[Fact, ...] = ()) -> Retold:
    step = Decimal(1).scaleb(-places)
    return Retold(
        series, aspect, value.quantize(step, ROUND_HALF_UP), step, f"日报底稿.xlsx › {series} › {aspect}", beside
    )


def said(evidence: Evidence) -> list[Finding]:
    """Everything above a NOTE that the checks of the tables say, but for what is simply not there."""
    found = [finding for code in TABLES for finding in CHECKS[code](evidence)]
    return [finding for finding in found if finding.severity > Severity.NOTE]


def main() -> int:
    """Print the figures."""
    for kind in KINDS:
        days = mornings()
        evidences = [(day, morning(day, kind)) for day in days]
        numbers = sum(len(one.typed) + len(one.retold) for _, one in evidences)
        begun = time.perf_counter()
        alarms = [(day, finding) for day, one in evidences for finding in said(one)]
        spent = (time.perf_counter() - begun) / len(days)
        print(f"{kind}: {len(days)} mornings, {numbers} typed numbers, {len(alarms)} findings above a NOTE, ", end="")
        print(f"{spent * 1000:.0f} ms each")
        for day, finding in alarms:
            print(f"    {day} {finding.severity.name} {finding}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
