"""A file that is no harmless workbook is refused before openpyxl sees it, with one message."""

from __future__ import annotations

import contextlib
import random
import zipfile
from io import BytesIO

import pytest

from report.errors import InputError
from report.facts import Severity
from report.read import preflight
from tests.workbooks import COPPER, NAME, read, rewritten, told, write

SHEET = "xl/worksheets/sheet1.xml"
AGAIN = "save it in Excel as 'Excel Workbook (*.xlsx)' and hand it in again"
DAMAGED = f"the file is damaged; open it in Excel, repair it if asked, and {AGAIN}"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def refused(path):
    with pytest.raises(InputError) as caught:
        read(path)
    return str(caught.value)


def archive(**parts):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    return packed.getvalue()


KINDS = [
    (b"", "the file is empty (0 bytes); hand it in again"),
    (b"PK\x05\x06" + bytes(18), "an empty zip archive; hand the workbook in again"),
    (OLE + bytes(600), f"an old .xls workbook, whatever its name says; {AGAIN}"),
    (
        OLE + "EncryptedPackage".encode("utf-16-le"),
        "protected with a password; remove it in Excel (文件 › 信息 › 保护工作簿) and save again",
    ),
    (b"\xef\xbb\xbf <!DOCTYPE html><html>", f"a web page (HTML), not .xlsx; open it in Excel, {AGAIN}"),
    (b"<table><tr><td>1", f"a web page (HTML), not .xlsx; open it in Excel, {AGAIN}"),
    (
        b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">',
        f"an XML spreadsheet of 2003, not .xlsx; {AGAIN}",
    ),
    (b"%PDF-1.7", "a PDF, not .xlsx; hand in the workbook it was printed from"),
    ("品种,收盘价\n铜,72500".encode("gbk"), f"plain text, not .xlsx; open it in Excel, {AGAIN}"),
    (b"\x00\x01\x02\x03\x04\x05\x06\x07", f"no Excel workbook (begins with 00 01 02 03 04 05 06 07); {AGAIN}"),
    (archive(**{"底稿/a.xlsx": b""}), "a zip archive around 底稿/a.xlsx; unpack it and hand in the workbook"),
    (archive(mimetype="application/x"), f"an OpenDocument file (.ods), not .xlsx; {AGAIN}"),
    (archive(**{"a.txt": b""}), f"a zip archive without a workbook in it; {AGAIN}"),
    (
        archive(**{"[Content_Types].xml": b"", "xl/workbook.bin": b""}),
        f"a binary workbook (.xlsb), not .xlsx; {AGAIN}",
    ),
]


@pytest.mark.parametrize(("content", "message"), KINDS, ids=[message[:24] for _, message in KINDS])
def test_a_file_of_another_kind_is_named_for_what_it_is(tmp_path, content, message):
    path = tmp_path / NAME
    path.write_bytes(content)
    assert refused(path) == f"{NAME}: {message}"


def test_a_file_that_is_not_there_is_said(tmp_path):
    path = tmp_path / NAME
    assert refused(path) == f"{path}: cannot be read (No such file or directory); check the name and who may read it"


def test_the_mark_of_an_open_workbook_is_said(tmp_path):
    message = f"~${NAME}: Excel's mark that {NAME} is open; close that workbook and try again"
    assert refused(tmp_path / f"~${NAME}") == message


def test_a_truncated_archive_is_damaged(tmp_path):
    path = write(tmp_path, [COPPER])
    path.write_bytes(path.read_bytes()[:-40])
    assert refused(path) == f"{NAME}: a damaged zip archive (File is not a zip file); {DAMAGED}"


def test_a_changed_byte_is_found(tmp_path):
    path = write(tmp_path, [COPPER])
    with zipfile.ZipFile(path) as book:
        at = book.getinfo(SHEET).header_offset + 30 + len(SHEET) + 40
    content = bytearray(path.read_bytes())
    content[at] ^= 0xFF
    path.write_bytes(content)
    assert refused(path).startswith(f"{NAME}: a damaged zip archive (")


def sheet(change):
    return lambda folder: rewritten(write(folder, [COPPER]), SHEET, change)


def inner(old, new):
    return sheet(lambda xml: xml.replace(old, new, 1))


def rows(xml, extra):
    return xml.replace(b"</sheetData>", extra + b"</sheetData>")


