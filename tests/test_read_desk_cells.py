"""One cell of the desk workbook becomes exactly one number or text, or one finding that names it."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from report.facts import Severity
from tests import workbooks
from tests.workbooks import COPPER, SPOT, VIEW, Formula, Shown, calculated, only, read, told, write

D5 = "日报底稿.xlsx › 收盘 › D5"


def close(folder, value):
    """Read 收盘 with that close of copper, and give the reading and the close's fact, if there is one."""
    reading = read(write(folder, [{**COPPER, "收盘价": value}]))
    return reading, next((fact for fact in reading.facts if fact.source == D5), None)


def saved(folder, value):
    """The same from a workbook written by XlsxWriter."""
    reading = read(calculated(folder, [{**COPPER, "收盘价": value}]))
    return reading, next((fact for fact in reading.facts if fact.source == D5), None)


NUMBER = "give the cell the format 常规 and type a number in that cell [R105]"
TEXT = "give the cell the format 常规 and type a text in that cell [R105]"
AGAIN = "type the number again in that cell"
CONTROL = "delete it and type the text around it again [R150]"

REFUSED = [
    ("7250O", "expected a number, found '7250O'; type the number again in that cell [R101]"),
    ("1,23,456", "expected a number, found '1,23,456'; type the number again in that cell [R101]"),
    ("72500元", "expected a number, found '72500元'; type the number again in that cell [R101]"),
    ("(72500)", "expected a number, found '(72500)'; type the number again in that cell [R101]"),
    ("1e5", "expected a number, found '1e5'; type the number again in that cell [R101]"),
    ("7.25万", "expected a number, found '7.25万'; type the number again in that cell [R101]"),
    ("待定", "expected a number, found '待定'; type the number again in that cell [R101]"),
    ("nan", "expected a number, found 'nan'; type the number again in that cell [R101]"),
    ("1.5%", "expected a number that is no percentage, found '1.5%'; type it without % [R104]"),
    (Shown(0.015, "0.00%"), "expected a number that is no percentage, found 1.5%; type it without % [R104]"),
    (
        date(2024, 3, 5),
        f"expected a number, found the date 2024-03-05; {NUMBER}",
    ),
    (
        Shown(45356, "m月d日"),
        f"expected a number, found the date 2024-03-05; {NUMBER}",
    ),
    (
        time(7, 25),
        f"expected a number, found the date 07:25:00; {NUMBER}",
    ),
    (True, "expected a number, found TRUE; type a number in that cell [R106]"),
    (
        Formula("=A1*2"),
        "expected a number, found the formula '=A1*2', never calculated; "
        "open the file in Excel, save it, and hand it in again [R108]",
    ),
    (
        1234567890123456,
        "expected a number of at most 15 digits, found 1234567890123456; type the number again in that cell [R111]",
    ),
    (
        1e20,
        f"expected a number of at most 15 digits, found 1e+20; {AGAIN} [R111]",
    ),
    (
        "1234567890123456",
        "expected a number of at most 15 digits, found '1234567890123456'; type the number again in that cell [R111]",
    ),
]


@pytest.mark.parametrize(("value", "message"), REFUSED, ids=[message[-5:-1] for _, message in REFUSED])
def test_what_is_no_number_is_refused_with_its_cell_and_gives_no_number(tmp_path, value, message):
    reading, fact = close(tmp_path, value)
    assert told(reading) == [f"{D5}: {message}"]
    assert only(reading).severity is Severity.ERROR
    assert (fact.value, fact.contract) == (None, "CU2405")


