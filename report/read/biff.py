"""What calamine does not tell of an old .xls: errors, formulas never calculated, percentages, hidden cells, links.

The workbook is a run of records: number, length, body. First come those about all of it, then those of each sheet. Only
a sheet whose bytes may hold any of these is walked record by record; a few patterns say which, at a tenth of the time.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from report.read import compound
from report.read.cell import shows_percent
from report.read.marks import Mark, Survey

BOF, EOF = 0x0809, 0x000A
SHEET, FORMAT, STYLE, BOOK, NAMED_SHEETS, CALCULATED = 0x0085, 0x041E, 0x00E0, 0x01AE, 0x0017, 0x01C1
FORMULA, NUMBER, RK, RKS, TRUTH_OR_ERROR, ROW, COLUMNS = 0x0006, 0x0203, 0x027E, 0x00BD, 0x0205, 0x0208, 0x007D
MAX_SHEETS, MAX_RECORDS, MAX_MARKS = 500, 3_000_000, 300_000
ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
AT_LOADING = 2  # the formula is to be calculated when the file is opened: whoever wrote it did not
_HEAD = struct.Struct("<HH")
_CELL = struct.Struct("<HHH")


def _bit(one: int) -> bytes:
    """A pattern of the bytes with that bit."""
    return b"[%s]" % b"".join(b"\\x%02x" % byte for byte in range(256) if byte & one)


_HINTS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        rb"\x05\x02\x08\x00.{7}\x01",
        rb"\x06\x00.[\x00-\x20].{6}(?:[\x02\x03].{5}\xff\xff|\x00{8}%s)" % _bit(AT_LOADING),
        rb"\x08\x02\x10\x00.{12}%s" % _bit(0x20),
        rb"\x7d\x00[\x0a-\x0c]\x00.{4}(?:\x00\x00|.{4}%s)" % _bit(1),
    )
)


@dataclass
class _Globals:
    """What is said of the whole workbook. calculated: by a spreadsheet program, which leaves its number behind."""

    sheets: list[int] = field(default_factory=list)
    formats: dict[int, bool] = field(default_factory=lambda: {9: True, 10: True})
    styles: list[tuple[int, bool]] = field(default_factory=list)
    books: list[str] = field(default_factory=list)
    named: list[int] = field(default_factory=list)
    calculated: bool = False

    @property
    def percents(self) -> frozenset[int]:
        """The numbers of the cell styles that show a percentage."""
        return frozenset(at for at, (shown, cell) in enumerate(self.styles) if cell and self.formats.get(shown))

    @property
    def references(self) -> re.Pattern[bytes] | None:
        """A pattern of what refers to another file in a formula."""
        known = enumerate(self.named)
        outside = [struct.pack("<H", at) for at, book in known if book < len(self.books) and self.books[book]]
        tokens = rb"[\x39-\x3b\x59-\x5b\x79-\x7b]"
        return re.compile(tokens + rb"(?:%s)" % b"|".join(map(re.escape, outside)), re.DOTALL) if outside else None


def surveys(data: bytes) -> tuple[list[Survey], tuple[str, ...]]:
    """The survey of every sheet, in their order, and the other files that formulas name. Raises compound.Damaged."""
    book = compound.stream(data, ("Workbook", "Book"))
    found = _Globals()
    try:
        for number, at, length in _records(book, 0):
            _keep(found, number, book[at : at + length])
        percents, references = found.percents, found.references
        ends = [*sorted(found.sheets), len(book)]
        told = []
        if len(found.sheets) > MAX_SHEETS:
            raise compound.Damaged(f"{len(found.sheets)} sheets")
        for begin in found.sheets:
            part = book[begin : ends[ends.index(begin) + 1]]
            searched = percents or references or any(one.search(part) for one in _HINTS)
            told.append(_survey(part, percents, references, found.calculated) if searched else Survey())
    except (struct.error, IndexError) as error:
        raise compound.Damaged(f"records cut short ({error})") from error
    return told, tuple(dict.fromkeys(filter(None, found.books)))


def _records(book: bytes, at: int) -> Iterator[tuple[int, int, int]]:
    """Number, place and length of every record to the end of the part; an inner part (a chart) is passed over."""
    if book[at : at + 2] != struct.pack("<H", BOF):
        raise compound.Damaged("a part without a beginning")
    depth, left = 0, MAX_RECORDS
    while at + 4 <= len(book):
        number, length = _HEAD.unpack_from(book, at)
        depth += (number == BOF) - (number == EOF)
        if depth == 0:
            return
        if depth == 1:
            yield number, at + 4, length
        at += 4 + length
        left -= 1
        if not left:
            raise compound.Damaged(f"over {MAX_RECORDS} records in one part")


def _keep(found: _Globals, number: int, body: bytes) -> None:
    if number == SHEET:
        found.sheets.append(struct.unpack_from("<I", body)[0])
    elif number == FORMAT:
        found.formats[struct.unpack_from("<H", body)[0]] = b"%" in body[2:] and shows_percent(_format(body[2:]))
    elif number == STYLE:
        shown, flags = struct.unpack_from("<2xHH", body)
        found.styles.append((shown, not flags & 4))
    elif number == CALCULATED:
        found.calculated = True
    elif number == BOOK:
        found.books.append("" if len(body) == 4 else _file(body))
    elif number == NAMED_SHEETS and len(body) == 2 + 6 * struct.unpack_from("<H", body)[0]:
        found.named += [one[0] for one in struct.iter_unpack("<HHH", body[2:])]


def _text(body: bytes) -> str:
    """A text: the count of its characters, whether they have 16 bits, and they."""
    count, wide = struct.unpack_from("<HB", body)
    return body[3 : 3 + 2 * count].decode("utf-16-le", "replace") if wide & 1 else body[3 : 3 + count].decode("latin-1")


def _format(body: bytes) -> str:
    """A format; of the workbooks before 1997 its count is one byte, and nothing says how wide its characters are."""
    return _text(body) if len(body) > 2 and body[0] + 256 * body[1] <= len(body) - 3 else body[1:].decode("latin-1")


def _file(body: bytes) -> str:
    """The name of another file, without the marks that part its folders; '' for this one."""
    return re.split("[\x00-\x1f]", _text(body[2:]))[-1]


def _survey(part: bytes, percents: frozenset[int], references: re.Pattern[bytes] | None, calculated: bool) -> Survey:
    marks: dict[tuple[int, int], Mark] = {}
    rows: set[int] = set()
    columns: set[int] = set()
    for number, at, length in _records(part, 0):
        if number in (FORMULA, NUMBER, RK, RKS, TRUTH_OR_ERROR):
            row, column, style = _CELL.unpack_from(part, at)
            places = [column]
            if number == RKS:
                styles = [struct.unpack_from("<H", part, at + 4 + 6 * one)[0] for one in range((length - 6) // 6)]
                places = [column + one for one, style in enumerate(styles) if style in percents]
            mark = _mark(number, part[at : at + length], references, calculated)
            for place in places:
                percent = number == RKS or style in percents
                if percent or mark != Mark():
                    marks[row + 1, place + 1] = mark._replace(percent=percent)
            if len(marks) > MAX_MARKS:
                raise compound.Damaged(f"over {MAX_MARKS} cells with an error or a percentage")
        elif number == ROW and struct.unpack_from("<H", part, at + 12)[0] & 0x20:
            rows.add(struct.unpack_from("<H", part, at)[0] + 1)
        elif number == COLUMNS:
            first, last, width, _, flags = struct.unpack_from("<5H", part, at)
            if flags & 1 or not width:
                columns.update(range(first + 1, min(last, 255) + 2))
    return Survey(marks, frozenset(rows), frozenset(columns))


def _mark(number: int, body: bytes, references: re.Pattern[bytes] | None, calculated: bool) -> Mark:
    if number == TRUTH_OR_ERROR and body[7]:
        return Mark(error=ERRORS.get(body[6], "of the spreadsheet"))
    if number != FORMULA:
        return Mark()
    result, later = body[6:14], bool(body[14] & AT_LOADING)
    what = result[0] if result[6:] == b"\xff\xff" else 0
    error = ERRORS.get(result[2], "of the spreadsheet") if what == 2 else ""
    empty = what == 3 and (later or not calculated)
    outside = bool(references and references.search(body, 22))
    doubted = error or empty or outside or (result == bytes(8) and later)
    return Mark(error, ("=[…]…" if outside else "=…") if doubted else "", empty)
