"""Each check of the tables fires on its fault, with the cell, and keeps quiet without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.check import CHECKS, rounding
from report.check.rounding import Span
from report.facts import CONTINUOUS, MAIN, OF_CONTRACT, Fact, Retold, Series, Severity, disputed
from tests.days import BEFORE, CALENDARS, CATALOG, CU, FORMULAS, LME_BEFORE, TODAY, evidence, fact

LME_CU = Series("cu", "lme_close", "3个月")
RATIO = Series("cu", "sh_lme_ratio")
STOCK, WARRANT = Series("pb", "lme_stock"), Series("pb", "lme_warrant_stock")
CANCELLED = Series("pb", "lme_cancelled_stock")
PREMIUM = Series("ni", "lme_premium")
OWN, VENDOR = "metals-reports-27-mar-2024.xls › Metals Totals Report › F78", "edb.xlsx › Sheet1 › B5"
COPPER = [
    fact(CU, TODAY, "72500"),
    fact(CU, BEFORE, "72090"),
    fact(LME_CU, TODAY, "8872"),
    fact(LME_CU, BEFORE, "8867.5"),
]


def found(code: str, **given) -> list[tuple[str, str, Severity]]:
    return [(f.where, f.message, f.severity) for f in CHECKS[code](evidence(**given)) if f.code == code]


def told(series: Series, aspect: str, text: str, *beside: Fact) -> Retold:
    value = Decimal(text)
    return Retold(
        series, aspect, value, Decimal(1).scaleb(min(value.as_tuple().exponent, 0)), "a.xlsx › 产业 › D9", beside
    )


def past(series: Series, values: Sequence[object], source: str = "2024-03-28/a.xlsx › 产业 › D9") -> list[Fact]:
    """The numbers as those of the last sessions before this one, newest last."""
    first = CALENDARS.previous(CATALOG.calendar(series), TODAY, len(values))
    days = CALENDARS.between(CATALOG.calendar(series), first, TODAY - timedelta(days=1))
    return [fact(series, day, str(value), source=source) for day, value in zip(days, values, strict=True)]


# —— what a figure stands for ——


def test_a_figure_stands_for_all_that_rounds_to_it_and_a_quoted_one_for_itself() -> None:
    assert rounding.span(fact(LME_CU, TODAY, "8867.5"), CATALOG, FORMULAS) == Span(
        Decimal("8867.45"), Decimal("8867.55")
    )
    assert rounding.span(fact(CU, TODAY, "72500"), CATALOG, FORMULAS) == Span(Decimal(72500), Decimal(72500))
    social = fact(Series("zn", "social_stock"), TODAY, "199300")  # told and printed in 万吨, with two places
    assert rounding.span(social, CATALOG, FORMULAS) == Span(Decimal(199250), Decimal(199350))


def test_two_figures_one_apart_in_their_last_place_are_not_the_same() -> None:
    one, other, exact = (
        Span(Decimal(low), Decimal(high)) for low, high in (("0.5", "1.5"), ("1.5", "2.5"), ("1.5", "1.5"))
    )
    assert not one.meets(other)
    assert exact.meets(one)
    assert exact.meets(other)


# —— C408–C410: identities ——


def test_c408_a_typed_ratio_that_its_prices_do_not_make_names_their_cells() -> None:
    (where, message, severity), *more = found("C408", typed=COPPER, retold=(told(RATIO, "previous", "8.17"),))
    assert (where, severity, more) == ("a.xlsx › 产业 › D9", Severity.WARNING, [])
    assert message.startswith(
        "8.17, but sh_lme_ratio(cu.futures_close 72090, cu.lme_close 8867.5) is 8.129687; look at"
    )


@pytest.mark.parametrize("text", ["8.17", "8.172", "8.1718", "8.2", "8"])
def test_c408_is_quiet_about_every_rounding_of_the_right_ratio(text: str) -> None:
    assert not found("C408", typed=COPPER, retold=(told(RATIO, "today", text),))


def test_c408_stock_is_warrants_and_cancelled_warrants_also_where_a_file_tells_the_third() -> None:
    typed = [fact(STOCK, BEFORE, "267850"), fact(WARRANT, BEFORE, "256875")]
    assert (
        "lme_cancelled_stock(pb.lme_stock 267850"
        in found("C408", typed=typed, retold=(told(CANCELLED, "today", "261225"),))[0][1]
    )
    assert not found("C408", typed=typed, retold=(told(CANCELLED, "today", "10975"),))
    exported = [fact(CANCELLED, BEFORE, "10974", source=VENDOR)]
    assert [hit[::2] for hit in found("C408", typed=typed, known=exported)] == [(VENDOR, Severity.WARNING)]
    assert not found("C408", typed=typed, known=[fact(CANCELLED, BEFORE, "10975", source=VENDOR)])


def test_c409_a_typed_change_that_its_row_does_not_make() -> None:
    row = (fact(CU, TODAY, "72500"), fact(CU, BEFORE, "72090"))
    hits = found("C409", retold=(told(CU, "change", "430", *row),))
    assert [hit[2] for hit in hits] == [Severity.WARNING]
    assert "430, but 72500 and 72090 make 410 (a.xlsx › 收盘 › D5; a.xlsx › 收盘 › D5)" in hits[0][1]
    assert not found("C409", retold=(told(CU, "change", "410", *row),))


def test_c409_is_quiet_about_a_change_rounded_by_itself() -> None:
    london = (fact(LME_CU, TODAY, "8872"), fact(LME_CU, BEFORE, "8867.5"))
    assert not found("C409", retold=(told(LME_CU, "change", "5", *london),))
    ratio = (told(RATIO, "today", "440"), told(RATIO, "previous", "441"))
    assert not found("C409", retold=(told(RATIO, "change", "-2", *ratio),))
    assert found("C409", retold=(told(RATIO, "change", "-3", *ratio),))


def test_c410_a_typed_percentage_fits_in_percent_or_as_a_fraction() -> None:
    row = (fact(CU, TODAY, "72500"), fact(CU, BEFORE, "72090"))
    assert not found("C410", retold=(told(CU, "change_ratio", "0.57", *row), told(CU, "change_ratio", "0.0057", *row)))
    assert found("C410", retold=(told(CU, "change_ratio", "0", *row),))
    hits = found("C410", retold=(told(CU, "change_ratio", "0.58", *row),))
    assert "0.58, but 72500" in hits[0][1]
    assert "make 0.568734%" in hits[0][1]
    assert hits[0][2] is Severity.WARNING


def test_c408_to_c410_are_quiet_about_what_a_spreadsheet_computed_and_a_desk_pasted_as_values() -> None:
    gold = Series("au", "futures_close", MAIN)
    row = (fact(gold, TODAY, "525.2"), fact(gold, BEFORE, "520"))
    moves = (told(gold, "change", repr(525.2 - 520), *row), told(gold, "change_ratio", repr((525.2 - 520) / 520), *row))
    assert moves[0].value == Decimal("5.2000000000000455")
    whole = (told(gold, "change_ratio", "0.01", *row), told(gold, "change_ratio", "1.00000000000001", *row))
    pasted = (told(RATIO, "today", repr(72500 / 8872)), told(RATIO, "previous", repr(72090 / 8867.5)))
    for code in ("C408", "C409", "C410"):
        assert not found(code, typed=COPPER, retold=(*moves, *whole, *pasted))
    assert found("C409", retold=(told(gold, "change", "5.2001", *row),))
    assert found("C410", retold=(told(gold, "change_ratio", "0.02", *row),))


@given(
    st.decimals("1", "99999", places=4),
    st.decimals("1", "99999", places=4),
    st.integers(1, 3),
    st.integers(0, 3),
    st.integers(0, 3),
)
def test_a_right_row_is_quiet_however_its_figures_are_rounded(today, previous, places, change, ratio) -> None:
    def shown(value: Decimal, to: int) -> str:
        return str(value.quantize(Decimal(1).scaleb(-to), ROUND_HALF_UP))

    row = (fact(LME_CU, TODAY, shown(today, places)), fact(LME_CU, BEFORE, shown(previous, places)))
    moves = (
        told(LME_CU, "change", shown(today - previous, change), *row),
        told(LME_CU, "change_ratio", shown((today - previous) / previous * 100, ratio), *row),
    )
    assert not found("C409", retold=moves)
    assert not found("C410", retold=moves)


# —— C411–C414: one fact in two places ——


def test_c411_a_close_typed_otherwise_on_the_second_table_names_both_cells() -> None:
    hits = found("C411", typed=COPPER, retold=(told(LME_CU, "today", "8827"),))
    assert hits == [
        (
            "a.xlsx › 产业 › D9",
            "8827, but a.xlsx › 收盘 › D5 has 8872 for 2024-03-28; mend whichever is wrong",
            Severity.ERROR,
        )
    ]
    assert not found("C411", typed=COPPER, retold=(told(LME_CU, "today", "8872"), told(LME_CU, "previous", "8868")))


def test_c412_the_close_of_another_contract_than_the_one_named() -> None:
    of_one = CU._replace(basis=OF_CONTRACT)
    known = [
        fact(of_one, TODAY, "72500", "CU2405", "kx20240328.dat › row 3"),
        fact(of_one, TODAY, "72570", "CU2406", "kx20240328.dat › row 4"),
    ]
    hits = found("C412", typed=[fact(CU, TODAY, "72570", "CU2405")], known=known)
    assert "72570 is named CU2405, but it is the close of CU2406 (kx20240328.dat › row 4)" in hits[0][1]
    assert not found("C412", typed=[fact(CU, TODAY, "72500", "CU2405")], known=known)


def test_c416_a_previous_close_left_standing_after_a_roll_is_the_former_main_contracts() -> None:
    former = fact(CU, BEFORE, "72090", "CU2405", "2024-03-28/a.xlsx › 收盘 › D5")
    own = CU._replace(basis=OF_CONTRACT)
    left = [fact(CU, TODAY, "72570", "CU2406"), fact(own, BEFORE, "72090", "CU2406", "a.xlsx › 收盘 › E5")]
    ((where, message, severity),) = found("C416", typed=left, known=[former])
    assert (where, severity) == ("a.xlsx › 收盘 › E5", Severity.WARNING)
    assert "is the close of CU2405, the main contract of that day (2024-03-28/a.xlsx › 收盘 › D5)" in message
    mended = [left[0], fact(own, BEFORE, "72150", "CU2406", "a.xlsx › 收盘 › E5")]
    assert not found("C416", typed=mended, known=[former])
    same = [fact(CU, TODAY, "72570", "CU2405"), fact(own, BEFORE, "72090", "CU2405")]
    assert not found("C416", typed=same, known=[former])
    known = [former, fact(own, BEFORE, "72150", "CU2406", "kx20240327.dat › row 4")]
    assert not found("C416", typed=left, known=known)
    assert [hit[2] for hit in found("C401", typed=left, known=known)] == [Severity.ERROR]


def test_c413_a_total_that_is_the_main_contracts_alone_or_less() -> None:
    total, bar = Series("ao", "trading_volume", "全合约"), Series("ao", "trading_volume", CONTINUOUS)
    known = [fact(bar, TODAY, "61047", source="主力连续日线.xlsx › 氧化铝 › G79")]
    assert (
        "it is the number of the main contract alone"
        in found("C413", typed=[fact(total, TODAY, "61047")], known=known)[0][1]
    )
    assert "the main contract alone has 61047" in found("C413", typed=[fact(total, TODAY, "6104")], known=known)[0][1]
    assert found("C413", typed=[fact(total, TODAY, "710470")], known=known)
    assert not found("C413", typed=[fact(total, TODAY, "71047")], known=known)
    main = total._replace(basis=MAIN)
    close = fact(Series("ao", "futures_close", MAIN), TODAY, "3287")
    known.append(fact(Series("ao", "futures_close", CONTINUOUS), TODAY, "3287"))
    assert found("C413", typed=[fact(main, TODAY, "71047"), close], known=known)
    assert not found("C413", typed=[fact(main, TODAY, "61047"), close], known=known)
    other = fact(Series("ao", "futures_close", MAIN), TODAY, "3301")  # the desk follows another contract
    assert not found("C413", typed=[fact(main, TODAY, "71047"), other], known=known)


def test_c415_a_count_that_is_no_whole_number() -> None:
    total = Series("cu", "trading_volume", "全合约")
    hits = found("C415", typed=[fact(total, TODAY, "21.7587")])
    assert [(hit[1].partition(";")[0], hit[2]) for hit in hits] == [
        ("21.7587 is no whole number of 手", Severity.ERROR)
    ]
    assert not found("C415", typed=[fact(total, TODAY, "217587"), fact(total, BEFORE, "217587.0")])


def test_c414_two_files_that_tell_one_number_differently() -> None:
    holds, other = fact(STOCK, BEFORE, "272200", source=OWN), fact(STOCK, BEFORE, "272000", source=VENDOR)
    (where, message, severity), *_ = found("C414", known=[holds, disputed(other)])
    assert (where, severity) == (VENDOR, Severity.WARNING)
    assert f"{OWN} has 272200, which is taken" in message
    assert not found("C414", known=[holds, disputed(fact(STOCK, BEFORE, "272200.0", source=VENDOR))])
    old = [fact(STOCK, date(2024, 3, 1), "1"), disputed(fact(STOCK, date(2024, 3, 1), "2"))]
    assert not found("C414", known=old)
    assert evidence(known=[holds, disputed(other)]).day.standings[STOCK].today.value == 272200


# —— C420–C423, C502: plausibility ——

QUIET = [100 + (n * 7) % 5 for n in range(40)]  # moves by 4 at most


def test_c420_a_jump_far_outside_the_series_own_moves() -> None:
    spot = Series("zn", "spot_price")
    known = past(spot, [20000 + n for n in QUIET])
    hits = found("C420", typed=[fact(spot, TODAY, "20820")], known=known)
    assert hits[0][2] is Severity.WARNING
    assert "20820 is +" in hits[0][1]
    assert not found("C420", typed=[fact(spot, TODAY, "20108")], known=known)


def test_c420_is_quiet_where_the_sources_own_file_tells_the_number_and_where_the_past_is_short() -> None:
    spot = Series("zn", "spot_price")
    known = past(spot, [20000 + n for n in QUIET])
    assert not found("C420", typed=[fact(spot, TODAY, "20820")], known=[*known, fact(spot, TODAY, "20820", source=OWN)])
    assert not found("C420", typed=[fact(spot, TODAY, "20820")], known=known[-5:])


def test_c420_a_quote_that_moves_further_than_quotes_do_even_without_a_past() -> None:
    spot, freight = Series("rb", "spot_price"), Series("i", "brazil_freight_price")
    before = fact(spot, BEFORE, "3500")
    assert "3970 is +13.43% from the session before" in found("C420", typed=[fact(spot, TODAY, "3970"), before])[0][1]
    assert not found("C420", typed=[fact(spot, TODAY, "3900"), before])
    assert not found("C420", typed=[fact(freight, TODAY, "30"), fact(freight, BEFORE, "26")])


def test_c421_the_other_sign_than_all_the_past_or_the_opposite_of_the_number_before() -> None:
    premium = Series("cu", "spot_premium")
    known = past(premium, [-200 + n % 7 for n in range(20)])
    assert "150 after" in found("C421", typed=[fact(premium, TODAY, "150")], known=known)[0][1]
    assert not found("C421", typed=[fact(premium, TODAY, "10")], known=known)
    before = fact(premium, BEFORE, "-210")
    assert found("C421", typed=[fact(premium, TODAY, "210"), before])[0][2] is Severity.WARNING
    assert not found("C421", typed=[fact(premium, TODAY, "-210"), before])
    assert not found("C421", typed=[fact(premium, TODAY, "10"), fact(premium, BEFORE, "-10")])


def test_c421_about_the_opposite_of_a_premium_that_is_large_beside_the_price() -> None:
    closes = [fact(Series("al", "lme_close", "3个月"), TODAY, "2335")]
    before = fact(Series("al", "lme_premium"), BEFORE, "-51.8")
    assert found("C421", typed=[fact(Series("al", "lme_premium"), TODAY, "46.73"), before, *closes])
    assert not found("C421", typed=[fact(Series("al", "lme_premium"), TODAY, "20.1"), before, *closes])
    small = fact(Series("al", "lme_premium"), BEFORE, "-5.1")
    assert not found("C421", typed=[fact(Series("al", "lme_premium"), TODAY, "4.9"), small, *closes])


def test_c422_tonnes_for_ten_thousand_tonnes_and_a_digit_too_many() -> None:
    warrant = Series("cu", "warrant_stock")
    before = fact(warrant, BEFORE, "219453")
    (_, message, severity), *_ = found("C422", typed=[fact(warrant, TODAY, "21.9453"), before])
    assert (severity, "21.9453 after 219453: another unit?" in message) == (Severity.WARNING, True)
    (_, message, severity), *_ = found("C422", typed=[fact(warrant, TODAY, "2194530"), before])
    assert (severity, "10 times apart" in message) == (Severity.WARNING, True)
    assert not found("C422", typed=[fact(warrant, TODAY, "119453"), before])
    assert not found("C422", typed=[fact(warrant, TODAY, "30"), fact(warrant, BEFORE, "3")])


def test_c422_of_a_premium_only_another_unit_is_said() -> None:
    before = fact(PREMIUM, BEFORE, "-204.94")
    assert found("C422", typed=[fact(PREMIUM, TODAY, "-204940"), before])
    assert not found("C422", typed=[fact(PREMIUM, TODAY, "-10.5"), before])


def test_c424_a_close_between_two_ticks() -> None:
    assert "72503 is no multiple of 10, the tick of SHFE 铜" in found("C424", typed=[fact(CU, TODAY, "72503")])[0][1]
    assert found("C424", typed=[fact(CU._replace(basis=OF_CONTRACT), BEFORE, "72091", "CU2405")])
    assert not found("C424", typed=[fact(CU, TODAY, "72500"), fact(LME_CU, TODAY, "8867.5")])


def test_c423_open_interest_on_another_basis_than_the_session_before() -> None:
    total, bar = Series("cu", "open_interest", "全合约"), Series("cu", "open_interest", CONTINUOUS)
    before = fact(total, BEFORE, "540000", source="2024-03-28/a.xlsx › 收盘 › G5")
    hits = found("C423", typed=[fact(total, TODAY, "215000")], known=[before])
    assert "one of the two is probably not 全合约" in hits[0][1]
    assert not found("C423", typed=[fact(total, TODAY, "537374")], known=[before])
    fell = [fact(bar, BEFORE, "250000"), fact(bar, TODAY, "100000")]
    assert not found("C423", typed=[fact(total, TODAY, "215000")], known=[before, *fell])


def test_c502_holds_a_close_against_the_products_own_limit_from_the_settlement_before() -> None:
    known = [
        fact(CU._replace(basis=CONTINUOUS), BEFORE, "72090"),
        fact(Series("cu", "settlement_price", CONTINUOUS), BEFORE, "72070", source="主力连续日线.xlsx › 铜 › F78"),
    ]
    hits = found("C502", typed=[fact(CU, TODAY, "78000"), fact(CU, BEFORE, "72090")], known=known)
    assert "78000 is +8.23% from 72070 (主力连续日线.xlsx › 铜 › F78), more than the 8%" in hits[0][1]
    assert not found("C502", typed=[fact(CU, TODAY, "77800"), fact(CU, BEFORE, "72090")], known=known)
    assert not found(
        "C502", typed=[fact(CU, TODAY, "78000"), fact(CU, BEFORE, "72090")]
    )  # 72090 may have been limit down


# —— C503–C506: freshness ——


def test_c503_a_weekly_number_too_old_to_be_printed() -> None:
    weekly = Series("zn", "social_stock")
    hits = found("C503", typed=[fact(weekly, date(2024, 3, 1), "200000"), fact(weekly, date(2024, 2, 26), "190000")])
    assert [hit[1].partition(",")[0] for hit in hits] == ["200000 is of 2024-03-01"]
    assert not found("C503", typed=[fact(weekly, date(2024, 3, 25), "200000")])


def still_block(names: Sequence[str], moved: Sequence[str] = ()) -> list[Fact]:
    """Lead's rows, each as before but those that moved."""
    facts = []
    for number, name in enumerate((*names, *moved)):
        series = CATALOG.series(CATALOG.varieties["pb"], name)
        days = (BEFORE, LME_BEFORE) if CATALOG.measures[series.measure].behind else (TODAY, BEFORE)
        values = ("100", "101") if name in moved else ("100", "100")
        facts += [
            fact(series, day, value, source=f"a.xlsx › 产业 › {n}{number}")
            for day, value, n in zip(days, values, "DE", strict=True)
        ]
    return facts


