"""Each check fires on its fault, with the cell, and keeps quiet without it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from report.check import CHECKS, check
from report.facts import CONTINUOUS, MAIN, OF_CONTRACT, Fact, Series, Severity
from tests.days import BEFORE, CATALOG, CU, TODAY, evidence, fact, view

ORE = Series("i", "futures_close", MAIN)
ORE_BARS = ORE._replace(basis=CONTINUOUS)
TABLES = {*(f"C4{n:02}" for n in range(8, 25)), *(f"C50{n}" for n in range(3, 8))}  # test_check_tables.py


def ore_interest(today: str) -> list[Fact]:
    """The open interest of iron ore's continuous series on the two sessions around its roll."""
    series = Series("i", "open_interest", CONTINUOUS)
    return [fact(series, BEFORE, "331178"), fact(series, TODAY, today)]


def found(code: str, **given) -> list[tuple[str, str, Severity]]:
    return [(f.where, f.message, f.severity) for f in CHECKS[code](evidence(**given)) if f.code == code]


def test_c301_a_missing_number_is_listed_with_its_empty_cell() -> None:
    hits = found("C301", typed=[fact(CU, TODAY, None, source="a.xlsx › 收盘 › D5"), fact(CU, BEFORE, "72090")])
    assert (
        "a.xlsx › 收盘 › D5",
        "铜 SHFE 铜主力: this session's number (2024-03-28) is missing and prints as —; type it if it is known",
        Severity.WARNING,
    ) in hits


def test_c301_is_quiet_about_a_number_that_is_there_and_about_derived_ones() -> None:
    hits = found("C301", typed=[fact(CU, TODAY, "72500"), fact(CU, BEFORE, "72090")])
    assert not [message for _, message, _ in hits if "铜 SHFE 铜主力" in message or "沪伦比" in message]


def test_c302_a_view_without_headline_outlook_or_analyst_is_named() -> None:
    hits = found("C302", views=[view("cu", "观望", recap="x")])
    assert ("观点 › 铜", "标题、展望、分析师 left empty; type it in sheet 观点, row 铜", Severity.WARNING) in hits
    assert ("观点 › 锌", "观点 has no row for 锌; add it to one of the day's workbooks", Severity.WARNING) in hits


def test_c302_is_quiet_about_a_whole_view() -> None:
    hits = found("C302", views=[view("cu", "观望", headline="x", outlook="y", analyst="z")])
    assert "观点 › 铜" not in [where for where, _, _ in hits]


def test_c303_volume_on_another_basis_is_not_printed_and_said() -> None:
    volume = Series("cu", "trading_volume", "主力")
    hits = found("C303", typed=[fact(volume, TODAY, "101206", "CU2405", "a.xlsx › 收盘 › F5")])
    assert [where for where, _, _ in hits] == ["a.xlsx › 收盘 › F5"]
    assert "口径 is 主力 where data/varieties/cu.toml says 全合约" in hits[0][1]


def test_c303_is_quiet_about_the_declared_basis() -> None:
    assert not found("C303", typed=[fact(Series("cu", "trading_volume", "全合约"), TODAY, "217587")])


def test_c301_is_quiet_about_what_a_refused_sheet_would_have_told() -> None:
    given = evidence(typed=[fact(CU, TODAY, None, source="a.xlsx › 收盘 › D5")])
    hits = {finding.where for finding in CHECKS["C301"](replace(given, refused=frozenset({"收盘"})))}
    assert {"a.xlsx › 收盘 › D5", "cu.spot_price"} <= hits
    assert not {"cu.futures_close@主力", "cu.lme_close@3个月"} & hits
    hits = {finding.where for finding in CHECKS["C301"](replace(given, refused=frozenset({"产业"})))}
    assert "cu.spot_price" not in hits
    assert "cu.lme_close@3个月" in hits


def test_c302_is_quiet_about_views_that_were_refused() -> None:
    given = evidence(views=[view("cu", "观望", recap="x"), view("al", "观望", recap="x")])
    hits = [finding.where for finding in CHECKS["C302"](replace(given, refused=frozenset({"观点 › 铜"})))]
    assert "观点 › 铜" not in hits
    assert {"观点 › 铝", "观点 › 锌"} <= set(hits)
    assert [f.where for f in CHECKS["C302"](replace(given, refused=frozenset({"观点"})))] == ["观点 › 铜", "观点 › 铝"]


