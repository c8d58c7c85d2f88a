"""Terminals' exports (EDB): where the head is, which session a stamp speaks of, where columns agree, what is 0."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter

from report.errors import CatalogError, InputError
from report.facts import Fact, Facts, Series
from report.read import Reading, edb, families, layouts
from tests.days import CATALOG
from tests.received import LAYOUTS, read, real, said, told

D25, D26, D27, D28 = (date(2024, 3, day) for day in (25, 26, 27, 28))
COPPER, ZINC = Series("cu", "lme_stock"), Series("zn", "warrant_stock")
IFIND = [
    (),
    ("",),
    ("指标名称", "LME:库存:铜", "期货库存:锌:总计", "库存:线材:合计"),
    ("频率", "日", "日", "周"),
    ("单位", "吨", "吨", "万吨"),
    ("指标ID", "S000025728", "", "S002837284"),
    ("时间区间", "20000104 : 20240328", "20081006 : 20240328", ""),
    ("更新时间", 20240328, 20240328, 20240328),
    (D28, 112475, 61234, ""),
    (D27, 112700, "", 70.8),
]


def workbook(path: Path, **named: list[tuple[object, ...]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in named.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, date):
                        sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), day)
                    elif value != "":
                        sheet.write(row, column, value)
    return path


def export(folder: Path, *lines: tuple[object, ...], name: str = "edb.xlsx") -> Reading:
    return read(workbook(folder / name, Sheet1=list(lines)))


def values(reading: Reading, series: Series) -> list[tuple[date, str]]:
    return [
        (fact.session, f"{fact.value:f}") for fact in reading.facts if fact.series == series and fact.value is not None
    ]


def one(reading: Reading, series: Series, session: date) -> Fact:
    found = Facts(reading.facts).get(series, session)
    assert found is not None
    return found


def test_a_stamp_of_the_day_after_speaks_of_the_lme_session_before(tmp_path):
    reading = export(tmp_path, *IFIND)
    assert values(reading, COPPER) == [(D26, "112700"), (D27, "112475")]
    fact = one(reading, COPPER, D27)
    assert fact.source == "edb.xlsx › Sheet1 › B9"
    assert fact.known_at == datetime(2024, 3, 28, 10, tzinfo=UTC)


def test_a_stamp_after_easter_speaks_of_the_thursday_before(tmp_path):
    reading = export(tmp_path, ("指标名称", "LME铜:库存:合计"), ("单位", "吨"), (date(2024, 4, 2), 111775))
    assert values(reading, COPPER) == [(D28, "111775")]


def test_a_domestic_number_speaks_of_the_day_it_is_stamped_with(tmp_path):
    assert values(export(tmp_path, *IFIND), ZINC) == [(D28, "61234")]


def test_a_series_nobody_claims_is_reported_by_name_and_id(tmp_path):
    (finding,) = said(export(tmp_path, *IFIND), "R125")
    assert finding.startswith(
        "edb.xlsx › Sheet1 › D3: the series 库存:线材:合计 (S002837284) is neither claimed nor ignored"
    )


@pytest.mark.parametrize(
    "lines",
    [
        [("单位", "吨"), ("指标名称", "LME:库存:铜"), ("频率", "日"), ("指标ID", "S000025728"), (D28, 112475)],
        [("指标名", "LME：库存：铜"), (D28, 112475)],
        [("Wind",), (), ("指标名称", "LME铜:库存:合计:日"), ("来源", "LME"), (D28, 112475), (), ("数据来源：Wind",)],
        [("指标名称", "LME铜:库存:合计[日]"), (45379, 112475)],
        [("", "指标名称", "某个没有人用过的名称"), ("", "指标ID", "S000025728"), ("", D28, 112475)],
        [("指标名称", "LME:库存:铜"), (D27, "--"), (D28, 112475), ("数据来源：Wind",)],
    ],
    ids=["order", "full-width", "wind", "serial", "by id", "dashes"],
)
def test_head_rows_in_any_order_and_number(tmp_path, lines):
    reading = export(tmp_path, *lines)
    assert values(reading, COPPER) == [(D27, "112475")]
    assert not [finding for finding in reading.findings if finding.severity > 1]


def test_oldest_first_is_read_like_newest_first(tmp_path):
    turned = [*IFIND[:8], IFIND[9], IFIND[8]]
    assert told(export(tmp_path, *turned)) == told(export(tmp_path, *IFIND))


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_csv_export_is_read_in_either_encoding(tmp_path, encoding):
    lines = [
        "指标名称,LME:库存:铜,期货库存:锌:总计",
        "单位,吨,吨",
        "2024-03-28,112475,61234",
        "2024/3/27,112700,--",
        "数据来源：Wind,,",
    ]
    path = tmp_path / "edb.csv"
    path.write_bytes("\n".join(lines).encode(encoding))
    reading = read(path)
    assert values(reading, COPPER) == [(D26, "112700"), (D27, "112475")]
    assert values(reading, ZINC) == [(D28, "61234")]
    assert said(reading) == []


def test_the_unit_of_the_file_is_taken_and_one_unlike_the_layouts_is_said(tmp_path):
    reading = export(tmp_path, ("指标名称", "LME:库存:铜"), ("单位", "万吨"), (D28, 11.2475))
    assert values(reading, COPPER) == [(D27, "112475.0000")]
    assert "the file says 万吨, the layout 吨; read as 万吨, in 吨 times 10000" in said(reading, "R147")[0]


def test_a_unit_that_does_not_convert_is_an_error(tmp_path):
    reading = export(tmp_path, ("指标名称", "LME:库存:铜"), ("单位", "美元"), (D28, 1))
    assert "美元 does not convert into 吨; not read" in said(reading, "R145")[0]
    assert not reading.facts


def test_two_columns_of_one_series_with_the_same_numbers_are_read_once(tmp_path):
    lines = [("指标名称", "LME:库存:铜", "LME铜:库存:合计"), (D27, 112700, ""), (D28, 112475, 112475)]
    reading = export(tmp_path, *lines)
    assert values(reading, COPPER) == [(D26, "112700"), (D27, "112475")]
    assert "tells the same series as edb.xlsx › Sheet1 › B1 in the same numbers; read once" in said(reading, "R185")[0]


def test_two_columns_that_tell_different_numbers_are_read_where_they_agree(tmp_path):
    lines = [("指标名称", "LME:库存:铜", "LME铜:库存:合计"), (D27, 112700, 112700), (D28, 112475, 112745)]
    reading = export(tmp_path, *lines)
    assert values(reading, COPPER) == [(D26, "112700")]
    (finding,) = said(reading, "R186")
    assert finding.startswith(
        "edb.xlsx › Sheet1 › C3: of 2024-03-27 it says 112745, edb.xlsx › Sheet1 › B3 says 112475"
    )


def test_an_unclaimed_name_that_stands_twice_says_whether_the_numbers_are_the_same(tmp_path):
    name = "固定资产投资完成额:累计同比"
    lines = [("指标名称", name, name, name, "LME:库存:铜"), (D27, 1, 1, 2, ""), (D28, 1, 1, 1, 112475)]
    findings = said(export(tmp_path, *lines), "R125")
    assert ["the same numbers" in one for one in findings] == [False, True, False]
    assert "B1 has the same name and other numbers" in findings[2]


def test_a_blank_exported_as_zero_is_not_read_and_said(tmp_path):
    lines = [("指标名称", "LME:库存:铜"), (D26, 112900), (D27, 0), (D28, 112475)]
    reading = export(tmp_path, *lines)
    assert values(reading, COPPER) == [(D25, "112900"), (D27, "112475")]
    assert (
        "edb.xlsx › Sheet1 › B1: 0 on 2024-03-27, between numbers: a blank exported as 0? not read"
        in said(reading, "R189")[0]
    )


def test_zeros_between_the_weeks_of_a_weekly_series_are_blanks(tmp_path):
    days = [date(2024, 3, day) for day in (15, 18, 19, 20, 21, 22, 25)]
    numbers = dict(zip(days, (15.5, 0, 0, 0, 0, 15.25, 0), strict=True))
    head = [("指标名称", "库存:6063铝棒:合计"), ("指标ID", "S006563225"), ("频率", "周"), ("单位", "万吨")]
    reading = export(tmp_path, *head, *numbers.items())
    billets = Series("al", "billet_stock")
    assert values(reading, billets) == [(days[0], "155000.0"), (days[5], "152500.00")]


def test_a_stock_that_stays_at_zero_is_zero(tmp_path):
    lines = [("指标名称", "期货库存:锡:总计"), ("单位", "吨"), (D25, 5), (D26, 0), (D27, 0), (D28, 0)]
    assert [value for _, value in values(export(tmp_path, *lines), Series("sn", "warrant_stock"))] == [
        "5",
        "0",
        "0",
        "0",
    ]


def test_a_number_stored_as_text_is_read_and_said_and_other_text_is_refused(tmp_path):
    path = tmp_path / "edb.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ("指标名称", "LME:库存:铜", "期货库存:锌:总计"))
        sheet.write_datetime(1, 0, datetime(2024, 3, 28), day)
        sheet.write_string(1, 1, "１１２，４７５")
        sheet.write_string(1, 2, "6l234")
    reading = read(path)
    assert values(reading, COPPER) == [(D27, "112475")]
    assert "edb.xlsx › Sheet1 › C2: expected a number, found '6l234'" in said(reading, "R101")[0]
    assert said(reading, "R103")


def test_an_error_and_a_formula_never_calculated_are_no_blanks(tmp_path):
    path = tmp_path / "edb.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ("指标名称", "LME:库存:铜", "期货库存:锌:总计"))
        sheet.write_datetime(1, 0, datetime(2024, 3, 28), day)
        sheet.write_formula(1, 1, "=WSD(1)", None, "#NAME?")
        sheet.write_formula(1, 2, "=A1", None, "")
    reading = read(path)
    assert not reading.facts
    assert "B2" in said(reading, "R107")[0]
    assert "C2" in said(reading, "R108")[0]


def test_days_without_a_session_and_before_the_calendar_are_left_out_and_said_once(tmp_path):
    easter, old = date(2024, 3, 29), date(2009, 5, 8)
    reading = export(tmp_path, ("指标名称", "LME:库存:铜"), (easter, 1), (D28, 112475), (old, 2), (date(2009, 5, 7), 3))
    assert values(reading, COPPER) == [(D27, "112475")]
    assert "2024-03-29 is no session of LME; their numbers are left out" in said(reading, "R135")[0]
    assert "the numbers of 2 days, 2009-05-07 to 2009-05-08 are left out" in said(reading, "R181")[0]


def test_a_date_that_stands_twice_is_not_read(tmp_path):
    reading = export(tmp_path, ("指标名称", "LME:库存:铜"), (D28, 112475), (D28, 112470), (D27, 112700))
    assert values(reading, COPPER) == [(D26, "112700")]
    assert "2024-03-28 stands in A2 and A3; none of these rows is read" in said(reading, "R142")[0]


def test_a_second_head_below_the_first_is_an_error_and_its_numbers_are_nobodys(tmp_path):
    second = [("指标名称", "LME:库存:锌"), ("单位", "吨"), (D27, 270875)]
    reading = export(tmp_path, ("指标名称", "LME:库存:铜"), ("单位", "吨"), (D28, 112475), *second)
    assert values(reading, COPPER) == [(D27, "112475")]
    (finding,) = said(reading, "R133")
    assert finding.startswith("edb.xlsx › Sheet1 › A4: a second head, '指标名称'; nothing from here on is read")


def test_numbers_beside_no_date_are_an_error(tmp_path):
    reading = export(tmp_path, ("指标名称", "LME:库存:铜"), (D28, 112475), ("昨天", 112700))
    assert said(reading, "R133")[0].startswith("edb.xlsx › Sheet1 › A3: expected a date, found '昨天'")


def test_a_sheet_without_the_label_is_reported_and_a_file_of_such_sheets_is_no_export(tmp_path):
    lines = [("Date", "China"), (D28, 99.5)]
    reading = read(workbook(tmp_path / "a.xlsx", GS=lines, EDB=IFIND))
    assert "a.xlsx › GS: no cell 指标名称 in its first 40 rows; not read" in said(reading, "R126")[0]
    with pytest.raises(InputError, match="no cell 指标名称 in the first 40 rows of a sheet"):
        read(workbook(tmp_path / "b.xlsx", GS=lines))


def test_a_head_row_nobody_knows_is_reported(tmp_path):
    reading = export(tmp_path, ("指标名称", "LME:库存:铜"), ("口径说明", "全部"), (D28, 112475))
    assert "edb.xlsx › Sheet1 › A2: the row '口径说明' is neither known nor ignored" in said(reading, "R125")[0]


def test_a_layout_that_the_catalogue_does_not_bear_out_is_a_mistake(tmp_path):
    text = """