ROW = b'<row r="9"><c r="%s"><v>1</v></c></row>'
AFTER = b"</sheetData>"
FAR = "a cell too far out, the form ends before row 5000 and column 256; delete everything beyond the form"
REACH = "merged cells, links or comments reach too far; unmerge or delete them"
BOMBS = {
    "a cell in the last corner": (
        sheet(lambda xml: rows(xml, ROW % b"XFD1048576")),
        f"{NAME} › {SHEET} › XFD1048576: {FAR}",
    ),
    "a cell in a far row": (sheet(lambda xml: rows(xml, ROW % b"A5001")), f"{NAME} › {SHEET} › A5001: {FAR}"),
    "a cell written with an entity": (
        sheet(lambda xml: rows(xml, ROW % b"&#88;FD9")),
        f"{NAME} › {SHEET} › XFD9: {FAR}",
    ),
    "a row number beyond all rows": (
        sheet(lambda xml: rows(xml, b'<row r="99999999"/>')),
        f"{NAME} › {SHEET}: '99999999' is no row number; {DAMAGED}",
    ),
    "too many rows": (
        sheet(lambda xml: rows(xml, b"<row/>" * 5001)),
        f"{NAME} › {SHEET}: more than 5000 rows; delete the empty rows below the form",
    ),
    "a cell that is there twice": (
        sheet(lambda xml: rows(xml, ROW % b"D5")),
        f"{NAME} › {SHEET} › D5: this cell is there twice; {DAMAGED}",
    ),
    "a merge of everything": (
        inner(AFTER, AFTER + b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'),
        f"{NAME} › {SHEET} › A1:XFD1048576: {REACH}",
    ),
    "a link over everything": (
        inner(AFTER, AFTER + b'<hyperlinks><hyperlink ref="A1:XFD1048576"/></hyperlinks>'),
        f"{NAME} › {SHEET} › A1:XFD1048576: {REACH}",
    ),
    "a DTD": (
        sheet(lambda xml: b'<!DOCTYPE x [<!ENTITY a "aa">]>' + xml.partition(b"?>")[2]),
        f"{NAME} › {SHEET}: carries a DTD, which no spreadsheet program writes; do not open it",
    ),
    "a DTD in another encoding": (
        sheet(lambda xml: "<!DOCTYPE x><worksheet/>".encode("utf-16")),
        f"{NAME} › {SHEET}: carries a DTD, which no spreadsheet program writes; do not open it",
    ),
    "broken XML": (
        sheet(lambda xml: xml[:-5]),
        f"{NAME} › {SHEET}: not well-formed XML (unclosed token: line 1, column {{}}); {DAMAGED}",
    ),
    "Strict Open XML": (
        lambda folder: rewritten(
            write(folder, [COPPER]),
            "xl/workbook.xml",
            lambda xml: xml.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
        ),
        f"{NAME} › xl/workbook.xml: saved as 'Strict Open XML'; {AGAIN}",
    ),
    "a part that inflates a thousand times": (
        lambda folder: rewritten(write(folder, [COPPER]), "xl/media/a.bin", lambda _: bytes(2_000_000)),
        f"{NAME} › xl/media/a.bin: inflates {{}} times, as a zip bomb does; do not open it",
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_workbook_that_asks_for_too_much_is_refused(tmp_path, name):
    make, message = BOMBS[name]
    before, _, after = message.partition("{}")
    said = refused(make(tmp_path))
    assert said.startswith(before)
    assert said.endswith(after)


def test_a_part_that_is_there_twice_is_refused(tmp_path):
    path = write(tmp_path, [COPPER])
    with zipfile.ZipFile(path, "a") as book:
        book.writestr(SHEET.upper(), b"<worksheet/>")
    assert refused(path) == f"{NAME} › {SHEET.upper()}: this part is there twice; {DAMAGED}"


def test_too_many_parts_are_refused(tmp_path):
    path = write(tmp_path, [COPPER])
    with zipfile.ZipFile(path, "a") as book:
        for number in range(500):
            book.writestr(f"xl/media/{number}.bin", b"")
    with zipfile.ZipFile(path) as book:
        count = len(book.namelist())
    assert refused(path) == f"{NAME}: {count} parts, more than 500; copy the form into a new workbook"


def test_what_is_too_large_unpacked_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(preflight, "MAX_INFLATED", 1000)
    assert refused(write(tmp_path, [COPPER])).endswith("when unpacked, more than 0; copy the form into a new workbook")


def test_a_workbook_openpyxl_cannot_open_is_refused_with_its_reason(tmp_path):
    path = rewritten(write(tmp_path, [COPPER]), SHEET, lambda xml: xml.replace(b"<v>72500</v>", b"<v>7x</v>"))
    said = refused(path)
    assert said.startswith(f"{NAME}: cannot be opened as a workbook (")
    assert said.endswith("open it in Excel, save it, and hand it in again")


def test_links_to_other_files_are_a_warning_and_macros_a_note(tmp_path):
    path = write(tmp_path, [COPPER])
    target = b'<Relationship Id="rId1" Target="file:///D:/prices.xlsx" TargetMode="External" Type="x"/>'
    rels = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">%s</Relationships>'
    with zipfile.ZipFile(path, "a") as book:
        book.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
        book.writestr("xl/externalLinks/_rels/externalLink1.xml.rels", rels % target)
        book.writestr("xl/vbaProject.bin", OLE)
    reading = read(path)
    cells = "cells depend on other files (file:///D:/prices.xlsx) and show what was last saved; turn them into numbers"
    assert told(reading) == [f"{NAME}: {cells} [R128]", f"{NAME}: macros, which are not run [R129]"]
    assert [finding.severity for finding in reading.findings] == [Severity.WARNING, Severity.NOTE]


@pytest.mark.parametrize("count", [60, pytest.param(3000, marks=pytest.mark.soak)])
def test_whatever_is_damaged_the_file_is_read_or_refused_and_nothing_else_is_raised(tmp_path, count):
    content = write(tmp_path, [COPPER]).read_bytes()
    with zipfile.ZipFile(BytesIO(content)) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    dice = random.Random(5)
    for number in range(count):
        path = tmp_path / NAME
        if number % 2:
            damaged = bytearray(content)
            damaged[dice.randrange(len(damaged))] ^= 1 << dice.randrange(8)
            path.write_bytes(damaged)
        else:
            name = dice.choice(sorted(parts))
            at = dice.randrange(len(parts[name]))
            changed = {**parts, name: parts[name][:at] + dice.randbytes(dice.randrange(3)) + parts[name][at + 1 :]}
            path.write_bytes(archive(**changed))
        with contextlib.suppress(InputError):
            read(path)
