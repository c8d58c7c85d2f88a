"""What the outbox knows of the archive: the versions whose letters were written, by the digest of their PDF.

An archive that is not mounted, or was moved, looks like one in which nothing was ever laid; the letters know better.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import sqlalchemy as sa

from report.database import Database
from report.deliver.ledger import SCHEMA, letters


def lettered(where: str | Path, report_date: date | None = None) -> dict[tuple[date, int], frozenset[str]]:
    """Day and version -> the PDFs that letters were written of, of one day or of all. Raises HistoryError."""
    query = sa.select(letters.c.report_date, letters.c.version, letters.c.sha256).distinct()
    if report_date is not None:
        query = query.where(letters.c.report_date == report_date)
    database = Database(where, SCHEMA)
    try:
        with database.reading() as connection:
            rows = connection.execute(query.order_by(letters.c.report_date, letters.c.version)).all()
    finally:
        database.close()
    found: dict[tuple[date, int], frozenset[str]] = {}
    for day, version, sha256 in rows:
        found[day, version] = found.get((day, version), frozenset()) | {sha256}
    return found
