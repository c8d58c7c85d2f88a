"""An exchange's list of warehouse receipts (仓单): what lies in which warehouse, and the total of each product.

What becomes facts: the 总计 of a product's warehouses (warrant_stock) and of its factories (厂库, factory_stock). What
the exchange calls 增减 is never taken, but the file's own numbers must bear it out. What the 总计 goes on from, told as
such or as today's less the 增减, is kept as the session before's on a basis of its own, for the checks.

    exchange = "SHFE"                          whose sessions the file follows, where the variety has none of its own
    unit = "吨"                                what is counted in where the file does not say
    units = { au = "千克" }                    and where not, by the house's code
    lots = { lc = "1 吨" }                     how much one 手 is, for files that count in 手
    products = { "热轧卷板" = "hc" }           the exchange's names that are not the catalogue's
    carried = "次日期初"                       the basis of what a day's list goes on from; '' leaves that out
    [columns]
    "WRTWGHTS" = "today"                       today, before or change
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from pydantic import Field

from report.catalog import Catalog
from report.entries import Variety
from report.facts import Fact, Finding, Series
from report.read import Reading, codes, written
from report.read.layouts import Common
from report.sessions import Calendars

Role = Literal["today", "before", "change"]
Level = Literal["warehouse", "region", "total"]
ROLES: tuple[Role, ...] = ("today", "before", "change")
CHECKED: tuple[Role, ...] = ("today", "change")
TOTAL, REGIONAL = "总计", "合计"
_LOT = re.compile(r"([0-9.]+) (\S+)")
_KEPT_IN = re.compile(r"(.+?)[(（]?(厂库|仓库)[)）]?")
_DOUBT = "the file may be cut short: check it against the exchange's page"


class Layout(Common):
    """The columns of one exchange's receipts."""

    exchange: str
    columns: Mapping[str, Role] = Field(min_length=1)
    unit: str
    units: Mapping[str, str] = {}
    lots: Mapping[str, str] = {}
    products: Mapping[str, str] = {}
    carried: str = ""

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Codes of no variety, and lots that are no amount."""
        for name, code in self.products.items():
            if code not in catalog.varieties:
                yield f"products.{name}: no variety has the code '{code}'"
        for code, lot in self.lots.items():
            if not _LOT.fullmatch(lot):
                yield f"lots.{code}: expected an amount such as '1 吨', found '{lot}'"

    def variety(self, name: str, code: str, catalog: Catalog) -> Variety | None:
        """The variety of a product, by the exchange's code where it has one, else by name."""
        own = self.products.get(name, "")
        return catalog.varieties.get(own or code) or (None if code else catalog.named(name))

    def factor(self, variety: Variety, unit: str, house: str, catalog: Catalog) -> Decimal | None:
        """How many of the house's unit one `unit` of the variety is, or None."""
        factor = catalog.factor(unit, house)
        lot = _LOT.fullmatch(self.lots.get(variety.code, "")) if unit == "手" else None
        if factor is None and lot and (into := catalog.factor(lot[2], house)) is not None:
            return Decimal(lot[1]) * into
        return factor


class Value(NamedTuple):
    """A number and its cell."""

    number: Decimal
    where: str


@dataclass(frozen=True, slots=True)
class Holding:
    """One line: a warehouse, a region's 合计, or a 总计. unit is '' where the line does not say.

    part: a 总计 of bonded or of duty-paid goods only.
    """

    product: str
    code: str
    factory: bool
    level: Level
    region: str
    values: Mapping[Role, Value]
    where: str
    unit: str = ""
    part: bool = False


def parted(name: str) -> tuple[str, bool]:
    """A product's name without the 仓库 or 厂库 some lists put behind it, and whether that was 厂库."""
    found = _KEPT_IN.fullmatch(name)
    return (found[1], found[2] == "厂库") if found else (name, False)


def values(
    cells: Mapping[str, object], where: str, layout: Layout, catalog: Catalog, found: list[Finding]
) -> dict[Role, Value]:
    """The numbers of a line by role; what is wrong with them goes to `found`."""
    taken: dict[Role, Value] = {}
    for heading, role in layout.columns.items():
        value, finding = written.number(cells.get(heading), f"{where} › {heading}", catalog.words.missing)
        found += [finding] if finding else []
        if value is not None:
            taken[role] = Value(value, f"{where} › {heading}")
    return taken


def unknown(place: str, heading: str, layout: Layout) -> Finding:
    """Say that a column is not known to the layout."""
    message = f"the column '{heading}' is neither claimed nor ignored by {layout.home}; not read"
    return codes.UNKNOWN_COLUMN.at(place, message)