def test_c304_counts_and_stocks_below_zero_are_errors_with_their_cell() -> None:
    for series in (
        Series("cu", "trading_volume", "全合约"),
        Series("cu", "warrant_stock"),
        Series("zn", "social_stock"),
    ):
        hits = found("C304", typed=[fact(series, TODAY, "-5", source="a.xlsx › 收盘 › F5")])
        message = "-5 is below zero, which cannot be; type the number again in that cell"
        assert hits == [("a.xlsx › 收盘 › F5", message, Severity.ERROR)]


def test_c304_is_quiet_about_zero_about_premiums_and_about_what_c403_says() -> None:
    quiet = [("warrant_stock", "0"), ("spot_premium", "-210"), ("lme_stock", "-1")]
    assert not found("C304", typed=[fact(Series("cu", measure), TODAY, value) for measure, value in quiet])


def test_c401_a_previous_value_that_history_knows_otherwise_names_both_cells() -> None:
    series = Series("pb", "spot_price")
    hits = found(
        "C401",
        typed=[fact(series, BEFORE, "16155", source="2024-03-29/a.xlsx › 产业 › E9")],
        known=[fact(series, BEFORE, "16185", source="2024-03-28/b.xlsx › 产业 › D9")],
    )
    assert hits[0][0] == "2024-03-29/a.xlsx › 产业 › E9"
    assert "2024-03-28/b.xlsx › 产业 › D9 has 16185" in hits[0][1]


def test_c401_is_a_warning_against_an_earlier_report_and_an_error_against_a_sources_own_file() -> None:
    series = Series("cu", "lme_stock")
    for source, severity in (
        ("2024-03-28/日报底稿.xlsx › 产业 › D9", Severity.WARNING),
        ("metals-reports-27-mar-2024.xls › Metals Totals Report › F14", Severity.ERROR),
    ):
        hits = found(
            "C401", typed=[fact(series, BEFORE, "112745")], known=[fact(series, BEFORE, "112475", source=source)]
        )
        assert [(hit[2], source in hit[1]) for hit in hits] == [(severity, True)]


def test_c401_is_quiet_when_both_agree() -> None:
    series = Series("pb", "spot_price")
    assert not found("C401", typed=[fact(series, BEFORE, "16185")], known=[fact(series, BEFORE, "16185.0")])


def test_c402_a_previous_close_off_the_main_series_is_a_roll_or_a_typo() -> None:
    hits = found(
        "C402",
        typed=[fact(CU._replace(basis=OF_CONTRACT), BEFORE, "72000", "CU2406")],
        known=[fact(CU._replace(basis=CONTINUOUS), BEFORE, "72090", source="主力连续日线.xlsx › 铜 › E80")],
    )
    assert "72000 for CU2406 on 2024-03-27, but 主力连续日线.xlsx › 铜 › E80 has 72090" in hits[0][1]


def test_c402_is_quiet_when_the_main_contract_is_the_same() -> None:
    assert not found(
        "C402",
        typed=[fact(CU._replace(basis=OF_CONTRACT), BEFORE, "72090", "CU2405")],
        known=[fact(CU._replace(basis=CONTINUOUS), BEFORE, "72090")],
    )


def test_c402_is_quiet_when_the_roll_is_known() -> None:
    known = [fact(ORE_BARS, BEFORE, "805.5"), fact(ORE, BEFORE, "805.5", "I2405", "dce20240327.json › row 9 › close")]
    assert not found("C402", typed=[fact(ORE._replace(basis=OF_CONTRACT), BEFORE, "763.5", "I2409")], known=known)


