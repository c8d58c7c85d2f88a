"""DCE's day quotes: JSON without its day, which the file's name must tell.

Prices are texts and "0" where nothing was traded; the volume is spelt volumn. A row is a contract (contractId i2405), a
product's 小计 (the product's name and no contract), or something ignored by name: 总计, the month averages l2610F.
"""

from __future__ import annotations

from report.catalog import Catalog
from report.read import Reading, named, written
from report.read.incoming import Incoming
from report.read.quotes import Layout
from report.sessions import Calendars

__all__ = ("Layout", "lacks", "read")
ROWS, CONTRACT = "data", "contractId"


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no day quotes of DCE; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    rows = written.rows(file, ROWS)
    if isinstance(rows, str):
        return rows
    return layout.lacks(rows[0]) if CONTRACT in rows[0] else f"no column {CONTRACT}"


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """The day's quotes. Raises InputError for a file without rows or without its day."""
    contracts = [(row, written.word(row.get(CONTRACT))) for row in written.listed(file, ROWS)]
    return named.read(file, contracts, (CONTRACT,), layout, catalog, calendars)
