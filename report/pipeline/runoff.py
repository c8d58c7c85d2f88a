"""The Fed's runoff: a scenario walked through the ledger, and what happened held against the accounting identity."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import zip_longest

from report import scenarios
from report.derive import liquidity
from report.derive.channels import System, system
from report.derive.ledger import Books
from report.derive.liquidity import Stretch
from report.derive.scenario import Path, moved, opened, sensitivity, walk
from report.entries import Variety
from report.errors import CatalogError, InputError, UsageError
from report.facts import AVERAGE, Fact, Finding, Severity, TAccount
from report.pipeline.house import House
from report.scenarios import Scenario, StockEntry

HOME_UNIT = "亿美元"
MILLION = Decimal("0.01")
FIRST, LAST = date(2022, 6, 1), date(2023, 12, 31)
REACH = timedelta(days=10)
STEPS = tuple(Decimal(tenths) / 10 for tenths in (0, 2, 4, 6, 8, 10))
PART = Decimal("0.1")
STOCKS = {
    "准备金": "reserves",
    "ON RRP": "on_rrp",
    "TGA": "tga",
    "银行存款": "deposits",
    "交易商回购": "repo",
}
SIDES = ("部门", "资产", "资产变动", "负债", "负债变动", "净值变动")


@dataclass(frozen=True, slots=True)
class Table:
    """What is printed: rows of words under headings; numbers: the headings whose columns are figures."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: frozenset[str]


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    factor: Decimal

    def told(self, amount: Decimal | None, signed: bool = False) -> str:
        """The amount in the unit, to the last million of dollars; — for none."""
        if amount is None:
            return "—"
        shown = (amount * self.factor).quantize((MILLION * self.factor).normalize())
        return f"{shown:{'+' if signed and shown else ''}f}"


def walked(house: House, name: str, unit: str) -> tuple[list[Table], tuple[Finding, ...]]:
    """A scenario's path, what it moved in each account, and how it depends on bills and stickiness.

    Raises CatalogError, UsageError for an unknown unit, InputError where a stock it starts from is not in history.
    """
    told = _unit(house, unit)
    here = system(scenarios.channels(house.workspace.folders("data")))
    plan = scenarios.scenario(house.workspace.folders("data"), name)
    stocks = [(entry, *_stock(house, plan, entry)) for entry in plan.stock]
    path = walk(here, plan, opened(here, [(entry, amount) for entry, amount, _ in stocks]))
    started = Table(
        f"起点（{plan.start}，{unit}）",
        ("科目", "持有者", "存量", "来源"),
        tuple((entry.claim, entry.holder, told.told(amount), source) for entry, amount, source in stocks),
        frozenset({"存量"}),
    )
    accounts = _accounts(f"路径上的累计变动（{unit}）", here.books.drawn(moved(path)), told)
    return [started, _months(here, path, told), accounts, _sensitivity(here, path)], path.findings


def channels(house: House, amount: Decimal, unit: str) -> list[Table]:
    """The five channels' T-accounts for that amount of 亿美元, told in the unit."""
    here, told = system(scenarios.channels(house.workspace.folders("data"))), _unit(house, unit)
    return [_accounts(f"{one.number}：{one.name}（{unit}）", here.drawn(one, amount), told) for one in here.channels]


def happened(house: House, since: date, until: date, unit: str) -> tuple[list[Table], tuple[Finding, ...]]:
    """Week by week, the change of the Fed's securities against that of reserves, ON RRP and TGA; and the whole of it.

    Raises InputError where history has no two Wednesdays in between with all of them.
    """
    told, variety = _unit(house, unit), _panelled(house)
    of = ({variety.code}, set(liquidity.MEASURES))
    facts = house.history.facts(since, until, of=of)
    weeks = list(liquidity.weeks(facts, variety.code, since, until))
    if not weeks:
        wanted = "securities, ON RRP and TGA"
        raise InputError(
            f"{since} … {until}: no week with {wanted}; take in H.4.1 and FRED files with: ribao ingest PATH"
        )
    first, last = weeks[0].since, weeks[-1].until
    lacking = [one for one in weeks if one.other is None]
    turn = lacking[0].since if lacking else last
    cuts = dict.fromkeys([(first, turn), (turn, last), (first, last)])
    spans = [liquidity.stretch(facts, variety.code, *cut) for cut in cuts if cut[0] < cut[1]]
    whole = [one for one in spans if one is not None]
    by_week = _stretches(f"逐周（{unit}）", weeks, told)
    return [by_week, _with_share(_stretches(f"合计（{unit}）", whole, told), whole)], _unknown(lacking)


def _unknown(lacking: Sequence[Stretch]) -> tuple[Finding, ...]:
    """What the files of these weeks do not tell, as a note."""
    if not lacking:
        return ()
    averages = sum(one.reserves is not None and one.reserves.basis == AVERAGE for one in lacking)
    without = sum(one.reserves is None for one in lacking)
    told = ["all else is not known and stands in the residual"]
    told += [f"in {averages} of them reserves are weekly averages"] if averages else []
    told += [f"in {without} reserves are not known and stand there too"] if without else []
    message = f"{len(lacking)} weeks: {'; '.join(told)}; an H.4.1 file of these days would tell more"
    return (Finding("D214", Severity.NOTE, f"{lacking[0].since} … {lacking[-1].until}", message),)


