"""The Fed's securities against reserves, ON RRP and TGA, on the sample's real figures; and what a panel shows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from report import pipeline
from report.derive import liquidity
from report.derive.liquidity import Stretch, standings, stretch, wednesdays, weeks
from report.facts import AVERAGE, PERIOD, WEEK, Fact, Facts, Series
from report.workspace import Workspace

START, TURN, END, NEWEST = date(2022, 6, 1), date(2023, 3, 22), date(2023, 12, 27), date(2024, 3, 27)
REAL = Path(os.environ.get("RIBAO_REALDATA", "/nowhere"))
real = pytest.mark.skipif(not REAL.is_dir(), reason="RIBAO_REALDATA names no folder of real files")


@pytest.fixture(scope="module")
def facts(sample_workspace: Path) -> Iterator[Facts]:
    house = pipeline.open_house(Workspace(sample_workspace))
    yield house.history.facts(date(2022, 1, 1), date(2024, 3, 29), of=({"macro"}, set(liquidity.MEASURES)))
    house.history.close()


def changes(one: Stretch | None) -> list[str]:
    assert one is not None
    told = (one.securities, one.reserves, one.on_rrp, one.tga, one.other, one.residual)
    return ["—" if fact is None else f"{fact.value:.2f}" for fact in told]


def test_the_identity_closes_in_every_week_the_boards_file_covers(facts) -> None:
    told = list(weeks(facts, "macro", START, TURN))
    assert len(told) == 42
    assert all(one.until - one.since == timedelta(days=7) and one.other is not None for one in told)
    assert max(abs(one.residual.value) for one in told) == Decimal("0.02")


def test_one_week_can_be_checked_by_hand(facts) -> None:
    one = stretch(facts, "macro", date(2023, 3, 8), date(2023, 3, 15))
    assert changes(one) == ["-83.20", "4405.32", "-1374.14", "-340.88", "-2773.50", "0.00"]


def test_where_the_boards_file_ends_all_else_is_unknown_and_stands_in_the_residual(facts) -> None:
    told = list(weeks(facts, "macro", TURN, END))
    assert len(told) == 40
    assert all(one.other is None and one.reserves.basis == AVERAGE for one in told)
    one = told[0]
    assert changes(one) == ["-104.28", "125.17", "-147.46", "-370.98", "—", "288.99"]


def test_on_rrp_first_grew_and_then_took_twice_the_runoff(facts) -> None:
    shares = [stretch(facts, "macro", *pair).share for pair in ((START, TURN), (TURN, END), (START, END))]
    assert [round(one.value * 100, 1) for one in shares] == [Decimal("-57.8"), Decimal("205.2"), Decimal("91.3")]


def test_a_share_comes_down_to_its_cells(facts) -> None:
    share = stretch(facts, "macro", END, NEWEST).share
    assert share.cells() == (
        *("隔夜逆回购.xlsx › 宏观 › B1013", "隔夜逆回购.xlsx › 宏观 › B951"),
        *("美联储资产负债.xlsx › 宏观 › C379", "美联储资产负债.xlsx › 宏观 › D379"),
        *("美联储资产负债.xlsx › 宏观 › C366", "美联储资产负债.xlsx › 宏观 › D366"),
    )
    assert share.source.startswith("= runoff_absorbed_ratio(macro.overnight_reverse_repo_change -3005.120")


def test_no_share_is_told_of_a_week_in_which_nothing_ran_off(facts) -> None:
    assert stretch(facts, "macro", START, date(2022, 6, 8)).share is None


@pytest.mark.parametrize("lost", ["treasury_holdings", "mbs_holdings", "treasury_general_account"])
def test_a_day_without_one_of_them_is_no_day_of_the_identity(facts, lost) -> None:
    rest = Facts(one for one in facts if not (one.measure == lost and one.session == TURN))
    assert TURN not in wednesdays(rest, "macro", START, END)
    assert stretch(rest, "macro", TURN - timedelta(days=7), TURN) is None


def test_without_reserves_the_rest_is_told_and_they_stand_in_the_residual(facts) -> None:
    rest = Facts(one for one in facts if one.measure != "reserve_balances")
    one = stretch(rest, "macro", date(2023, 3, 8), date(2023, 3, 15))
    assert changes(one) == ["-83.20", "—", "-1374.14", "-340.88", "-2773.50", "4405.32"]
    assert standings(rest, "macro", NEWEST, 13) == {}


def test_on_a_holiday_what_was_laid_in_the_day_before_lies_in_the_facility_still(facts) -> None:
    on_rrp = Series("macro", "overnight_reverse_repo")
    holiday = Facts(one for one in facts if not (one.series == on_rrp and one.session == TURN))
    told = stretch(holiday, "macro", TURN, TURN + timedelta(days=7)).on_rrp
    assert told.inputs[1].session == TURN - timedelta(days=1)
    assert TURN in wednesdays(holiday, "macro", START, END)


def test_an_operation_not_told_yet_is_no_holiday(facts) -> None:
    on_rrp = Series("macro", "overnight_reverse_repo")
    late = Facts(one for one in facts if not (one.series == on_rrp and one.session >= TURN))
    assert TURN not in wednesdays(late, "macro", START, END)


def test_an_empty_cell_is_no_number(facts) -> None:
    emptied = Facts(replace(one, value=None) if one.session == TURN else one for one in facts)
    assert TURN not in wednesdays(emptied, "macro", START, END)


def test_the_panel_stands_on_the_newest_wednesday_and_the_one_before(facts) -> None:
    found = standings(facts, "macro", date(2024, 3, 28), 13)
    on_rrp = found[Series("macro", "overnight_reverse_repo", WEEK)]
    assert (on_rrp.session, on_rrp.previous_session, on_rrp.change.value) == (
        NEWEST,
        date(2024, 3, 20),
        Decimal("221.12"),
    )
    assert found[Series("macro", "reserve_balances", PERIOD)].previous_session == END
    assert found[Series("macro", "securities_held", WEEK)].today.value == Decimal("70065.17")
    assert len(found) == 9


def test_old_or_lonely_numbers_make_no_panel(facts) -> None:
    assert standings(facts, "macro", NEWEST + timedelta(days=11), 13) == {}
    assert standings(Facts(one for one in facts if one.session != date(2024, 3, 20)), "macro", NEWEST, 13) == {}
    assert standings(Facts(list[Fact]()), "macro", NEWEST, 13) == {}


def test_a_panel_without_its_first_day_keeps_the_week(facts) -> None:
    found = standings(Facts(one for one in facts if one.session != END), "macro", NEWEST, 13)
    assert {series.basis for series, one in found.items() if one.today} == {WEEK}
    assert len(found) == 9


@real
def test_the_samples_figures_are_those_of_the_real_files(facts, workspace) -> None:
    house = pipeline.open_house(workspace)
    files = [
        REAL / "fed" / name for name in ("FRB_H41_2021_2023_H8report.csv", "codex_RRPONTSYD.csv", "codex_WALCL.csv")
    ]
    done = pipeline.ingest(house, files, pipeline.samples._morning(NEWEST))
    assert not any(one.problem for one in done)
    again = house.history.facts(date(2022, 1, 1), date(2024, 3, 29), of=({"macro"}, set(liquidity.MEASURES)))
    house.history.close()
    assert [one.key for one in facts if again.get(one.series, one.session).value != one.value] == []
