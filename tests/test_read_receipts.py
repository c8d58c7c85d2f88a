"""Warehouse receipts of SHFE (JSON and web page) and GFEX: warehouses and factories apart, sums and changes checked."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from report.errors import InputError
from report.read import Reading, markup
from tests.received import as_json, read, real, said, told

CARRIED = "次日期初"


def shfe_row(product: str, place: str, level: object, today: object, change: object, **more: Any) -> dict[str, Any]:
    row = {"VARNAME": f"{product}$$X", "VARID": "", "REGNAME": "上海$$Shanghai", "WHABBRNAME": f"{place}$$Y"}
    row |= {"ROWSTATUS": level, "WRTWGHTS": today, "WRTCHANGE": change, "WGHTUNIT": "2", "WHTYPE": "1", "WHROWS": 3}
    return row | more


def copper() -> list[dict[str, Any]]:
    return [
        shfe_row("铜", "国储天威", "0", 40_000, "100"),
        shfe_row("铜", "中储吴淞", 0, "2,000", -30),
        shfe_row("铜", "合计", 1, 42_000, 70),
        shfe_row("铜", "保税商品总计", "2", 0, 0),
        shfe_row("铜", "完税商品总计", "2", 42_000, 70),
        shfe_row("铜", "总计", "2", 42_000, 70),
    ]


def alumina() -> list[dict[str, Any]]:
    return [
        shfe_row("氧化铝仓库", "新疆中疆", "0", 51_354, 0),
        shfe_row("氧化铝仓库", "总计", "2", 51_354, 0),
        shfe_row("氧化铝厂库", "某厂", "0", 600, 0, WHTYPE="2"),
        shfe_row("氧化铝厂库", "总计", "2", 600, 0, WHTYPE="2"),
    ]


def shfe(folder: Path, rows: list[dict[str, Any]], day: str = "20240328") -> Path:
    return as_json(folder / f"{day}dailystock.dat", {"o_code": "0", "report_date": day, "o_cursor": rows})


def today(reading: Reading) -> dict[tuple[str, str], str]:
    """Every number but those that a list goes on from."""
    return {key: value for key, value in told(reading).items() if not key[0].endswith(CARRIED)}


def test_the_total_of_bonded_and_duty_paid_goods_is_taken(tmp_path):
    reading = read(shfe(tmp_path, copper()))
    assert told(reading) == {("cu.warrant_stock", ""): "42000", (f"cu.warrant_stock@{CARRIED}", ""): "41930"}
    assert reading.facts[0].source == "20240328dailystock.dat › row 6 › WRTWGHTS"
    assert said(reading) == []


def test_a_product_without_its_code_is_known_by_name(tmp_path):
    by_name = read(shfe(tmp_path, copper()))
    by_code = read(shfe(tmp_path, [row | {"VARID": "cu", "VARNAME": "阴极铜$$X"} for row in copper()]))
    assert told(by_name) == told(by_code)


def test_warehouses_and_factories_stay_apart(tmp_path):
    numbers = today(read(shfe(tmp_path, alumina())))
    assert numbers == {("ao.warrant_stock", ""): "51354", ("ao.factory_stock", ""): "600"}


def test_gold_is_told_in_kilograms_and_kept_in_the_houses_unit(tmp_path):
    rows = [shfe_row("白银", "总计", "2", 978_500, 0, WGHTUNIT="1")]
    assert today(read(shfe(tmp_path, rows))) == {("ag.warrant_stock", ""): "978.500"}


def test_warehouses_that_do_not_come_to_the_total_are_a_finding(tmp_path):
    reading = read(shfe(tmp_path, copper()[1:]))
    assert "the 总计 is 42000, the warehouses come to 2000; the file may be cut short" in said(reading, "R187")[0]


def test_changes_of_the_warehouses_that_do_not_come_to_the_total_change_are_a_finding(tmp_path):
    rows = copper()
    rows[0]["WRTCHANGE"] = 90
    assert "the 总计 is 70, the warehouses come to 60" in said(read(shfe(tmp_path, rows)), "R187")[0]


def test_a_list_without_its_total_is_not_read(tmp_path):
    reading = read(shfe(tmp_path, [shfe_row("铜", "甲", "0", 5, 0), shfe_row("铜", "乙", "0", 6, 0, REGNAME="广东")]))
    assert not reading.facts
    assert "no 总计 of 铜 among its lines; not read" in said(reading, "R187")[0]


def test_a_product_nobody_declared_is_reported(tmp_path):
    (finding,) = said(read(shfe(tmp_path, [*copper(), shfe_row("纸浆", "总计", "2", 1, 0)])))
    assert "no variety is called 纸浆; its receipts are not read" in finding


PAGE = """<html><body><table><tr><td>2026-01-15 2026年 第9期</td></tr></table>
<table><thead><tr><th>地区</th><th><div>仓库</div></th><th>期货</th><th>增减</th></tr>
<tr><td colspan="3">铜</td><td>单位：吨</td></tr>
<tr><td rowspan="3">上海</td><td>国储天威</td><td>40,000</td><td>100</td></tr>
<tr><td>中储吴淞</td><td>2000</td><td>-30</td></tr>
<tr><td>合计</td><td>42000</td><td>70</td></tr>
<tr><td colspan="2">保税商品总计</td><td>0</td><td>0</td></tr>
<tr><td colspan="2">完税商品总计</td><td>42000</td><td>70</td></tr>
<tr><td colspan="2">总计</td><td>42000</td><td>70</td></tr></table>
<table><tr><th>地区</th><th>厂库</th><th>本日数量</th><th>增减</th></tr>
<tr><td colspan="3">氧化铝(厂库)</td><td>单位：吨</td></tr>
<tr><td rowspan="2">厂库提货地</td><td>某厂</td><td>600</td><td>0</td></tr>
<tr><td>合计</td><td>600</td><td>0</td></tr></table></body></html>"""


def page(folder: Path, text: str, name: str = "dailystock_20260115.html") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_web_page_tells_the_same_with_spanning_cells(tmp_path):
    reading = read(page(tmp_path, PAGE))
    assert today(reading) == {("cu.warrant_stock", ""): "42000", ("ao.factory_stock", ""): "600"}
    assert reading.facts[0].source == "dailystock_20260115.html › table 2 › row 8 › 期货"
    assert reading.facts[0].session == date(2026, 1, 15)
    assert said(reading) == []


def test_the_firewalls_page_is_refused_as_what_it_is(tmp_path):
    challenge = "<html><head><script>var a='<table>';</script></head><body>请稍候</body></html>"
    with pytest.raises(InputError, match="a web page without a list of receipts, such as the exchange's firewall"):
        read(page(tmp_path, challenge))


def test_a_page_of_absurd_spans_is_refused(tmp_path):
    with pytest.raises(InputError, match="a cell that spans 99999 rows or columns"):
        read(page(tmp_path, PAGE.replace('rowspan="3"', 'rowspan="99999"')))


def test_a_column_of_the_page_that_nobody_knows_is_reported(tmp_path):
    text = PAGE.replace(
        '<th>增减</th></tr>\n<tr><td colspan="3">铜', '<th>增减</th><th>库容</th></tr>\n<tr><td colspan="3">铜'
    )
    assert "the column '库容' is neither claimed nor ignored" in said(read(page(tmp_path, text)), "R125")[0]


def test_cells_that_span_rows_and_columns_stand_in_each_of_them():
    (rows,) = markup.tables("<table><tr><td rowspan=2>a<td>b<tr><td>c &amp; d</td></tr><tr><td colspan=2>e</table>")
    assert rows == [["a", "b"], ["a", "c & d"], ["e", "e"]]


def gfex_row(name: str, code: str, place: str, before: int, today: int, change: int) -> dict[str, Any]:
    day = "20240328" if place else ""
    row = {"variety": name, "varietyOrder": code, "whAbbr": place, "genDate": day, "whType": "2", "whCodeOrder": ""}
    return row | {"lastWbillQty": before, "wbillQty": today, "diff": change}


def gfex(folder: Path, change: int = 46) -> Path:
    rows = [
        gfex_row("总计", "", "", 62_000, 63_000, 1000),
        gfex_row("工业硅", "si", "建发上海", 619, 665, change),
        gfex_row("工业硅小计", "si", "", 619, 665, 46),
        gfex_row("碳酸锂", "lc", "外运龙泉驿", 12_900, 12_980, 80),
        gfex_row("碳酸锂小计", "lc", "", 12_900, 12_980, 80),
    ]
    return as_json(folder / "wbill.json", {"code": "0", "data": rows})


def test_gfex_receipts_are_lots_and_a_lot_of_lithium_carbonate_is_a_tonne(tmp_path):
    reading = read(gfex(tmp_path))
    of_the_day = [fact for fact in reading.facts if fact.session == date(2024, 3, 28)]
    assert [(f.variety, str(f.value), f.unit) for f in of_the_day] == [("si", "665", "手"), ("lc", "12980", "吨")]
    assert today(reading) == {("si.warrant_stock", ""): "665", ("lc.warrant_stock", ""): "12980"}
    assert said(reading) == []


def test_a_list_tells_what_the_session_before_ended_with(tmp_path):
    before = [fact for fact in read(gfex(tmp_path)).facts if fact.basis == CARRIED]
    assert [(fact.variety, fact.session, str(fact.value), fact.source) for fact in before] == [
        ("si", date(2024, 3, 27), "619", "wbill.json › row 3 › lastWbillQty"),
        ("lc", date(2024, 3, 27), "12900", "wbill.json › row 5 › lastWbillQty"),
    ]
    (copper_before,) = (fact for fact in read(shfe(tmp_path, copper())).facts if fact.basis == CARRIED)
    assert (str(copper_before.value), copper_before.source) == ("41930", "20240328dailystock.dat › row 6 › WRTCHANGE")


def test_a_change_that_todays_and_yesterdays_numbers_do_not_bear_out_is_a_finding(tmp_path):
    reading = read(gfex(tmp_path, change=90))
    message = "wbill.json › row 2 › diff: the exchange's 增减 is 90, but 665 - 619 = 46; the 增减 is not used [R188]"
    assert message in said(reading)
    assert told(reading)["si.warrant_stock", ""] == "665"


def test_the_real_lists_of_receipts_give_their_totals():
    assert today(read(real("exchanges", "shfe_20250603dailystock.dat"))) == {("cu.warrant_stock", ""): "31404"}
    numbers = today(read(real("exchanges", "shfe_ine_dailystock_20260915.html")))
    assert numbers == {("cu.warrant_stock", ""): "31850", ("rb.factory_stock", ""): "56400"}