LEAD = ("futures_close", "warrant_stock", "spot_premium", "lme_close", "lme_stock", "lme_warrant_stock")


def test_c504_a_block_that_stands_whole_as_before_is_a_copied_column() -> None:
    (where, message, severity), *more = found("C504", typed=still_block(LEAD))
    assert (where, severity, more) == ("a.xlsx › 产业 › E0", Severity.WARNING, [])
    assert "6 numbers of the block 铅 stand as on the session before, none moved" in message
    assert "a.xlsx › 产业 › E5" in message


def test_c504_is_quiet_where_a_row_moved_or_too_few_stand() -> None:
    assert not found("C504", typed=still_block(LEAD, ("spot_price",)))
    assert not found("C504", typed=still_block(LEAD[:5]))


def test_c504_says_that_todays_are_the_copy_where_history_has_the_previous_ones() -> None:
    typed = still_block(LEAD)
    previous = [replace(one, source="2024-03-28/a.xlsx") for one in typed if "› E" in one.source]
    ((where, message, _),) = found("C504", typed=typed, known=previous)
    assert where == "a.xlsx › 产业 › D0"
    assert "this session's are probably a copy; type those of 2024-03-28 (a.xlsx › 产业 › D0;" in message
    other = [replace(one, value=Decimal(99)) for one in previous]
    ((where, message, _),) = found("C504", typed=typed, known=other)
    assert where == "a.xlsx › 产业 › E0"
    assert "the previous ones are probably a copy; type those of 2024-03-27" in message