@pytest.mark.parametrize("error", ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"])
def test_an_error_cell_is_refused_by_the_name_of_its_error(tmp_path, error):
    reading, fact = saved(tmp_path, Formula("=B1*2", error))
    expected = (
        f"expected a number, found the error {error}; mend the formula '=B1*2' or type a number in that cell [R107]"
    )
    assert told(reading) == [f"{D5}: {expected}"]
    assert fact.value is None


def test_an_error_without_a_formula_is_refused_too(tmp_path):
    reading, _ = close(tmp_path, "#N/A")
    assert told(reading) == [f"{D5}: expected a number, found the error #N/A; type a number in that cell [R107]"]


def test_an_infinite_number_is_refused(tmp_path):
    path = write(tmp_path, [{**COPPER, "收盘价": 7}])
    workbooks.rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>7</v>", b"<v>1E999</v>"))
    message = "expected a number of at most 15 digits, found inf; type the number again in that cell [R111]"
    assert told(read(path)) == [f"{D5}: {message}"]


READ_AS = [
    ("72500", "'72500' is stored as text; read as 72500 [R103]", "72500"),
    ("７２５００．５", "'７２５００．５' is stored as text; read as 72500.5 [R103]", "72500.5"),
    ("－１２", "'－１２' is stored as text; read as -12 [R103]", "-12"),
    ("−12", "'−12' is stored as text; read as -12 [R103]", "-12"),
    ("72,500.50", "'72,500.50' is stored as text; read as 72500.5 [R103]", "72500.5"),
    (" 72500 ", "' 72500 ' is stored as text; read as 72500 [R103]", "72500"),
    ("\xa072500\u3000", r"'\xa072500\u3000' is stored as text; read as 72500 [R103]", "72500"),
    ("\u200b72500\ufeff", r"'\u200b72500\ufeff' is stored as text; read as 72500 [R103]", "72500"),
]


@pytest.mark.parametrize(("value", "message", "number"), READ_AS, ids=[number for *_, number in READ_AS])
def test_a_number_stored_as_text_is_taken_and_said(tmp_path, value, message, number):
    reading, fact = close(tmp_path, value)
    assert told(reading) == [f"{D5}: {message}"]
    assert only(reading).severity is Severity.NOTE
    assert fact.value == Decimal(number)


@pytest.mark.parametrize("mark", [mark for mark in workbooks.CATALOG.words.missing if mark])
def test_a_mark_for_a_missing_number_keeps_the_fact_without_a_value(tmp_path, mark):
    reading, fact = close(tmp_path, mark)
    assert told(reading) == [f"{D5}: no number for SHFE 铜 收盘价: the cell holds '{mark}' [R102]"]
    assert only(reading).severity is Severity.NOTE
    assert fact.value is None


@pytest.mark.parametrize("blank", [None, "  ", "\u200b"])
def test_an_empty_cell_keeps_the_fact_without_a_value(tmp_path, blank):
    reading, fact = close(tmp_path, blank)
    assert told(reading) == [f"{D5}: no number for SHFE 铜 收盘价: the cell is empty [R102]"]
    assert fact.value is None


def test_a_calculated_formula_is_its_value(tmp_path):
    reading, fact = saved(tmp_path, Formula("=72000+500", 72500))
    assert (told(reading), fact.value) == ([], Decimal(72500))


def test_a_formula_that_gave_an_empty_text_is_an_empty_cell(tmp_path):
    path = calculated(tmp_path, [{**COPPER, "收盘价": Formula('=""', "x")}])
    workbooks.rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"<v>x</v>", b"<v></v>"))
    assert told(read(path)) == [f"{D5}: no number for SHFE 铜 收盘价: the cell is empty [R102]"]


def test_a_formula_that_gives_0_is_doubted(tmp_path):
    reading, fact = saved(tmp_path, Formula("=B1*2", 0))
    doubt = "the formula '=B1*2' gives 0, as one never calculated may; open the file in Excel and save it [R109]"
    assert told(reading) == [f"{D5}: {doubt}"]
    assert only(reading).severity is Severity.WARNING
    assert fact.value == 0


def test_a_typed_0_is_0(tmp_path):
    reading, fact = close(tmp_path, 0)
    assert (told(reading), fact.value) == ([], Decimal(0))


def test_merged_cells_over_numbers_are_refused_once(tmp_path):
    path = write(tmp_path, [COPPER], change=lambda book: book["收盘"].merge_cells("D5:E5"))
    message = "merged cells over the rows of the form; unmerge them and fill every cell [R110]"
    reading = read(path)
    where = "日报底稿.xlsx › 收盘 › D5:E5"
    assert told(reading) == [f"{where}: {message}"]
    assert [(fact.value, fact.source) for fact in reading.facts[:2]] == [(None, where)] * 2


def test_a_merged_banner_above_the_headings_is_fine(tmp_path):
    assert told(read(write(tmp_path, [COPPER], change=lambda book: book["收盘"].merge_cells("A1:I1")))) == []


