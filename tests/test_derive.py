"""Formulas on two or three numbers, and the derivation over small days."""

from __future__ import annotations

from datetime import date
from decimal import Decimal as D

import pytest

from report import catalog as catalogs
from report import sessions
from report.derive import INDICATORS, price, ratio, signal, spread, stock
from report.derive.derivation import derive
from report.facts import CONTINUOUS, MAIN, OF_CONTRACT, Fact, Facts, Series, Severity

CATALOG = catalogs.load([catalogs.packaged("data")])
CALENDARS = sessions.load([catalogs.packaged("data") / "calendars"])
REPORT = date(2024, 3, 29)
TODAY, BEFORE = date(2024, 3, 28), date(2024, 3, 27)
CU = Series("cu", "futures_close", MAIN)


def fact(series: Series, session: date, value: str | None, contract: str = "", source: str = "cell") -> Fact:
    return Fact(*series[:2], session, None if value is None else D(value), "", series.basis, contract, None, source)


def standing(series: Series, *facts: Fact):
    day, findings = derive(Facts(facts), CATALOG, CALENDARS, REPORT)
    assert {finding.code for finding in findings} <= {"D202", "D203"}  # no panel, and no past for the signals
    return day.standings[series]


def places(value: D, decimals: int) -> D:
    return value.quantize(D(1).scaleb(-decimals))


def test_change_is_today_less_the_session_before() -> None:
    assert price.change(D("72500"), D("72090")) == 410


def test_change_ratio_is_a_fraction_of_the_session_before() -> None:
    assert places(price.change_ratio(D("8872"), D("8867.5")) * 100, 2) == D("0.05")


@pytest.mark.parametrize(
    ("function", "inputs", "printed"),
    [
        (spread.basis, ("3470", "0.97", "0", "3481"), "96.32"),
        (spread.basis, ("1830", "0.93", "0", "2047.5"), "-79.76"),
        (spread.basis, ("2000", "1", "10", "1570.5"), "439.50"),
        (spread.futures_spot_spread, ("520", "518.42"), "1.58"),
        (spread.shanghai_guangdong_spread, ("19340", "19270"), "70.00"),
        (spread.guangzhou_shenyang_spread, ("3750", "3540"), "210.00"),
        (spread.shanghai_shenyang_spread, ("3470", "3540"), "-70.00"),
        (spread.coil_rebar_spread, ("3692", "3481"), "211.00"),
        (spread.coil_rebar_spot_spread, ("3720", "3470", "0.97"), "142.68"),
        (spread.port_shanxi_spread, ("1860", "1700"), "160.00"),
        (spread.carbonate_hydroxide_spread, ("104550", "104300"), "250.00"),
        (stock.lme_cancelled_stock, ("272200", "261225"), "10975.00"),
        (stock.lme_cancelled_ratio, ("14700", "112475"), "0.13"),
        (ratio.sh_lme_ratio, ("72090", "8867.5"), "8.13"),
        (ratio.gold_silver_ratio, ("520", "6385"), "81.44"),
        (ratio.comex_gold_silver_ratio, ("2254.80", "25.10"), "89.83"),
        (ratio.rebar_coke_ratio, ("3481", "2047.5"), "1.70"),
        (ratio.coke_coal_ratio, ("2047.5", "1570.5"), "1.30"),
    ],
)
def test_a_formula_gives_the_figure_worked_by_hand(function, inputs, printed) -> None:
    assert places(function(*map(D, inputs)), 2) == D(printed)


def test_every_formula_has_been_worked_by_hand() -> None:
    mark = test_a_formula_gives_the_figure_worked_by_hand.pytestmark[0]
    assert set(INDICATORS) <= {function.__name__ for function, *_ in mark.args[1]}


def test_a_trend_is_the_last_price_against_the_mean() -> None:
    assert signal.trend_ratio([D(90), D(110), D(110)]) == D(110) * 3 / D(310) - 1


def test_a_premium_ratio_is_the_premium_over_the_price() -> None:
    assert signal.premium_ratio([D(-725), D(72500)]) == D("-0.01")


def test_a_stock_trend_is_the_last_against_the_first() -> None:
    assert signal.stock_trend_ratio([D(100), D(120), D(90)]) == D("-0.1")


def test_a_change_compares_the_same_contract() -> None:
    ore = Series("i", "futures_close", MAIN)
    found = standing(
        ore,
        fact(ore, TODAY, "758", "I2409"),
        fact(ore._replace(basis=OF_CONTRACT), BEFORE, "763.5", "I2409"),
        fact(ore._replace(basis=CONTINUOUS), BEFORE, "805.5"),
    )
    assert found.change.value == D("-5.5")
    assert found.previous.contract == "I2409"


