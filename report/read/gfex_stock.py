"""GFEX's warehouse receipts: JSON, one record a warehouse, a 小计 a product, and the 总计, ignored by name.

Its 增减 has been seen to be wrong, so it is held against its own two days. Receipts are counted in 手.
"""

from __future__ import annotations

from typing import Any

from report.catalog import Catalog
from report.facts import Finding
from report.read import Reading, joined, receipts, written
from report.read.incoming import Incoming
from report.read.receipts import Holding, Layout, Level
from report.sessions import Calendars

__all__ = ("Layout", "lacks", "read")
ROWS, NAME, CODE, PLACE, DAY = "data", "variety", "varietyOrder", "whAbbr", "genDate"
_HEADS = (NAME, CODE, PLACE, DAY)
_TOTAL = "小计"


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no receipts of GFEX; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    rows = written.rows(file, ROWS)
    if isinstance(rows, str):
        return rows
    absent = [key for key in (NAME, CODE, *layout.columns) if key not in rows[0]]
    return f"no column {'、'.join(absent)}" if absent else ""


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """The receipts of the day. Raises InputError for a file without rows or without its day."""
    rows = written.listed(file, ROWS)
    inside = [day for row in rows for day in written.days(written.word(row.get(DAY)))]
    session, findings = written.session(file, inside)
    found = list(findings)
    holdings = []
    known = {*layout.columns, *layout.ignored, *_HEADS}
    for number, row in enumerate(rows, start=1):
        where = f"{file.name} › row {number}"
        unknown = [key for key in row if key not in known]
        found += [receipts.unknown(f"{where} › {key}", key, layout) for key in unknown]
        known.update(unknown)
        name, code = written.word(row.get(NAME)), written.word(row.get(CODE))
        if name not in layout.ignored:
            holdings.append(_holding(row, where, name, code, layout, catalog, found))
    reading = receipts.read(holdings, session, file.name, layout, catalog, calendars)
    return joined([Reading(findings=(*found, *file.findings)), reading], file.name)


def _holding(
    row: dict[str, Any], where: str, name: str, code: str, layout: Layout, catalog: Catalog, found: list[Finding]
) -> Holding:
    values = receipts.values(row, where, layout, catalog, found)
    level: Level = "total" if name.endswith(_TOTAL) else "warehouse"
    return Holding(name.removesuffix(_TOTAL), code.lower(), False, level, "", values, where)
