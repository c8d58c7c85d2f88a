"""A look at an .xlsx before it is opened: what it really is, how large it gets, how far its cells reach.

A file of 5 KB can ask for 17 billion cells or inflate to 600 MB; openpyxl would try. Here the archive is walked once
with a streaming parser, and anything the form cannot need raises InputError before openpyxl sees the file. Also caught
is what readers disagree on without saying so: an archive member or a cell that is there twice.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO
from xml.parsers import expat

from report.errors import InputError

MAX_BYTES = 50_000_000
MAX_ENTRIES = 500
MAX_INFLATED = 100_000_000
MAX_RATIO, RATIO_FROM = 100, 1_000_000
MAX_ROWS, MAX_COLUMNS, MAX_CELLS = 20_000, 256, 500_000
MAX_RANGES = 50_000  # cells under merges, hyperlinks and comments, together

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main "
_CELL = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_AGAIN = "save it in Excel as 'Excel Workbook (*.xlsx)' and hand it in again"
_DAMAGED = f"the file is damaged; open it in Excel, repair it if asked, and {_AGAIN}"


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook fit to be opened: its name, its bytes, and what it carries along."""

    name: str
    data: bytes
    macros: bool = False
    links: tuple[str, ...] = ()


def inspect(path: Path, rows: int = MAX_ROWS) -> Package:
    """Give the workbook's bytes once they are known to be harmless; cells may reach down to row `rows`.

    Raises InputError, one message: where, what was found, what to do.
    """
    data = _bytes(path)
    _check_kind(path.name, data)
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            _check_entries(path.name, archive)
            _check_contents(path.name, archive.namelist())
            links: list[str] = []
            for entry in archive.namelist():
                _Scan(f"{path.name} › {entry}", rows, links).read(archive, entry)
            names = archive.namelist()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError) as error:
        raise InputError(f"{path.name}: a damaged zip archive ({error}); {_DAMAGED}") from error
    links = links or [name for name in names if name.startswith("xl/externalLinks/externalLink")]
    macros = any(name.endswith("vbaProject.bin") for name in names)
    return Package(path.name, data, macros, tuple(dict.fromkeys(links)))


def _bytes(path: Path) -> bytes:
    if path.name.startswith("~$"):
        raise InputError(f"{path.name}: Excel's mark that {path.name[2:]} is open; close that workbook and try again")
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the name and who may read it") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{path.name}: over {MAX_BYTES // 10**6} MB; take out pictures and old sheets and save again")
    return data


def _check_kind(name: str, data: bytes) -> None:
    kind = _kind(data)
    if kind:
        raise InputError(f"{name}: {kind}")


def _kind(data: bytes) -> str:
    """What a file that is no zip archive is instead and what to do about it; '' for a zip archive."""
    if data.startswith(b"PK\x03\x04"):
        return ""
    text = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096].lower()
    if not data:
        return "the file is empty (0 bytes); hand it in again"
    if data.startswith(b"PK\x05\x06"):
        return "an empty zip archive; hand the workbook in again"
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return "protected with a password; remove it in Excel (文件 › 信息 › 保护工作簿) and save again"
        return f"an old .xls workbook, whatever its name says; {_AGAIN}"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        return f"an XML spreadsheet of 2003, not .xlsx; {_AGAIN}"
    if text.startswith((b"<!doctype html", b"<html", b"<meta", b"<table")) or b"<html" in text:
        return f"a web page (HTML), not .xlsx; open it in Excel, {_AGAIN}"
    if data.startswith(b"%PDF"):
        return "a PDF, not .xlsx; hand in the workbook it was printed from"
    if b"\x00" not in data[:4096] or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"plain text, not .xlsx; open it in Excel, {_AGAIN}"
    return f"no Excel workbook (begins with {data[:8].hex(' ')}); {_AGAIN}"


def _check_entries(name: str, archive: zipfile.ZipFile) -> None:
    entries = archive.infolist()
    if len(entries) > MAX_ENTRIES:
        raise InputError(f"{name}: {len(entries)} parts, more than {MAX_ENTRIES}; copy the form into a new workbook")
    seen: set[str] = set()
    for entry in entries:
        if entry.filename.lower() in seen:
            raise InputError(f"{name} › {entry.filename}: this part is there twice; {_DAMAGED}")
        seen.add(entry.filename.lower())
        if entry.flag_bits & 1:
            raise InputError(f"{name} › {entry.filename}: encrypted inside the archive; {_AGAIN}")
        if entry.file_size > RATIO_FROM and entry.file_size > MAX_RATIO * entry.compress_size:
            times = entry.file_size // max(entry.compress_size, 1)
            raise InputError(f"{name} › {entry.filename}: inflates {times} times, as a zip bomb does; do not open it")
    inflated = sum(entry.file_size for entry in entries)
    if inflated > MAX_INFLATED:
        size, most = inflated // 10**6, MAX_INFLATED // 10**6
        raise InputError(f"{name}: {size} MB when unpacked, more than {most}; copy the form into a new workbook")