def test_without_its_own_contracts_previous_close_there_is_no_change() -> None:
    ore = Series("i", "futures_close", MAIN)
    found = standing(ore, fact(ore, TODAY, "758", "I2409"), fact(ore._replace(basis=CONTINUOUS), BEFORE, "805.5", ""))
    assert found.today.value == 758
    assert found.previous is None
    assert found.change is None


def test_a_missing_number_is_neither_zero_nor_yesterdays() -> None:
    found = standing(CU, fact(CU, BEFORE, "72090"), fact(CU, TODAY, None))
    assert found.today is None
    assert found.previous.value == 72090
    assert found.change is None


def test_lme_stocks_are_those_of_the_session_before() -> None:
    series = Series("cu", "lme_stock")
    found = standing(series, fact(series, BEFORE, "112475"), fact(series, date(2024, 3, 26), "113100"))
    assert (found.session, found.previous_session) == (BEFORE, date(2024, 3, 26))
    assert found.change.value == -625


def test_a_weekly_number_is_held_against_the_one_before_it() -> None:
    series = Series("zn", "social_stock")
    found = standing(series, fact(series, TODAY, "199300"), fact(series, date(2024, 3, 25), "203600"))
    assert found.change.value == -4300
    assert found.previous_session == date(2024, 3, 25)


def test_a_weekly_number_two_weeks_old_is_missing() -> None:
    series = Series("zn", "social_stock")
    assert standing(series, fact(series, date(2024, 3, 14), "199300")).today is None


def test_a_derived_number_knows_the_cells_it_comes_from() -> None:
    lme = Series("cu", "lme_close", "3个月")
    found = standing(
        Series("cu", "sh_lme_ratio"),
        fact(CU, TODAY, "72500", source="a.xlsx › 收盘 › D5"),
        fact(lme, TODAY, "8872", source="a.xlsx › 收盘 › D6"),
    )
    assert found.today.source == "= sh_lme_ratio(cu.futures_close 72500, cu.lme_close 8872)"
    assert found.today.cells() == ("a.xlsx › 收盘 › D5", "a.xlsx › 收盘 › D6")


def test_aluminiums_ratio_is_made_of_the_third_month() -> None:
    third = Series("al", "futures_close", "连三")
    main = Series("al", "futures_close", MAIN)
    lme = Series("al", "lme_close", "3个月")
    found = standing(
        Series("al", "sh_lme_ratio"), fact(third, TODAY, "19465"), fact(main, TODAY, "19475"), fact(lme, TODAY, "2335")
    )
    assert found.today.value == D(19465) / D(2335)


def test_a_division_by_zero_is_an_error_that_names_the_cell() -> None:
    lme = Series("cu", "lme_close", "3个月")
    facts = Facts([fact(CU, TODAY, "72500"), fact(lme, TODAY, "0", source="a.xlsx › 收盘 › D6")])
    day, findings = derive(facts, CATALOG, CALENDARS, REPORT)
    assert day.standings[Series("cu", "sh_lme_ratio")].today is None
    assert [(f.code, f.severity) for f in findings if f.severity > 1] == [("D201", Severity.ERROR)]
    assert "a.xlsx › 收盘 › D6" in findings[0].message


def test_after_a_holiday_abroad_each_number_keeps_its_own_session() -> None:
    lme = Series("cu", "lme_close", "3个月")
    day, _ = derive(
        Facts([fact(CU, date(2024, 4, 1), "72900"), fact(lme, TODAY, "8872")]), CATALOG, CALENDARS, date(2024, 4, 2)
    )
    assert day.standings[CU].session == date(2024, 4, 1)
    assert day.standings[lme].session == TODAY
    assert day.standings[lme].today.value == 8872


def lead_over_easter(report: date):
    """Thursday's and Friday's lead; the LME was shut on Friday 29 March and on Monday 1 April."""
    lead, lme = Series("pb", "futures_close", MAIN), Series("pb", "lme_close", "3个月")
    facts = [
        fact(lead, date(2024, 3, 29), "16500"),
        fact(lead, TODAY, "16465"),
        fact(lme, TODAY, "2053"),
        fact(lme, BEFORE, "2003"),
    ]
    return derive(Facts(facts), CATALOG, CALENDARS, report)[0].standings


def test_a_ratio_over_two_exchanges_never_mixes_the_days_of_two_reports() -> None:
    found = lead_over_easter(date(2024, 4, 1))[Series("pb", "sh_lme_ratio")]
    assert found.today.value == D(16500) / D(2053)
    assert found.previous.value == D(16465) / D(2053)
    assert found.today.session == TODAY


