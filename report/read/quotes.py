"""An exchange's table of the day (行情): one line a contract, whatever the exchange calls its columns.

What becomes facts: the close of every contract (basis 合约); close, settlement, open, high, low, volume and open
interest of the main contract (basis 主力, with its contract), which is the one of the largest open interest; volume and
open interest of all contracts together (basis 全合约), from the exchange's own 小计. A price of 0 is no price.

    exchange = "SHFE"                          whose sessions the file follows, where the variety has none of its own
    unit = "元/吨"                             what prices are told in
    units = { au = "元/克" }                   and where not
    codes = { }                                the exchange's product codes that are not the house's
    before = "PRESETTLEMENTPRICE"              the settlement before, and
    change = "ZD1_CHG"                         what the exchange calls close minus that: checked, never taken
    single_sided = 2020-01-01                  before that day both sides were counted; such counts are left out
    [columns]
    "CLOSEPRICE" = "futures_close"
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from report.catalog import Catalog
from report.entries import Variety
from report.facts import MAIN, OF_CONTRACT, Fact, Finding
from report.read import Reading, codes, written
from report.read.layouts import Common
from report.sessions import Calendars

ALL_CONTRACTS = "全合约"
CLOSE, VOLUME, OPEN_INTEREST = "futures_close", "trading_volume", "open_interest"
PRICES = (CLOSE, "settlement_price", "opening_price", "high_price", "low_price")
COUNTS = (VOLUME, OPEN_INTEREST)
_DOUBT = "the file may be cut short: check it, and the main contract, against the exchange's page"


class Layout(Common):
    """The columns of one exchange's day quotes."""

    exchange: str
    columns: Mapping[str, str] = Field(min_length=1)
    unit: str = "元/吨"
    units: Mapping[str, str] = {}
    codes: Mapping[str, str] = {}
    before: str = ""
    change: str = ""
    single_sided: date = date.min

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Measures this family cannot read, and codes of no variety."""
        for heading, measure in self.columns.items():
            if measure not in (*PRICES, *COUNTS):
                yield f"columns.{heading}: expected one of {', '.join((*PRICES, *COUNTS))}, found '{measure}'"
        for code, own in self.codes.items():
            if own not in catalog.varieties:
                yield f"codes.{code}: no variety has the code '{own}'"

    def lacks(self, headings: Iterable[str]) -> str:
        """Which measures a table with these headings does not tell; '' where it tells all."""
        told = {self.columns[heading] for heading in headings if heading in self.columns}
        absent = [heading for heading, measure in self.columns.items() if measure not in told]
        return f"no column {'、'.join(absent)}" if absent else ""

    def leaves(self, *words: str) -> bool:
        """Whether a row of these words is ignored by name: one of them ends with an entry of [ignored]."""
        return any(one.endswith(ending) for one in words if one for ending in self.ignored)


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the exchange's product code in small letters, its contract in capitals ('' for the 小计), the cells."""

    product: str
    name: str
    contract: str
    where: str
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Quote:
    """The numbers of a line by measure, and the heading of each."""

    line: Line
    values: Mapping[str, Decimal]
    headings: Mapping[str, str]

    def place(self, measure: str) -> str:
        return f"{self.line.where} › {self.headings[measure]}"