def test_c404_a_roll_between_two_known_contracts_is_noted_with_what_the_change_compares() -> None:
    known = [
        fact(ORE, BEFORE, "805.5", "I2405", "dce20240327.json › row 9 › close"),
        fact(ORE._replace(basis=OF_CONTRACT), BEFORE, "763.5", "I2409", "dce20240327.json › row 11 › close"),
        fact(ORE, TODAY, "758", "I2409", "dce20240328.json › row 11 › close"),
    ]
    assert found("C404", known=known) == [
        (
            "dce20240328.json › row 11 › close",
            "the main contract rolled from I2405 (2024-03-27, dce20240327.json › row 9 › close) to I2409; "
            "the change compares I2409 with its own close of 763.5",
            Severity.NOTE,
        )
    ]
    assert evidence(known=known).day.standings[ORE].change.value == Decimal("-5.5")


def test_c404_says_that_no_change_is_printed_where_the_new_contracts_own_close_is_not_known() -> None:
    hits = found("C404", typed=[fact(ORE, TODAY, "758", "I2409")], known=[fact(ORE, BEFORE, "805.5", "I2405")])
    assert "the close of I2409 on 2024-03-27 is not known, so no change is printed" in hits[0][1]


def test_c404_is_quiet_while_the_main_contract_stays() -> None:
    assert not found("C404", known=[fact(ORE, BEFORE, "805.5", "I2405"), fact(ORE, TODAY, "800", "I2405")])


def test_c405_a_new_contract_after_a_bar_that_hides_its_own_is_a_probable_roll_and_no_change() -> None:
    given = {
        "typed": [fact(ORE, TODAY, "758", "I2409", "a.xlsx › 收盘 › D23")],
        "known": [fact(ORE_BARS, BEFORE, "805.5", source="主力连续日线.xlsx › 铁矿石 › E78"), *ore_interest("401605")],
    }
    (where, message, severity), *others = found("C405", **given)
    assert (where, severity, others) == ("a.xlsx › 收盘 › D23", Severity.WARNING, [])
    assert message.startswith("probable roll: I2409 closed at 758, the main contract of 2024-03-27 at 805.5")
    assert "主力连续日线.xlsx › 铁矿石 › E78 hides which one that was; open interest rose by 21% since" in message
    assert evidence(**given).day.standings[ORE].change is None


def test_c405_a_change_without_its_contract_is_doubted_when_open_interest_jumps() -> None:
    typed = [fact(ORE, TODAY, "758"), fact(ORE, BEFORE, "805.5")]
    bars = [fact(ORE_BARS, BEFORE, "805.5")]
    assert (
        "the change may compare two contracts"
        in found("C405", typed=typed, known=[*bars, *ore_interest("401605")])[0][1]
    )
    assert not found("C405", typed=typed, known=[*bars, *ore_interest("340000")])


def test_c405_is_quiet_about_a_change_of_one_contract() -> None:
    own = [fact(ORE, TODAY, "758", "I2409"), fact(ORE._replace(basis=OF_CONTRACT), BEFORE, "763.5", "I2409")]
    assert not found("C405", typed=own, known=[fact(ORE_BARS, BEFORE, "805.5"), *ore_interest("401605")])


def test_c406_another_main_contract_than_the_exchanges_is_named() -> None:
    known = [fact(ORE, TODAY, "758", "I2409", "dce20240328.json › row 11 › close")]
    hits = found("C406", typed=[fact(ORE, TODAY, "795", "I2405")], known=known)
    assert "I2405 is typed as the main contract, but I2409 has the most open interest (dce20240328.json" in hits[0][1]
    assert not found("C406", typed=[fact(ORE, TODAY, "758", "I2409")], known=known)


def test_c403_a_price_of_zero_is_an_error() -> None:
    assert found("C403", typed=[fact(CU, TODAY, "0")])[0][2] is Severity.ERROR


def test_c403_is_quiet_about_a_discount_below_zero() -> None:
    assert not found("C403", typed=[fact(Series("cu", "spot_premium"), TODAY, "-210")])


def test_c501_a_number_of_another_day_is_not_printed_and_that_is_said() -> None:
    stock = Series("cu", "lme_stock")
    hits = found("C501", typed=[fact(stock, TODAY, "111925", source="a.xlsx › 产业 › D9")])
    assert [where for where, _, _ in hits] == ["a.xlsx › 产业 › D9"]
    assert "this report asks for 2024-03-27 and 2024-03-26" in hits[0][1]


