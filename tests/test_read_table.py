"""Plain tables with a column of dates: which layout a file is of, what is read, what is left out and said."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from report.errors import CatalogError, InputError
from report.read import Reading, table
from report.read.families import load
from report.read.incoming import Incoming
from report.read.layouts import Common
from report.read.recognise import recognise
from tests.days import CALENDARS, CATALOG, DATA

GOLDEN = Path(__file__).parent / "golden" / "read"
HISTORY = DATA / "samples" / "history"
LAYOUTS = [layout for layout in load([DATA / "layouts"]) if isinstance(layout, table.Layout)]
LAYOUT = """
family = "table"
name = "铜价"
date = "日期"
published = { sessions = 1, time = "09:00", zone = "Europe/London" }
[columns]
"收盘价" = { measure = "futures_close", basis = "主力连续" }
[ignored]
"注" = "文字"
"""
HEAD = ("日期", "收盘价", "注")
DAY, NEXT = date(2024, 3, 27), date(2024, 3, 28)


def declared(folder: Path, **files: str) -> tuple[Common, ...]:
    for name, text in files.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return load([folder])


def workbook(path: Path, **named: list[tuple[object, ...]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in named.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, date):
                        sheet.write_datetime(row, column, value, day)
                    elif isinstance(value, tuple):
                        sheet.write_formula(row, column, *value)
                    elif value != "":
                        sheet.write(row, column, value)
    return path


def read(folder: Path, *lines: tuple[object, ...], layout: str = LAYOUT, name: str = "铜") -> Reading:
    (one,) = declared(folder, one=layout)
    return table.read(Incoming(workbook(folder / "a.xlsx", **{name: list(lines)})), one, CATALOG, CALENDARS)


def numbers(reading: Reading) -> list[tuple[date, Decimal | None]]:
    return [(fact.session, fact.value) for fact in reading.facts]


def said(reading: Reading) -> list[str]:
    return [str(finding) for finding in reading.findings]


def truth(reading: Reading) -> str:
    lines = [
        f"{f.session} {f.series} {f.value} {f.unit} | {f.known_at:%m-%d %H:%M}Z | {f.source}" for f in reading.facts
    ]
    return "\n".join([*lines, *said(reading), ""])


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.xlsx")), ids=lambda path: path.stem)
def test_a_sample_reads_as_its_truth(path):
    layout = recognise(Incoming(path), LAYOUTS, CATALOG)
    found = truth(table.read(Incoming(path), layout, CATALOG, CALENDARS))
    beside = path.with_suffix(".txt")
    if not beside.exists():
        beside.write_text(found, encoding="utf-8")
    assert found == beside.read_text(encoding="utf-8")
    assert found.count("\n") < 40


def test_every_layout_has_a_sample_and_its_truth():
    for layout in LAYOUTS:
        stem = layout.file.removesuffix("*.xlsx")
        assert (GOLDEN / f"{stem}.xlsx").is_file(), layout.home
        assert (GOLDEN / f"{stem}.txt").is_file(), layout.home


@pytest.mark.parametrize("path", sorted(HISTORY.glob("*.xlsx")), ids=lambda path: path.stem)
def test_the_samples_history_is_read_to_the_last_row(path):
    layout = recognise(Incoming(path), LAYOUTS, CATALOG)
    reading = table.read(Incoming(path), layout, CATALOG, CALENDARS)
    rows = sum(len(sheet.rows) - 1 for sheet in Incoming(path).sheets)
    left_out = [finding for finding in reading.findings if finding.code == "R135"]
    assert len(reading.facts) == (rows - len(left_out)) * len(layout.columns)
    assert reading.findings == tuple(left_out)


def test_seventeen_sheets_of_bars_are_read_at_once():
    path = HISTORY / "主力连续日线.xlsx"
    reading = table.read(Incoming(path), recognise(Incoming(path), LAYOUTS, CATALOG), CATALOG, CALENDARS)
    assert len({fact.variety for fact in reading.facts}) == 17
    assert len(reading.facts) > 9000


def test_a_number_is_kept_as_displayed(tmp_path):
    reading = read(tmp_path, HEAD, (DAY, 0.1 + 0.2), (NEXT, -0.0))
    assert [str(value) for _, value in numbers(reading)] == ["0.3", "0"]


def test_a_number_becomes_known_when_the_layout_says(tmp_path):
    reading = read(tmp_path, HEAD, (NEXT, 72500))
    assert reading.facts[0].known_at == datetime(2024, 3, 29, 9, tzinfo=UTC)


def test_summer_time_is_the_zones(tmp_path):
    reading = read(tmp_path, HEAD, (date(2024, 3, 29), 72500))
    assert reading.facts[0].known_at == datetime(2024, 4, 1, 8, tzinfo=UTC)


def test_an_empty_cell_or_a_dash_is_a_missing_number_and_no_finding(tmp_path):
    reading = read(tmp_path, HEAD, (DAY, "", "x"), (NEXT, "—"))
    assert numbers(reading) == [(DAY, None), (NEXT, None)]
    assert said(reading) == []


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("7250O", "expected a number, found '7250O'; type the number again in that cell [R101]"),
        ("72500", "expected a number, found '72500'; type the number again in that cell [R101]"),
        ("N/A!", "expected a number, found 'N/A!'; type the number again in that cell [R101]"),
        (True, "expected a number, found TRUE; type a number in that cell [R106]"),
        (NEXT, "expected a number, found the date 2024-03-28; give the cell the format 常规 and type a number in that "
         "cell [R105]"),
        (("=1/0", None, "#DIV/0!"), "expected a number, found the error #DIV/0!; mend the formula '=1/0' or type a "
         "number in that cell [R107]"),
        (1e300, "expected a number of at most 15 digits, found 1e+300; type the number again in that cell [R111]"),
    ],
)  # fmt: skip
def test_what_is_no_number_is_named_with_its_cell(tmp_path, value, message):
    reading = read(tmp_path, HEAD, (DAY, value), (NEXT, 72500))
    assert said(reading) == [f"a.xlsx › 铜 › B2: {message}"]
    assert numbers(reading) == [(NEXT, Decimal(72500))]


def test_a_formula_never_calculated_is_no_empty_cell(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "铜"
    for line in (HEAD, (DAY, "=72000+90")):
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    (layout,) = declared(tmp_path, one=LAYOUT)
    assert said(table.read(Incoming(tmp_path / "a.xlsx"), layout, CATALOG, CALENDARS)) == [
        "a.xlsx › 铜 › B2: expected a number, found the formula '=72000+90', never calculated; "
        "open the file in Excel, save it, and hand it in again [R108]"
    ]


def test_a_percentage_is_no_price(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx") as book:
        sheet = book.add_worksheet("铜")
        sheet.write_row(0, 0, HEAD)
        sheet.write_datetime(1, 0, DAY, book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write(1, 1, 0.042, book.add_format({"num_format": "0.00%"}))
    (layout,) = declared(tmp_path, one=LAYOUT)
    assert said(table.read(Incoming(tmp_path / "a.xlsx"), layout, CATALOG, CALENDARS)) == [
        "a.xlsx › 铜 › B2: expected a number that is no percentage, found 4.2%; type it without % [R104]"
    ]


def test_a_calculated_formula_is_read(tmp_path):
    reading = read(tmp_path, HEAD, (DAY, ("=72000+90", None, 72090)))
    assert numbers(reading) == [(DAY, Decimal(72090))]
    assert said(reading) == []


def test_a_date_that_is_no_session_is_left_out_and_named(tmp_path):
    reading = read(tmp_path, HEAD, (date(2024, 4, 4), 72500), (date(2204, 3, 28), 1))
    assert numbers(reading) == []
    first, second = said(reading)
    assert first == ("a.xlsx › 铜 › A2: 2024-04-04 is no session of SHFE; the numbers of this row are left out [R135]")
    assert second.startswith("a.xlsx › 铜 › A3: SHFE 2204-03-28: no calendar covers this day")


def test_a_date_that_stands_twice_is_not_read_at_all(tmp_path):
    reading = read(tmp_path, HEAD, (DAY, 1), (NEXT, 2), (DAY, 3))
    assert numbers(reading) == [(NEXT, Decimal(2))]
    assert said(reading) == [
        "a.xlsx › 铜 › A4: 2024-03-27 stands in A2 and A4; none of these rows is read; keep the right one [R142]"
    ]


def test_a_number_without_a_date_is_an_error_and_a_footer_a_note(tmp_path):
    reading = read(tmp_path, HEAD, ("", 1), ("合计", 2), ("数据来源：Wind",), (), (DAY, 3))
    assert numbers(reading) == [(DAY, Decimal(3))]
    assert said(reading) == [
        "a.xlsx › 铜 › A2: expected a date, found an empty cell; type the date, or clear the row [R133]",
        "a.xlsx › 铜 › A3: expected a date, found '合计'; type the date again in that cell, such as 2024-03-29 [R133]",
        "a.xlsx › 铜 › A4: '数据来源：Wind': a row without a date and without numbers; not read [R129]",
    ]


def test_dates_written_as_text_are_noted_once(tmp_path):
    reading = read(tmp_path, HEAD, ("2024-03-27", 1), ("2024-03-28", 2))
    assert numbers(reading) == [(DAY, Decimal(1)), (NEXT, Decimal(2))]
    assert said(reading) == [
        "a.xlsx › 铜 › A2: '2024-03-27' is a date stored as text; read as 2024-03-27, and 1 more like it below [R132]"
    ]


def test_every_column_is_claimed_ignored_or_reported(tmp_path):
    reading = read(tmp_path, ("说明",), ("日期", "收盘价", "注", "成交额"), (DAY, 1, "x", 5, 6))
    assert numbers(reading) == [(DAY, Decimal(1))]
    assert said(reading) == [
        "a.xlsx › 铜 › D2: the column '成交额' is neither claimed nor ignored by data/layouts/one.toml; "
        "not read [R125]",
        "a.xlsx › 铜 › E2: cells under no heading; not read [R125]",
    ]


def test_a_heading_that_stands_twice_is_not_read(tmp_path):
    reading = read(tmp_path, ("日期", "收盘价", "收 盘 价"), (DAY, 1, 2))
    assert reading.facts == ()
    assert said(reading) == [
        "a.xlsx › 铜 › C1: the heading 收盘价 stands in B1 and C1; rename or delete one of the columns [R124]"
    ]


def test_a_sheet_without_the_headings_is_an_error(tmp_path):
    assert said(read(tmp_path, ("a", "b"), (DAY, 1))) == [
        "a.xlsx › 铜: no headings in the first 20 rows; put 日期 收盘价 above the data [R122]"
    ]
    assert said(read(tmp_path, ("日期", "注"), (DAY, "x"))) == [
        "a.xlsx › 铜: no column 收盘价 on the sheet; put the heading 收盘价 into row 1 [R123]"
    ]


def test_a_sheet_of_no_variety_is_noted_unless_it_is_empty(tmp_path):
    (layout,) = declared(tmp_path, one=LAYOUT)
    path = workbook(tmp_path / "a.xlsx", 铜=[HEAD, (DAY, 1)], 铜矿=[HEAD, (DAY, 2)], Sheet3=[])
    reading = table.read(Incoming(path), layout, CATALOG, CALENDARS)
    assert numbers(reading) == [(DAY, Decimal(1))]
    (finding,) = said(reading)
    assert re.fullmatch(r"a\.xlsx › 铜矿: no variety is called '铜矿' \(.+\); not read \[R126\]", finding)


def test_two_sheets_about_one_variety_are_an_error(tmp_path):
    (layout,) = declared(tmp_path, one=LAYOUT)
    path = workbook(tmp_path / "a.xlsx", 铜=[HEAD, (DAY, 1)], cu=[HEAD, (DAY, 2)])
    assert said(table.read(Incoming(path), layout, CATALOG, CALENDARS)) == [
        "a.xlsx › cu: the sheets 铜 and cu are both about 铜; rename or delete one [R124]"
    ]


def test_a_layout_may_name_the_sheet_of_a_variety(tmp_path):
    reading = read(tmp_path, HEAD, (DAY, 1), layout=LAYOUT + '[sheets]\n"Sheet1" = "cu"\n', name="Sheet1")
    assert reading.facts[0].variety == "cu"


def test_a_unit_is_converted_at_the_door(tmp_path):
    layout = LAYOUT.replace('"主力连续" }', '"主力连续", unit = "万元/吨" }')
    reading = read(tmp_path, HEAD, (DAY, 7.25), layout=layout)
    assert (reading.facts[0].value, reading.facts[0].unit) == (Decimal(72500), "元/吨")


def test_a_unit_that_does_not_convert_is_a_mistake_of_the_layout(tmp_path):
    layout = LAYOUT.replace('"主力连续" }', '"主力连续", unit = "桶" }')
    with pytest.raises(CatalogError) as caught:
        read(tmp_path, HEAD, (DAY, 7.25), layout=layout)
    assert str(caught.value) == (
        "data/layouts/one.toml › columns.收盘价.unit: '桶' does not convert into 元/吨; "
        "declare the conversion in data/units.toml"
    )


def test_a_layout_naming_what_the_catalogue_lacks_is_a_mistake(tmp_path):
    layout = LAYOUT.replace("futures_close", "future_close") + '[sheets]\n"Sheet1" = "copper"\n'
    with pytest.raises(CatalogError) as caught:
        read(tmp_path, HEAD, (DAY, 1), layout=layout)
    assert str(caught.value).splitlines() == [
        "data/layouts/one.toml › sheets.Sheet1: no variety has the code 'copper'",
        "data/layouts/one.toml › columns.收盘价.measure: 'future_close' is no measure of data/measures.toml",
    ]


def test_the_mistakes_of_all_layouts_are_told_together(tmp_path):
    wrong = LAYOUT.replace("Europe/London", "London").replace('date = "日期"\n', "")
    quarrel = LAYOUT.replace('"注"', '"收盘价"')
    with pytest.raises(CatalogError) as caught:
        declared(tmp_path, a=wrong, b=quarrel, c=LAYOUT, d="name = ")
    assert str(caught.value).splitlines() == [
        "data/layouts/a.toml › published.zone: 'London' is no time zone; write one such as Asia/Shanghai",
        "data/layouts/a.toml › date: Field required",
        "data/layouts/b.toml › ignored.收盘价: the heading stands under 'columns' too; keep one",
        "data/layouts/c.toml › name: '铜价' is taken by data/layouts/b.toml; give it its own",
        "data/layouts/d.toml: not readable as TOML: Invalid value (at end of document)",
    ]


def test_a_desks_own_layout_hides_the_packaged_one_of_that_name(tmp_path):
    (tmp_path / "gold-etf.toml").write_text(LAYOUT, encoding="utf-8")
    names = {layout.name for layout in load([tmp_path, DATA / "layouts"])}
    assert "铜价" in names
    assert "黄金ETF" not in names


def test_exactly_one_layout_recognises_a_file(tmp_path):
    path = workbook(tmp_path / "铜价.xlsx", 铜=[("日期", "收盘价"), (DAY, 1)])
    with pytest.raises(InputError) as caught:
        recognise(Incoming(path), declared(tmp_path, one=LAYOUT, two=LAYOUT.replace("铜价", "铜价二")), CATALOG)
    assert str(caught.value) == (
        "铜价.xlsx: data/layouts/one.toml and data/layouts/two.toml both fit; "
        "tell them apart by 'file' or by their columns"
    )


def test_a_file_of_no_layout_is_refused_with_what_each_misses(tmp_path):
    path = workbook(tmp_path / "铜价.xlsx", 铜=[("日期", "收盘"), (DAY, 1)], 说明=[("x",)])
    known = declared(tmp_path, one=LAYOUT, two=LAYOUT.replace("铜价", "铝价") + '[sheets]\n"铜" = "nothing"\n')
    known = (*known, *(layout for layout in LAYOUTS if layout.name == "黄金ETF"))
    with pytest.raises(InputError) as caught:
        recognise(Incoming(path), known, CATALOG)
    assert str(caught.value).splitlines() == [
        "铜价.xlsx: no layout fits this file (.xlsx); "
        "rename the file or its headings, or add a layout to data/layouts/",
        "  data/layouts/one.toml: no column 收盘价",
        "  data/layouts/two.toml: no sheet is called after a variety, only 铜、说明",
        "  for files of another name: data/layouts/gold-etf.toml (黄金ETF*.xlsx)",
    ]


def test_a_file_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "铜价.xlsx"
    path.write_bytes(bytes(range(8)))
    with pytest.raises(InputError, match=r"^铜价\.xlsx: no Excel workbook"):
        recognise(Incoming(path), LAYOUTS, CATALOG)


def test_the_calendar_is_the_series_own(tmp_path):
    layout = LAYOUT.replace('measure = "futures_close", basis = "主力连续"', 'measure = "lme_stock"')
    reading = read(tmp_path, HEAD, (date(2024, 3, 29), 1), layout=layout)
    assert said(reading) == [
        "a.xlsx › 铜 › A2: 2024-03-29 is no session of LME; the numbers of this row are left out [R135]"
    ]


def test_a_table_in_text_form_is_read_like_a_workbook(tmp_path):
    path = tmp_path / "铜.csv"
    path.write_bytes('日期,收盘价,注\n2024-03-27,"72,090.50",x\n2024-03-28,7250O,\n'.encode("gb18030"))
    (layout,) = declared(tmp_path, one=LAYOUT)
    assert recognise(Incoming(path), [layout], CATALOG) is layout
    reading = table.read(Incoming(path), layout, CATALOG, CALENDARS)
    assert [str(fact.value) for fact in reading.facts] == ["72090.50"]
    assert reading.facts[0].source == "铜.csv › row 2 › B"
    assert said(reading) == [
        "铜.csv › row 3 › B: expected a number, found '7250O'; type the number again in that cell [R101]"
    ]
