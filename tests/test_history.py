"""Facts kept between days: nothing lost, nothing doubled, every revision there; on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from report.facts import OF_CONTRACT, Fact, Passage, Series, View
from report.history import FileRead, History, Kept
from tests.databases import postgres, url

__all__ = ("postgres", "url")
DAY = date(2024, 3, 27)
FIRST, LATER, LAST = (datetime(2024, 3, day, tzinfo=UTC) for day in (28, 29, 30))
LEAD = Series("pb", "futures_close", "主力")
TYPED = "2024-03-28/日报底稿.xlsx › 收盘 › D5"


def fact(value: str | None, source: str = "a", known_at: datetime | None = None, session: date = DAY) -> Fact:
    number = None if value is None else Decimal(value)
    return Fact(*LEAD[:2], session, number, "元/吨", "主力", "PB2405", known_at, source)


def file(content: str, layout: str = "EDB") -> FileRead:
    return FileRead.of(f"{content}.xlsx", content.encode(), layout)


@pytest.fixture
def history(url: str):
    opened = History(url)
    yield opened
    opened.close()


def now(history: History, as_of: datetime | None = None) -> Fact | None:
    return history.facts(DAY, DAY, as_of).get(LEAD, DAY)


def values(history: History) -> list[tuple[str, datetime, bool]]:
    return [(str(one.fact.value), one.fact.known_at, one.holds) for one in history.told("pb", "futures_close")]


def test_what_was_kept_comes_back_exactly(history: History) -> None:
    history.keep([fact("0.1000")], (), FIRST)
    assert now(history) == Fact(*LEAD[:2], DAY, Decimal("0.1000"), "元/吨", "主力", "PB2405", FIRST, "a")
    assert str(now(history).value) == "0.1000"


def test_keeping_twice_adds_nothing(history: History) -> None:
    assert history.keep([fact("16155")], (), FIRST) == Kept(new=1)
    assert history.keep([fact("16155")], (), LATER) == Kept(same=1)
    assert len(history.told("pb", "futures_close")) == 1


def test_a_number_written_with_other_zeros_is_the_same_number(history: History) -> None:
    history.keep([fact("16155")], (), FIRST)
    assert history.keep([fact("16155.00")], (), LATER) == Kept(same=1)


def test_a_changed_value_is_a_revision_and_both_stay(history: History) -> None:
    history.keep([fact("16155", "x › B2")], (), FIRST)
    kept = history.keep([fact("16185", "y › B2")], (), LATER)
    assert kept == Kept(revised=1)
    assert [(one.before.source, one.after.source) for one in kept.revisions] == [("x › B2", "y › B2")]
    assert now(history).value == 16185
    assert now(history, FIRST).value == 16155


def test_a_value_changed_back_is_a_revision_too(history: History) -> None:
    for value, when in (("1", FIRST), ("2", LATER), ("1", LATER)):
        history.keep([fact(value)], (), when)
    assert values(history) == [("1", FIRST, False), ("2", LATER, False), ("1", LATER, True)]


def test_a_missing_number_is_not_kept(history: History) -> None:
    assert history.keep([fact(None)], (), FIRST) == Kept()


def test_what_was_not_yet_known_is_not_seen(history: History) -> None:
    history.keep([fact("16185")], (), LATER)
    assert len(history.facts(DAY, DAY, as_of=FIRST)) == 0


def test_a_number_published_long_ago_was_known_then_though_its_file_is_read_now(history: History) -> None:
    history.keep([fact("16185", known_at=FIRST)], (), LAST, file("march"))
    assert now(history, LATER).value == 16185


def test_a_number_mended_by_the_vendor_afterwards_was_not_known_before_it_was_read(history: History) -> None:
    history.keep([fact("16155", known_at=FIRST)], (), LATER, file("one"))
    assert history.keep([fact("16185", known_at=FIRST)], (), LAST, file("two")) == Kept(revised=1)
    assert now(history, LATER).value == 16155
    assert now(history).known_at == LAST


def test_a_file_read_again_adds_nothing_though_another_has_revised_it_since(history: History) -> None:
    for content, value in (("one", "16155"), ("two", "16185")):
        history.keep([fact(value, known_at=FIRST)], (), LATER, file(content))
    for content, value in (("one", "16155"), ("two", "16185")):
        assert history.keep([fact(value, known_at=FIRST)], (), LAST, file(content)) == Kept(same=1)
    assert now(history).value == 16185


def test_two_sources_that_disagree_do_not_revise_each_other_for_ever(history: History) -> None:
    history.keep([fact("1", known_at=FIRST)], (), FIRST, file("a1", "甲"))
    history.keep([fact("2", known_at=FIRST)], (), FIRST, file("b1", "乙"))
    assert history.keep([fact("1", known_at=FIRST)], (), LATER, file("a2", "甲")) == Kept(same=1)
    assert history.keep([fact("2", known_at=FIRST)], (), LATER, file("b2", "乙")) == Kept(same=1)


def test_a_file_goes_before_what_a_desk_typed_whichever_came_first(history: History) -> None:
    own = fact("112475", "lme.xls › F14", FIRST)
    history.keep([fact("112745", TYPED)], (), LATER)
    assert history.keep([own], (), LAST, file("lme")) == Kept(revised=1)
    assert history.keep([fact("112745", TYPED)], (), LAST) == Kept(same=1)
    assert (now(history).value, now(history).source, now(history).known_at) == (112475, own.source, LAST)
    assert now(history, LATER).source == TYPED


def test_a_typed_number_the_file_confirms_is_the_files_from_then_on(history: History) -> None:
    history.keep([fact("112475", TYPED)], (), LATER)
    assert history.keep([fact("112475", "lme.xls › F14", FIRST)], (), LAST, file("lme")) == Kept(same=1)
    assert now(history).source == "lme.xls › F14"
    assert history.keep([fact("112475", TYPED.replace("28", "29"))], (), LAST) == Kept(same=1)


def test_the_publishers_own_file_goes_before_a_copy_that_somebody_passed_on(history: History) -> None:
    own = FileRead.of("lme.xls", b"own", "LME", published=True)
    copy = fact("112475", "iFinD.xlsx › B9", FIRST)
    history.keep([copy], (), LATER, file("edb"))
    assert history.keep([fact("112475", "lme.xls › F14", FIRST)], (), LAST, own) == Kept(same=1)
    assert now(history).source == "lme.xls › F14"
    assert history.keep([fact("112457", "iFinD.xlsx › B9", FIRST)], (), LAST, file("edb again")) == Kept(revised=1)
    assert now(history).source == "lme.xls › F14"


def test_a_fact_says_which_bytes_it_came_from(history: History) -> None:
    history.keep([fact("1", known_at=FIRST)], (), LATER, file("one"))
    told = history.told("pb", "futures_close")[0].file
    assert (told.name, told.layout, told.read_at) == ("one.xlsx", "EDB", LATER)
    assert told.sha256 == "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed"


def test_weighing_tells_what_keeping_would_bring_and_stores_nothing(history: History) -> None:
    history.keep([fact("1")], (), FIRST)
    given = [fact("2"), fact("5", session=DAY + timedelta(days=1))]
    assert history.weigh(given, LATER, file("x")) == Kept(new=1, revised=1)
    assert values(history) == [("1", FIRST, True)]


def test_a_build_asks_for_what_it_needs(history: History) -> None:
    early = DAY - timedelta(days=60)
    contract = Fact("pb", "futures_close", early, Decimal(1), "元/吨", OF_CONTRACT, "PB2404", None, "x")
    other = Fact("pb", "high_price", DAY, Decimal(1), "元/吨", "主力", "", None, "x")
    mine = Fact("pb", "spot_price", DAY, Decimal(1), "元/吨", "", "", None, "2024-03-29/日报底稿.xlsx › 产业 › D9")
    history.keep([fact("1", session=early), contract, other, mine], (), FIRST)
    found = history.facts(
        early,
        DAY,
        of=({"pb", "cu"}, {"futures_close", "spot_price"}),
        contracts=False,
        without=date(2024, 3, 29),
    )
    assert [one.source for one in found] == ["a"]


def test_a_report_built_again_sees_what_was_known_before_it(history: History) -> None:
    history.keep([fact("16185", "2024-03-28/日报底稿.xlsx › 收盘 › D5")], (), FIRST)
    history.keep([fact("16155", "2024-03-29/日报底稿.xlsx › 收盘 › E5")], (), LATER)
    assert now(history).value == 16155
    assert history.facts(DAY, DAY, without=date(2024, 3, 29)).get(LEAD, DAY).value == 16185


def test_of_two_main_contracts_told_for_a_session_the_newest_told_is_the_main_one(history: History) -> None:
    history.keep([fact("805.5")], (), FIRST)
    history.keep([Fact(*LEAD[:2], DAY, Decimal(758), "元/吨", "主力", "PB2404", None, "b")], (), LATER)
    assert now(history).contract == "PB2404"
    assert now(history, FIRST).contract == "PB2405"


def test_the_last_report_is_the_newest_before_the_date(history: History) -> None:
    for day, word in ((date(2024, 3, 27), "观望"), (date(2024, 3, 28), "逢低做多")):
        history.keep((), [View("cu", day, recommendation=Passage(word, "F5"))], FIRST)
    assert history.last_views(date(2024, 3, 29))["cu"].recommendation == Passage("逢低做多", "F5")
    assert history.last_views(date(2024, 3, 28))["cu"].recommendation == Passage("观望", "F5")
    assert history.last_views(date(2024, 3, 27)) == {}
    assert history.report_dates() == [date(2024, 3, 27), date(2024, 3, 28)]


def test_a_rewritten_view_shows_its_newest_words_and_the_older_ones_to_who_looks_back(history: History) -> None:
    for word, when in (("观望", FIRST), ("逢低做多", LATER)):
        history.keep((), [View("cu", DAY, recommendation=Passage(word, "F5"))], when)
    assert history.last_views(LATER.date())["cu"].recommendation.text == "逢低做多"
    assert history.last_views(LATER.date(), FIRST)["cu"].recommendation.text == "观望"


def test_a_report_not_yet_written_then_is_passed_over(history: History) -> None:
    for day, when in ((date(2024, 3, 27), FIRST), (date(2024, 3, 28), LAST)):
        history.keep((), [View("cu", day, recommendation=Passage("观望", str(day)))], when)
    assert history.last_views(date(2024, 3, 29), LATER)["cu"].report_date == date(2024, 3, 27)


def test_what_files_of_two_layouts_tell_differently_is_disputed(history) -> None:
    asked = (["pb"], ["futures_close"])
    history.keep([fact("16155", "edb.xlsx › B5")], (), FIRST, file("one"))
    history.keep([fact("16185", "bars.xlsx › E78")], (), LATER, file("two", "BARS"))
    ((holds, other),) = history.disputed(DAY, DAY, asked)
    assert (holds.source, other.source) == ("bars.xlsx › E78", "edb.xlsx › B5")
    assert not history.disputed(DAY, DAY, asked, as_of=FIRST)
    assert not history.disputed(DAY, DAY, (["cu"], ["futures_close"]))


def test_a_later_file_of_the_same_layout_corrects_and_disputes_nothing(history) -> None:
    history.keep([fact("16155", "edb.xlsx › B5")], (), FIRST, file("one"))
    history.keep([fact("16185", "edb.xlsx › B5")], (), LAST, file("three"))
    assert not history.disputed(DAY, DAY, (["pb"], ["futures_close"]))


def test_what_a_desk_typed_is_no_file_that_disputes(history) -> None:
    history.keep([fact("16155", TYPED)], (), FIRST)
    history.keep([fact("16185", "bars.xlsx › E78")], (), LATER, file("two", "BARS"))
    assert not history.disputed(DAY, DAY, (["pb"], ["futures_close"]))
