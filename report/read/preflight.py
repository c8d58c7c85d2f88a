"""A look at an .xlsx before it is opened: what it really is, how large it gets, how far its cells reach.

A file of 5 KB can ask for 17 billion cells or inflate to 600 MB; openpyxl would try. Here the archive is walked once
with a streaming parser, and anything the form cannot need raises InputError before openpyxl sees the file. Also caught
is what readers disagree on without saying so: an archive member or a cell that is there twice.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO

from report.errors import InputError
from report.read import scan, sniff

MAX_ENTRIES = 500
MAX_INFLATED = 100_000_000
MAX_RATIO, RATIO_FROM = 100, 1_000_000
MAX_ROWS = 20_000
_KEPT = ("xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml")
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, ValueError, OSError, RuntimeError)
_AGAIN, _DAMAGED = sniff.AGAIN, sniff.DAMAGED
_NOT_XLSX = {
    "xls": f"an old .xls workbook, whatever its name says; {_AGAIN}",
    "ods": f"an OpenDocument file (.ods), not .xlsx; {_AGAIN}",
    "html": f"a web page (HTML), not .xlsx; open it in Excel, {_AGAIN}",
    **dict.fromkeys(("csv", "json", "text"), f"plain text, not .xlsx; open it in Excel, {_AGAIN}"),
}


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook fit to be opened: its name, its bytes, and what it carries along.

    parts: its worksheets, styles and list of sheets, where all of them are in the usual spelling; otherwise none.
    cells: of any other workbook, how many it has, or somewhat more.
    """

    name: str
    data: bytes
    macros: bool = False
    links: tuple[str, ...] = ()
    parts: Mapping[str, bytes] = field(default_factory=dict)
    cells: int = 0


def inspect(name: str, data: bytes, rows: int = MAX_ROWS) -> Package:
    """Give the workbook once its bytes are known to be harmless; cells may reach down to row `rows`.

    Raises InputError, one message: where, what was found, what to do.
    """
    names = check_archive(name, data)
    links: list[str] = []
    parts: dict[str, bytes] = {}
    usual = True
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            for entry in names:
                content = archive.read(entry)
                usual = scan.look(f"{name} › {entry}", content, rows, links) and usual
                if entry in _KEPT or b"sheetData" in content:
                    parts[entry] = content
    except BROKEN as error:
        raise InputError(f"{name}: a damaged zip archive ({error}); {_DAMAGED}") from error
    links = links or [one for one in names if one.startswith("xl/externalLinks/externalLink")]
    macros = any(one.endswith("vbaProject.bin") for one in names)
    cells = 0 if usual else sum(one.count(b"<c ") + one.count(b":c ") for one in parts.values())
    return Package(name, data, macros, tuple(dict.fromkeys(links)), parts if usual else {}, cells)


def check_archive(name: str, data: bytes) -> list[str]:
    """The parts of a workbook, none of them unpacked yet. Raises InputError where it is none or would be too large."""
    found = sniff.kind(name, data)
    if found != "xlsx":
        raise InputError(f"{name}: {_NOT_XLSX[found]}")
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check_entries(name, archive)
            names = archive.namelist()
            _check_contents(name, names)
            return names
    except BROKEN as error:
        raise InputError(f"{name}: a damaged zip archive ({error}); {_DAMAGED}") from error


def check_entries(name: str, archive: zipfile.ZipFile) -> None:
    """Raise InputError where the parts of an archive are too many, too large, encrypted, or there twice."""
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