def test_over_a_holiday_abroad_the_foreign_number_keeps_its_own_previous() -> None:
    found = lead_over_easter(date(2024, 4, 1))[Series("pb", "lme_close", "3个月")]
    assert (found.session, found.previous_session) == (TODAY, BEFORE)


def test_an_empty_close_keeps_its_contracts_previous_one() -> None:
    found = standing(
        CU, fact(CU, TODAY, None, "CU2405"), fact(CU._replace(basis=OF_CONTRACT), BEFORE, "72090", "CU2405")
    )
    assert (found.today, found.previous.value) == (None, 72090)


def test_a_close_of_zero_leaves_no_signal_and_no_traceback() -> None:
    facts = Facts([fact(CU, TODAY, "0"), fact(Series("cu", "spot_premium"), TODAY, "-210")])
    day, _ = derive(facts, CATALOG, CALENDARS, REPORT)
    assert "premium_ratio" not in day.signals["cu"]


def test_across_a_roll_there_is_no_trend() -> None:
    ore, spliced = Series("i", "futures_close", MAIN), Series("i", "futures_close", CONTINUOUS)
    days = CALENDARS.between("DCE", date(2024, 2, 1), BEFORE)
    facts = [fact(spliced, day, "805.5") for day in days]
    rolled = derive(Facts([*facts, fact(ore, TODAY, "758", "I2409")]), CATALOG, CALENDARS, REPORT)[0]
    same = [fact(ore, TODAY, "758", "I2405"), fact(ore._replace(basis=OF_CONTRACT), BEFORE, "805.5", "I2405")]
    kept = derive(Facts([*facts, *same]), CATALOG, CALENDARS, REPORT)[0]
    assert "trend_ratio" not in rolled.signals["i"]
    assert "trend_ratio" in kept.signals["i"]


STOCK = Series("cu", "lme_stock")
LME_DAYS = [CALENDARS.previous("LME", BEFORE, back) for back in range(1, 9)]  # newest first, before the one printed


def signals(*facts: Fact) -> tuple[dict[str, Fact], list[str]]:
    day, findings = derive(Facts(facts), CATALOG, CALENDARS, REPORT)
    return day.signals["cu"], [str(one) for one in findings if one.code == "D203"]


def test_a_stock_is_held_against_that_of_the_fifth_session_before_and_no_other() -> None:
    run = [fact(STOCK, day, str(200 - n)) for n, day in enumerate(LME_DAYS)]
    today = fact(STOCK, BEFORE, "98")
    whole, notes = signals(*run, today)
    assert (whole["stock_trend_ratio"].value, notes) == (D(98) / D(196) - 1, [])
    gaps, notes = signals(*run[4:], today)  # between the two, nothing need be known
    assert (gaps["stock_trend_ratio"].value, notes) == (D(98) / D(196) - 1, [])
    none, notes = signals(*run[:4], *run[5:], today)
    assert "stock_trend_ratio" not in none
    far = f"no number of {LME_DAYS[4]}, 5 sessions of LME before {BEFORE}"
    assert notes == [f"铜 LME 库存: {far}: no such signal for 系统建议 [D203]"]


def test_a_trend_looks_back_over_sessions_of_which_few_may_be_lacking() -> None:
    days = [CALENDARS.previous("SHFE", TODAY, back) for back in range(1, 40)]
    run = [fact(CU, day, "70000" if n < 19 else "1") for n, day in enumerate(days)]
    today = fact(CU, TODAY, "77000")
    assert signals(*run, today)[0]["trend_ratio"].value == D(77000) * 20 / (D(70000) * 19 + 77000) - 1
    assert signals(*run[3:], today)[0]["trend_ratio"].value == D(77000) * 17 / (D(70000) * 16 + 77000) - 1
    lacking, notes = signals(*run[4:], today)
    assert "trend_ratio" not in lacking
    assert f"only 16 numbers since {days[18]}, 19 sessions of SHFE before {TODAY}" in notes[0]


def test_a_roll_that_the_desk_told_leaves_no_trend_either() -> None:
    days = CALENDARS.between("SHFE", date(2024, 2, 1), BEFORE)
    facts = [fact(CU, day, "72090", "CU2405") for day in days]
    own = fact(CU._replace(basis=OF_CONTRACT), BEFORE, "72150", "CU2406")
    assert "trend_ratio" not in signals(*facts, own, fact(CU, TODAY, "72570", "CU2406"))[0]
    assert "trend_ratio" in signals(*facts, fact(CU, TODAY, "72570", "CU2405"))[0]