family = "edb"
name = "导出"
published = { sessions = 0, time = "18:00", zone = "Asia/Shanghai" }
[series]
"A" = { variety = "cu", measure = "lme_stocks" }
"B" = { variety = "xx", measure = "lme_stock" }
"C" = { variety = "cu", measure = "lme_stock", unit = "美元" }
"""
    (tmp_path / "a.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        layouts.check(families.load([tmp_path])[0], CATALOG)
    assert [line.partition(":")[0] for line in str(caught.value).splitlines()] == [
        "data/layouts/a.toml › series.A.measure",
        "data/layouts/a.toml › series.B.variety",
        "data/layouts/a.toml › series.C.unit",
    ]


def test_every_series_of_the_packaged_layout_is_borne_out():
    (layout,) = (one for one in LAYOUTS if isinstance(one, edb.Layout))
    layouts.check(layout, CATALOG)


def test_the_real_ifind_export_is_read_to_its_last_claimed_series():
    reading = read(real("ifind_edb", "ifind_inv.xlsx"))
    assert len(reading.facts) == 24_399
    assert one(reading, COPPER, date(2023, 1, 9)).value == Decimal(84_775)
    assert len({fact.series for fact in reading.facts}) == 13
    assert len(said(reading, "R185")) == 6
    assert said(reading, "R186") == []
    assert not [finding for finding in reading.findings if finding.severity > 2]


def test_the_real_ifind_export_agrees_with_the_lmes_own_file():
    reading = read(real("ifind_edb", "ifind_inv.xlsx"))
    own = {fact.series: fact for fact in read(real("lme_stocks", "metals-reports-2020-03-16.xls")).facts}
    for code in ("cu", "al", "zn", "pb", "sn", "ni"):
        series = Series(code, "lme_stock")
        assert one(reading, series, date(2020, 3, 16)).value == own[series].value, code


def test_the_real_wind_export_names_every_series_nobody_claims():
    reading = read(real("wind_edb", "宏观数据.xlsx"))
    assert not reading.facts
    assert len(said(reading, "R125")) == 207
    assert len(said(reading, "R126")) == 2
    assert sum("has the same name and the same numbers" in finding for finding in said(reading)) == 3
