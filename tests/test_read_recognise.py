"""What a file is, told from its bytes, and which one layout it is of."""

from __future__ import annotations

from decimal import Decimal

import pytest

from report.errors import CatalogError, InputError
from report.read.families import FAMILIES, load
from report.read.incoming import Incoming
from report.read.recognise import recognise
from tests.days import CATALOG, DATA
from tests.test_read_table import DAY, HEAD, LAYOUT, declared, workbook

LAYOUTS = load([DATA / "layouts"])


def incoming(folder, content, name="某某.xlsx"):
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return Incoming(folder / name)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("日期,收盘价\n2024-03-27,72500\n", "csv"),
        ("日期,收盘价\n2024-03-27,72500\n".encode("gb18030"), "csv"),
        ("日期\t收盘价\n2024-03-27\t72500\n".encode("utf-16"), "csv"),
        ("DATE;X\n2024-03-27;1\n", "csv"),
        ('{"o_cursor": []}', "json"),
        ("\ufeff [1, 2]", "json"),
        ("<!DOCTYPE html><html><table><tr><td>铜</td></tr></table></html>", "html"),
        ("<table><tr><td>1,2</td></tr>\n<tr><td>3,4</td></tr></table>", "html"),
        ("var CU0 = [{date: '2024-03-27', close: 1, volume: 2},\n{date: '2024-03-28', close: 1, volume: 2}];", "text"),
        (
            "郑州商品交易所每日行情表\n合约代码|昨结算|今开盘\nCF405|15,985.00|16,000.00\nCF409|1,985.00|1,000.00\n",
            "text",
        ),
        ("一封信。\n没有表。\n", "text"),
    ],
)
def test_the_kind_of_a_file_is_told_from_its_bytes(tmp_path, content, kind):
    assert incoming(tmp_path, content).kind == kind


def test_a_workbook_of_any_kind_is_told_from_its_bytes(tmp_path):
    path = workbook(tmp_path / "a.csv", 铜=[HEAD, (DAY, 1)])
    assert Incoming(path).kind == "xlsx"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty (0 bytes); hand it in again"),
        (b"%PDF-1.7", "a PDF, not .xlsx; hand in the workbook it was printed from"),
        (
            b"\xff\xd8\xff\xe0" * 9,
            "neither UTF-8 nor GB18030 text (byte 0: ff d8 ff e0); save it as UTF-8 and hand it in again",
        ),
        (b'{"a": 1,\n "b": }', None),
        (b'{"a": NaN}', "JSON that no exchange writes (NaN is no number); fetch the file again"),
        (b"[" * 100_000, None),
    ],
)  # fmt: skip
def test_what_cannot_be_opened_is_one_message(tmp_path, content, message):
    with pytest.raises(InputError) as caught:
        recognise(incoming(tmp_path, content), LAYOUTS, CATALOG)
    said = str(caught.value)
    assert "\n" not in said
    assert said == f"某某.xlsx: {message}" or message is None


def test_json_that_breaks_off_is_named_with_its_line_and_column(tmp_path):
    with pytest.raises(InputError, match=r"^某某\.xlsx › line 2 › column 7: not JSON"):
        _ = incoming(tmp_path, '{"a": 1,\n "b": }').json


def test_numbers_of_a_json_file_are_exact(tmp_path):
    assert incoming(tmp_path, '{"a": 0.1, "b": 2}').json == {"a": Decimal("0.1"), "b": 2}


def test_a_csv_is_one_sheet_and_its_cells_are_numbers_and_dates(tmp_path):
    file = incoming(tmp_path, '日期,收盘价\n2024-03-27,"72,500.50"\n2024/3/28,0072\n', "铜.csv")
    (sheet,) = file.sheets
    assert sheet.title == "铜"
    assert sheet.cell(2, 1).value == DAY
    assert sheet.cell(2, 2).value == Decimal("72500.50")
    assert (sheet.cell(3, 2).value, sheet.cell(3, 2).where) == ("0072", "铜.csv › row 3 › B")
    assert sheet.rows[1] == ["2024-03-27", "72,500.50"]


def test_a_text_is_no_workbook_and_a_workbook_no_text(tmp_path):
    path = workbook(tmp_path / "a.xlsx", 铜=[HEAD, (DAY, 1)])
    with pytest.raises(InputError, match=r"^a\.xlsx: a workbook \(\.xlsx\), not a text"):
        _ = Incoming(path).text
    assert incoming(tmp_path, "一封信。").sheets == []


def test_every_family_has_its_three_things_and_no_two_layouts_share_a_name():
    for name, family in FAMILIES.items():
        assert issubclass(family.Layout, FAMILIES["table"].Layout.__mro__[1]), name
        assert callable(family.lacks), name
        assert callable(family.read), name
    assert len({layout.name for layout in LAYOUTS}) == len(LAYOUTS)


def test_a_layout_of_no_family_is_a_mistake(tmp_path):
    with pytest.raises(
        CatalogError, match=r"^data/layouts/one\.toml › family: expected one of table, .+, found 'tabel'"
    ):
        declared(tmp_path, one=LAYOUT.replace('family = "table"', 'family = "tabel"'))
    with pytest.raises(CatalogError, match="found nothing"):
        declared(tmp_path, one=LAYOUT.replace('family = "table"', ""))


def test_a_foreign_file_is_refused_by_every_layout_with_a_reason(tmp_path):
    with pytest.raises(InputError) as caught:
        recognise(incoming(tmp_path, "a,b\n1,2\n", "x.csv"), LAYOUTS, CATALOG)
    first, *reasons = str(caught.value).splitlines()
    assert first == (
        "x.csv: no layout fits this file (.csv); rename the file or its headings, or add a layout to data/layouts/"
    )
    for layout in LAYOUTS:
        assert any(layout.home in line for line in reasons), layout.home