def _check_contents(name: str, names: list[str]) -> None:
    if "[Content_Types].xml" in names and any(one.startswith("xl/") for one in names):
        if any(one.endswith("workbook.bin") for one in names):
            raise InputError(f"{name}: a binary workbook (.xlsb), not .xlsx; {_AGAIN}")
        return
    inside = next((one for one in names if one.lower().endswith((".xlsx", ".xlsm", ".xls"))), "")
    if inside:
        raise InputError(f"{name}: a zip archive around {inside}; unpack it and hand in the workbook")
    if "mimetype" in names:
        raise InputError(f"{name}: an OpenDocument file (.ods), not .xlsx; {_AGAIN}")
    raise InputError(f"{name}: a zip archive without a workbook in it; {_AGAIN}")


class _Scan:
    """One part of the archive, parsed as a stream: no DTD, no cell too far out, none twice, no range too large."""

    def __init__(self, where: str, rows: int, links: list[str]) -> None:
        self.where, self.rows, self.links = where, rows, links
        self.row = self.column = self.row_count = self.ranged = 0
        self.inside = False
        self.cells: set[tuple[int, int]] = set()

    def read(self, archive: zipfile.ZipFile, entry: str) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        start = b""
        with archive.open(entry) as stream:
            try:
                for chunk in _chunks(stream):
                    start = start or chunk[:64]
                    parser.Parse(chunk, False)
                parser.Parse(b"", True)
            except expat.ExpatError as error:
                if entry.endswith((".xml", ".rels")) or (start.lstrip().startswith(b"<") and entry[-4:] != ".vml"):
                    raise InputError(f"{self.where}: not well-formed XML ({error}); {_DAMAGED}") from error

    def _doctype(self, *_: object) -> None:
        raise InputError(f"{self.where}: carries a DTD, which no spreadsheet program writes; do not open it")

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == _MAIN + "c":
            if self.inside:
                self._cell(given.get("r"))
        elif tag == _MAIN + "row":
            self.inside, self.row_count, self.column = True, self.row_count + 1, 0
            self.row = self._whole(given["r"]) if "r" in given else self.row + 1
            if self.row_count > self.rows:
                raise InputError(f"{self.where}: more than {self.rows} rows; delete the empty rows below the form")
        elif tag in (_MAIN + "mergeCell", _MAIN + "hyperlink", _MAIN + "comment"):
            self._range(given.get("ref", ""))
        elif tag == _STRICT + "workbook":
            raise InputError(f"{self.where}: saved as 'Strict Open XML'; {_AGAIN}")
        elif tag.endswith(" Relationship") and "/externalLinks/" in self.where:
            self.links.append(given.get("Target", ""))

    def _end(self, tag: str) -> None:
        if tag == _MAIN + "row":
            self.inside = False

    def _cell(self, reference: str | None) -> None:
        self.row, self.column = self._place(reference) if reference else (self.row, self.column + 1)
        place = (self.row, self.column)
        if self.row > self.rows or self.column > MAX_COLUMNS:
            there = reference or f"row {self.row}, column {self.column}"
            within = f"the form ends before row {self.rows} and column {MAX_COLUMNS}"
            raise InputError(f"{self.where} › {there}: a cell too far out, {within}; delete everything beyond the form")
        if place in self.cells:
            raise InputError(f"{self.where} › {reference or place}: this cell is there twice; {_DAMAGED}")
        self.cells.add(place)
        if len(self.cells) > MAX_CELLS:
            raise InputError(f"{self.where}: more than {MAX_CELLS} cells; copy the form into a new workbook")

    def _range(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (top, left), (bottom, right) = self._place(first), self._place(last or first)
        self.ranged += (abs(bottom - top) + 1) * (abs(right - left) + 1)
        if self.ranged > MAX_RANGES or max(top, bottom) > self.rows or max(left, right) > MAX_COLUMNS:
            raise InputError(
                f"{self.where} › {reference}: merged cells, links or comments reach too far; unmerge or delete them"
            )

    def _place(self, reference: str) -> tuple[int, int]:
        found = _CELL.fullmatch(reference)
        if not found:
            raise InputError(f"{self.where}: {reference!r} is no cell; {_DAMAGED}")
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        return int(found[2]), column

    def _whole(self, number: str) -> int:
        if not re.fullmatch("[1-9][0-9]{0,6}", number):
            raise InputError(f"{self.where}: {number!r} is no row number; {_DAMAGED}")
        return int(number)


def _chunks(stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := stream.read(1 << 16):
        yield chunk
