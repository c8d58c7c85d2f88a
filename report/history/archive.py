"""`History`: keep facts and views, and ask for them as they are known now or were known then."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime
from itertools import groupby
from pathlib import Path

import sqlalchemy as sa

from report.database import Database, Schema
from report.facts import OF_CONTRACT, Fact, Facts, View
from report.history import storing, tables, views
from report.history.migrations import SCHEMA as VERSION
from report.history.migrations import migrate
from report.history.rows import TOLD, as_facts, as_file, naive, raw
from report.history.statements import FileRead, Kept, Told, counted
from report.history.storing import Key

SCHEMA = Schema(tables.metadata, tables.about, VERSION, migrate)
_facts, _reads = tables.facts.c, tables.reads.c


class History:
    """The database of facts and views. `History(place)` opens it and makes its tables where there are none."""

    def __init__(self, place: str | Path) -> None:
        """place: a database URL, or the path of a SQLite file.

        Raises HistoryError when the database cannot be opened or is of another program or version.
        """
        self._database = Database(place, SCHEMA)

    def keep(
        self, facts: Iterable[Fact], views_: Iterable[View], known_at: datetime, file: FileRead | None = None
    ) -> Kept:
        """Store facts and views in one transaction; what is known already with the same value adds nothing.

        known_at: when this happens; a fact's own known_at goes before it, save that a number told otherwise than before
        is known from now on. file: where the facts come from; its bytes are remembered, and add nothing a second time.
        Facts whose value is missing and derived facts are not kept. Raises HistoryError, and nothing is stored.
        """
        given = storing.given(facts)
        with self._database.writing() as connection:
            step = storing.begun(connection, known_at, file)
            fresh, known = storing.judged(connection, given, step)
            storing.store(connection, fresh, known, step)
            views.keep(connection, list(views_), known_at)
        return counted(len(given), [(fact, known.get(fact.key, ())) for fact in fresh])

    def weigh(self, facts: Iterable[Fact], known_at: datetime, file: FileRead | None = None) -> Kept:
        """What `keep` would bring; nothing is stored."""
        given = storing.given(facts)
        with self._database.reading() as connection:
            fresh, known = storing.judged(connection, given, storing.begun(connection, known_at, file))
        return counted(len(given), [(fact, known.get(fact.key, ())) for fact in fresh])

    def facts(
        self,
        since: date,
        until: date,
        as_of: datetime | None = None,
        *,
        of: tuple[Collection[str], Collection[str]] | None = None,
        contracts: bool = True,
        without: date | None = None,
    ) -> Facts:
        """The facts that hold for the sessions from since to until, both included; as_of looks back.

        of: only these varieties and only these measures. contracts: those of single contracts (合约) too. without: a
        report's date; what its own workbooks and those of later reports told is left aside.
        """
        query = sa.select(*raw(TOLD)).where(_facts.session.between(since, until))
        if of is not None:
            query = query.where(_facts.variety.in_(sorted(of[0])))
            query = query.where(_facts.measure.in_(sorted(of[1])))
        if as_of is not None:
            query = query.where(_facts.known_at <= naive(as_of))
        if not contracts:
            query = query.where(_facts.basis != OF_CONTRACT)
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_facts.lane, _facts.known_at, _facts.revision)).all()
        if without is not None:
            source = [column.name for column in TOLD].index("source")
            rows = [row for row in rows if not _typed_since(row[source], without)]
        return Facts(as_facts(rows))

    def told(
        self,
        variety: str,
        measure: str,
        since: date = date.min,
        until: date = date.max,
        as_of: datetime | None = None,
    ) -> list[Told]:
        """Every statement of a variety's measure, by basis, contract and session, the one that holds last."""
        query = sa.select(
            *TOLD, _facts.revision, _reads.name, _reads.sha256, _reads.layout, _reads.read_at, _reads.published
        )
        query = query.select_from(tables.facts.outerjoin(tables.reads))
        query = query.where(_facts.variety == variety, _facts.measure == measure, _facts.session.between(since, until))
        if as_of is not None:
            query = query.where(_facts.known_at <= naive(as_of))
        series = (_facts.basis, _facts.contract, _facts.session)
        query = query.order_by(*series, _facts.lane, _facts.known_at, _facts.revision)
        with self._database.reading() as connection:
            rows = connection.execute(query).all()
        at = len(TOLD)
        files = (as_file(*row[at + 1 :]) for row in rows)
        told = [Told(fact, row[at], file) for fact, row, file in zip(as_facts(rows), rows, files, strict=True)]
        return [one for _, group in groupby(told, lambda one: one.fact.key) for one in _weighed(list(group))]

    def disputed(
        self, since: date, until: date, of: tuple[Collection[str], Collection[str]], as_of: datetime | None = None
    ) -> list[tuple[Fact, Fact]]:
        """What files of two layouts tell differently of one number of those sessions: the one that holds, the other.

        of: only these varieties and only these measures.
        Of each layout its newest statement counts: a later file of the same layout is a correction.
        """
        query = sa.select(*TOLD, _reads.layout).select_from(tables.facts.join(tables.reads))
        query = query.where(_facts.session.between(since, until))
        query = query.where(_facts.variety.in_(sorted(of[0])), _facts.measure.in_(sorted(of[1])))
        if as_of is not None:
            query = query.where(_facts.known_at <= naive(as_of))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(_facts.lane, _facts.known_at, _facts.revision)).all()
        told: dict[Key, dict[str, Fact]] = {}
        for fact, row in zip(as_facts(rows), rows, strict=True):
            layouts = told.setdefault(fact.key, {})
            layouts.pop(row[-1], None)  # so that the newest statement of all stands last
            layouts[row[-1]] = fact
        pairs = ((list(layouts.values())[-1], other) for layouts in told.values() for other in layouts.values())
        return [(holds, other) for holds, other in pairs if other.value != holds.value]

    def last_views(self, before: date, as_of: datetime | None = None) -> dict[str, View]:
        """The views of the last report before that date, by variety code; empty where there was none."""
        with self._database.reading() as connection:
            return views.last(connection, before, as_of)

    def report_dates(self) -> list[date]:
        """The dates of all reports whose views are kept, oldest first."""
        query = sa.select(tables.views.c.report_date).distinct().order_by(tables.views.c.report_date)
        with self._database.reading() as connection:
            return list(connection.execute(query).scalars())

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()


def _weighed(told: list[Told]) -> list[Told]:
    """Statements of one number, the one that holds last, each with what it is beside the others."""
    last = told[-1]
    return [
        replace(one, holds=one is last, agrees=one.fact.value == last.fact.value, alone=len(told) == 1) for one in told
    ]


def _typed_since(source: str, report_date: date) -> bool:
    """Whether a source is a desk workbook of that report or a later one: '2024-03-29/日报底稿.xlsx › …'."""
    told, slash, _ = source.partition("/")
    return bool(slash) and len(told) == 10 and told >= report_date.isoformat() and told[:4].isdigit()
