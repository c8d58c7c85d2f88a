"""Older schemas of the history database, brought to the one of today step by step.

`tables` describes the schema after the last of STEPS. Whoever changes `tables` adds the step that brings a database of
the schema before to the new one; tests/test_history_migrations.py holds a database that was brought along against a new
one. A step says in words of its own what it does and never asks `tables`, which moves on; it loses no row. A step that
only adds tables is `create_all` of a MetaData of its own.
"""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa

_STATEMENTS = """
    insert into facts (variety, measure, session, basis, contract, revision, value, unit, source, known_at, lane)
    select variety, measure, session, basis, contract,
        row_number() over (partition by variety, measure, session, basis, contract order by known_at, id) - 1,
        value, unit, source, known_at, case when source like '____-__-__/%' then 0 else 1 end
    from earlier_facts
"""
_PASSAGES = """
    insert into views (report_date, variety, field, text, source, known_at)
    select report_date, variety, field, text, source, known_at from earlier_views order by id
"""


def migrate(connection: sa.Connection, found: int) -> None:
    """Bring a database of the schema found to today's, within the caller's transaction."""
    for step in STEPS[found - 1 :]:
        step(connection)


def _second(connection: sa.Connection) -> None:
    """Statements get an ordinal and a lane, and files a table of their own.

    Schema 1 told typed numbers by the report's date before their source, and kept nothing but those and what tables
    passed on.
    """
    for name in ("facts", "views"):
        connection.execute(sa.text(f"create temporary table earlier_{name} as select * from {name}"))
        connection.execute(sa.text(f"drop table {name}"))
    _schema_2().create_all(connection)
    for copied in (_STATEMENTS, _PASSAGES):
        connection.execute(sa.text(copied))
    for name in ("facts", "views"):
        connection.execute(sa.text(f"drop table earlier_{name}"))


def _schema_2() -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(
        "reads",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("name", "sha256", "layout")),
        sa.Column("read_at", sa.DateTime, nullable=False),
        sa.Column("published", sa.Boolean, nullable=False, comment="the publisher's own file"),
        sa.UniqueConstraint("sha256", "layout", name="reads_once"),
        comment="Every file whose facts were kept, once: its name, bytes and layout.",
    )
    sa.Table(
        "facts",
        metadata,
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("variety", "measure")),
        sa.Column("session", sa.Date, primary_key=True),
        *(sa.Column(name, sa.Text, primary_key=True) for name in ("basis", "contract")),
        sa.Column("revision", sa.Integer, primary_key=True, autoincrement=False, comment="0 for the first statement"),
        sa.Column("value", sa.Text, nullable=False, comment="decimal, exactly as told"),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("unit", "source")),
        sa.Column("known_at", sa.DateTime, nullable=False, comment="UTC"),
        sa.Column("lane", sa.SmallInteger, nullable=False, comment="who tells it: statements.Lane"),
        sa.Column("read", sa.Integer, sa.ForeignKey("reads.id"), nullable=True),
        sqlite_with_rowid=False,
    )
    sa.Table(
        "views",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("report_date", sa.Date, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("variety", "field", "text", "source")),
        sa.Column("known_at", sa.DateTime, nullable=False),
        sa.Index("views_by_date", "report_date", "variety"),
    )
    return metadata


STEPS: tuple[Callable[[sa.Connection], None], ...] = (_second,)
SCHEMA = 1 + len(STEPS)
