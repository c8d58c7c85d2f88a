"""Facts and views kept between days, every revision kept.

A database by SQLAlchemy Core: a SQLite file in the workspace by default, any other by URL. Nothing is updated or
deleted: a number that changed is a new row with a later known_at, so what was known on a morning can be asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from report.errors import HistoryError
from report.facts import Fact, Facts, Passage, View

SCHEMA = 1
_metadata = sa.MetaData()
_facts = sa.Table(
    "facts",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("variety", sa.String(16), nullable=False),
    sa.Column("measure", sa.String(64), nullable=False),
    sa.Column("basis", sa.String(16), nullable=False),
    sa.Column("contract", sa.String(16), nullable=False),
    sa.Column("session", sa.Date, nullable=False),
    sa.Column("value", sa.String(40), nullable=False),
    sa.Column("unit", sa.String(16), nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("known_at", sa.DateTime, nullable=False),
    sa.Index("facts_by_session", "session", "variety", "measure"),
)
_views = sa.Table(
    "views",
    _metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("report_date", sa.Date, nullable=False),
    sa.Column("variety", sa.String(16), nullable=False),
    sa.Column("field", sa.String(16), nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("known_at", sa.DateTime, nullable=False),
    sa.Index("views_by_date", "report_date", "variety"),
)
_about = sa.Table("about", _metadata, sa.Column("schema", sa.Integer, nullable=False))
_KEY = ("variety", "measure", "basis", "contract", "session")
_FIELDS = ("headline", "recap", "outlook", "recommendation", "analyst")


@dataclass(frozen=True, slots=True)
class Kept:
    """How many facts a transaction brought: new, the same as known, revised."""

    new: int = 0
    same: int = 0
    revised: int = 0


class History:
    """The database of facts and views. `History(url)` opens it and makes its tables where there are none."""

    def __init__(self, url: str) -> None:
        """Raises HistoryError when the database cannot be opened or is of another program or version."""
        try:
            self._engine = sa.create_engine(url)
            self._prepare()
        except sa.exc.SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise HistoryError(f"{url}: cannot be used as the history database: {reason}") from error

    def _prepare(self) -> None:
        with self._engine.begin() as connection:
            names = set(sa.inspect(connection).get_table_names())
            if names and "about" not in names:
                raise HistoryError(f"{self._engine.url}: holds tables of another program; name another database")
            if not names:
                _metadata.create_all(connection)
                connection.execute(_about.insert().values(schema=SCHEMA))
            found = connection.execute(sa.select(_about.c.schema)).scalar_one()
            if found != SCHEMA:
                raise HistoryError(f"{self._engine.url}: schema {found}, this version reads {SCHEMA}")

    @contextmanager
    def _transaction(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.begin() as connection:
                yield connection
        except sa.exc.SQLAlchemyError as error:
            reason = str(getattr(error, "orig", None) or error).splitlines()[0]
            raise HistoryError(f"{self._engine.url}: {reason}; nothing of this step was stored") from error

    def keep(self, facts: Iterable[Fact], views: Iterable[View], known_at: datetime) -> Kept:
        """Store facts and views in one transaction; what is known already with the same value adds nothing.

        Facts whose value is missing and derived facts are not kept. A fact's own known_at goes before the argument.
        """
        given = list({fact.key: fact for fact in facts if fact.value is not None and not fact.inputs}.values())
        with self._transaction() as connection:
            known = self._known(connection, given)
            fresh = [fact for fact in given if _told(fact) != known.get(fact.key)]
            if fresh:
                connection.execute(_facts.insert(), [_fact_row(fact, known_at) for fact in fresh])
            self._keep_views(connection, list(views), known_at)
        revised = sum(fact.key in known for fact in fresh)
        return Kept(len(fresh) - revised, len(given) - len(fresh), revised)

    def _known(self, connection: sa.Connection, given: Sequence[Fact]) -> dict[tuple[object, ...], tuple[str, str]]:
        if not given:
            return {}
        days = [fact.session for fact in given]
        columns = [_facts.c[name] for name in (*_KEY, "value", "unit")]
        query = sa.select(*columns).where(_facts.c.session.between(min(days), max(days)))
        rows = connection.execute(query.order_by(_facts.c.known_at, _facts.c.id))
        return {tuple(row[:5]): (row[5], row[6]) for row in rows}

    def _keep_views(self, connection: sa.Connection, views: Sequence[View], known_at: datetime) -> None:
        known: dict[tuple[date, str, str], str] = {}
        for day in {view.report_date for view in views}:
            for row in self._view_rows(connection, day):
                known[row.report_date, row.variety, row.field] = row.text
        rows = [
            {
                "report_date": view.report_date,
                "variety": view.variety,
                "field": name,
                "text": passage.text,
                "source": passage.source,
                "known_at": _naive(known_at),
            }
            for view in views
            for name in _FIELDS
            if (passage := getattr(view, name)) is not None
            and known.get((view.report_date, view.variety, name)) != passage.text
        ]
        if rows:
            connection.execute(_views.insert(), rows)

    def _view_rows(self, connection: sa.Connection, day: date, as_of: datetime | None = None) -> Sequence[sa.Row[Any]]:
        query = sa.select(_views).where(_views.c.report_date == day)
        if as_of is not None:
            query = query.where(_views.c.known_at <= _naive(as_of))
        return connection.execute(query.order_by(_views.c.known_at, _views.c.id)).all()

    def facts(self, since: date, until: date, as_of: datetime | None = None) -> Facts:
        """The newest known facts of the sessions from since to until, both included; as_of looks back."""
        query = sa.select(_facts).where(_facts.c.session.between(since, until))
        if as_of is not None:
            query = query.where(_facts.c.known_at <= _naive(as_of))
        with self._transaction() as connection:
            rows = connection.execute(query.order_by(_facts.c.session, _facts.c.known_at, _facts.c.id)).all()
        return Facts(
            Fact(
                row.variety,
                row.measure,
                row.session,
                Decimal(row.value),
                row.unit,
                row.basis,
                row.contract,
                row.known_at.replace(tzinfo=UTC),
                row.source,
            )
            for row in rows
        )

    def last_views(self, before: date, as_of: datetime | None = None) -> dict[str, View]:
        """The views of the last report before that date, by variety code; empty where there was none."""
        with self._transaction() as connection:
            day = connection.execute(
                sa.select(sa.func.max(_views.c.report_date)).where(_views.c.report_date < before)
            ).scalar()
            rows = self._view_rows(connection, day, as_of) if day else ()
        written: dict[str, dict[str, Passage]] = {}
        for row in rows:
            written.setdefault(row.variety, {})[row.field] = Passage(row.text, row.source)
        return {variety: _view(variety, day, fields) for variety, fields in written.items() if day}

    def report_dates(self) -> list[date]:
        """The dates of all reports whose views are kept, oldest first."""
        with self._transaction() as connection:
            query = sa.select(_views.c.report_date).distinct().order_by(_views.c.report_date)
            return list(connection.execute(query).scalars())

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()


def _view(variety: str, day: date, fields: dict[str, Any]) -> View:
    return replace(View(variety, day), **fields)


def _naive(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _told(fact: Fact) -> tuple[str, str]:
    return (format(fact.value, "f") if fact.value is not None else "", fact.unit)


def _fact_row(fact: Fact, known_at: datetime) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(fact, name) for name in (*_KEY, "unit", "source")}
    value, _ = _told(fact)
    return row | {"value": value, "known_at": _naive(fact.known_at or known_at)}
