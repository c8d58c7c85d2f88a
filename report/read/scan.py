"""One part of an .xlsx, looked at before any reader sees it: no DTD, no cell too far out or twice, no vast range.

A worksheet as every program writes it is looked at with a few regular expressions, twenty times as fast as a parser
that calls back; what they are not sure of goes through the parser, which decides and says what is wrong and where.
"""

from __future__ import annotations

import re
from xml.parsers import expat

from report.errors import InputError
from report.read.sniff import AGAIN, DAMAGED

MAX_COLUMNS, MAX_CELLS = 256, 500_000
MAX_RANGES = 50_000  # cells under merges, hyperlinks and comments, together

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main "
_CELL = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")

_WATCHED = re.compile(rb"[<:](?:c|row|mergeCell|hyperlink|comment|workbook|Relationship)[\s/>]")
_PREFIXED = re.compile(rb":(?:c|row|sheetData|worksheet)[\s/>]")
_EMPTY = re.compile(rb"<c [^>]*/>")
_ROWS = re.compile(rb'<row [^>]*?\br="([1-9][0-9]{0,6})"')
_RANGES = re.compile(rb"<(?:mergeCell|hyperlink)\s")
_PLAIN_HEAD = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*?(?:encoding=["'](?i:utf-8)["'][^>]*)?\?>)?\s*"""
    rb"""<worksheet [^>]*?xmlns="http://schemas\.openxmlformats\.org/spreadsheetml/2006/main\""""
)


def look(where: str, content: bytes, rows: int, links: list[str]) -> bool:
    """Whether the part is written as usual: a worksheet that regular expressions may read, or no worksheet at all.

    Targets of external links go to `links`. Raises InputError for what no reader should see.
    """
    markup = content.lstrip()[:1] == b"<" and not where.endswith(".vml")
    if not markup and not where.endswith((".xml", ".rels")) and content[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        return True
    usual = _is_usual(content, rows)
    if not usual:
        _well_formed(where, content)
        if not _WATCHED.search(content) and b"\x00" not in content:
            return True
    if not usual or _RANGES.search(content, 0, _begun(content)) or _RANGES.search(content, _ended(content)):
        _Scan(where, rows, links).read(content)
    return usual or (b"sheetData" not in content and b"\x00" not in content)


def _begun(content: bytes) -> int:
    """Where the cells of a worksheet begin, its end where there are none."""
    return content.find(b"<sheetData") % (len(content) + 1)


def _ended(content: bytes) -> int:
    """Where the cells of a worksheet end, its beginning where there are none."""
    return max(content.rfind(b"</sheetData"), 0)


def _well_formed(where: str, content: bytes) -> None:
    def refuse(*_: object) -> None:
        raise InputError(f"{where}: carries a DTD, which no spreadsheet program writes; do not open it")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding nobody knows
        raise InputError(f"{where}: not well-formed XML ({error}); {DAMAGED}") from error


def _is_usual(content: bytes, rows: int) -> bool:
    """Whether this is a worksheet in the usual spelling, whole, with nothing far out and nothing twice."""
    if not _PLAIN_HEAD.match(content) or not content[-100:].rstrip().endswith(b"</worksheet>"):
        return False
    if (b"!" in content and b"<!" in content) or _PREFIXED.search(content):  # a letter alone is found much faster
        return False
    if content.count(b"?") > 2 and content.count(b"<?") > 1:
        return False
    numbers = [int(one) for one in _ROWS.findall(content)]
    rows_begun = content.count(b"<row")
    if len(numbers) != rows_begun and len(numbers) != rows_begun - content.count(b"<rowBreaks"):
        return False
    if len(numbers) > rows or max(numbers, default=0) > rows:
        return False
    return _has_usual_cells(content, rows)


def _has_usual_cells(content: bytes, rows: int) -> bool:
    """Whether every cell ends and names its place, none beyond the last row and column, none twice."""
    count = content.count(b"<c ")
    left = count - content.count(b"</c>")
    if left and left != len(_EMPTY.findall(content)):
        return False
    near = rb"((?:[A-Z]|[A-H][A-Z]|I[A-V])%s)" % _below(rows)  # IV is the 256th column
    for begin in (rb'<c r="', rb'<c [^>]*?\br="'):
        places = re.findall(begin + near + b'"', content)
        if len(places) == count <= MAX_CELLS:
            return len(set(places)) == count
    return False


def _below(rows: int) -> bytes:
    """A pattern of the numbers below `rows`, without those that begin with the same digit and are as long."""
    first, more = str(rows)[0], len(str(rows)) - 1
    longest = b"" if first == "1" else b"|[1-%d][0-9]{%d}" % (int(first) - 1, more)
    return b"(?:[1-9][0-9]{0,%d}%s)" % (more - 1, longest)


class _Scan:
    """One part, parsed with a call for every element."""

    def __init__(self, where: str, rows: int, links: list[str]) -> None:
        self.where, self.rows, self.links = where, rows, links
        self.row = self.column = self.row_count = self.ranged = 0
        self.inside = False
        self.cells: set[tuple[int, int]] = set()

    def read(self, content: bytes) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding nobody knows
            raise InputError(f"{self.where}: not well-formed XML ({error}); {DAMAGED}") from error

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
            raise InputError(f"{self.where}: saved as 'Strict Open XML'; {AGAIN}")
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
            raise InputError(f"{self.where} › {reference or place}: this cell is there twice; {DAMAGED}")
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
            raise InputError(f"{self.where}: {reference!r} is no cell; {DAMAGED}")
        column = 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - 64
        return int(found[2]), column

    def _whole(self, number: str) -> int:
        if not re.fullmatch("[1-9][0-9]{0,6}", number):
            raise InputError(f"{self.where}: {number!r} is no row number; {DAMAGED}")
        return int(number)