def test_c501_is_quiet_about_the_sessions_asked_for_and_about_weekly_numbers() -> None:
    stock, weekly = Series("cu", "lme_stock"), Series("zn", "social_stock")
    assert not found("C501", typed=[fact(stock, BEFORE, "112475"), fact(weekly, date(2024, 3, 25), "203600")])


def test_c502_a_close_ten_times_the_one_before_is_an_error() -> None:
    hits = found("C502", typed=[fact(CU, TODAY, "725000"), fact(CU, BEFORE, "72090", source="a.xlsx › 收盘 › E5")])
    assert hits[0][2] is Severity.ERROR
    assert "725000 is +905.69% from 72090 (a.xlsx › 收盘 › E5), more than the 17% a session can move it" in hits[0][1]


def test_c502_is_quiet_about_a_day_within_the_limits() -> None:
    assert not found("C502", typed=[fact(CU, TODAY, "72500"), fact(CU, BEFORE, "72090")])


def test_c701_a_recommendation_outside_the_vocabulary_is_an_error_with_the_nearest_words() -> None:
    hits = found("C701", views=[view("cu", "逢高抛货")])
    assert hits[0][2] is Severity.ERROR
    assert "'逢高抛货' is not in the vocabulary (did you mean 逢高抛空" in hits[0][1]


def test_c701_is_quiet_about_words_and_aliases_of_the_vocabulary() -> None:
    assert not found("C701", views=[view("cu", "观望"), view("zn", "逢低买入")])


def test_c702_an_empty_recommendation_is_to_be_confirmed() -> None:
    assert "观点 › 工业硅" in [where for where, _, _ in found("C702", views=[view("si")])]


def test_c702_is_quiet_about_a_given_one_and_about_the_macro_view() -> None:
    where = [where for where, _, _ in found("C702", views=[view("si", "观望"), view("macro")])]
    assert "观点 › 工业硅" not in where
    assert "观点 › 宏观" not in where


def test_all_findings_come_together_worst_first() -> None:
    findings = check(evidence(typed=[fact(CU, TODAY, "0")], views=[view("cu", "逢高抛货")]))
    assert [f.severity for f in findings] == sorted((f.severity for f in findings), reverse=True)
    assert {"C301", "C302", "C403", "C701", "C702"} <= {f.code for f in findings}


def test_every_check_is_told_by_its_own_code() -> None:
    everything = evidence(
        typed=[
            fact(CU, TODAY, "0"),
            fact(CU._replace(basis=OF_CONTRACT), BEFORE, "1", "CU2405"),
            fact(Series("cu", "trading_volume", "主力"), TODAY, "1"),
            fact(Series("pb", "spot_price"), BEFORE, "1"),
            fact(Series("pb", "warrant_stock"), TODAY, "-1"),
            fact(Series("cu", "lme_stock"), TODAY, "1"),
            fact(Series("sn", "futures_close", MAIN), BEFORE, "1"),
            fact(Series("sn", "futures_close", MAIN), TODAY, "2"),
            fact(ORE, TODAY, "758", "I2409"),
            fact(Series("zn", "futures_close", MAIN), TODAY, "20900", "ZN2405"),
        ],
        known=[
            fact(CU._replace(basis=CONTINUOUS), BEFORE, "2"),
            fact(Series("pb", "spot_price"), BEFORE, "2"),
            fact(ORE_BARS, BEFORE, "805.5"),
            fact(Series("zn", "futures_close", MAIN), BEFORE, "20800", "ZN2404"),
            fact(Series("zn", "futures_close", MAIN), TODAY, "20850", "ZN2404"),
            fact(Series("pb", "lme_stock"), BEFORE, "267850"),
            fact(Series("pb", "lme_stock", "次日期初"), BEFORE, "272200"),
        ],
        views=[view("cu", "?")],
    )
    for code, run in CHECKS.items():
        told = {finding.code for finding in run(everything)}
        assert told <= {code}
        assert told or run.__module__.startswith("report.check.prose") or code in TABLES


def test_the_day_of_the_helpers_is_the_sample_day() -> None:
    assert date(2024, 3, 28) == TODAY
    assert CATALOG.settings.house
