"""What calamine does not tell of an .xlsx: errors, formulas, percentages, hidden cells, and where a sheet says it ends.

Read from the bytes of a worksheet in the usual spelling (`report.read.scan.look` said so).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from html import unescape
from posixpath import join, normpath
from typing import NamedTuple
from xml.etree import ElementTree

from openpyxl.utils import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH

from report.read.cell import shows_percent

_PLACE = re.compile(rb'\br="([A-Z]+)([0-9]+)"')
_FORMULA = re.compile(
    rb"<c ([^>]*[^/>])>\s*<f(?:\s[^>]*?)?(?:/>|>([^<]*)</f>)\s*(?:<v(?:\s[^>]*?)?(?:/>|>([^<]*)</v>))?"
)
_ERROR = re.compile(rb'<c ([^>]*\bt="e"[^>]*)>\s*(?:<f(?:\s[^>]*?)?(?:/>|>[^<]*</f>)\s*)?<v(?:\s[^>]*?)?>([^<]*)</v>')
_ERRORS = re.compile(rb'<c [^>]*\bt="e"')
_HIDDEN_ROW = re.compile(rb'<row (?=[^>]*\b(?:hidden="(?:1|true)"|ht="0"))[^>]*?\br="([0-9]+)"')
_HIDDEN_COLUMN = re.compile(rb'<col (?=[^>]*\b(?:hidden="(?:1|true)"|width="0"))[^>]*?>')
_DIMENSION = re.compile(rb'<dimension [^>]*?\bref="([A-Z0-9:$]+)"')
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Mark(NamedTuple):
    """What is special about a cell: its error, its formula ('' is none), whether that was never calculated, and %."""

    error: str = ""
    formula: str = ""
    uncalculated: bool = False
    percent: bool = False


@dataclass(frozen=True)
class Survey:
    """A worksheet beside its values. hidden: rows and columns; ends: the last row and column by its own word."""

    marks: Mapping[tuple[int, int], Mark] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    ends: tuple[int, int] | None = None


def epoch(parts: Mapping[str, bytes]) -> datetime:
    """What the workbook counts its days from."""
    found = re.search(rb"""date1904=["'](?:1|true)["']""", parts.get("xl/workbook.xml", b""))
    chosen: datetime = MAC_EPOCH if found else WINDOWS_EPOCH
    return chosen


def surveys(parts: Mapping[str, bytes]) -> dict[str, Survey] | None:
    """The survey of every worksheet by its title; None where the workbook is put together in an unusual way."""
    percents = _percents(parts.get("xl/styles.xml", b""))
    found: dict[str, Survey] = {}
    for title, place in _places(parts):
        if place in parts:
            one = _survey(parts[place], percents)
            if one is None:
                return None
            found[title] = one
    return found or None


def _places(parts: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """The title of every sheet, and the part it is."""
    book, rels = parts.get("xl/workbook.xml"), parts.get("xl/_rels/workbook.xml.rels")
    if book is None or rels is None:
        return
    targets = {one.get("Id"): one.get("Target", "") for one in ElementTree.fromstring(rels)}
    for one in ElementTree.fromstring(book).iter():
        if one.tag.endswith("}sheet"):
            target = targets.get(one.get(_RELATION), "")
            yield one.get("name", ""), normpath(target.lstrip("/") if target.startswith("/") else join("xl", target))


def _percents(styles: bytes) -> list[bytes]:
    """The numbers of the cell styles that show a percentage."""
    if b"%" not in styles and not re.search(rb"""numFmtId=["'](?:9|10)["']""", styles):
        return []
    root = ElementTree.fromstring(styles)
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in root.iter() if one.tag.endswith("}numFmt")}
    shown = {name for name, code in codes.items() if shows_percent(code)} | ({"9", "10"} - codes.keys())
    cells = next((one for one in root.iter() if one.tag.endswith("}cellXfs")), ())
    return [str(at).encode() for at, one in enumerate(cells) if one.get("numFmtId") in shown]


def _survey(content: bytes, percents: list[bytes]) -> Survey | None:
    marks: dict[tuple[int, int], Mark] = {}
    if percents:
        styled = re.compile(rb'<c (?=[^>]*\bs="(?:%s)")[^>]*' % b"|".join(percents))
        for found in styled.finditer(content):
            marks[_place(found[0])] = Mark(percent=True)
    if not _formulas(content, marks) or not _errors(content, marks):
        return None
    rows = frozenset(int(row) for row in _HIDDEN_ROW.findall(content))
    columns = frozenset(at for one in _HIDDEN_COLUMN.findall(content) for at in _columns(one))
    said = _DIMENSION.search(content[:10_000])
    return Survey(marks, rows, columns, _end(said[1].decode()) if said else None)


def _formulas(content: bytes, marks: dict[tuple[int, int], Mark]) -> bool:
    """Mark every formula; False where some are not written as usual."""
    for begin in re.finditer(rb"<f[\s/>]", content):
        found = _FORMULA.match(content, content.rfind(b"<c ", 0, begin.start()))
        if found is None or found.end() <= begin.start():
            return False
        at = _place(found[1])
        empty = not found[3] and b't="str"' not in found[1]
        formula = f"={_text(found[2])}" if found[2] else "=…"
        marks[at] = marks.get(at, Mark())._replace(formula=formula, uncalculated=empty)
    return True


def _errors(content: bytes, marks: dict[tuple[int, int], Mark]) -> bool:
    """Mark every error; False where some are not written as usual."""
    count = len(_ERRORS.findall(content)) if b't="e"' in content else 0
    for found in _ERROR.finditer(content) if count else ():
        count -= 1
        at = _place(found[1])
        marks[at] = marks.get(at, Mark())._replace(error=_text(found[2]))
    return count == 0


def _place(attributes: bytes) -> tuple[int, int]:
    found = _PLACE.search(attributes)
    if found is None:
        raise ValueError("a cell without its place")
    return int(found[2]), column_index_from_string(found[1].decode())


def _columns(tag: bytes) -> range:
    span = [re.search(rb'\b%s="([0-9]{1,5})"' % name, tag) for name in (b"min", b"max")]
    return range(int(span[0][1]), min(int(span[1][1]), 16384) + 1) if span[0] and span[1] else range(0)


def _end(reference: str) -> tuple[int, int] | None:
    try:
        _, _, column, row = range_boundaries(reference)
    except ValueError:
        return None
    return (row, column) if row and column else None


def _text(raw: bytes) -> str:
    return unescape(raw.decode("utf-8", "replace"))
