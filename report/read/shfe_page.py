"""SHFE's receipts as a web page: under each header a banner with a product and its unit, then its lines.

The headers' words vary (仓库, 厂库, 交割仓库; 期货, 本日数量), regions span rows, totals span columns.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from report.catalog import Catalog
from report.errors import InputError
from report.facts import Finding
from report.read import markup, receipts, written
from report.read.incoming import Incoming
from report.read.markup import Rows
from report.read.receipts import Holding, Layout, Level

REGION, FACTORY = "地区", "厂库"
_KEEPERS = ("仓库", "厂库", "交割仓库", "交割厂库", "指定交割仓库")
_BANNER = re.compile(r"单位\s*[:：]\s*(\S+)")


def lists(file: Incoming, layout: Layout) -> list[tuple[int, Rows]]:
    """The tables with a header of receipts, each with its number on the page. Raises InputError for absurd ones."""
    try:
        tables = markup.tables(file.text)
    except markup.Broken as error:
        raise InputError(f"{file.name}: {error}; download the page again") from error
    numbered = list(enumerate(tables, start=1))
    return [(number, rows) for number, rows in numbered if any(_is_head(row, layout) for row in rows)]


def read(file: Incoming, layout: Layout, catalog: Catalog, found: list[Finding]) -> tuple[list[date], list[Holding]]:
    """The days the page names before its lists, and the lines of the lists. Raises InputError where it has none."""
    tables = lists(file, layout)
    if not tables:
        said = "a web page without a list of receipts, such as the exchange's firewall answers with"
        raise InputError(f"{file.name}: {said}; download it again in a browser, and look at it before you save it")
    holdings = []
    for number, rows in tables:
        holdings += _table(f"{file.name} › table {number}", rows, layout, catalog, found)
    head = " ".join(cell for rows in markup.tables(file.text)[: tables[0][0]] for row in rows for cell in row)
    return written.days(head)[:1], holdings


def _is_head(row: Sequence[str], layout: Layout) -> bool:
    return any(cell in _KEEPERS for cell in row) and any(layout.columns.get(cell) == "today" for cell in row)


def _table(where: str, rows: Rows, layout: Layout, catalog: Catalog, found: list[Finding]) -> list[Holding]:
    holdings: list[Holding] = []
    heads: list[str] = []
    product, unit = "", ""
    for number, row in enumerate(rows, start=1):
        if _is_head(row, layout):
            heads, product = row, ""
            for cell in dict.fromkeys(row):
                if cell not in (*_KEEPERS, REGION, "", *layout.columns, *layout.ignored):
                    found.append(receipts.unknown(f"{where} › row {number} › {cell}", cell, layout))
        elif banner := next((said for cell in row if (said := _BANNER.fullmatch(cell))), None):
            product, unit = next((cell for cell in row if cell and not _BANNER.fullmatch(cell)), ""), banner[1]
        elif heads and product:
            holdings.append(_line(f"{where} › row {number}", row, heads, (product, unit), layout, catalog, found))
    return holdings


def _line(
    where: str,
    row: Sequence[str],
    heads: Sequence[str],
    banner: tuple[str, str],
    layout: Layout,
    catalog: Catalog,
    found: list[Finding],
) -> Holding:
    cells = dict(zip(heads, row, strict=False))
    keeper = next(head for head in heads if head in _KEEPERS)
    label = cells.get(keeper, "")
    values = receipts.values(cells, where, layout, catalog, found)
    product, factory = receipts.parted(banner[0])
    level: Level = "warehouse"
    if label.endswith((receipts.TOTAL, receipts.REGIONAL)):
        level = "total" if label.endswith(receipts.TOTAL) else "region"
    part = level == "total" and label != receipts.TOTAL
    region = cells.get(REGION, "")
    return Holding(product, "", factory or FACTORY in keeper, level, region, values, where, banner[1], part)
