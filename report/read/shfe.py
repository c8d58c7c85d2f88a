"""SHFE's day quotes, `kxYYYYMMDD.dat`: JSON, with INE's products inside, padded with spaces in its older years.

A row is a contract (PRODUCTID cu_f, DELIVERYMONTH 2610), a product's 小计, or ignored by name: 总计, efp, tas.
A contract nobody traded keeps its CLOSEPRICE and has '' for the prices of the day.
"""

from __future__ import annotations

import re

from report.catalog import Catalog
from report.facts import Finding
from report.read import Reading, codes, joined, quotes, written
from report.read.incoming import Incoming
from report.read.quotes import Layout, Line
from report.sessions import Calendars

__all__ = ("Layout", "lacks", "read")
ROWS, PRODUCT, NAME, MONTH, DAY = "o_curinstrument", "PRODUCTID", "PRODUCTNAME", "DELIVERYMONTH", "report_date"
_TOTAL = "小计"
_FUTURES = re.compile("([a-z]+)_f")


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no day quotes of SHFE; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    rows = written.rows(file, ROWS)
    return rows if isinstance(rows, str) else layout.lacks(rows[0])


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """The day's quotes. Raises InputError for a file without rows or without its day."""
    rows = written.listed(file, ROWS)
    session, findings = written.session(file, written.days(written.word(file.json.get(DAY))))
    lines, strange = [], list[Finding]()
    for number, row in enumerate(rows, start=1):
        where = f"{file.name} › row {number}"
        product, month = written.word(row.get(PRODUCT)), written.word(row.get(MONTH))
        futures = _FUTURES.fullmatch(product.lower())
        cells = {key: value for key, value in row.items() if key not in (PRODUCT, NAME, MONTH)}
        if layout.leaves(product, month):
            continue
        if futures and (month == _TOTAL or re.fullmatch("[0-9]{2}(0[1-9]|1[0-2])", month)):
            contract = "" if month == _TOTAL else f"{futures[1]}{month}".upper()
            lines.append(Line(futures[1], written.word(row.get(NAME)), contract, where, cells))
        else:
            message = f"neither a contract nor a 小计: {PRODUCT} '{product}', {MONTH} '{month}'; not read"
            strange.append(codes.LEFT_ASIDE.at(where, message))
    reading = quotes.read(lines, session, file.name, layout, catalog, calendars)
    return joined([Reading(findings=(*findings, *file.findings, *strange)), reading], file.name)
