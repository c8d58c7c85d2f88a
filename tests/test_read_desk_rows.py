"""The rows of 收盘, 产业 and 观点 become facts and views, or findings that name the cell."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from report.facts import Severity
from tests.days import CATALOG
from tests.workbooks import COPPER, KNOWN_AT, LONDON, SOCIAL, SPOT, STOCK, VIEW, Formula, only, read, told, write

BOOK = "日报底稿.xlsx"
TODAY, BEFORE, LME_BEFORE = date(2024, 3, 28), date(2024, 3, 27), date(2024, 3, 26)


def facts(reading):
    names = ("variety", "measure", "session", "value", "unit", "basis", "contract", "source")
    return [tuple(getattr(fact, name) for name in names) for fact in reading.facts]


def test_a_futures_row_gives_both_closes_of_its_contract_and_the_counts_on_their_basis(tmp_path):
    reading = read(write(tmp_path, [{**COPPER, "合约": " cu2405 "}]))
    at = f"{BOOK} › 收盘 › "
    assert told(reading) == []
    assert facts(reading) == [
        ("cu", "futures_close", TODAY, 72500, "元/吨", "主力", "CU2405", at + "D5"),
        ("cu", "futures_close", BEFORE, 72090, "元/吨", "合约", "CU2405", at + "E5"),
        ("cu", "trading_volume", TODAY, 217587, "手", "全合约", "", at + "F5"),
        ("cu", "open_interest", TODAY, 537374, "手", "全合约", "", at + "G5"),
    ]
    assert {fact.known_at for fact in reading.facts} == {KNOWN_AT}


def test_counts_of_the_main_contract_carry_it(tmp_path):
    reading = read(write(tmp_path, [{**COPPER, "口径": "主力"}]))
    assert [fact[4:7] for fact in facts(reading)[2:]] == [("手", "主力", "CU2405")] * 2


def test_without_a_close_the_contract_is_still_told(tmp_path):
    reading = read(write(tmp_path, [{**COPPER, "收盘价": "—"}]))
    assert [fact[2:7] for fact in facts(reading)[:2]] == [
        (TODAY, None, "元/吨", "主力", "CU2405"),
        (BEFORE, 72090, "元/吨", "合约", "CU2405"),
    ]


def test_every_contract_of_the_samples_form_is_of_its_row(tmp_path):
    rows = [
        {"交易所": one.exchange, "品种": one.product, "合约": f"{variety.code.lower()}2405", "收盘价": 1, "前收盘价": 1}
        for variety, one in CATALOG.instruments
        if one.measure == "futures_close"
    ]
    reading = read(write(tmp_path, rows))
    assert told(reading, Severity.WARNING) == []
    assert {fact.contract for fact in reading.facts if fact.measure == "futures_close"} == {
        row["合约"].upper() for row in rows
    }


def test_an_lme_row_has_no_contract_and_needs_no_counts(tmp_path):
    reading = read(write(tmp_path, [LONDON]))
    assert told(reading) == []
    assert [fact[1:7] for fact in facts(reading)] == [
        ("lme_close", TODAY, Decimal(8872), "美元/吨", "3个月", ""),
        ("lme_close", BEFORE, Decimal("8867.5"), "美元/吨", "3个月", ""),
    ]


def test_an_empty_previous_close_is_listed(tmp_path):
    reading = read(write(tmp_path, [{**COPPER, "前收盘价": None}]))
    assert told(reading) == [f"{BOOK} › 收盘 › E5: no number for SHFE 铜 前收盘价: the cell is empty [R102]"]
    assert reading.facts[1].value is None


def test_empty_counts_of_a_counted_instrument_are_listed_on_its_usual_basis(tmp_path):
    reading = read(write(tmp_path, [{**COPPER, "成交量": None, "持仓量": None, "口径": None}]))
    assert told(reading) == [
        f"{BOOK} › 收盘 › F5: no number for SHFE 铜 成交量: the cell is empty [R102]",
        f"{BOOK} › 收盘 › G5: no number for SHFE 铜 持仓量: the cell is empty [R102]",
    ]
    assert [(fact.value, fact.basis) for fact in reading.facts[2:]] == [(None, "全合约")] * 2


CLOSES = [
    ({"交易所": "SHEF"}, "A5: no exchange 'SHEF' (nearest: SHFE); correct the cell [R140]"),
    (
        {"品种": "铝连二"},
        "B5: SHFE has no product '铝连二' (nearest: 铝连三, 铝); "
        "correct the cell, or declare it in data/varieties/ [R140]",
    ),
    ({"交易所": None}, "A5: a row without 交易所; type it, or clear the row [R141]"),
    ({"品种": "—#", "交易所": "#N/A"}, "A5: expected a text, found the error #N/A; type a text in that cell [R107]"),
    ({"合约": "2405"}, "C5: expected a contract such as CU2405, found '2405'; type it again [R143]"),
    ({"合约": 2405}, "C5: expected a contract such as CU2405, found '2405'; type it again [R143]"),
    ({"合约": "CU2413"}, "C5: expected a contract such as CU2405, found 'CU2413'; type it again [R143]"),
    ({"合约": "CU2400"}, "C5: expected a contract such as CU2405, found 'CU2400'; type it again [R143]"),
    (
        {"合约": "ZN2405"},
        "C5: 'ZN2405' is no contract of SHFE 铜, whose contracts are like CU2405; type it again [R143]",
    ),
    ({"口径": "合计"}, "H5: expected 全合约 or 主力 for the volume of SHFE 铜, found '合计'; type one [R144]"),
    ({"口径": None}, "H5: expected 全合约 or 主力 for the volume of SHFE 铜, found nothing; type one [R144]"),
    (
        {"单位": "美元/吨"},
        "I5: SHFE 铜 is told in '美元/吨', which does not convert into 元/吨; "
        "type it in 元/吨, or declare the conversion in data/units.toml [R145]",
    ),
]


@pytest.mark.parametrize(("change", "message"), CLOSES, ids=[message[:12] for _, message in CLOSES])
def test_a_close_row_that_cannot_be_understood_is_an_error_at_its_cell(tmp_path, change, message):
    reading = read(write(tmp_path, [{**COPPER, **change}]))
    assert told(reading) == [f"{BOOK} › 收盘 › {message}"]
    assert only(reading).severity is Severity.ERROR


def test_a_futures_price_without_its_contract_is_noted(tmp_path):
    reading = read(write(tmp_path, [{**COPPER, "合约": None}]))
    message = "no contract for SHFE 铜; type it, such as CU2405, so that a roll is seen [R149]"
    assert told(reading) == [f"{BOOK} › 收盘 › C5: {message}"]
    assert only(reading).severity is Severity.NOTE
    assert [fact.basis for fact in reading.facts[:2]] == ["主力", "主力"]


def test_counts_of_another_instrument_are_not_kept(tmp_path):
    reading = read(write(tmp_path, [{**LONDON, "成交量": 12}]))
    assert told(reading) == [f"{BOOK} › 收盘 › F5: 成交量 is not kept for LME 铜; clear the cell [R148]"]


def test_two_rows_of_one_instrument_are_an_error_naming_both(tmp_path):
    reading = read(write(tmp_path, [COPPER, LONDON, {**COPPER, "交易所": "ｓｈｆｅ", "品种": " 铜 "}]))
    message = "SHFE 铜 stands in row 5 and again in row 7; delete one of them [R142]"
    assert told(reading) == [f"{BOOK} › 收盘 › row 7: {message}"]
    assert len(reading.facts) == 6


def test_a_unit_that_converts_is_converted_exactly_and_said(tmp_path):
    reading = read(write(tmp_path, [{**COPPER, "收盘价": 7.25, "前收盘价": 7.209, "单位": "万元／吨"}]))
    message = "SHFE 铜 is told in 万元/吨; converted into 元/吨, times 10000 [R147]"
    assert told(reading) == [f"{BOOK} › 收盘 › I5: {message}"]
    assert [fact.value for fact in reading.facts[:2]] == [72500, 72090]


def test_without_a_unit_the_house_unit_is_taken_and_said(tmp_path):
    reading = read(write(tmp_path, [{**COPPER, "单位": None}]))
    assert told(reading) == [f"{BOOK} › 收盘 › I5: no unit for SHFE 铜; read as 元/吨 [R146]"]


def test_without_a_unit_nothing_is_taken_where_the_form_asks_for_another_than_the_house(tmp_path):
    reading = read(write(tmp_path, industry=[{**SOCIAL, "单位": None}]))
    assert told(reading) == [f"{BOOK} › 产业 › C5: no unit for 锌 锌锭社会库存: 万吨 or 吨? type it [R145]"]
    assert [(fact.value, fact.source) for fact in reading.facts] == [(None, f"{BOOK} › 产业 › C5")] * 2


def test_an_indicator_belongs_to_the_session_spoken_of_and_the_one_before(tmp_path):
    reading = read(write(tmp_path, industry=[SPOT, STOCK]))
    assert told(reading) == []
    assert [fact[:7] for fact in facts(reading)] == [
        ("cu", "spot_price", TODAY, 71910, "元/吨", "", ""),
        ("cu", "spot_price", BEFORE, 71595, "元/吨", "", ""),
        ("cu", "lme_stock", BEFORE, 112475, "吨", "", ""),
        ("cu", "lme_stock", LME_BEFORE, 113100, "吨", "", ""),
    ]


def test_typed_dates_take_the_place_of_the_usual_ones_and_the_printed_unit_is_no_remark(tmp_path):
    reading = read(write(tmp_path, industry=[SOCIAL]))
    assert told(reading) == []
    assert [(fact.session, fact.value) for fact in reading.facts] == [(TODAY, 199300), (date(2024, 3, 25), 203600)]


def test_a_name_is_known_in_any_width_and_spacing(tmp_path):
    lithium = {"品种": "碳酸锂", "指标": "进口锂精矿 (5.5%-6.0％)", "单位": "美元/吨", "本期": 1, "上期": 2}
    silicon = {"品种": "工业硅", "指标": "华东通氧＃553\n均价", "单位": "元/吨", "本期": 1, "上期": 2}
    reading = read(write(tmp_path, industry=[lithium, silicon]))
    assert told(reading) == []
    assert [fact.measure for fact in reading.facts] == ["spodumene_price"] * 2 + ["oxygen_553_price"] * 2


def test_a_weekly_indicator_without_a_new_number_is_not_missing(tmp_path):
    reading = read(write(tmp_path, industry=[{**SOCIAL, "本期": None, "本期日期": None}]))
    assert told(reading) == []
    assert [fact.session for fact in reading.facts] == [date(2024, 3, 25)]


def test_a_weekly_number_without_its_date_is_said(tmp_path):
    reading = read(write(tmp_path, industry=[{**SOCIAL, "本期日期": None}]))
    message = "锌 锌锭社会库存 is a weekly number without 本期日期; taken as of 2024-03-28 [R136]"
    assert told(reading) == [f"{BOOK} › 产业 › G5: {message}"]


INDUSTRY = [
    (
        {"品种": "铜铝"},
        "A5: no variety '铜铝' (nearest: 铝, 铜); correct the cell, or declare it in data/varieties/ [R140]",
    ),
    ({"指标": None}, "B5: a row without 指标; type it, or clear the row [R141]"),
    (
        {"指标": "LME库村"},
        "B5: 铜 has no indicator 'LME库村' (nearest: LME 库存, LME 仓单, LME 升贴水); "
        "correct the cell, or declare it in data/varieties/cu.toml [R140]",
    ),
    (
        {"本期日期": date(2024, 4, 1)},
        "G5: 本期日期 2024-04-01 is after the report of 2024-03-29; correct the date [R134]",
    ),
    (
        {"上期日期": date(2024, 3, 28)},
        "H5: 上期日期 2024-03-28 is not before 本期日期 2024-03-27; correct one of the two [R134]",
    ),
    (
        {"本期日期": "昨天"},
        "G5: expected a date, found '昨天'; type the date again in that cell, such as 2024-03-29 [R133]",
    ),
]


@pytest.mark.parametrize(("change", "message"), INDUSTRY, ids=[message[:12] for _, message in INDUSTRY])
def test_an_indicator_row_that_cannot_be_understood_is_an_error_and_gives_no_number(tmp_path, change, message):
    reading = read(write(tmp_path, industry=[{**STOCK, **change}]))
    assert told(reading) == [f"{BOOK} › 产业 › {message}"]
    error = only(reading)
    assert error.severity is Severity.ERROR
    missing = [(fact.session, fact.value, fact.source) for fact in reading.facts]
    known = not {"品种", "指标"} & change.keys()
    assert missing == ([(BEFORE, None, error.where), (LME_BEFORE, None, error.where)] if known else [])
    assert reading.refused == (() if known else ("产业",))


SHUT = [
    (date(2024, 3, 24), "上期日期 2024-03-24 is no session of LME; correct the date [R135]"),
    (date(1924, 3, 24), "上期日期 1924-03-24 is outside the calendar of LME; correct the date [R135]"),
]


@pytest.mark.parametrize(("day", "message"), SHUT, ids=["a Sunday", "another century"])
def test_a_date_without_a_session_is_doubted(tmp_path, day, message):
    reading = read(write(tmp_path, industry=[{**STOCK, "上期日期": day}]))
    assert told(reading) == [f"{BOOK} › 产业 › H5: {message}"]
    assert only(reading).severity is Severity.WARNING


def test_a_computed_indicator_is_not_read_and_a_number_typed_over_it_is_said(tmp_path):
    row = {"品种": "铜", "指标": "沪伦比", "本期": Formula("=D5/D6"), "上期": 8.13}
    reading = read(write(tmp_path, industry=[row]))
    message = "铜 沪伦比 is computed from its inputs; the typed '8.13' is not used [R148]"
    assert told(reading) == [f"{BOOK} › 产业 › E5: {message}"]
    assert reading.facts == ()


def test_a_view_keeps_its_words_and_their_cells(tmp_path):
    (view,) = read(write(tmp_path, views=[VIEW])).views
    found = {name: getattr(view, name) for name in ("headline", "recap", "outlook", "recommendation", "analyst")}
    assert {name: passage.source.rpartition(" ")[2] for name, passage in found.items()} == {
        "headline": "B5",
        "recap": "C5",
        "outlook": "E5",
        "recommendation": "F5",
        "analyst": "G5",
    }
    assert (view.variety, view.recap.text, view.use) == ("cu", "沪铜走高。", "接后")


def test_a_view_row_without_a_word_gives_no_view(tmp_path):
    assert read(write(tmp_path, views=[{"品种": "铜", "用法": "接后", "标题": "—"}])).views == ()


def test_usage_says_whether_the_recap_replaces_the_draft_or_follows_it(tmp_path):
    rows = [{**VIEW, "用法": "替换"}, {**VIEW, "品种": "铝", "用法": "接在草稿后"}]
    assert [view.use for view in read(write(tmp_path, views=rows)).views] == ["替换", "接后"]


def test_an_unknown_usage_is_an_error(tmp_path):
    reading = read(write(tmp_path, views=[{**VIEW, "用法": "覆盖"}]))
    message = "expected one of 替换, 接后, 接在草稿后, found '覆盖'; choose one, or clear the cell [R151]"
    assert told(reading) == [f"{BOOK} › 观点 › D5: {message}"]
    assert only(reading).severity is Severity.ERROR


@pytest.mark.parametrize("recap", [None, "—"])
def test_a_draft_that_nothing_replaces_is_said(tmp_path, recap):
    reading = read(write(tmp_path, views=[{**VIEW, "行情": recap, "用法": "替换"}]))
    message = "'替换' with an empty 行情: the draft is printed; type 行情, or choose 接后 [R152]"
    assert told(reading) == [f"{BOOK} › 观点 › D5: {message}"]
    assert only(reading).severity is Severity.WARNING
    assert told(read(write(tmp_path, views=[{**VIEW, "用法": "替换"}]))) == []
