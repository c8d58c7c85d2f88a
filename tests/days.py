"""Small days for tests: facts typed this morning, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from report import catalog as catalogs
from report import sessions
from report.check import Evidence
from report.derive import INDICATORS
from report.derive.derivation import derive
from report.facts import MAIN, Day, Fact, Facts, Passage, Series, View

DATA = catalogs.packaged("data")
CATALOG = catalogs.load([DATA])
CALENDARS = sessions.load([DATA / "calendars"])
REPORT = date(2024, 3, 29)
TODAY, BEFORE, LME_BEFORE = date(2024, 3, 28), date(2024, 3, 27), date(2024, 3, 26)
CU = Series("cu", "futures_close", MAIN)


def fact(
    series: Series, session: date, value: str | None, contract: str = "", source: str = "a.xlsx › 收盘 › D5"
) -> Fact:
    number = None if value is None else Decimal(value)
    return Fact(
        *series[:2],
        session,
        number,
        CATALOG.unit(series) if series.measure in CATALOG.measures else "",
        series.basis,
        contract,
        None,
        source,
    )


def day(facts: Iterable[Fact], report_date: date = REPORT) -> Day:
    return derive(Facts(facts), CATALOG, CALENDARS, report_date)[0]


def view(variety: str, recommendation: str | None = None, **fields: str) -> View:
    passages = {name: Passage(text, f"a.xlsx › 观点 › {name}") for name, text in fields.items() if name != "use"}
    if recommendation is not None:
        passages["recommendation"] = Passage(recommendation, "a.xlsx › 观点 › F5")
    return View(variety, REPORT, use=fields.get("use", "接后"), **passages)


FORMULAS = {name: formula.function for name, formula in INDICATORS.items()}


def evidence(typed: Iterable[Fact] = (), known: Iterable[Fact] = (), views: Iterable[View] = (), **more) -> Evidence:
    typed, known = list(typed), list(known)
    told = {v.variety: v for v in views}
    return Evidence(day([*known, *typed]), Facts(typed), Facts(known), told, CATALOG, formulas=FORMULAS, **more)
