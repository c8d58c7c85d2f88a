"""Several workbooks of one day become one reading."""

from __future__ import annotations

from datetime import date

from report.facts import Series, Severity
from report.read.merge import aside, merge, rowless
from tests.workbooks import COPPER, LONDON, SPOT, STOCK, VIEW, read, told, write

EMPTY = {"交易所": "SHFE", "品种": "铜", "单位": "元/吨"}


def books(folder, *contents):
    """Write a.xlsx, b.xlsx … and merge what they give."""
    return merge([read(write(folder, **one, name=f"{name}.xlsx")) for name, one in zip("abc", contents, strict=False)])


def whole(**sheets):
    return {"closes": [], "industry": [], "views": [], **sheets}


def test_a_number_that_two_workbooks_agree_on_is_kept_once(tmp_path):
    merged = books(tmp_path, whole(closes=[COPPER]), whole(closes=[{**COPPER, "收盘价": "72,500"}]))
    assert [fact.source for fact in merged.facts] == [f"a.xlsx › 收盘 › {cell}5" for cell in "DEFG"]
    assert told(merged) == ["b.xlsx › 收盘 › D5: '72,500' is stored as text; read as 72500 [R103]"]


def test_a_number_takes_the_place_of_a_missing_one_and_of_its_note(tmp_path):
    for order in ([EMPTY, COPPER], [COPPER, EMPTY]):
        merged = books(tmp_path, *(whole(closes=[row]) for row in order))
        assert told(merged) == []
        assert sorted(fact.value for fact in merged.facts) == [72090, 72500, 217587, 537374]


def test_a_number_missing_everywhere_is_listed_for_each_cell(tmp_path):
    row = {**LONDON, "前收盘价": None}
    merged = books(tmp_path, whole(closes=[row]), whole(closes=[row]))
    message = "› 收盘 › E5: no number for LME 铜 前收盘价: the cell is empty [R102]"
    assert told(merged) == [f"a.xlsx {message}", f"b.xlsx {message}"]
    assert [fact.value for fact in merged.facts] == [8872, None]


def test_two_numbers_for_one_thing_are_an_error_naming_both_cells(tmp_path):
    merged = books(tmp_path, whole(industry=[SPOT]), whole(industry=[{**SPOT, "本期": 71911}]))
    message = "cu.spot_price of 2024-03-28 is 71911 here and 71910 in a.xlsx › 产业 › D5; make the two agree [R160]"
    assert told(merged) == [f"b.xlsx › 产业 › D5: {message}"]
    assert merged.findings[0].severity is Severity.ERROR


def test_two_main_contracts_on_one_day_are_an_error(tmp_path):
    other = {**EMPTY, "合约": "CU2406", "收盘价": 72500}
    merged = books(tmp_path, whole(closes=[COPPER]), whole(closes=[other]))
    both = "SHFE 铜 合约 is CU2406 here and CU2405 in a.xlsx › 收盘 › C5; make the two agree [R160]"
    assert told(merged, Severity.WARNING) == [f"b.xlsx › 收盘 › C5: {both}"]


def test_every_typed_cell_counts_whatever_else_its_row_holds(tmp_path):
    other = {**EMPTY, "合约": "CU2406", "前收盘价": 72600, "口径": "主力"}
    both = whole(closes=[other], industry=[{"品种": "铜", "指标": "LME 库存", "本期日期": date(2024, 3, 26)}])
    mine = whole(closes=[COPPER], industry=[{**STOCK, "本期日期": date(2024, 3, 27)}])
    for order, here, there in (([mine, both], "other", "mine"), ([both, mine], "mine", "other")):
        says = {
            "收盘 › C5": ("SHFE 铜 合约", {"mine": "CU2405", "other": "CU2406"}),
            "收盘 › E5": ("SHFE 铜 前收盘价", {"mine": "72090", "other": "72600"}),
            "收盘 › H5": ("SHFE 铜 口径", {"mine": "全合约", "other": "主力"}),
            "产业 › G5": ("铜 LME 库存 本期日期", {"mine": "2024-03-27", "other": "2024-03-26"}),
        }
        assert told(books(tmp_path, *order), Severity.ERROR) == [
            f"b.xlsx › {cell}: {what} is {told_[here]} here and {told_[there]} in a.xlsx › {cell}; "
            "make the two agree [R160]"
            for cell, (what, told_) in says.items()
        ]


def test_what_the_form_was_prefilled_with_and_nobody_touched_is_no_conflict(tmp_path):
    untouched = {**EMPTY, "合约": "CU2405", "前收盘价": 72090, "口径": "全合约"}
    assert told(books(tmp_path, whole(closes=[untouched]), whole(closes=[COPPER]))) == []


def test_one_number_in_two_units_is_no_conflict(tmp_path):
    other = {**STOCK, "本期": 11.2475, "上期": 11.31, "单位": "万吨"}
    merged = books(tmp_path, whole(industry=[STOCK]), whole(industry=[other]))
    assert told(merged, Severity.WARNING) == []


