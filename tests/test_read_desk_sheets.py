"""The workbook around the rows: sheets, headings, 报告日期, what is hidden, what is not read."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation

from report.facts import Severity
from tests.workbooks import COPPER, LONDON, REPORT, SPOT, VIEW, Formula, Shown, only, read, rewritten, told, write

BOOK = "日报底稿.xlsx"


def test_a_workbook_may_have_any_one_of_the_sheets(tmp_path):
    for sheet in ({"closes": [COPPER]}, {"industry": [SPOT]}, {"views": [VIEW]}):
        reading = read(write(tmp_path, **sheet))
        assert told(reading) == []
        assert (reading.file, len(reading.sheets)) == (BOOK, 1)


def test_a_workbook_without_any_sheet_of_the_form_is_an_error(tmp_path):
    reading = read(write(tmp_path, change=lambda book: book.create_sheet("行情")))
    message = (
        "none of the sheets 收盘、产业、观点 is in this workbook, only 行情; rename the sheet, or use the form [R120]"
    )
    assert told(reading) == [f"{BOOK}: {message}"]


def test_the_guide_is_left_out_by_name_and_another_sheet_is_reported(tmp_path):
    def change(book):
        book.create_sheet("说明")["A1"] = "怎样填"
        book.create_sheet("草稿")["A1"] = 1
        book.create_sheet("空表")

    reading = read(write(tmp_path, [COPPER], change=change))
    message = "the form knows no sheet of this name (known: 收盘, 产业, 观点); not read [R126]"
    assert told(reading) == [f"{BOOK} › 草稿: {message}"]
    assert only(reading).severity is Severity.NOTE


def test_two_sheets_of_one_name_are_an_error(tmp_path):
    reading = read(write(tmp_path, [COPPER], change=lambda book: book.create_sheet(" 收盘")))
    message = "two sheets are called 收盘 ('收盘' and ' 收盘'); rename or delete one [R124]"
    assert told(reading) == [f"{BOOK} › 收盘: {message}"]


def test_rows_and_columns_may_be_moved_and_headings_written_in_any_width(tmp_path):
    def change(book):
        sheet = book["收盘"]
        sheet["D4"], sheet["E4"] = "收 盘\n价", "前收盘价　"
        sheet.insert_rows(1, 3)
        sheet.insert_cols(1, 2)

    reading = read(write(tmp_path, [COPPER], change=change))
    assert told(reading) == []
    assert reading.facts[0].source == f"{BOOK} › 收盘 › F8"


def test_a_missing_column_is_an_error_naming_column_and_sheet(tmp_path):
    reading = read(write(tmp_path, [COPPER], change=lambda book: book["收盘"].delete_cols(5)))
    message = "no column 前收盘价 on the sheet; put the heading 前收盘价 into row 4 above its cells [R123]"
    assert told(reading) == [f"{BOOK} › 收盘 › row 4: {message}"]
    assert (reading.facts, reading.refused) == ((), ("收盘",))


def test_a_heading_that_stands_twice_is_an_error(tmp_path):
    reading = read(write(tmp_path, [COPPER], change=lambda book: book["收盘"].__setitem__("L4", "收盘价")))
    message = "the heading 收盘价 stands in D4 and L4; rename or delete one of the columns [R124]"
    assert told(reading) == [f"{BOOK} › 收盘 › L4: {message}"]


def test_a_sheet_without_headings_is_an_error(tmp_path):
    reading = read(write(tmp_path, [COPPER], change=lambda book: book["收盘"].delete_rows(4)))
    wanted = "交易所 品种 合约 收盘价 前收盘价 成交量 持仓量 口径 单位"
    message = f"no headings in the first 20 rows; put {wanted} above the data [R122]"
    assert told(reading) == [f"{BOOK} › 收盘: {message}"]


def test_an_unknown_column_is_noted_by_name_and_one_without_a_heading_too(tmp_path):
    def change(book):
        book["收盘"]["L4"], book["收盘"]["M6"] = "收盘价格", 1

    reading = read(write(tmp_path, [COPPER, LONDON], change=change))
    assert told(reading) == [
        f"{BOOK} › 收盘 › L4: the form knows no column '收盘价格' (nearest: 收盘价, 前收盘价); not read [R125]",
        f"{BOOK} › 收盘 › M4: cells under no heading; not read [R125]",
    ]


def test_the_computed_columns_are_not_read(tmp_path):
    reading = read(write(tmp_path, [{**COPPER, "涨跌": Formula("=D5-E5"), "涨跌幅": "#N/A"}]))
    assert told(reading) == []


DATES = [
    ("2024-03-29", "'2024-03-29' is a date stored as text"),
    ("2024年3月29日", "'2024年3月29日' is a date stored as text"),
    ("２０２４／３／２９", "'２０２４／３／２９' is a date stored as text"),
    ("20240329", "'20240329' is a date stored as text"),
    (20240329, "20240329 is a date stored as a plain number"),
    (45380, "45380 is a date stored as a plain number"),
]


@pytest.mark.parametrize(("day", "said"), DATES, ids=[str(day) for day, _ in DATES])
def test_the_report_date_may_be_text_or_a_plain_number_and_that_is_said(tmp_path, day, said):
    reading = read(write(tmp_path, [COPPER], day=day))
    assert told(reading) == [f"{BOOK} › 收盘 › B2: {said}; read as 2024-03-29 [R132]"]
    assert only(reading).severity is Severity.NOTE
    assert len(reading.facts) == 4


@pytest.mark.parametrize(
    "day", [datetime(2024, 3, 29, 8), Shown(45380, 'm"月"d"日"')], ids=["with an hour", "shown short"]
)
def test_a_real_date_is_taken_however_it_is_shown(tmp_path, day):
    assert told(read(write(tmp_path, [COPPER], day=day))) == []


WRONG = [
    (
        date(2024, 3, 28),
        "B2: the sheet is of 2024-03-28, the report of 2024-03-29; hand in the day's sheet or correct the date [R131]",
    ),
    (None, "B2: no date beside 报告日期; type 2024-03-29 [R130]"),
    ("三月末", "B2: expected a date, found '三月末'; type the date again in that cell, such as 2024-03-29 [R133]"),
    (3.29, "B2: expected a date, found 3.29; type the date again in that cell, such as 2024-03-29 [R133]"),
    (True, "B2: expected a date, found TRUE; type a date in that cell [R106]"),
    (
        Formula("=TODAY()"),
        "B2: expected a date, found the formula '=TODAY()', never calculated; "
        "open the file in Excel, save it, and hand it in again [R108]",
    ),
]


@pytest.mark.parametrize(("day", "message"), WRONG, ids=[message[-5:-1] for _, message in WRONG])
def test_a_sheet_of_no_or_another_day_is_an_error_and_gives_no_facts(tmp_path, day, message):
    shown = day.text if isinstance(day, Formula) else day
    reading = read(write(tmp_path, [COPPER], views=None, day=shown))
    assert told(reading) == [f"{BOOK} › 收盘 › {message}"]
    assert only(reading).severity is Severity.ERROR
    assert (reading.facts, reading.refused) == ((), ("收盘",))


def test_a_sheet_without_the_label_is_an_error(tmp_path):
    reading = read(write(tmp_path, [COPPER], change=lambda book: book["收盘"].delete_rows(2)))
    message = "no 报告日期 in the first 20 rows; type it, and 2024-03-29 beside it [R130]"
    assert told(reading) == [f"{BOOK} › 收盘: {message}"]


def test_the_date_may_stand_right_of_a_merged_label(tmp_path):
    def change(book):
        sheet = book["收盘"]
        sheet["B2"], sheet["C2"] = None, REPORT
        sheet.merge_cells("A2:B2")

    assert told(read(write(tmp_path, [COPPER], change=change))) == []


def test_a_workbook_that_counts_its_days_from_1904_has_the_same_dates(tmp_path):
    def change(book):
        book.epoch = CALENDAR_MAC_1904

    assert told(read(write(tmp_path, [COPPER], change=change))) == []


def test_a_hidden_sheet_row_or_column_that_was_read_is_a_warning(tmp_path):
    def change(book):
        sheet = book["收盘"]
        sheet.sheet_state = "hidden"
        sheet.row_dimensions[6].hidden = True
        sheet.row_dimensions[40].hidden = True
        sheet.column_dimensions["D"].hidden = True
        sheet.column_dimensions["J"].hidden = True
        book.create_sheet("产业2")

    reading = read(write(tmp_path, [COPPER, LONDON], change=change))
    assert told(reading) == [
        f"{BOOK} › 收盘: the sheet is hidden and was read; show it, or delete it [R127]",
        f"{BOOK} › 收盘 › column D: the column 收盘价 is hidden and was read; show it [R127]",
        f"{BOOK} › 收盘 › row 6: hidden and read; show the rows, or clear them [R127]",
    ]
    assert {finding.severity for finding in reading.findings} == {Severity.WARNING}


def test_what_openpyxl_says_of_lists_and_colours_is_no_finding_and_no_warning(tmp_path):
    def change(book):
        rule = DataValidation("list", formula1='"全合约,主力"')
        rule.add("H5:H30")
        book["收盘"].add_data_validation(rule)

    path = write(tmp_path, [COPPER], change=change)
    extension = b'<extLst><ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}"/></extLst></worksheet>'
    rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace(b"</worksheet>", extension))
    assert told(read(path)) == []
