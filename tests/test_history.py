"""Facts kept between days: nothing lost, nothing doubled, every revision there."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from report.errors import HistoryError
from report.facts import Fact, Passage, Series, View
from report.history import History, Kept

DAY = date(2024, 3, 27)
FIRST, LATER = datetime(2024, 3, 28, tzinfo=UTC), datetime(2024, 3, 29, tzinfo=UTC)
LEAD = Series("pb", "futures_close", "主力")


def fact(value: str | None, source: str = "a") -> Fact:
    return Fact(*LEAD[:2], DAY, None if value is None else Decimal(value), "元/吨", "主力", "PB2405", None, source)


@pytest.fixture
def history(tmp_path: Path):
    opened = History(f"sqlite:///{tmp_path / 'h.sqlite'}")
    yield opened
    opened.close()


def test_what_was_kept_comes_back_exactly(history: History) -> None:
    history.keep([fact("0.1000")], (), FIRST)
    found = history.facts(DAY, DAY).get(LEAD, DAY)
    assert found == Fact(*LEAD[:2], DAY, Decimal("0.1000"), "元/吨", "主力", "PB2405", FIRST, "a")


def test_keeping_twice_adds_nothing(history: History) -> None:
    assert history.keep([fact("16155")], (), FIRST) == Kept(new=1)
    assert history.keep([fact("16155")], (), LATER) == Kept(same=1)


def test_a_changed_value_is_a_revision_and_both_stay(history: History) -> None:
    history.keep([fact("16155")], (), FIRST)
    assert history.keep([fact("16185")], (), LATER) == Kept(revised=1)
    assert history.facts(DAY, DAY).get(LEAD, DAY).value == 16185
    assert history.facts(DAY, DAY, as_of=FIRST).get(LEAD, DAY).value == 16155


def test_a_value_changed_back_is_a_revision_too(history: History) -> None:
    for value, when in (("1", FIRST), ("2", LATER), ("1", LATER)):
        history.keep([fact(value)], (), when)
    assert history.facts(DAY, DAY).get(LEAD, DAY).value == 1


def test_a_missing_number_is_not_kept(history: History) -> None:
    assert history.keep([fact(None)], (), FIRST) == Kept()


def test_what_was_not_yet_known_is_not_seen(history: History) -> None:
    history.keep([fact("16185")], (), LATER)
    assert len(history.facts(DAY, DAY, as_of=FIRST)) == 0


def test_the_last_report_is_the_newest_before_the_date(history: History) -> None:
    for day, word in ((date(2024, 3, 27), "观望"), (date(2024, 3, 28), "逢低做多")):
        history.keep((), [View("cu", day, recommendation=Passage(word, "F5"))], FIRST)
    assert history.last_views(date(2024, 3, 29))["cu"].recommendation == Passage("逢低做多", "F5")
    assert history.last_views(date(2024, 3, 28))["cu"].recommendation == Passage("观望", "F5")
    assert history.last_views(date(2024, 3, 27)) == {}
    assert history.report_dates() == [date(2024, 3, 27), date(2024, 3, 28)]


def test_a_rewritten_view_shows_its_newest_words(history: History) -> None:
    for word in ("观望", "逢低做多"):
        history.keep((), [View("cu", DAY, recommendation=Passage(word, "F5"))], FIRST)
    assert history.last_views(LATER.date())["cu"].recommendation.text == "逢低做多"


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "other.sqlite") as other:
        other.execute("create table mine (x)")
    other.close()
    with pytest.raises(HistoryError, match="holds tables of another program"):
        History(f"sqlite:///{tmp_path / 'other.sqlite'}")


def test_a_file_that_is_no_database_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "h.sqlite").write_bytes(b"not a database at all, but long enough to be looked at" * 20)
    with pytest.raises(HistoryError, match="cannot be used as the history database: file is not a database"):
        History(f"sqlite:///{tmp_path / 'h.sqlite'}")
