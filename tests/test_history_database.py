"""The database itself: whose it is, two writers at once, a writer that is killed."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa

from report import pipeline
from report.database import Database
from report.errors import HistoryError
from report.facts import Fact
from report.history import FileRead, History
from report.history.archive import SCHEMA
from tests.databases import postgres, url

__all__ = ("postgres", "url")
HOME = Path(__file__).parent.parent
NOW = datetime(2024, 3, 28, tzinfo=UTC)
WRITER = """
import sys
from tests.test_history_database import one_file
from report.history import History
history = History(sys.argv[1])
for number in range(*map(int, sys.argv[2:4])):
    one_file(history, number)
    print(number, flush=True)
"""
COUNT = 400


def one_file(history: History, number: int) -> None:
    """A file of COUNT facts."""
    day = date.fromordinal(date(2020, 1, 1).toordinal() + number)
    facts = [Fact("cu", f"m{at}", day, Decimal(at), "吨", source=f"{number} › {at}") for at in range(COUNT)]
    history.keep(facts, (), NOW, FileRead.of(f"{number}.csv", str(number).encode(), "x"))


def writer(url: str, *numbers: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, url, *map(str, numbers)]
    surroundings = os.environ | {"PYTHONPATH": str(HOME)}
    return subprocess.Popen(command, env=surroundings, stdout=subprocess.PIPE, text=True)


def counts(url: str) -> dict[date, int]:
    """How many facts stand of each session, as another program sees it."""
    database = Database(url, SCHEMA)
    with database.reading() as connection:
        found = connection.execute(sa.text("select session, count(*) from facts group by session")).all()
        assert connection.execute(sa.text("select count(*) from reads")).scalar() == len(found)
    database.close()
    return {day if isinstance(day, date) else date.fromisoformat(day): number for day, number in found}


def test_two_who_keep_the_same_files_at_once_add_nothing_twice(url: str) -> None:
    writers = [writer(url, 0, 12) for _ in range(2)]
    assert [one.communicate()[0].split() for one in writers] == [[str(at) for at in range(12)]] * 2
    assert [one.returncode for one in writers] == [0, 0]
    assert list(counts(url).values()) == [COUNT] * 12


def killed(url: str, first: int, after: float) -> int:
    """Start a writer, kill it; gives the number of the file it would have begun next, as far as it said."""
    child = writer(url, first, first + 1000)
    assert child.stdout is not None
    said = [int(child.stdout.readline())]
    time.sleep(after)
    child.send_signal(signal.SIGKILL)
    said += map(int, child.stdout.read().split())
    child.wait()
    child.stdout.close()
    return said[-1] + 1


def survives(url: str, times: int) -> None:
    chance, first = random.Random(3), 0
    for _ in range(times):
        first = killed(url, first, chance.uniform(0, 0.15))
        found = counts(url)
        assert set(found.values()) == {COUNT}
        assert len(found) in (first, first + 1)
        if url.startswith("sqlite"):
            with sqlite3.connect(url.removeprefix("sqlite:///")) as database:
                assert database.execute("pragma integrity_check").fetchone() == ("ok",)
            database.close()
    History(url).close()


def test_a_writer_killed_in_the_middle_leaves_whole_files_only(url: str) -> None:
    survives(url, 3)


@pytest.mark.soak
def test_a_writer_killed_a_hundred_times_leaves_whole_files_only(url: str) -> None:
    survives(url, 100)


def test_a_keeping_that_fails_stores_nothing(url: str) -> None:
    history = History(url)
    good = Fact("cu", "lme_stock", NOW.date(), Decimal(1), "吨", source="a")
    bad = Fact("cu", "lme_warrant_stock", NOW.date(), Decimal(1), None, source="b")
    with pytest.raises(HistoryError, match="nothing of this step was stored"):
        history.keep([good, bad], (), NOW)
    assert len(history.facts(NOW.date(), NOW.date())) == 0
    history.close()


def test_another_programs_database_is_refused_and_left_alone(url: str) -> None:
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("create table mine (x integer)"))
    with pytest.raises(HistoryError, match="holds tables of another program; name another database"):
        History(url)
    with engine.begin() as connection:
        assert sa.inspect(connection).get_table_names() == ["mine"]
    engine.dispose()


def test_a_database_of_another_version_is_refused_with_what_to_do(url: str) -> None:
    History(url).close()
    engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    with engine.begin() as connection:
        connection.execute(sa.text("update about set schema = 99"))
    engine.dispose()
    said = r"another version of ribao \(schema 99, this one reads 1 to [0-9]+\).*settings.toml"
    with pytest.raises(HistoryError, match=said):
        History(url)


def test_a_file_that_is_no_database_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "h.sqlite").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    with pytest.raises(HistoryError, match="cannot be used as the history database: file is not a database"):
        History(f"sqlite:///{tmp_path / 'h.sqlite'}")


@pytest.mark.parametrize(
    ("url_", "message"),
    [
        ("postgresql://desk:geheim@127.0.0.1:1/none", r"desk:\*\*\*@127.0.0.1:1/none: cannot be used"),
        ("postgresql://desk@127.0.0.1:1/none?password=geheim", r"desk@127.0.0.1:1/none: cannot be used"),
        ("mysql://desk:geheim@host/none", "kept in SQLite or PostgreSQL, not in mysql"),
        ("nothing at all", "no URL"),
    ],
)
def test_no_message_shows_a_password(url_: str, message: str) -> None:
    with pytest.raises(HistoryError, match=message) as caught:
        History(url_)
    assert "geheim" not in str(caught.value)


def test_a_workspace_keeps_its_history_where_the_environment_says(url: str, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("RIBAO_DATABASE", url)
    place = pipeline.init(tmp_path / "w")
    house = pipeline.open_house(place)
    built = pipeline.build(house, pipeline.SAMPLE, ["text"], NOW)
    assert built.files
    assert len(house.history.told("cu", "lme_stock")) == 39
    house.history.close()
    assert not (place.root / "history.sqlite").exists()


def test_a_workspace_may_have_any_name_and_its_database_stays_inside(tmp_path):

    for name in ("p%20p", "x?y", "a#b", "日 报"):
        folder: Path = tmp_path / name
        folder.mkdir()
        History(folder / "history.sqlite").close()
        assert [path.name for path in folder.iterdir()] == ["history.sqlite"]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["p%20p", "x?y", "a#b", "日 报"])
