"""Numbers typed where the house has its own become no facts; the checks get them as they were typed."""

from __future__ import annotations

from decimal import Decimal

from report.facts import MAIN, Series
from tests.workbooks import COPPER, SPOT, Formula, Shown, calculated, read, told, write

AT = "日报底稿.xlsx › "
CU = Series("cu", "futures_close", MAIN)


def retold(reading):
    return [(one.series, one.aspect, one.value, one.step, one.source) for one in reading.retold]


def test_a_change_typed_over_the_formula_comes_with_the_two_numbers_of_its_row(tmp_path) -> None:
    reading = read(write(tmp_path, [{**COPPER, "涨跌": 410, "涨跌幅": 0.57}], [{**SPOT, "涨跌": 315.5}]))
    assert retold(reading) == [
        (CU, "change", 410, 1, AT + "收盘 › J5"),
        (CU, "change_ratio", Decimal("0.57"), Decimal("0.01"), AT + "收盘 › K5"),
        (Series("cu", "spot_price"), "change", Decimal("315.5"), Decimal("0.1"), AT + "产业 › F5"),
    ]
    assert [[fact.value for fact in one.beside] for one in reading.retold] == [[72500, 72090]] * 2 + [[71910, 71595]]


def test_a_percentage_format_is_read_as_shown(tmp_path) -> None:
    reading = read(write(tmp_path, [{**COPPER, "涨跌幅": Shown(0.0057, "0.00%")}]))
    assert retold(reading) == [(CU, "change_ratio", Decimal("0.57"), Decimal("0.01"), AT + "收盘 › K5")]
    assert not told(reading)


def test_what_the_house_computes_is_handed_on_in_its_unit_and_no_fact(tmp_path) -> None:
    rows = [
        {"品种": "铜", "指标": "沪伦比", "本期": 8.17, "上期": 8.13, "涨跌": 0.04},
        {"品种": "铜", "指标": "LME 注销仓单", "单位": "万吨", "本期": 1.47},
    ]
    reading = read(write(tmp_path, industry=rows))
    cancelled = Series("cu", "lme_cancelled_stock")
    ratio = Series("cu", "sh_lme_ratio")
    assert not reading.facts
    assert [one[:4] for one in retold(reading)] == [
        (ratio, "today", Decimal("8.17"), Decimal("0.01")),
        (ratio, "previous", Decimal("8.13"), Decimal("0.01")),
        (ratio, "change", Decimal("0.04"), Decimal("0.01")),
        (cancelled, "today", 14700, 100),
    ]


def test_a_close_on_the_second_table_is_no_second_fact(tmp_path) -> None:
    rows = [{"品种": "铜", "指标": "SHFE 铜主力", "单位": "元/吨", "本期": 72500, "上期": 72090}]
    reading = read(write(tmp_path, industry=rows))
    assert not reading.facts
    assert [one[:3] for one in retold(reading)] == [(CU, "today", 72500), (CU, "previous", 72090)]
    note = "铜 SHFE 铜主力 is taken from the sheet 收盘; the typed '72500' is not used [R148]"
    assert told(reading)[0] == f"{AT}产业 › D5: {note}"


def test_a_formula_tells_nothing_again_nor_does_a_sheet_of_another_day(tmp_path) -> None:
    ratio = {"品种": "铜", "指标": "沪伦比", "本期": Formula("=1+1", 2)}
    assert not read(calculated(tmp_path, [{**COPPER, "涨跌": Formula("=D5-E5", 410)}], [ratio])).retold
    other = read(write(tmp_path, [{**COPPER, "涨跌": 410}], day="2024-03-28"))
    assert not other.retold


def test_a_wrong_date_beside_a_computed_number_is_told(tmp_path) -> None:
    row = {"品种": "铜", "指标": "沪伦比", "本期": 8.17, "上期": 8.13, "本期日期": "2024-05-23"}
    assert any("本期日期 2024-05-23 is after the report" in one for one in told(read(write(tmp_path, industry=[row]))))
