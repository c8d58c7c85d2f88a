"""Bad input, by the hundred: facts or one clear message; and no silent wrong number in a plain table."""

from __future__ import annotations

import json
import os
import random
import re
import resource
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter

from report.errors import InputError
from report.intake import Ingested, Intake
from report.read import bulk, sniff, table
from report.read.families import FAMILIES, load
from report.read.incoming import Incoming
from report.read.recognise import recognise
from tests import test_read_edb as edb
from tests import test_read_quotes as quotes
from tests import test_read_receipts as receipts
from tests.days import CALENDARS, CATALOG, DATA
from tests.received import copper, shfe
from tests.test_ingest import NOW, Nothing
from tests.test_read_table import HEAD, LAYOUT, declared, said, workbook

REAL = Path(os.environ.get("RIBAO_REALDATA", "/nowhere"))
BAD = REAL / "bad_spreadsheets"
GOLDEN = Path(__file__).parent / "golden"
LAYOUTS = load([DATA / "layouts"])
DAYS = [day for day in (date(2024, 3, 1) + timedelta(n) for n in range(28)) if day.weekday() < 5]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SHEET, BOOK, STYLES = "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"


def taken(path: Path) -> Ingested:
    """What a file gave; it took less than ten seconds, and said one thing at most."""
    started = time.monotonic()
    (one,) = Intake(LAYOUTS, CATALOG, CALENDARS, Nothing()).take([path], NOW)
    assert time.monotonic() - started < bulk.SECONDS + 1, path
    assert one.problem.startswith(path.name) or not one.problem, one.problem
    assert not one.problem or one.kept.new == 0
    return one


@pytest.mark.skipif(not BAD.is_dir(), reason="RIBAO_REALDATA has no bad_spreadsheets")
def test_every_broken_workbook_of_the_corpus_ends_in_one_message():
    files = sorted(path for path in BAD.rglob("*") if path.suffix[:4] in (".xls", ".ods"))
    assert len(files) > 100
    for path in files:
        assert taken(path).problem, path
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert max(child, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) < 500_000  # kilobytes


def samples() -> list[Path]:
    found = [path for path in GOLDEN.rglob("*") if path.suffix in (".xlsx", ".xls", ".ods", ".csv", ".dat", ".json")]
    return sorted(path for path in found if path.stat().st_size < 200_000)


def received(folder: Path) -> list[Path]:
    """A file of every family of which no sample lies in the golden folders."""
    folder.mkdir()
    desk = folder / "日报底稿.xlsx"
    desk.write_bytes((DATA / "samples" / "2024-03-29" / desk.name).read_bytes())
    czce = folder / "FutureDataDaily.txt"
    czce.write_text(quotes.CZCE, encoding="utf-8")
    ores = [quotes.dce_row("i2409", "758.0", 5, 7), quotes.dce_row(None, None, 5, 7)]
    return [
        desk,
        czce,
        shfe(folder, copper()),
        quotes.dce(folder, "20240328", ores),
        quotes.gfex(folder),
        quotes.sina(folder, quotes.BAR % (27, 72090), quotes.BAR % (28, 72500)),
        receipts.shfe(folder, [*receipts.copper(), *receipts.alumina()]),
        receipts.page(folder, receipts.PAGE),
        receipts.gfex(folder),
        edb.workbook(folder / "edb.xlsx", Sheet1=list(edb.IFIND)),
    ]