def closes(exchange: str, moved: int = 0) -> list[Fact]:
    """The closes of an exchange as on the session before, but for the first so many of them."""
    facts = []
    rows = [(v, i) for v, i in CATALOG.instruments if i.exchange == exchange]
    for number, (variety, instrument) in enumerate(rows):
        series = Series(variety.code, instrument.measure, instrument.basis)
        today = instrument.tick + 1000 if number < moved else 1000
        facts.append(fact(series, TODAY, str(today), source=f"a.xlsx › 收盘 › D{number}"))
        facts.append(fact(series, BEFORE, "1000", source=f"a.xlsx › 收盘 › E{number}"))
    return facts


def test_c507_yesterdays_closes_copied_whole_into_today_name_the_cells() -> None:
    typed = closes("SHFE")
    known = [replace(one, source="2024-03-28/a.xlsx") for one in typed if "› E" in one.source]
    ((where, message, severity),) = found("C507", typed=typed, known=known)
    count = len(typed) // 2
    assert (where, severity) == ("a.xlsx › 收盘 › D0", Severity.WARNING)
    assert message.startswith(f"{count} of {count} closes of SHFE stand to the tick as on the session before")
    assert "type those of 2024-03-28 (a.xlsx › 收盘 › D0;" in message
    assert f"a.xlsx › 收盘 › D{count - 1})" in message
    assert found("C507", typed=closes("GFEX"))[0][1].startswith("2 of 2 closes of GFEX")
    assert len(found("C507", typed=[*closes("SHFE"), *closes("DCE"), *closes("GFEX")])) == 3


