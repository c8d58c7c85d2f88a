"""A look at an .ods before it is opened, and what calamine does not tell of it: errors, formulas, percentages, hidden.

A file of 900 bytes can repeat one cell 10^18 times; what is repeated beyond the last row or column is refused unless it
is empty.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from report.errors import InputError
from report.read.marks import Mark, Survey
from report.read.preflight import BROKEN, MAX_ROWS, check_entries
from report.read.scan import MAX_CELLS, MAX_COLUMNS
from report.read.sniff import DAMAGED, LOCKED

_TABLE = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_TYPE, _FORMULA = _OFFICE + "value-type", _TABLE + "formula"
_CELLS = (_TABLE + "table-cell", _TABLE + "covered-table-cell")


def surveys(name: str, data: bytes) -> dict[str, Survey]:
    """The survey of every sheet by its title. Raises InputError for a file no reader should see."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            check_entries(name, archive)
            names = archive.namelist()
            manifest = archive.read("META-INF/manifest.xml") if "META-INF/manifest.xml" in names else b""
            content = archive.read("content.xml") if "content.xml" in names else b""
    except (*BROKEN, zlib.error) as error:
        raise InputError(f"{name}: a damaged zip archive ({error}); {DAMAGED}") from error
    if b"encryption-data" in manifest:
        raise InputError(f"{name}: {LOCKED}")
    return _Content(f"{name} › content.xml").read(content)


class _Content:
    def __init__(self, where: str) -> None:
        self.where = where
        self.title, self.row, self.column, self.cells = "", 0, 0, 0
        self.rows = self.span = 1  # how often the row under way stands, and the columns of the declaration
        self.marks: dict[tuple[int, int], Mark] = {}
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.found: dict[str, Survey] = {}
        self.failed: list[tuple[int, int]] = []  # the places of the error that is being read
        self.parser = expat.ParserCreate(namespace_separator=" ")

    def read(self, content: bytes) -> dict[str, Survey]:
        parser = self.parser
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding nobody knows
            raise InputError(f"{self.where}: not well-formed XML ({error}); {DAMAGED}") from error
        return self.found

    def _doctype(self, *_: object) -> None:
        raise InputError(f"{self.where}: carries a DTD, which no spreadsheet program writes; do not open it")

    def _start(self, tag: str, given: dict[str, str]) -> None:
        if tag == _TABLE + "table":
            self.title, self.row, self.column = given.get(_TABLE + "name", ""), 0, 0
            self.marks, self.hidden_rows, self.hidden_columns = {}, set(), set()
        elif tag == _TABLE + "table-column":
            count = self._times(given, "columns")
            if given.get(_TABLE + "visibility", "visible") != "visible":
                self.hidden_columns.update(range(self.column + 1, min(self.column + count, MAX_COLUMNS) + 1))
            self.column += count
        elif tag == _TABLE + "table-row":
            self.rows, self.column = self._times(given, "rows"), 0
            if given.get(_TABLE + "visibility", "visible") != "visible":
                self.hidden_rows.update(range(self.row + 1, min(self.row + self.rows, MAX_ROWS) + 1))
        elif tag in _CELLS:
            self._cell(given, self._times(given, "columns"))

    def _cell(self, given: dict[str, str], count: int) -> None:
        if _TYPE in given or _FORMULA in given:
            last = (self.row + self.rows, self.column + count)
            self.cells += self.rows * count
            if last[0] > MAX_ROWS or last[1] > MAX_COLUMNS or self.cells > MAX_CELLS:
                problem = f"cells are repeated down to row {last[0]} and column {last[1]}"
                raise InputError(f"{self.where} › {self.title}: {problem}; delete everything beyond the table")
            mark = _mark(given)
            if mark != Mark():
                places = [(row, at) for row in range(self.row + 1, last[0] + 1) for at in _past(self.column, count)]
                self.marks.update(dict.fromkeys(places, mark))
                if mark.error:
                    self.failed, self.parser.CharacterDataHandler = places, self._error
        self.column += count

    def _error(self, text: str) -> None:
        """Which error it is, as the cell shows it."""
        if text.startswith(("#", "Err:")):
            self.marks.update({place: self.marks[place]._replace(error=text) for place in self.failed})

    def _end(self, tag: str) -> None:
        if tag in _CELLS:
            self.parser.CharacterDataHandler = None
        elif tag == _TABLE + "table-row":
            self.row += self.rows
        elif tag == _TABLE + "table":
            self.found[self.title] = Survey(self.marks, frozenset(self.hidden_rows), frozenset(self.hidden_columns))

    def _times(self, given: dict[str, str], what: str) -> int:
        said = given.get(f"{_TABLE}number-{what}-repeated", "1")
        if not re.fullmatch("[1-9][0-9]{0,17}", said):
            raise InputError(f"{self.where}: {said!r} is no number of repeated {what}; {DAMAGED}")
        return int(said)


def _past(column: int, count: int) -> range:
    return range(column + 1, column + count + 1)


def _mark(given: dict[str, str]) -> Mark:
    formula = given.get(_FORMULA, "")
    error = any(key.endswith(" value-type") and value == "error" for key, value in given.items())
    empty = bool(formula) and _TYPE not in given
    return Mark("of the spreadsheet" if error else "", formula, empty, given.get(_TYPE) == "percentage")