def test_a_row_that_no_workbook_has_is_missing_at_its_sheet(tmp_path):
    aluminium = {**COPPER, "品种": "铝", "合约": "AL2405"}
    merged = books(tmp_path, whole(closes=[COPPER], industry=[SPOT]), whole(closes=[aluminium]))
    lost = rowless(merged)
    assert {(fact.source, fact.value) for fact in lost} == {("a.xlsx › 收盘", None), ("a.xlsx › 产业", None)}
    closes = [(fact.variety, fact.session) for fact in lost if fact.series == Series("zn", "futures_close", "主力")]
    assert sorted(closes) == [("zn", date(2024, 3, 27)), ("zn", date(2024, 3, 28))]
    assert not {"futures_close", "spot_price"} & {one.measure for one in lost if one.variety == "cu"}
    assert [one.basis for one in lost if (one.variety, one.measure) == ("al", "futures_close")] == ["连三", "连三"]


def test_a_previous_close_without_its_contract_still_contradicts_one_with_it(tmp_path):
    other = {**EMPTY, "收盘价": 72500, "前收盘价": 72091}
    merged = books(tmp_path, whole(closes=[COPPER]), whole(closes=[other]))
    day = "of 2024-03-27 is CU2405 72091 here and CU2405 72090 in a.xlsx › 收盘 › E5; make the two agree [R160]"
    assert told(merged, Severity.WARNING) == [f"b.xlsx › 收盘 › E5: cu.futures_close@合约 {day}"]


def test_the_texts_of_a_view_may_come_from_several_workbooks(tmp_path):
    first = {"品种": "铜", "行情": "沪铜走高。", "用法": "替换"}
    merged = books(tmp_path, whole(views=[first]), whole(views=[{**VIEW, "行情": "沪铜 走高。\n"}]))
    (view,) = merged.views
    assert told(merged, Severity.ERROR) == [
        "b.xlsx › 观点 › C5: 用法 is 接后 here and 替换 beside a.xlsx › 观点 › C5; make the two agree [R160]"
    ]
    assert (view.recap.source, view.headline.source, view.use) == ("a.xlsx › 观点 › C5", "b.xlsx › 观点 › B5", "替换")


def test_two_texts_for_one_field_are_an_error_naming_both_cells(tmp_path):
    merged = books(tmp_path, whole(views=[VIEW]), whole(views=[{**VIEW, "标题": "铜价偏弱"}]))
    message = "'铜价偏弱' here and '铜价偏强' in a.xlsx › 观点 › B5; make the two agree [R160]"
    assert told(merged) == [f"b.xlsx › 观点 › B5: {message}"]


def test_a_sheet_that_no_workbook_has_is_an_error_naming_the_files(tmp_path):
    merged = books(tmp_path, {"closes": [COPPER]}, {"views": [VIEW]})
    message = "no workbook has the sheet 产业; looked at a.xlsx, b.xlsx; add the sheet to one of them [R121]"
    assert told(merged) == [f"日报底稿: {message}"]
    assert merged.refused == ("产业",)


def test_no_workbook_at_all_is_not_the_readers_to_say():
    assert merge([]).findings == ()


def test_one_count_on_two_bases_is_an_error_naming_both_cells(tmp_path):
    other = {**EMPTY, "合约": "CU2405", "成交量": 101206, "持仓量": 537374, "口径": "主力"}
    merged = books(tmp_path, whole(closes=[COPPER]), whole(closes=[other]))
    assert told(merged, Severity.WARNING) == [
        "b.xlsx › 收盘 › F5: cu.trading_volume of 2024-03-28 is 主力 101206 here and 全合约 217587 in "
        "a.xlsx › 收盘 › F5; make the two agree [R160]",
        "b.xlsx › 收盘 › H5: SHFE 铜 口径 is 主力 here and 全合约 in a.xlsx › 收盘 › H5; make the two agree [R160]",
    ]
    assert [(fact.measure, fact.basis) for fact in merged.facts[2:]] == [
        ("trading_volume", "全合约"),
        ("open_interest", "全合约"),
    ]


def test_a_missing_close_keeps_the_contract_that_one_workbook_names(tmp_path):
    named = {**EMPTY, "合约": "CU2405", "收盘价": "—", "前收盘价": 72090}
    for order in ([EMPTY, named], [named, EMPTY]):
        merged = books(tmp_path, *(whole(closes=[row]) for row in order))
        closes = [(fact.value, fact.basis, fact.contract) for fact in merged.facts if fact.measure == "futures_close"]
        assert sorted(closes, key=str) == [(72090, "合约", "CU2405"), (None, "主力", "CU2405")]


def test_what_was_refused_in_any_workbook_is_told_of_all(tmp_path):
    merged = books(tmp_path, whole(views=[{**VIEW, "标题": 5}]), {"closes": [COPPER], "day": None})
    assert merged.refused == ("观点 › 铜", "收盘")


def test_what_lies_beside_the_workbooks_is_noted_by_name():
    (finding,) = aside(["报价.pdf"])
    assert (finding.where, finding.severity, finding.code) == ("报价.pdf", Severity.NOTE, "R161")
