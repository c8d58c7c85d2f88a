"""A database of an older schema is brought along: every row there, as it was known then, or nothing changed at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from report import pipeline
from report.errors import HistoryError
from report.facts import Fact, Passage, View
from report.history import History, Kept
from report.history.migrations import SCHEMA
from report.workspace import Workspace
from tests.databases import postgres, url

__all__ = ("postgres", "url")
DAY = date(2024, 3, 27)
FIRST, LATER, LAST = (datetime(2024, 3, day, 1) for day in (28, 29, 30))
TYPED = "2024-03-28/日报底稿.xlsx › 收盘 › D5"
OPENS = "import sys; from report.history import History; History(sys.argv[1]).close()"


def schema_1() -> sa.MetaData:
    """The tables as version 0.1's first workspaces have them."""
    metadata = sa.MetaData()
    texts = {"variety": 16, "measure": 64, "basis": 16, "contract": 16}
    sa.Table(
        "facts",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.String(length), nullable=False) for name, length in texts.items()),
        sa.Column("session", sa.Date, nullable=False),
        sa.Column("value", sa.String(40), nullable=False),
        sa.Column("unit", sa.String(16), nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("known_at", sa.DateTime, nullable=False),
        sa.Index("facts_by_session", "session", "variety", "measure"),
    )
    sa.Table(
        "views",
        metadata,
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("report_date", sa.Date, nullable=False),
        *(sa.Column(name, sa.String(16), nullable=False) for name in ("variety", "field")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("text", "source")),
        sa.Column("known_at", sa.DateTime, nullable=False),
        sa.Index("views_by_date", "report_date", "variety"),
    )
    sa.Table("about", metadata, sa.Column("schema", sa.Integer, nullable=False))
    return metadata


@contextmanager
def connected(url: str) -> Iterator[sa.Connection]:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def fact_row(value: str, known_at: datetime, source: str = "库存.xlsx › A › B2", **other: Any) -> dict[str, Any]:
    key = {"variety": "cu", "measure": "lme_stock", "basis": "", "contract": "", "session": DAY}
    return key | {"value": value, "unit": "吨", "source": source, "known_at": known_at} | other


def view_row(text: str, known_at: datetime, field: str = "recap") -> dict[str, Any]:
    said = {"report_date": DAY, "variety": "cu", "field": field, "text": text}
    return said | {"source": "a", "known_at": known_at}


FACTS = (
    fact_row("112500", FIRST),
    fact_row("112475", LATER),
    fact_row("112476", LAST, TYPED),
    fact_row("7.10", FIRST, variety="fx", measure="x" * 64, session=date(2024, 3, 26)),
)
VIEWS = (view_row("涨", FIRST), view_row("跌", LATER), view_row("甲", FIRST, "analyst"))


def made(url: str, facts: Any = FACTS, views: Any = VIEWS) -> None:
    """A database of schema 1 with these rows."""
    metadata = schema_1()
    with connected(url) as connection:
        metadata.create_all(connection)
        for name, rows in (("facts", facts), ("views", views), ("about", [{"schema": 1}])):
            connection.execute(metadata.tables[name].insert(), list(rows))


def test_every_statement_of_an_older_database_is_there_as_it_was_known(url: str) -> None:
    made(url)
    history = History(url)
    told = history.told("cu", "lme_stock")
    assert [(str(one.fact.value), one.revision, one.holds) for one in told] == [
        ("112476", 2, False),
        ("112500", 0, False),
        ("112475", 1, True),
    ]
    assert told[1].fact == Fact(
        "cu", "lme_stock", DAY, Decimal(112500), "吨", "", "", FIRST.replace(tzinfo=UTC), "库存.xlsx › A › B2"
    )
    then = history.told("cu", "lme_stock", as_of=FIRST.replace(tzinfo=UTC))
    assert [str(one.fact.value) for one in then] == ["112500"]
    assert [str(one.fact.value) for one in history.told("fx", "x" * 64)] == ["7.10"]
    passages = {"recap": Passage("跌", "a"), "analyst": Passage("甲", "a")}
    assert history.last_views(date(2024, 3, 28)) == {"cu": View("cu", DAY, **passages)}
    earlier = history.last_views(date(2024, 3, 28), FIRST.replace(tzinfo=UTC))
    assert earlier["cu"].recap == Passage("涨", "a")
    history.close()