def test_c507_is_quiet_where_few_stand_or_the_sources_own_file_has_them_too() -> None:
    typed = closes("SHFE")
    assert not found("C507", typed=closes("SHFE", moved=len(typed) // 2 - 2))
    assert not found("C507", typed=closes("GFEX", moved=1))
    own = [replace(one, source=OWN) for one in typed if "› D" in one.source]
    assert not found("C507", typed=typed, known=own)


def test_c505_a_zero_in_a_series_that_is_never_zero() -> None:
    before = fact(PREMIUM, BEFORE, "-204.94", source="a.xlsx › 产业 › E20")
    hits = found("C505", typed=[fact(PREMIUM, TODAY, "0"), before])
    assert hits[0][2] is Severity.WARNING
    assert "0 after -204.94 (a.xlsx › 产业 › E20)" in hits[0][1]
    assert not found("C505", typed=[fact(Series("cu", "spot_premium"), TODAY, "0"), fact(PREMIUM, TODAY, "-0.01")])


def test_c506_a_number_as_before_in_a_series_that_never_repeats_while_the_close_moved() -> None:
    london = Series("au", "london_price")
    closes = [
        fact(Series("au", "futures_close", MAIN), TODAY, "520.00"),
        fact(Series("au", "futures_close", MAIN), BEFORE, "516.42"),
    ]
    known = past(london, [f"{2100 + n * 3}.{n:02}" for n in range(40)])
    again = str(known[-1].value)
    hits = found("C506", typed=[fact(london, TODAY, again), *closes], known=known)
    assert f"{again} as on 2024-03-27" in hits[0][1]
    assert not found("C506", typed=[fact(london, TODAY, "2214.35"), *closes], known=known)
    assert not found("C506", typed=[fact(london, TODAY, again)], known=known)
    repeating = past(london, [f"{2100 + n // 2}.00" for n in range(40)])
    assert not found("C506", typed=[fact(london, TODAY, str(repeating[-1].value)), *closes], known=repeating)


def test_c401_a_number_that_rounds_to_what_the_source_tells_agrees_and_yesterdays_is_called_so() -> None:
    silver = Series("ag", "comex_close")
    known = [fact(silver, BEFORE, "24.765", source=OWN)]
    assert not found("C401", typed=[fact(silver, BEFORE, "24.77")], known=known)
    assert found("C401", typed=[fact(silver, BEFORE, "24.78")], known=known)
    stocks = [fact(STOCK, LME_BEFORE, "267850", source=OWN), fact(STOCK, BEFORE, "272200", source=OWN)]
    (hit,) = found("C401", typed=[fact(STOCK, BEFORE, "267850")], known=stocks)
    assert "has 272200 (267850 is that of 2024-03-26)" in hit[1]