@dataclass
class _Day:
    file: str
    session: date
    layout: Layout
    catalog: Catalog
    calendars: Calendars
    facts: list[Fact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read(
    lines: Sequence[Line], session: date, file: str, layout: Layout, catalog: Catalog, calendars: Calendars
) -> Reading:
    """The facts of the lines of one session, and what was left out or does not add up."""
    day = _Day(file, session, layout, catalog, calendars)
    _report_columns(day, lines)
    products: dict[str, list[Line]] = {}
    for line in lines:
        products.setdefault(line.product, []).append(line)
    foreign = []
    for product, own in products.items():
        variety = catalog.varieties.get(layout.codes.get(product, product))
        if variety is None:
            foreign.append(f"{own[0].name.removesuffix('小计')} {product}".strip())
            continue
        known_at = layout.published.moment(calendars, variety.exchange or layout.exchange, session)
        if isinstance(known_at, str):
            day.findings.append(codes.NO_SESSION.at(file, f"{known_at}; its numbers are left out"))
        else:
            _Product(day, variety, known_at).read(own)
    if foreign:
        message = f"products of no variety: {'、'.join(foreign)}; not read; declare one in data/varieties/ to have it"
        day.findings.append(codes.UNCLAIMED.at(file, message))
    return Reading(tuple(day.facts), (), tuple(dict.fromkeys(day.findings)), file)


def _report_columns(day: _Day, lines: Sequence[Line]) -> None:
    known = {*day.layout.columns, *day.layout.ignored, day.layout.before, day.layout.change}
    first: dict[str, Line] = {}
    for line in lines:
        for heading in line.cells:
            first.setdefault(heading, line)
    for heading, line in first.items():
        if heading not in known:
            message = f"the column '{heading}' is neither claimed nor ignored by {day.layout.home}; not read"
            day.findings.append(codes.UNKNOWN_COLUMN.at(f"{line.where} › {heading}", message))


@dataclass(frozen=True, slots=True)
class _Product:
    """One product of the day."""

    day: _Day
    variety: Variety
    known_at: datetime

    def read(self, lines: Sequence[Line]) -> None:
        quotes = [self._quote(line) for line in lines]
        contracts = self._once([quote for quote in quotes if quote.line.contract])
        totals = [quote for quote in quotes if not quote.line.contract]
        for quote in contracts:
            self._keep(quote, (CLOSE,), OF_CONTRACT)
            self._check_change(quote)
        held = [quote for quote in contracts if quote.values.get(OPEN_INTEREST)]
        if held and len(contracts) == len(quotes) - len(totals):  # a contract left out may be the main one
            main = max(held, key=lambda quote: (quote.values[OPEN_INTEREST], quote.values.get(VOLUME, Decimal(0))))
            self._keep(main, (*PRICES, *COUNTS), MAIN)
        for total in totals[:1]:
            self._keep(total, COUNTS, ALL_CONTRACTS)
            self._check_sum(total, contracts)

    def _quote(self, line: Line) -> _Quote:
        values, headings = {}, {}
        for heading, measure in self.day.layout.columns.items():
            if heading in line.cells and measure not in values:
                value, finding = self._number(line, heading)
                self.day.findings += [finding] if finding else []
                if value is not None and (value or measure not in PRICES):
                    values[measure], headings[measure] = value, heading
        return _Quote(line, values, headings)

    def _number(self, line: Line, heading: str) -> written.Taken:
        missing = self.day.catalog.words.missing
        return written.number(line.cells.get(heading), f"{line.where} › {heading}", missing)

    def _once(self, quotes: Sequence[_Quote]) -> list[_Quote]:
        """The quotes whose contract stands only once."""
        found: dict[str, list[_Quote]] = {}
        for quote in quotes:
            found.setdefault(quote.line.contract, []).append(quote)
        for contract, same in found.items():
            if len(same) > 1:
                rows = " and ".join(quote.line.where.rpartition(" › ")[2] for quote in same)
                message = f"{contract} stands in {rows}; none of them is read; download the file again"
                self.day.findings.append(codes.SAME_ROW.at(same[1].line.where, message))
        return [same[0] for same in found.values() if len(same) == 1]

    def _keep(self, quote: _Quote, measures: Iterable[str], basis: str) -> None:
        layout, catalog = self.day.layout, self.day.catalog
        price = catalog.unit(catalog.series(self.variety, CLOSE))
        factor = catalog.factor(layout.units.get(quote.line.product, layout.unit), price)
        for measure in measures:
            if measure not in quote.values:
                continue
            value, unit = quote.values[measure], "手"
            if measure in PRICES:
                if factor is None:
                    message = f"prices of {quote.line.product} do not convert into {price}; mend {layout.home} › units"
                    self.day.findings.append(codes.NO_CONVERSION.at(self.day.file, message))
                    continue
                value, unit = value * factor if factor != 1 else value, price
            elif self._double():
                continue
            told = (value, unit, basis, quote.line.contract, self.known_at, quote.place(measure))
            self.day.facts.append(Fact(self.variety.code, measure, self.day.session, *told))

    def _double(self) -> bool:
        """Whether the counts of the day are of both sides, and so of another kind than today's."""
        since = self.day.layout.single_sided
        if self.day.session < since:
            message = f"before {since} the exchange counted volume and open interest on both sides; not read"
            self.day.findings.append(codes.UNCLAIMED.at(self.day.file, message))
        return self.day.session < since

    def _check_change(self, quote: _Quote) -> None:
        layout = self.day.layout
        if not (layout.before and layout.change) or CLOSE not in quote.values:
            return
        before, _ = self._number(quote.line, layout.before)
        change, _ = self._number(quote.line, layout.change)
        close = quote.values[CLOSE]
        if before and change is not None and abs(close - before - change) > _rounding(change):
            own = f"{close} - {before} = {close - before}"
            message = f"the exchange's change is {change}, but {own}; one of the three is wrong, compare its page"
            self.day.findings.append(codes.OTHER_CHANGE.at(f"{quote.line.where} › {layout.change}", message))

    def _check_sum(self, total: _Quote, contracts: Sequence[_Quote]) -> None:
        for measure in COUNTS:
            parts = sum((quote.values.get(measure, Decimal(0)) for quote in contracts), Decimal(0))
            if measure in total.values and total.values[measure] != parts:
                message = f"the 小计 is {total.values[measure]}, the contracts come to {parts}; {_DOUBT}"
                self.day.findings.append(codes.NOT_THE_SUM.at(total.place(measure), message))


def _rounding(change: Decimal) -> Decimal:
    """What a number is off by at most when it was rounded to its last place."""
    exponent = change.as_tuple().exponent
    return Decimal("0.5").scaleb(exponent if isinstance(exponent, int) else 0)
