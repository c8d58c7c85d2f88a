"""What a file really is, told from its bytes and never from its name."""

from __future__ import annotations

import csv
import re
import zipfile
from io import BytesIO, StringIO
from itertools import islice, pairwise
from pathlib import Path

from report.errors import InputError

MAX_BYTES = 50_000_000
MAX_TEXT, MAX_PAGE = 8_000_000, 2_000_000  # bytes; a text takes thirty times its size once it is taken apart
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
AGAIN = "save it in Excel as 'Excel Workbook (*.xlsx)' and hand it in again"
DAMAGED = f"the file is damaged; open it in Excel, repair it if asked, and {AGAIN}"
LOCKED = "protected with a password; remove it in Excel (文件 › 信息 › 保护工作簿) and save again"
DELIMITERS = ",\t;"
_HTML = (b"<!doctype html", b"<html", b"<meta", b"<table", b"<head", b"<body")
_CODE = re.compile(r"\s*(var|let|const)\s|[^\n]*\{")


def content(path: Path) -> bytes:
    """The bytes of a file. Raises InputError where it cannot be read, is open in Excel, or is far too large."""
    if path.name.startswith("~$"):
        raise InputError(f"{path.name}: Excel's mark that {path.name[2:]} is open; close that workbook and try again")
    try:
        if not path.is_file() and path.exists():
            raise InputError(f"{path}: a folder, a pipe or a device, no file; name a file")
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the name and who may read it") from error
    if len(data) > MAX_BYTES:
        raise InputError(f"{path.name}: over {MAX_BYTES // 10**6} MB; take out pictures and old sheets and save again")
    return data


def kind(name: str, data: bytes) -> str:
    """One of xlsx, xls, ods, csv, json, html, text. Raises InputError for anything else or too large, naming it."""
    if data.startswith(ZIP):
        return _archived(name, data)
    if data.startswith(OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise InputError(f"{name}: {LOCKED}")
        return "xls"
    if other := _other(data):
        raise InputError(f"{name}: {other}")
    start = data.removeprefix(b"\xef\xbb\xbf").lstrip()[:4096]
    page = start.lower().startswith(_HTML) or b"<html" in start.lower()
    if len(data) > (most := MAX_PAGE if page else MAX_TEXT):
        what = "web page" if page else "text"
        raise InputError(f"{name}: a {what} of over {most // 10**6} MB; take it apart and hand in the parts")
    if page:
        return "html"
    text = decoded(name, data)
    if text.lstrip()[:1] in ("{", "["):
        return "json"
    return "csv" if delimiter(text) else "text"


def _archived(name: str, data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            names = archive.namelist()
            mimetype = archive.read("mimetype")[:100] if "mimetype" in names else b""
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        raise InputError(f"{name}: a damaged zip archive ({error}); {DAMAGED}") from error
    if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    return "xlsx"


def _other(data: bytes) -> str:
    """What a file that is no zip, no .xls and no text is and what to do about it; '' for a text."""
    if not data:
        return "the file is empty (0 bytes); hand it in again"
    if data.startswith(b"PK\x05\x06"):
        return "an empty zip archive; hand the workbook in again"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in data[:4096]:
        return f"an XML spreadsheet of 2003, not .xlsx; {AGAIN}"
    if data.startswith(b"%PDF"):
        return "a PDF, not .xlsx; hand in the workbook it was printed from"
    if b"\x00" in data[:4096] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return f"no Excel workbook (begins with {data[:8].hex(' ')}); {AGAIN}"
    return ""


def decoded(name: str, data: bytes) -> str:
    """The text of a file: by its byte order mark, else UTF-8, else GB18030. Raises InputError where it is neither."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError as error:
            at = error.start
        else:
            if "\x00" not in text:
                return text
            at = text.index("\x00")
    problem = f"neither UTF-8 nor GB18030 text (byte {at}: {data[at : at + 4].hex(' ')})"
    raise InputError(f"{name}: {problem}; save it as UTF-8 and hand it in again")


def delimiter(text: str) -> str:
    """What parts the fields of a table in text form, '' where the text is no such table."""
    lines = [line for line in islice(StringIO(text, newline=None), 60) if line.strip()][:20]
    if len(lines) < 2 or _CODE.match(text) or sum("|" in line for line in lines) > len(lines) // 2:
        return ""
    found = {one: _fields(lines, one) for one in DELIMITERS}
    best = max(found, key=lambda one: found[one])
    return best if found[best] else ""


def _fields(lines: list[str], by: str) -> int:
    """How many lines have as many fields, more than one, as the line before them."""
    try:
        counts = [len(row) for row in csv.reader(StringIO("".join(lines)), delimiter=by)]
    except csv.Error:
        return 0
    return sum(one == other > 1 for one, other in pairwise(counts))