def repacked(content: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return packed.getvalue()


ODD = (None, True, [], {}, [1], {"a": 1}, "x", "", " ", -1, "-1", 0, "9" * 400, 1.5, "1e309", "NaN", "2405", "\ud800")
ODD += ("\x00", "１２", "00000000", "2024-13-45", "-", "铜", "小计", "总计", "|", ",", "<td rowspan=9>", "\n")


def nodes(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every place in a JSON."""
    yield path
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inside:
        yield from nodes(one, (*path, key))


def twisted(content: bytes, dice: random.Random) -> bytes:
    """A text with something else in one place: in a JSON any value, elsewhere a word, or a line gone or there twice."""
    odd = dice.choice(ODD)
    text = content.decode("utf-8-sig", "replace")
    if text.startswith("{"):
        held = {"": json.loads(text)}
        *way, last = dice.choice(list(nodes(held))[1:])
        place = held
        for key in way:
            place = place[key]
        place[last] = odd
        return json.dumps(held[""], ensure_ascii=dice.random() < 0.5).encode("utf-8", "surrogatepass")
    lines = text.splitlines(keepends=True)
    if dice.random() < 0.4:
        at = dice.randrange(len(lines))
        lines[at : at + 1] = [] if dice.random() < 0.5 else [lines[at], lines[dice.randrange(len(lines))]]
        return "".join(lines).encode()
    word = dice.choice(list(re.finditer(r'[^|,\s<>"]+', text)))
    return f"{text[: word.start()]}{odd}{text[word.end() :]}".encode("utf-8", "surrogatepass")


def mutated(content: bytes, dice: random.Random) -> bytes:
    """The file cut short, with bytes changed, or, in an archive, with a part changed and packed anew."""
    how = dice.randrange(5)
    if how == 0:
        return content[: dice.randrange(len(content))]
    if how > 1 and not content.startswith((b"PK", OLE)):
        return twisted(content, dice)
    if how == 1 or not content.startswith(b"PK"):
        damaged = bytearray(content)
        for _ in range(dice.choice((1, 1, 4, 64))):
            damaged[dice.randrange(len(damaged))] = dice.randrange(256)
        return bytes(damaged)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        chosen = dice.choice(archive.namelist())
    if how == 2:
        return repacked(content, lambda name, part: part[: dice.randrange(len(part) + 1)] if name == chosen else part)
    if how == 3:
        digits = re.compile(rb"[0-9]+")
        number = str(10 ** dice.randrange(12)).encode()

        def swap(name: str, part: bytes) -> bytes:
            places = list(digits.finditer(part)) if name == chosen else []
            at = dice.choice(places) if places else None
            return part[: at.start()] + number + part[at.end() :] if at else part

        return repacked(content, swap)
    return repacked(content, lambda name, part: part if name != chosen else part + dice.randbytes(9))


@pytest.mark.parametrize("count", [100, pytest.param(2000, marks=pytest.mark.soak)])
def test_whatever_happens_to_a_sample_it_gives_facts_or_one_message(tmp_path, count):
    dice = random.Random(count)
    known = [*samples(), *received(tmp_path / "received")]
    assert {recognise(Incoming(path), LAYOUTS, CATALOG).family for path in known} == set(FAMILIES)
    for number in range(count):
        path = known[number % len(known)]
        target = tmp_path / path.name
        target.write_bytes(mutated(path.read_bytes(), dice))
        taken(target)
        target.unlink()


BOMB = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>'


def changed(part: str, change: Callable[[bytes], bytes]) -> Callable[[Path], bytes]:
    return lambda path: repacked(path.read_bytes(), lambda name, old: change(old) if name == part else old)


def added(name: str, content: bytes) -> Callable[[Path], bytes]:
    def add(path: Path) -> bytes:
        packed = BytesIO(path.read_bytes())
        with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(name, content)
        return packed.getvalue()

    return add


def far(xml: bytes) -> bytes:
    return xml.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')


AFTER = b"</sheetData>"
REFUSED = {
    "a cell in the last corner, 10^10 cells": (changed(SHEET, far), "a cell too far out"),
    "an XML bomb": (changed(SHEET, lambda _: BOMB.encode()), "carries a DTD"),
    "a zip bomb": (added("xl/media/a.bin", bytes(90_000_000)), "as a zip bomb does"),
    "a duplicate cell": (
        changed(SHEET, lambda xml: xml.replace(AFTER, b'<row r="99"><c r="B2"><v>9</v></c></row>' + AFTER)),
        "this cell is there twice",
    ),
    "a web page called .xlsx": (lambda _: b"<html><table><tr><td>72500</td></tr></table></html>", "no layout fits"),
    "encrypted": (lambda _: OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(500), "a password"),
    "an .xls cut short": (lambda _: OLE + bytes(504), "cannot be opened as a workbook"),
    "no sheet at all": (changed(SHEET, lambda _: b""), "not well-formed XML"),
    "an .ods of 10^18 cells": (
        lambda _: opendocument('table:number-rows-repeated="999999999"', 'table:number-columns-repeated="999999999"'),
        "cells are repeated down to row 999999999",
    ),
}  # fmt: skip


def opendocument(row: str = "", cell: str = "") -> bytes:
    urn = "urn:oasis:names:tc:opendocument:xmlns"
    spaces = " ".join(f'xmlns:{one}="{urn}:{one}:1.0"' for one in ("office", "table", "text"))
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>"
            f'<table:table table:name="铜"><table:table-row {row}><table:table-cell {cell} '
            'office:value-type="string"><text:p>X</text:p></table:table-cell></table:table-row></table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return packed.getvalue()


@pytest.mark.parametrize("name", REFUSED)
def test_a_dangerous_or_foreign_file_is_refused_with_one_message(tmp_path, name):
    make, message = REFUSED[name]
    path = clean(tmp_path / "美债收益率.xlsx")
    path.write_bytes(make(path))
    problem = taken(path).problem
    assert message in problem
    assert "\n" not in problem.replace("\n  ", "")


@pytest.mark.parametrize(("text", "most"), [("a,b\n", sniff.MAX_TEXT), ("<html><td>", sniff.MAX_PAGE)])
def test_a_text_that_would_fill_the_memory_is_refused(tmp_path, text, most):
    path = tmp_path / "a.csv"
    path.write_text(text * (most // len(text) + 1))
    assert f"of over {most // 10**6} MB; take it apart" in taken(path).problem


def test_a_pipe_and_a_link_to_itself_are_one_message_and_no_wait(tmp_path):
    pipe, link = tmp_path / "pipe.csv", tmp_path / "link.csv"
    os.mkfifo(pipe)
    link.symlink_to(link)
    assert taken_whatever(pipe).endswith("a folder, a pipe or a device, no file; name a file")
    assert "cannot be read" in taken_whatever(link)


def taken_whatever(path: Path) -> str:
    """What is said of a file, by its whole path."""
    (one,) = Intake(LAYOUTS, CATALOG, CALENDARS, Nothing()).take([path], NOW)
    return one.problem


def test_a_reader_that_dies_takes_nothing_with_it(tmp_path, monkeypatch):
    path = clean(tmp_path / "a.xlsx")
    monkeypatch.setattr(bulk, "_give", lambda child, data: child.kill())
    with pytest.raises(InputError, match=r"^a\.xlsx: the reader gave up on this file"):
        _ = Incoming(path).sheets
    monkeypatch.undo()
    assert Incoming(path).sheets[0].title == "铜"


def test_a_reader_that_hangs_is_killed(tmp_path, monkeypatch):
    path = clean(tmp_path / "a.xlsx")
    monkeypatch.setattr(bulk, "SECONDS", 0.2)
    monkeypatch.setattr(bulk, "_give", lambda child, data: None)
    with pytest.raises(InputError, match=r"^a\.xlsx: the reader took longer than 0 s"):
        _ = Incoming(path).sheets
    monkeypatch.undo()
    assert Incoming(path).sheets[0].title == "铜"


def clean(path: Path, seed: int = 0) -> Path:
    dice = random.Random(seed)
    lines: list[tuple[object, ...]] = [HEAD]
    lines += [(day, round(dice.uniform(60_000, 90_000), dice.randrange(3)), "") for day in DAYS]
    if seed % 2:
        return workbook(path, 铜=lines)
    book = openpyxl.Workbook()
    book.active.title = "铜"
    for line in lines:
        book.active.append([value or None for value in line])
    book.save(path)
    return path


def test_a_hundred_clean_workbooks_raise_nothing(tmp_path):
    (layout,) = declared(tmp_path, one=LAYOUT)
    for seed in range(100):
        reading = table.read(Incoming(clean(tmp_path / "a.xlsx", seed)), layout, CATALOG, CALENDARS)
        assert said(reading) == [], seed
        assert len(reading.facts) == len(DAYS)


def cell(value: object, **style: str) -> Callable[[Path], None]:
    """Write something else into B3."""

    def plant(path: Path) -> None:
        with xlsxwriter.Workbook(path) as book:
            sheet, day = book.add_worksheet("铜"), book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write_row(0, 0, HEAD)
            for row, one in enumerate(DAYS[:4], start=1):
                sheet.write_datetime(row, 0, one, day)
                sheet.write(row, 1, 72000 + row)
            if isinstance(value, tuple):
                sheet.write_formula(2, 1, *value)
            else:
                sheet.write(2, 1, value, book.add_format(style))

    return plant


def with_openpyxl(change: Callable[[openpyxl.Workbook], None]) -> Callable[[Path], None]:
    def plant(path: Path) -> None:
        cell(72002)(path)
        book = openpyxl.load_workbook(path)
        change(book)
        book.save(path)

    return plant


def in_xml(part: str, old: bytes, new: bytes) -> Callable[[Path], None]:
    def plant(path: Path) -> None:
        cell(72002)(path)
        assert old in zipfile.ZipFile(path).read(part)
        path.write_bytes(changed(part, lambda xml: xml.replace(old, new))(path))

    return plant


def linked(path: Path) -> None:
    cell(("=[1]Sheet1!A1", None, 42))(path)
    path.write_bytes(added("xl/externalLinks/externalLink1.xml", b"<externalLink/>")(path))


ERRORS = ["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"]
PLANTED: dict[str, tuple[Callable[[Path], None], str]] = {
    **{error: (cell(("=X", None, error)), "铜 › B3: expected a number, found the error " + error) for error in ERRORS},
    "a formula never calculated": (
        with_openpyxl(lambda book: book["铜"].__setitem__("B3", "=72000+2")),
        "铜 › B3: expected a number, found the formula '=72000+2', never calculated",
    ),
    "a formula cached as 0": (cell(("=A1", None, 0)), "铜 › B3: the formula '=A1' gives 0"),
    "a number as text": (cell("72,002"), "铜 › B3: expected a number, found '72,002'"),
    "a full-width number": (cell("７２００２"), "铜 › B3: expected a number, found '７２００２'"),
    "a number with a letter": (cell("7200O"), "铜 › B3: expected a number, found '7200O'"),
    "text N/A": (cell("NULL"), "铜 › B3: expected a number, found 'NULL'"),
    "a percentage": (cell(0.042, num_format="0.00%"), "铜 › B3: expected a number that is no percentage, found 4.2%"),
    "a date": (cell(72002, num_format="yyyy-mm-dd"), "铜 › B3: expected a number, found the date"),
    "a hidden sheet": (
        in_xml(BOOK, b'<sheet name="\xe9\x93\x9c"', b'<sheet state="hidden" name="\xe9\x93\x9c"'),
        "铜: the sheet is hidden and was read",
    ),
    "a very hidden sheet": (
        in_xml(BOOK, b'<sheet name="\xe9\x93\x9c"', b'<sheet state="veryHidden" name="\xe9\x93\x9c"'),
        "铜: the sheet is hidden and was read",
    ),
    "a hidden row": (
        with_openpyxl(lambda book: setattr(book["铜"].row_dimensions[3], "hidden", True)),
        "铜 › row 3: hidden and read",
    ),
    "a hidden column": (
        with_openpyxl(lambda book: setattr(book["铜"].column_dimensions["B"], "hidden", True)),
        "铜 › column B: hidden and read",
    ),
    "merged cells": (with_openpyxl(lambda book: book["铜"].merge_cells("B3:B4")), "铜 › B3:B4: merged cells"),
    "a link to another file": (linked, "铜 › B3: taken from another file (xl/externalLinks/externalLink1.xml)"),
    "a duplicate cell": (in_xml(SHEET, b'<c r="B4"', b'<c r="B3"'), "B3: this cell is there twice"),
    "a lying dimension": (
        in_xml(SHEET, b'<dimension ref="A1:C5"/>', b'<dimension ref="A1:B2"/>'),
        "铜 › C5: the sheet says it ends at B2; read to its last cell, C5",
    ),
    "a number of 20 digits": (cell(12345678901234567890), "铜 › B3: expected a number of at most 15 digits"),
    "TRUE": (cell(True), "铜 › B3: expected a number, found TRUE"),
    "a date twice": (
        with_openpyxl(lambda book: book["铜"].__setitem__("A4", DAYS[1])),
        "铜 › A4: 2024-03-04 stands in A3 and A4; none of these rows is read",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_reported_with_its_cell(tmp_path, name):
    plant, message = PLANTED[name]
    path = tmp_path / "a.xlsx"
    plant(path)
    (layout,) = declared(tmp_path, one=LAYOUT)
    try:
        found = said(table.read(Incoming(path), layout, CATALOG, CALENDARS))
    except InputError as error:
        found = [str(error)]
    hits = [one for one in found if message in one]
    assert hits, found
    assert len(found) == 1 or name == "a link to another file", found


def test_a_workbook_that_counts_from_1904_gives_the_same_days(tmp_path):
    with xlsxwriter.Workbook(tmp_path / "a.xlsx", {"date_1904": True}) as book:
        sheet = book.add_worksheet("铜")
        sheet.write_row(0, 0, HEAD)
        sheet.write_datetime(1, 0, DAYS[0], book.add_format({"num_format": "yyyy-mm-dd"}))
        sheet.write(2, 0, (DAYS[1] - date(1904, 1, 1)).days)
        sheet.write_column(1, 1, [1, 2])
    (layout,) = declared(tmp_path, one=LAYOUT)
    reading = table.read(Incoming(tmp_path / "a.xlsx"), layout, CATALOG, CALENDARS)
    assert [fact.session for fact in reading.facts] == DAYS[:2]


def test_macros_and_links_are_said(tmp_path):
    path = clean(tmp_path / "a.xlsx")
    path.write_bytes(added("xl/vbaProject.bin", OLE)(path))
    (layout,) = declared(tmp_path, one=LAYOUT)
    found = said(table.read(Incoming(path), layout, CATALOG, CALENDARS))
    assert found == ["a.xlsx: macros, which are not run [R129]"]


ODS = """
<table:table-row><table:table-cell office:value-type="string"><text:p>日期</text:p></table:table-cell>
<table:table-cell office:value-type="string"><text:p>收盘价</text:p></table:table-cell></table:table-row>
<table:table-row><table:table-cell office:value-type="date" office:date-value="2024-03-27"/>
<table:table-cell office:value-type="float" office:value="72500.5"/></table:table-row>
<table:table-row><table:table-cell office:value-type="date" office:date-value="2024-03-28"/>
<table:table-cell office:value-type="string" calcext:value-type="error" xmlns:calcext="urn:x:calcext:1.0"
 table:formula="of:=1/0"><text:p>#DIV/0!</text:p></table:table-cell></table:table-row>
<table:table-row table:visibility="collapse">
<table:table-cell office:value-type="date" office:date-value="2024-03-26"/>
<table:table-cell office:value-type="percentage" office:value="0.042"/></table:table-row>
<table:table-row table:number-rows-repeated="1048570">
<table:table-cell table:number-columns-repeated="16384"/></table:table-row>
""".replace("\n", "")


def test_an_opendocument_table_is_read_and_its_oddities_are_said(tmp_path):
    path = tmp_path / "a.ods"
    begin, end = b"<table:table-row ", b"</table:table-row>"

    def filled(_: str, part: bytes) -> bytes:
        before, _, rest = part.partition(begin)
        return before + ODS.encode() + rest.partition(end)[2] if rest else part

    path.write_bytes(repacked(opendocument(), filled))
    (layout,) = declared(tmp_path, one=LAYOUT)
    reading = table.read(Incoming(path), layout, CATALOG, CALENDARS)
    assert [(fact.session, str(fact.value)) for fact in reading.facts] == [(date(2024, 3, 27), "72500.5")]
    assert said(reading) == [
        "a.ods › 铜 › row 4: hidden and read; show the rows, or clear them [R127]",
        "a.ods › 铜 › B3: expected a number, found the error #DIV/0!; "
        "mend the formula 'of:=1/0' or type a number "
        "in that cell [R107]",
        "a.ods › 铜 › B4: expected a number that is no percentage, found 4.2%; type it without % [R104]",
    ]
