"""What stands in an old .xls and readers do not tell: every trap planted in one is reported with its cell."""

from __future__ import annotations

import os
import struct
from collections.abc import Callable
from pathlib import Path

import pytest
import xlrd
import xlwt

from report.errors import InputError
from report.read import biff, compound, sheets
from report.read.cell import Kind
from report.read.marks import Mark

GOLDEN = Path(__file__).parent / "golden"
REAL = Path(os.environ.get("RIBAO_REALDATA", "/nowhere"))
NA, PERCENT = 42, 9
Sheet = xlwt.Worksheet


Patch = Callable[[bytes], bytes]


def made(folder: Path, change: Callable[[Sheet], object], patched: Patch = lambda data: data) -> Path:
    """A workbook of two sheets of numbers, changed in one place; patched: its bytes."""
    book = xlwt.Workbook()
    one, other = (book.add_sheet(name) for name in ("库存", "价格"))
    for row in range(6):
        for column in range(4):
            one.write(row, column, 100.5 + row)
            other.write(row, column, "铜")
    changed = change(one)
    if changed == "hide":
        other.visibility = 1
    path = folder / "库存.xls"
    book.save(str(path))
    path.write_bytes(patched(path.read_bytes()))
    return path


def opened(path: Path) -> tuple[list[sheets.Sheet], list[str]]:
    found, said = sheets.opened(path.name, "xls", path.read_bytes())
    return found, [str(one) for one in said]


def formula(sheet: Sheet) -> None:
    sheet.write(1, 1, xlwt.Formula("A1*2"))


def result(told: bytes, flags: int = 0) -> Patch:
    """Have the only formula give another result than the nothing that xlwt writes."""

    def patched(data: bytes) -> bytes:
        before, nothing, after = data.partition(b"\x03\x00\x00\x00\x00\x00\xff\xff")
        assert nothing
        return before + told + bytes([flags]) + after[1:]

    return patched


def at(row: int, column: int, write: Callable[[Sheet], object]) -> Callable[[Sheet], None]:
    """Have a cell written anew."""

    def change(sheet: Sheet) -> None:
        sheet.row(row)._Row__cells.pop(column)
        write(sheet)

    return change


def test_a_clean_workbook_says_nothing(tmp_path: Path) -> None:
    found, said = opened(made(tmp_path, lambda _: None))
    assert said == []
    assert [one.survey for one in found] == [sheets.Survey(), sheets.Survey()]
    assert (found[0].cell(2, 2).kind, found[0].cell(2, 2).value) == (Kind.NUMBER, 101.5)


def test_an_error_is_told_from_an_empty_cell(tmp_path: Path) -> None:
    path = made(tmp_path, at(1, 1, lambda sheet: sheet.row(1).set_cell_error(1, NA)))
    cell = opened(path)[0][0].cell(2, 2)
    assert (cell.kind, cell.value, cell.where) == (Kind.ERROR, "#N/A", "库存.xls › 库存 › B2")


def test_a_formula_whose_result_is_an_error_is_told(tmp_path: Path) -> None:
    path = made(tmp_path, at(1, 1, formula), result(b"\x02\x00\x17\x00\x00\x00\xff\xff"))
    cell = opened(path)[0][0].cell(2, 2)
    assert (cell.kind, cell.value, cell.formula) == (Kind.ERROR, "#REF!", "=…")


def test_a_formula_nobody_calculated_is_told_from_a_blank(tmp_path: Path) -> None:
    cell = opened(made(tmp_path, at(1, 1, formula)))[0][0].cell(2, 2)
    assert (cell.kind, cell.formula) == (Kind.UNCALCULATED, "=…")


def test_a_formula_giving_0_that_waits_to_be_calculated_is_marked_and_one_that_was_is_not(tmp_path: Path) -> None:
    for flags, text in ((biff.AT_LOADING, "=…"), (0, "")):
        cell = opened(made(tmp_path, at(1, 1, formula), result(bytes(8), flags)))[0][0].cell(2, 2)
        assert (cell.kind, cell.value, cell.formula) == (Kind.NUMBER, 0.0, text)


