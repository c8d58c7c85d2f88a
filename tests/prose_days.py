"""Days for tests of the prose: the sample's, and earlier ones out of the sample's history."""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from openpyxl import load_workbook

from report.check import Evidence
from report.derive.derivation import derive
from report.facts import CONTINUOUS, MAIN, Day, Fact, Facts, Passage, Series, View
from tests.days import BEFORE, CALENDARS, CATALOG, DATA, REPORT, TODAY

SAMPLES = Path(__file__).parent / "samples"
HISTORY = DATA / "samples" / "history"
BARS = {
    "开盘价": "opening_price",
    "最高价": "high_price",
    "最低价": "low_price",
    "收盘价": "futures_close",
    "结算价": "settlement_price",
    "成交量": "trading_volume",
    "持仓量": "open_interest",
}
STOCKS = {"库存": "lme_stock", "仓单": "lme_warrant_stock"}
ROLES = ("headline", "recap", "outlook", "recommendation", "analyst")


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def closes() -> Iterator[Fact]:
    """The sample's closes, volumes and open interest."""
    by_name = {(i.exchange, i.product): (v, i) for v, i in CATALOG.instruments}
    for place, row in enumerate(rows("closes.csv"), 5):
        variety, instrument = by_name[row["交易所"], row["品种"]]
        contract = row["合约"] if row["合约"] != "3个月" else ""
        series = Series(variety.code, instrument.measure, instrument.basis)
        for heading, session, column in (("收盘价", TODAY, "D"), ("前收盘价", BEFORE, "E")):
            if row[heading]:
                yield _fact(series, session, row[heading], f"日报底稿.xlsx › 收盘 › {column}{place}", contract)
        for heading, measure, column in (("成交量", "trading_volume", "F"), ("持仓量", "open_interest", "G")):
            if row[heading]:
                series = Series(variety.code, measure, row["口径"])
                yield _fact(series, TODAY, row[heading], f"日报底稿.xlsx › 收盘 › {column}{place}")


def industry() -> Iterator[Fact]:
    """The sample's indicators."""
    names = {
        (v.name, entry.name): (v, measure) for v in CATALOG.varieties.values() for measure, entry in v.series.items()
    }
    for place, row in enumerate(rows("industry.csv"), 5):
        variety, measure = names[row["品种"], row["指标"]]
        series = Series(variety.code, measure)
        factor = CATALOG.factor(row["单位"], CATALOG.unit(series)) or Decimal(1)
        for heading, day, column in (("本期", "本期日期", "D"), ("上期", "上期日期", "E")):
            if row[heading]:
                cell = f"日报底稿.xlsx › 产业 › {column}{place}"
                yield _fact(series, date.fromisoformat(row[day]), str(Decimal(row[heading]) * factor), cell)


def _fact(series: Series, session: date, value: str, source: str, contract: str = "") -> Fact:
    known = series.variety in CATALOG.varieties and series.measure in CATALOG.measures
    unit = CATALOG.unit(series) if known else ""
    return Fact(*series[:2], session, Decimal(value), unit, series.basis, contract, None, source)


def _sheets(name: str) -> Iterator[tuple[str, list[str], date, int, tuple[object, ...]]]:
    book = load_workbook(HISTORY / name, read_only=False)
    for sheet in book.worksheets:
        headings, *numbers = [tuple(row) for row in sheet.values]
        for place, row in enumerate(numbers, 2):
            if isinstance(row[0], datetime):
                yield sheet.title, [str(heading) for heading in headings], row[0].date(), place, row


@lru_cache(maxsize=1)
def history() -> tuple[Fact, ...]:
    """What the sample's history holds."""
    found: list[Fact] = []
    books = {
        "主力连续日线.xlsx": {name: (measure, CONTINUOUS) for name, measure in BARS.items()},
        "LME库存.xlsx": {name: (measure, "") for name, measure in STOCKS.items()},
        "伦敦金银.xlsx": {"价格": ("london_price", "")},
        "美债收益率.xlsx": {"美债10年收益率": ("treasury_yield", "")},
        "黄金ETF.xlsx": {"吨": ("etf_stock", "")},
    }
    for book, columns in books.items():
        for sheet, headings, day, place, row in _sheets(book):
            variety = CATALOG.named(sheet)
            if variety is None:
                raise KeyError(sheet)
            for heading, value in zip(headings, row, strict=True):
                if heading in columns and value is not None:
                    measure, basis = columns[heading]
                    source = f"{book} › {sheet} › {heading}{place}"
                    found.append(_fact(Series(variety.code, measure, basis), day, str(value), source))
    return tuple(found)


@lru_cache(maxsize=1)
def typed() -> tuple[Fact, ...]:
    return (*closes(), *industry())


def views(name: str = "views.toml") -> dict[str, View]:
    told = tomllib.loads((SAMPLES / name).read_text(encoding="utf-8"))
    found = {}
    for place, entry in enumerate(told["view"], 5):
        variety = CATALOG.named(entry["variety"])
        if variety is None:
            raise KeyError(entry["variety"])
        passages = {
            role: Passage(entry[role], f"日报底稿.xlsx › 观点 › {column}{place}")
            for role, column in zip(ROLES, "BCEFG", strict=True)
            if entry.get(role)
        }
        found[variety.code] = View(variety.code, told["report_date"], use=entry["use"], **passages)
    return found


@lru_cache(maxsize=1)
def sample_day() -> Day:
    return derive(Facts([*history(), *typed()]), CATALOG, CALENDARS, REPORT)[0]


def sample(changed: dict[str, View] | None = None) -> Evidence:
    """The sample's evidence, with some views in the place of its own."""
    return Evidence(sample_day(), Facts(typed()), Facts(history()), {**views(), **(changed or {})}, CATALOG)


@lru_cache(maxsize=8)
def past_day(report_date: date) -> Day:
    """A day of the history as its desk would have typed it: the main contract's close is the continuous series'."""
    known = [fact for fact in history() if fact.session < report_date]
    session, before = (CALENDARS.previous("SHFE", report_date, back) for back in (1, 2))
    mains = [
        _fact(Series(fact.variety, fact.measure, MAIN), fact.session, str(fact.value), fact.source)
        for fact in known
        if fact.measure == "futures_close" and fact.session in (session, before)
    ]
    return derive(Facts([*known, *mains]), CATALOG, CALENDARS, report_date)[0]


def evidence_of(day: Day, told: Iterable[View]) -> Evidence:
    return Evidence(day, Facts(), day.facts, {view.variety: view for view in told}, CATALOG)
