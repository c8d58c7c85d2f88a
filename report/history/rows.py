"""Rows of the database as the house's facts, and moments as the database keeps them: UTC, without saying so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar

import sqlalchemy as sa

from report.facts import Fact
from report.history import tables
from report.history.statements import FileRead
from report.history.tables import KEY

Given = TypeVar("Given")
Found = TypeVar("Found")
TOLD = [tables.facts.c[name] for name in (*KEY, "value", "unit", "source", "known_at")]


def raw(columns: Sequence[sa.Column[Any]]) -> list[Any]:
    """The columns, dates and moments as the driver gives them: a text from SQLite, itself from PostgreSQL."""
    timed = (sa.Date, sa.DateTime)
    return [
        sa.type_coerce(column, sa.String).label(column.name) if isinstance(column.type, timed) else column
        for column in columns
    ]


def as_facts(rows: Iterable[Sequence[Any]]) -> Iterator[Fact]:
    """The facts of rows that begin with the columns TOLD, plain or raw. Each day and moment is made only once."""
    day, moment = _once(_day), _once(_moment)
    for variety, measure, basis, contract, session, value, unit, source, known_at, *_ in rows:
        yield Fact(variety, measure, day(session), Decimal(value), unit, basis, contract, moment(known_at), source)


def _once(make: Callable[[Given], Found]) -> Callable[[Given], Found]:
    made: dict[Given, Found] = {}

    def found(given: Given) -> Found:
        if given not in made:
            made[given] = make(given)
        return made[given]

    return found


def _day(given: str | date) -> date:
    return date.fromisoformat(given) if isinstance(given, str) else given


def _moment(given: str | datetime) -> datetime:
    return aware(datetime.fromisoformat(given) if isinstance(given, str) else given)


def as_file(name: str | None, sha256: str, layout: str, read_at: datetime, published: bool) -> FileRead | None:
    """The file of a row of `reads`, or None."""
    return None if name is None else FileRead(name, sha256, layout, aware(read_at), published)


def naive(moment: datetime) -> datetime:
    """The moment as the database keeps it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """A moment of the database, in UTC."""
    return moment.replace(tzinfo=UTC)