def test_a_percentage_is_taken_where_the_unit_is_percent(tmp_path):
    macro = {"品种": "宏观", "指标": "美债10年收益率", "单位": "%", "本期": "4.20%", "上期": Shown(0.0418, "0.00%")}
    reading = read(write(tmp_path, industry=[macro]))
    assert told(reading) == [
        "日报底稿.xlsx › 产业 › D5: '4.20%' is stored as text; read as 4.2 [R103]",
        "日报底稿.xlsx › 产业 › E5: 4.18%, stored as 0.0418; read as 4.18 [R103]",
    ]
    assert [fact.value for fact in reading.facts] == [Decimal("4.20"), Decimal("4.18")]


def test_binary_noise_never_enters(tmp_path):
    _, fact = close(tmp_path, 0.1 + 0.2)
    assert str(fact.value) == "0.3"


NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**9), max_value=10**9, places=6)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(NUMBERS | st.integers(-(10**15) + 1, 10**15 - 1), min_size=20, max_size=20))
def test_any_number_written_comes_back_exactly(tmp_path, numbers):
    rows = [{**COPPER, "收盘价": one, "前收盘价": float(one)} for one in numbers[:1]]
    entries = list(workbooks.CATALOG.varieties["cu"].series.values())
    stocks = [{**SPOT, "指标": entry.name} for entry in entries if entry.name in ("沪铜现货报价", "现货升贴水")]
    spots = [
        {**row, "本期": one, "上期": float(two)}
        for row, one, two in zip(stocks, numbers[1:3], numbers[3:5], strict=True)
    ]
    reading = read(write(tmp_path, rows, spots))
    wanted = [numbers[0], numbers[0], *(n for pair in zip(numbers[1:3], numbers[3:5], strict=True) for n in pair)]
    found = [fact.value for fact in reading.facts if fact.measure not in ("trading_volume", "open_interest")]
    assert found == [Decimal(one) for one in wanted]
    assert told(reading) == []


TEXTS = [
    (5, "expected a text, found the number 5; type a text in that cell [R112]"),
    (
        datetime(2024, 3, 29),
        f"expected a text, found the date 2024-03-29; {TEXT}",
    ),
    (False, "expected a text, found FALSE; type a text in that cell [R106]"),
    (
        Formula("=A1&B1"),
        "expected a text, found the formula '=A1&B1', never calculated; "
        "open the file in Excel, save it, and hand it in again [R108]",
    ),
    ("#REF!", "expected a text, found the error #REF!; type a text in that cell [R107]"),
    (
        "铜价_x0007_走高",
        "a control character, U+0007, after '铜价'; delete it and type the text around it again [R150]",
    ),
    (
        "铜价\u202e走高",
        f"a control character, U+202E RIGHT-TO-LEFT OVERRIDE, after '铜价'; {CONTROL}",
    ),
]


@pytest.mark.parametrize(("value", "message"), TEXTS, ids=[message[-5:-1] for _, message in TEXTS])
def test_what_is_no_text_is_refused_with_its_cell(tmp_path, value, message):
    reading = read(write(tmp_path, views=[{**VIEW, "行情": value}]))
    assert told(reading) == [f"日报底稿.xlsx › 观点 › C5: {message}"]
    assert only(reading).severity is Severity.ERROR
    assert reading.views[0].recap is None


def test_a_text_is_kept_as_typed_but_for_the_space_around_it(tmp_path):
    typed = "\u3000沪铜 “走高” 。_x000D_\n第二段\u200b，完。 \n"
    reading = read(write(tmp_path, views=[{**VIEW, "行情": typed}]))
    assert told(reading) == []
    assert reading.views[0].recap.text == "沪铜 “走高” 。\n第二段\u200b，完。"


def test_a_tab_in_a_text_is_a_space(tmp_path):
    reading = read(write(tmp_path, views=[{**VIEW, "行情": "沪铜收于\t72500\t元"}]))
    assert (told(reading), reading.views[0].recap.text) == ([], "沪铜收于 72500 元")


def test_a_refused_text_is_told_of_its_view(tmp_path):
    assert read(write(tmp_path, views=[{**VIEW, "标题": 5}])).refused == ("观点 › 铜",)
    assert read(write(tmp_path, views=[VIEW])).refused == ()
