"""GFEX's day quotes: JSON in which every number is a text, without its day, which the file's name must tell.

A row is a contract (varietyOrder si, delivMonth 2405), a product's 小计, or the 总计, ignored by name.
"""

from __future__ import annotations

from report.catalog import Catalog
from report.read import Reading, named, written
from report.read.incoming import Incoming
from report.read.quotes import Layout
from report.sessions import Calendars

__all__ = ("Layout", "lacks", "read")
ROWS, PRODUCT, MONTH = "data", "varietyOrder", "delivMonth"


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no day quotes of GFEX; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    rows = written.rows(file, ROWS)
    if isinstance(rows, str):
        return rows
    return layout.lacks(rows[0]) if {PRODUCT, MONTH} <= rows[0].keys() else f"no columns {PRODUCT} and {MONTH}"


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """The day's quotes. Raises InputError for a file without rows or without its day."""
    contracts = []
    for row in written.listed(file, ROWS):
        month = written.word(row.get(MONTH))
        contracts.append((row, month and written.word(row.get(PRODUCT)) + month))
    return named.read(file, contracts, (PRODUCT, MONTH), layout, catalog, calendars)
