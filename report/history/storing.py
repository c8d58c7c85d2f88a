"""Facts into the database: what is known of them, what of them is new, and the rows that say so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import sqlalchemy as sa

from report.facts import Fact
from report.history import tables
from report.history.rows import TOLD, aware, naive
from report.history.statements import FileRead, Statement, Step, told_at
from report.history.tables import KEY

AT_ONCE = 20_000
Key = tuple[str, str, str, str, date]
Known = dict[Key, list[Statement]]
_facts, _reads = tables.facts.c, tables.reads.c


def given(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that can be kept: with a value, not derived; the last one of each key."""
    return list({fact.key: fact for fact in facts if fact.value is not None and not fact.inputs}.values())


def begun(connection: sa.Connection, now: datetime, file: FileRead | None) -> Step:
    """The keeping that begins now."""
    return Step(now, file, _read(connection, file) is not None)


def judged(connection: sa.Connection, facts: Sequence[Fact], step: Step) -> tuple[list[Fact], Known]:
    """The facts that tell something new, each with the moment it counts as known from; and what was known of all."""
    known = _known(connection, facts)
    told = ((fact, told_at(fact, known.get(fact.key, ()), step)) for fact in facts)
    fresh = [fact if moment == fact.known_at else replace(fact, known_at=moment) for fact, moment in told if moment]
    return fresh, known


def _known(connection: sa.Connection, facts: Sequence[Fact]) -> Known:
    known: Known = {}
    if not facts:
        return known
    keys, days = {fact.key for fact in facts}, [fact.session for fact in facts]
    query = sa.select(*TOLD, _facts.revision, _facts.lane, _reads.layout)
    query = query.select_from(tables.facts.outerjoin(tables.reads)).where(
        _facts.session.between(min(days), max(days)),
        _facts.variety.in_(sorted({fact.variety for fact in facts})),
        _facts.measure.in_(sorted({fact.measure for fact in facts})),
    )
    for variety, measure, basis, contract, session, value, unit, source, known_at, *rest in connection.execute(query):
        key = (variety, measure, basis, contract, session)
        if key in keys:
            revision, lane, layout = rest
            said = Statement(Decimal(value), unit, source, aware(known_at), revision, lane, layout or "")
            known.setdefault(key, []).append(said)
    return known


def _read(connection: sa.Connection, file: FileRead | None) -> int | None:
    """The number under which these bytes were read in this layout before, or None."""
    if file is None:
        return None
    query = sa.select(_reads.id).where(_reads.sha256 == file.sha256, _reads.layout == file.layout)
    return connection.execute(query).scalar()


def _remembered(connection: sa.Connection, step: Step) -> int | None:
    """The number of the file's read, which is written down the first time; None without a file."""
    file = step.file
    if file is None or step.again:
        return _read(connection, file)
    told = {"name": file.name, "sha256": file.sha256, "layout": file.layout}
    done = connection.execute(tables.reads.insert().values(**told, published=file.published, read_at=naive(step.now)))
    key = done.inserted_primary_key
    return None if key is None else int(key[0])


def store(
    connection: sa.Connection, fresh: Sequence[Fact], known: Mapping[Key, Sequence[Statement]], step: Step
) -> None:
    """Write the file down, and the facts beside what is known of them."""
    shared = {"read": _remembered(connection, step)}
    for at in range(0, len(fresh), AT_ONCE):
        some = fresh[at : at + AT_ONCE]
        rows = [_row(fact, len(known.get(fact.key, ())), step.lane(fact)) | shared for fact in some]
        connection.execute(tables.facts.insert(), rows)


def _row(fact: Fact, revision: int, lane: int) -> dict[str, object]:
    assert fact.value is not None, fact
    assert fact.known_at is not None, fact
    row: dict[str, object] = {name: getattr(fact, name) for name in (*KEY, "unit", "source")}
    value, known_at = format(fact.value, "f"), naive(fact.known_at)
    return row | {"value": value, "known_at": known_at, "revision": revision, "lane": int(lane)}