def test_a_percentage_is_told_from_its_fraction(tmp_path: Path) -> None:
    style = xlwt.easyxf(num_format_str="0.00%")
    path = made(tmp_path, at(1, 1, lambda sheet: sheet.write(1, 1, 0.042, style)))
    found = opened(path)[0][0]
    assert found.survey.marks == {(2, 2): Mark(percent=True)}
    assert found.cell(2, 2).percent


def test_hidden_rows_columns_and_sheets_are_reported_with_their_place(tmp_path: Path) -> None:
    def hide(sheet: Sheet) -> str:
        sheet.row(3).hidden = True
        sheet.col(2).hidden = True
        return "hide"

    assert opened(made(tmp_path, hide))[1] == [
        "库存.xls › 库存 › row 4: hidden and read; show the rows, or clear them [R127]",
        "库存.xls › 库存 › column C: hidden and read; show the columns, or clear them [R127]",
        "库存.xls › 价格: the sheet is hidden and was read; show it, or delete it [R127]",
    ]


@pytest.mark.parametrize("cut", [600, 1500, 3000])
def test_a_workbook_cut_short_is_one_message(tmp_path: Path, cut: int) -> None:
    path = made(tmp_path, lambda _: None, lambda data: data[:cut])
    with pytest.raises(InputError, match=r"^库存\.xls: "):
        opened(path)


def test_a_chain_of_sectors_without_end_is_refused() -> None:
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<HH", header, 30, 9, 6)
    struct.pack_into("<I", header, 44, 1)
    struct.pack_into("<IIII", header, 48, 0, 0, 4096, 0xFFFFFFFE)
    struct.pack_into("<II", header, 68, 0xFFFFFFFE, 0)
    struct.pack_into("<109I", header, 76, 1, *[0xFFFFFFFF] * 108)
    round_again = struct.pack("<128I", *[0] * 128)
    with pytest.raises(compound.Damaged, match="leads nowhere"):
        compound.stream(bytes(header) + bytes(512) + round_again, ("Workbook",))


def _xlrd(data: bytes) -> list[tuple[set[tuple[int, int]], set[int], set[int]]]:
    """Errors, hidden rows and hidden columns of every sheet as xlrd sees them."""
    with open(os.devnull, "w") as nowhere:
        book = xlrd.open_workbook(file_contents=data, formatting_info=True, logfile=nowhere)
    told = []
    for sheet in book.sheets():
        cells = ((row, at) for row in range(sheet.nrows) for at in range(sheet.row_len(row)))
        errors = {(row + 1, at + 1) for row, at in cells if sheet.cell_type(row, at) == xlrd.XL_CELL_ERROR}
        rows = {row + 1 for row, line in sheet.rowinfo_map.items() if line.hidden}
        columns = {at + 1 for at, one in sheet.colinfo_map.items() if one.hidden or not one.width}
        told.append((errors, rows, columns))
    return told


def test_every_xls_at_hand_is_seen_as_another_reader_sees_it() -> None:
    compared = 0
    for path in sorted([*GOLDEN.rglob("*.xls"), *REAL.rglob("*.xls")]):
        data = path.read_bytes()
        try:
            theirs = _xlrd(data)
            mine, _ = biff.surveys(data)
        except (compound.Damaged, xlrd.XLRDError, AssertionError, LookupError, ValueError, struct.error):
            continue
        if len(theirs) == len(mine):  # xlrd leaves charts out
            found = [({at for at, one in s.marks.items() if one.error}, s.hidden_rows, s.hidden_columns) for s in mine]
            assert found == theirs, path
            compared += 1
    assert compared >= (75 if REAL.is_dir() else 4)