def _unit(house: House, unit: str) -> _Unit:
    factor = house.catalog.factor(HOME_UNIT, unit)
    if factor is None:
        raise UsageError(f"--unit {unit}: known are 亿美元, 十亿美元, 万亿美元, 百万美元")
    return _Unit(unit, factor)


def _panelled(house: House) -> Variety:
    """The variety whose view has the panel, and so the Fed's series."""
    for variety in house.catalog.views:
        if variety.view and variety.view.liquidity:
            return variety
    raise CatalogError("data/varieties: no variety has a [view.liquidity]; give it to the one of the Fed's series")


def _stock(house: House, plan: Scenario, entry: StockEntry) -> tuple[Decimal, str]:
    """The amount of an opening stock, and where it comes from. Raises InputError where history has none."""
    if entry.amount is not None:
        return entry.amount, "情景文件所填"
    variety = _panelled(house)
    wanted = [house.catalog.series(variety, name) for name in entry.series]
    for series in wanted:
        if series.measure not in house.catalog.measures:
            raise CatalogError(
                f"{plan.title} › stock {entry.claim}: {series.measure} is no measure of data/measures.toml"
            )
        of = ({series.variety}, {series.measure})
        run = house.history.facts(plan.start - REACH, plan.start, of=of).run(series, plan.start, 1)
        if run and run[0].value is not None:
            return run[0].value, f"{run[0].session} {run[0].source}"
    named = "、".join(map(str, wanted))
    raise InputError(f"{named}: no number of {plan.start} or the ten days before; take it in with: ribao ingest PATH")


def _months(here: System, path: Path, told: _Unit) -> Table:
    headings = ("月份", "国债缩减", "续作", "MBS 缩减", *(one.number for one in here.channels), *STOCKS, "基金资产")
    rows = [("起点", *[""] * (3 + len(here.channels)), *_stocks(here, path.opening, told))]
    for one in path.months:
        flows = (one.runoff, one.rolled, one.mbs_runoff, *(one.of(channel.key) for channel in here.channels))
        rows.append((f"{one.month:%Y-%m}", *map(told.told, flows), *_stocks(here, one.books, told)))
    return Table(f"{path.plan.title}（{told.name}）", headings, tuple(rows), frozenset(headings[1:]))


def _stocks(here: System, books: Books, told: _Unit) -> tuple[str, ...]:
    return (*(told.told(here.stock(books, key)) for key in STOCKS.values()), told.told(here.fund_assets(books)))


def _accounts(title: str, accounts: Iterable[TAccount], told: _Unit) -> Table:
    rows = []
    for one in accounts:
        lines = list(zip_longest(one.assets, one.liabilities)) or [(None, None)]
        for at, pair in enumerate(lines):
            cells = [cell for side in pair for cell in ((side[0], told.told(side[1], True)) if side else ("", ""))]
            worth = told.told(one.net_worth, True) if one.net_worth and not at else ""
            rows.append(("" if at else one.sector, *cells, worth))
    return Table(title, SIDES, tuple(rows), frozenset({"资产变动", "负债变动", "净值变动"}))


def _sensitivity(here: System, path: Path) -> Table:
    found = sensitivity(here, path.plan, path.opening, STEPS, STEPS, PART)
    headings = ("短债比重", *(f"粘性 {one:.0%}" for one in STEPS))
    rows = tuple(
        (f"{share:.0%}", *(f"{'' if reached else '>'}{count}" for reached, count in row))
        for share, row in zip(STEPS, found, strict=True)
    )
    return Table(f"准备金较起点减少 {PART:.0%} 所需月数", headings, rows, frozenset(headings))


def _stretches(title: str, stretches: Sequence[Stretch], told: _Unit) -> Table:
    headings = ("起", "止", "证券", "准备金", "口径", "ON RRP", "TGA", "其余", "残差")
    rows = []
    for one in stretches:
        changes = [told.told(_value(fact), True) for fact in (one.on_rrp, one.tga, one.other, one.residual)]
        reserves = (told.told(_value(one.reserves), True), _basis(one))
        rows.append((str(one.since), str(one.until), told.told(one.securities.value, True), *reserves, *changes))
    return Table(title, headings, tuple(rows), frozenset(headings) - {"起", "止", "口径"})


def _with_share(table: Table, stretches: Sequence[Stretch]) -> Table:
    """The table with the part of the runoff that came out of ON RRP; of single weeks it says nothing."""
    shares = [one.share.value if one.share else None for one in stretches]
    told = ["—" if share is None else f"{share * 100:.1f}" for share in shares]
    rows = tuple((*row, share) for row, share in zip(table.rows, told, strict=True))
    heading = "ON RRP 承接/%"
    return replace(table, headings=(*table.headings, heading), rows=rows, numbers=table.numbers | {heading})


def _basis(one: Stretch) -> str:
    return "—" if one.reserves is None else one.reserves.basis or "周三"


def _value(fact: Fact | None) -> Decimal | None:
    return fact.value if fact else None