@dataclass
class _Day:
    session: date
    file: str
    layout: Layout
    catalog: Catalog
    calendars: Calendars
    facts: list[Fact] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def product(self, name: str, lines: Sequence[Holding]) -> None:
        variety = self.layout.variety(name, lines[0].code, self.catalog)
        if variety is None:
            message = (
                f"no variety is called {name}; its receipts are not read; declare it in data/varieties/ to have them"
            )
            self.findings.append(codes.UNCLAIMED.at(lines[0].where, message))
            return
        self.findings += [one for line in lines if (one := _change(line))]
        total = _total(lines)
        if total is None:
            message = f"no 总计 of {name} among its lines; not read; download the file again"
            self.findings.append(codes.NOT_THE_SUM.at(lines[-1].where, message))
            return
        self.findings += _sums(total, lines)
        self._keep(variety, total)

    def _keep(self, variety: Variety, total: Holding) -> None:
        measure = "factory_stock" if total.factory else "warrant_stock"
        house = self.catalog.unit(Series(variety.code, measure))
        unit = total.unit or self.layout.units.get(variety.code, self.layout.unit)
        factor = self.layout.factor(variety, unit, house, self.catalog)
        exchange = variety.exchange or self.layout.exchange
        known_at = self.layout.published.moment(self.calendars, exchange, self.session)
        if factor is None:
            message = f"{unit} of {variety.name} does not convert into {house}; mend {self.layout.home} › units or lots"
            self.findings.append(codes.NO_CONVERSION.at(total.where, message))
        elif isinstance(known_at, str):
            self.findings.append(codes.NO_SESSION.at(self.file, f"{known_at}; its numbers are left out"))
        elif "today" in total.values:
            told = {"": (self.session, total.values["today"])}
            if self.layout.carried and (before := _before(total)):
                told[self.layout.carried] = (self.calendars.previous(exchange, self.session), before)
            for basis, (day, (number, cell)) in told.items():
                value = number * factor if factor != 1 else number
                self.facts.append(Fact(variety.code, measure, day, value, house, basis, "", known_at, cell))


def read(
    holdings: Sequence[Holding], session: date, file: str, layout: Layout, catalog: Catalog, calendars: Calendars
) -> Reading:
    """The facts of the holdings of one session, and what does not add up."""
    day = _Day(session, file, layout, catalog, calendars)
    products: dict[tuple[str, bool], list[Holding]] = {}
    for one in holdings:
        products.setdefault((one.product, one.factory), []).append(one)
    for (name, _), lines in products.items():
        day.product(name, lines)
    return Reading(tuple(day.facts), (), tuple(dict.fromkeys(day.findings)), file)


def _total(lines: Sequence[Holding]) -> Holding | None:
    """The one line that stands for all of a product: its 总计, or the 合计 of the only region."""
    totals = [line for line in lines if line.level == "total" and not line.part]
    regions = [line for line in lines if line.level == "region"]
    if not totals and len({line.region for line in lines}) == 1:
        totals = regions
    return totals[0] if len(totals) == 1 else None


def _before(total: Holding) -> Value | None:
    """The number the session before ended with, by this list."""
    values = total.values
    if "before" in values or not {"today", "change"} <= values.keys():
        return values.get("before")
    return Value(values["today"].number - values["change"].number, values["change"].where)


def _sums(total: Holding, lines: Sequence[Holding]) -> Iterator[Finding]:
    """Where the warehouses, or bonded and duty-paid goods, do not come to the total."""
    groups = {
        "the warehouses": [line for line in lines if line.level == "warehouse"],
        "bonded and duty-paid goods": [line for line in lines if line.part],
    }
    for role in CHECKED:
        for name, parts in groups.items():
            known = [line.values[role].number for line in parts if role in line.values]
            if not parts or len(known) < len(parts) or role not in total.values:
                continue
            whole, cell = total.values[role]
            if sum(known) != whole:
                message = f"the 总计 is {whole}, {name} come to {sum(known)}; {_DOUBT}"
                yield codes.NOT_THE_SUM.at(cell, message)


def _change(line: Holding) -> Finding | None:
    """Where a line's 增减 is not today's number minus yesterday's."""
    if len(line.values) < 3:
        return None
    today, before, change = (line.values[role].number for role in ROLES)
    if today - before == change:
        return None
    message = f"the exchange's 增减 is {change}, but {today} - {before} = {today - before}; the 增减 is not used"
    return codes.OTHER_CHANGE.at(line.values["change"].where, message)