def test_a_history_brought_along_goes_on_as_any_other(url: str) -> None:
    made(url)
    history = History(url)
    now = datetime(2024, 4, 1, tzinfo=UTC)
    same = Fact("cu", "lme_stock", DAY, Decimal(112475), "吨", source="b")
    other = Fact("cu", "lme_stock", DAY, Decimal(112400), "吨", source="b")
    assert history.keep([same], [View("cu", DAY, recap=Passage("涨", "b"))], now) == Kept(same=1)
    assert history.keep([other], (), now) == Kept(revised=1)
    assert [one.revision for one in history.told("cu", "lme_stock")] == [2, 0, 1, 3]
    history.close()


def described(url: str) -> dict[str, Any]:
    """All that makes a schema: columns, keys, indexes, comments; of SQLite also each table as it was declared."""
    with connected(url) as connection:
        seen = sa.inspect(connection)
        found: dict[str, Any] = {}
        for name in sorted(seen.get_table_names()):
            columns = [str({key: str(value) for key, value in one.items()}) for one in seen.get_columns(name)]
            keys = (seen.get_pk_constraint(name), seen.get_foreign_keys(name), seen.get_unique_constraints(name))
            found[name] = (columns, keys, seen.get_indexes(name))
        if connection.dialect.name == "sqlite":
            found["sql"] = connection.execute(sa.text("select name, sql from sqlite_master order by name")).all()
        else:
            found["comments"] = [seen.get_table_comment(name) for name in found]
        found["schema"] = connection.execute(sa.text("select schema from about")).all()
    return found


def test_a_database_brought_along_is_what_a_new_one_is(url: str) -> None:
    made(url)
    History(url).close()
    brought = described(url)
    with connected(url) as connection:
        for name in ("facts", "views", "reads", "about"):
            connection.execute(sa.text(f"drop table {name}"))
    History(url).close()
    assert brought == described(url)
    assert brought["schema"] == [(SCHEMA,)]


def test_a_database_that_cannot_be_brought_along_stays_as_it_was(url: str) -> None:
    made(url)
    with connected(url) as connection:
        connection.execute(sa.text("drop table views"))
    with pytest.raises(HistoryError, match=r"cannot be used as the history database: .*views"):
        History(url)
    with connected(url) as connection:
        assert connection.execute(sa.text("select count(*) from facts")).scalar() == len(FACTS)
        assert connection.execute(sa.text("select schema from about")).scalar() == 1


def test_two_who_open_an_older_database_at_once_bring_it_along_once(url: str) -> None:
    made(url)
    surroundings = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    both = [subprocess.Popen([sys.executable, "-c", OPENS, url], env=surroundings) for _ in range(2)]
    assert [one.wait() for one in both] == [0, 0]
    with connected(url) as connection:
        assert connection.execute(sa.text("select count(*) from facts")).scalar() == len(FACTS)


def test_a_copy_of_the_older_file_lies_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    made(f"sqlite:///{file}")
    (tmp_path / "history.sqlite.schema-1.part").write_text("of one that was killed")
    History(file).close()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["history.sqlite", "history.sqlite.schema-1"]
    with connected(f"sqlite:///{file}.schema-1") as connection:
        assert connection.execute(sa.text("select count(*) from facts")).scalar() == len(FACTS)
        assert connection.execute(sa.text("select schema from about")).scalar() == 1


def test_an_older_workspace_gives_the_report_it_gave(workspace: Workspace) -> None:
    now = datetime(2024, 3, 29, tzinfo=UTC)
    house = pipeline.open_house(workspace)
    (before,) = pipeline.build(house, pipeline.SAMPLE, ["text"], now, as_of=now).files
    text = before.read_bytes()
    house.history.close()
    file = workspace.root / "history.sqlite"
    with connected(f"sqlite:///{file}") as connection:
        rows = {
            name: connection.execute(sa.text(f"select * from {name}")).mappings().all() for name in ("facts", "views")
        }
    kinds = {name: {column.name: column.type for column in table.c} for name, table in schema_1().tables.items()}
    readers = {sa.Date: date.fromisoformat, sa.DateTime: datetime.fromisoformat}
    older = {
        name: [
            {at: readers.get(type(kind), lambda told: told)(row[at]) for at, kind in kinds[name].items() if at != "id"}
            for row in rows[name]
        ]
        for name in rows
    }
    file.unlink()
    made(f"sqlite:///{file}", older["facts"], older["views"])
    house = pipeline.open_house(workspace)
    assert pipeline.build(house, pipeline.SAMPLE, ["text"], now, as_of=now).files[0].read_bytes() == text
    house.history.close()
