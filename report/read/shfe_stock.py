"""SHFE's warehouse receipts: `dailystock.dat` (JSON, until 2025-11-17) and the web page that replaced it.

Warehouses (仓库) and factories (厂库) are separate lists of a product, and stay so. A product has up to three totals:
of bonded goods (保税), of duty-paid goods (完税), and the 总计 of both, which is taken. The exchange's firewall answers
some requests with a page of its own and calls that a success: a page without a list is refused as what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from report.catalog import Catalog
from report.errors import InputError
from report.facts import Finding
from report.read import Reading, codes, joined, receipts, shfe_page, written
from report.read.incoming import Incoming
from report.read.receipts import Holding, Level
from report.sessions import Calendars

ROWS, NAME, CODE, REGION, PLACE = "o_cursor", "VARNAME", "VARID", "REGNAME", "WHABBRNAME"
UNIT, KIND, LEVEL, DAY = "WGHTUNIT", "WHTYPE", "ROWSTATUS", "report_date"
_HEADS = (NAME, CODE, REGION, PLACE, UNIT, KIND, LEVEL)
_LEVELS: Mapping[str, Level] = {"0": "warehouse", "1": "region", "2": "total"}
_FACTORY = "2"


class Layout(receipts.Layout):
    """SHFE's receipts. weights: what the codes of WGHTUNIT mean."""

    weights: Mapping[str, str] = {}


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no receipts of SHFE; '' where it is, or is called so and is a page without any list."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    try:
        if file.kind == "html":
            there = shfe_page.lists(file, layout) or "dailystock" in file.name.casefold()
            return "" if there else "a web page without a list of receipts"
    except InputError as error:
        return str(error)
    rows = written.rows(file, ROWS)
    if isinstance(rows, str):
        return rows
    absent = [key for key in (NAME, PLACE, LEVEL) if key not in rows[0]]
    return f"no column {'、'.join(absent)}" if absent else ""


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """The receipts of the day. Raises InputError for a page without a list, or a file that does not tell its day."""
    found: list[Finding] = []
    if file.kind == "html":
        inside, holdings = shfe_page.read(file, layout, catalog, found)
    else:
        inside = written.days(written.word(file.json.get(DAY)))
        holdings = _records(file, layout, catalog, found)
    session, said = written.session(file, inside)
    reading = receipts.read(holdings, session, file.name, layout, catalog, calendars)
    return joined([Reading(findings=(*said, *found, *file.findings)), reading], file.name)


def _records(file: Incoming, layout: Layout, catalog: Catalog, found: list[Finding]) -> list[Holding]:
    known = {*layout.columns, *layout.ignored, *_HEADS}
    holdings = []
    for number, row in enumerate(written.listed(file, ROWS), start=1):
        where = f"{file.name} › row {number}"
        unknown = [key for key in row if key not in known]
        found += [receipts.unknown(f"{where} › {key}", key, layout) for key in unknown]
        known.update(unknown)
        if (level := _LEVELS.get(written.word(row.get(LEVEL)))) is None:
            message = f"neither a warehouse nor a 合计 nor a 总计: {LEVEL} {row.get(LEVEL)!r}; not read"
            found.append(codes.LEFT_ASIDE.at(where, message))
        else:
            holdings.append(_record(row, where, level, layout, catalog, found))
    return holdings


def _record(
    row: Mapping[str, Any],
    where: str,
    level: Level,
    layout: Layout,
    catalog: Catalog,
    found: list[Finding],
) -> Holding:
    name, region, label = (written.word(row.get(key)).partition("$$")[0] for key in (NAME, REGION, PLACE))
    product, factory = receipts.parted(name)
    factory = factory or written.word(row.get(KIND)) == _FACTORY
    values = receipts.values(row, where, layout, catalog, found)
    unit = layout.weights.get(written.word(row.get(UNIT)), "")
    part = level == "total" and label != receipts.TOTAL
    code = written.word(row.get(CODE)).lower()
    return Holding(product, code, factory, level, region, values, where, unit, part)
