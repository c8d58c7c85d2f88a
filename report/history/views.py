"""The analysts' views into the database and out of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from report.facts import Passage, View
from report.history.rows import naive
from report.history.tables import views as table

FIELDS = ("headline", "recap", "outlook", "recommendation", "analyst")
_views = table.c


def keep(connection: sa.Connection, views: Sequence[View], known_at: datetime) -> None:
    """Store every passage that differs from its newest wording."""
    known: dict[tuple[date, str, str], str] = {}
    for day in {view.report_date for view in views}:
        for row in _rows(connection, day):
            known[row.report_date, row.variety, row.field] = row.text
    rows = [
        {
            "report_date": view.report_date,
            "variety": view.variety,
            "field": name,
            "text": passage.text,
            "source": passage.source,
            "known_at": naive(known_at),
        }
        for view in views
        for name in FIELDS
        if (passage := getattr(view, name)) is not None
        and known.get((view.report_date, view.variety, name)) != passage.text
    ]
    if rows:
        connection.execute(table.insert(), rows)


def last(connection: sa.Connection, before: date, as_of: datetime | None) -> dict[str, View]:
    """The views of the last report before that date, by variety code, as they were known then."""
    newest = sa.select(sa.func.max(_views.report_date)).where(_views.report_date < before)
    if as_of is not None:
        newest = newest.where(_views.known_at <= naive(as_of))
    day = connection.execute(newest).scalar()
    written: dict[str, dict[str, Any]] = {}
    for row in _rows(connection, day, as_of) if day else ():
        written.setdefault(row.variety, {})[row.field] = Passage(row.text, row.source)
    return {variety: replace(View(variety, day), **fields) for variety, fields in written.items() if day}


def _rows(connection: sa.Connection, day: date, as_of: datetime | None = None) -> Sequence[sa.Row[Any]]:
    query = sa.select(table).where(_views.report_date == day)
    if as_of is not None:
        query = query.where(_views.known_at <= naive(as_of))
    return connection.execute(query.order_by(_views.known_at, _views.id)).all()
