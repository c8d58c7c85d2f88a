"""One cell to one number, one text or one date: taken exactly, listed as missing, or refused with one message.

A workbook is opened twice, for its formulas and for the values saved with them, because only the two together tell an
empty cell from a formula never calculated and from an error. `of` joins the two into a Cell; `number` and `text` (and
`report.read.days.day`) take it. The codes of what they say are R101–R112 of `report.read.codes`.

A number is kept as it is displayed: 15 significant digits, so 0.1+0.2 is 0.3 and nothing typed is ever changed.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Generic, NamedTuple, TypeVar

from openpyxl.cell.cell import Cell as Loaded
from openpyxl.cell.cell import MergedCell
from openpyxl.utils.escape import unescape

from report.facts import Finding, Severity
from report.read import codes
from report.read.words import bare, narrow, shown

DIGITS = 15
NUMBER_WORDS = "a number"
TEXT_WORDS = "a text"

_PLAIN = re.compile(r"[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]+)?|[+-]?\.[0-9]+")
_QUOTED = re.compile(r'"[^"]*"|\\.|_.')
_FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffd-\uffff]")

T = TypeVar("T")


class Kind(Enum):
    """What stands in a cell."""

    BLANK = "nothing"
    NUMBER = "a number"
    TEXT = "a text"
    DATE = "a date"
    BOOLEAN = "a truth value"
    ERROR = "an error"
    UNCALCULATED = "a formula without a value"
    MERGED = "merged cells"


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in one cell, and where. formula: its text where it is one; percent: shown as a percentage.

    For merged cells the value is their range, and where names the range instead of one cell.
    """

    where: str
    kind: Kind = Kind.BLANK
    value: object = None
    formula: str = ""
    percent: bool = False


class Taken(NamedTuple, Generic[T]):
    """What a cell gave. No value and no ERROR: nothing is there."""

    value: T | None = None
    finding: Finding | None = None

    @property
    def refused(self) -> bool:
        """Whether the cell holds something that cannot be taken."""
        return self.finding is not None and self.finding.severity is Severity.ERROR


def of(formulas: Loaded | MergedCell, values: Loaded | MergedCell, where: str) -> Cell:
    """Join the cell as loaded with formulas and as loaded with values."""
    formula = _formula(formulas)
    value = unescape(values.value) if isinstance(values.value, str) else values.value
    if values.data_type == "e":
        kind = Kind.ERROR
    elif value is None:
        kind = Kind.UNCALCULATED if formula and values.data_type != "str" else Kind.BLANK
    elif isinstance(value, bool):
        kind = Kind.BOOLEAN
    elif isinstance(value, int | float):
        kind = Kind.NUMBER
    elif isinstance(value, date | time | timedelta):
        kind = Kind.DATE
    else:
        kind = Kind.TEXT if bare(str(value)) else Kind.BLANK
    percent = kind is Kind.NUMBER and shows_percent(str(values.number_format))
    return Cell(where, kind, value, formula, percent)


def shows_percent(number_format: str) -> bool:
    """Whether a number of that format is shown as a percentage."""
    return "%" in _QUOTED.sub("", number_format)


def _formula(cell: Loaded | MergedCell) -> str:
    if cell.data_type != "f":
        return ""
    text = getattr(cell.value, "text", None) or getattr(cell.value, "ref", None) or cell.value
    return str(text)


def number(cell: Cell, what: str, missing: tuple[str, ...], percent: bool = False) -> Taken[Decimal]:
    """Take a number. what names it in the list of missing ones, missing are their marks; percent: its unit is %."""
    if cell.kind is Kind.BLANK:
        return Taken(None, codes.MISSING.at(cell.where, f"no number for {what}: the cell is empty"))
    if cell.kind is Kind.TEXT and marks_missing(cell, missing):
        return Taken(None, codes.MISSING.at(cell.where, f"no number for {what}: the cell holds {shown(cell.value)}"))
    if cell.kind is Kind.TEXT:
        return _written(cell, percent)
    if cell.kind is Kind.NUMBER:
        return _stored(cell, percent)
    return Taken(None, refusal(cell, NUMBER_WORDS))


def marks_missing(cell: Cell, missing: tuple[str, ...]) -> bool:
    """Whether the cell is empty or holds one of the marks for 'nothing'."""
    return cell.kind is Kind.BLANK or (
        isinstance(cell.value, str) and (bare(cell.value) in missing or narrow(cell.value) in missing)
    )


def _stored(cell: Cell, percent: bool) -> Taken[Decimal]:
    value = _exact(cell.value)
    if value is None:
        return Taken(None, _absurd(cell))
    if cell.percent and not percent:
        return Taken(None, _percentage(cell, f"{_plain(value * 100)}%"))
    if cell.percent:
        read = f"{_plain(value * 100)}%, stored as {_plain(value)}; read as {_plain(value * 100)}"
        return Taken(value * 100, codes.READ_AS.at(cell.where, read))
    if cell.formula and not value:
        doubt = f"the formula {shown(cell.formula)} gives 0, as one never calculated may"
        return Taken(value, codes.ZERO_FORMULA.at(cell.where, f"{doubt}; open the file in Excel and save it"))
    return Taken(value)


def _written(cell: Cell, percent: bool) -> Taken[Decimal]:
    written = narrow(str(cell.value))
    plain = written.removesuffix("%").rstrip()
    if not _PLAIN.fullmatch(plain):
        expected = f"expected a number, found {shown(cell.value)}; type the number again in that cell"
        return Taken(None, codes.NO_NUMBER.at(cell.where, expected))
    if plain != written and not percent:
        return Taken(None, _percentage(cell, shown(cell.value)))
    value = Decimal(plain.replace(",", ""))
    if _too_long(value):
        return Taken(None, _absurd(cell))
    return Taken(value, codes.READ_AS.at(cell.where, f"{shown(cell.value)} is stored as text; read as {_plain(value)}"))


def _exact(value: object) -> Decimal | None:
    """The number as displayed, or None where it is infinite or longer than 15 digits."""
    if isinstance(value, float):
        rounded = Decimal(f"{value:.{DIGITS}g}")
        return None if not rounded.is_finite() or rounded.adjusted() >= DIGITS else rounded + 0
    exact = Decimal(str(value))
    return None if _too_long(exact) else exact


def _too_long(value: Decimal) -> bool:
    return len(value.as_tuple().digits) > DIGITS or value.adjusted() >= DIGITS


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _percentage(cell: Cell, found: str) -> Finding:
    return codes.PERCENT.at(cell.where, f"expected a number that is no percentage, found {found}; type it without %")


def _absurd(cell: Cell) -> Finding:
    found = shown(cell.value) if isinstance(cell.value, str) else str(cell.value)
    expected = f"expected a number of at most {DIGITS} digits, found {found}; type the number again in that cell"
    return codes.ABSURD.at(cell.where, expected)


def text(cell: Cell) -> Taken[str]:
    """Take a text, as typed but for the space around it and tabs, which become spaces. An empty cell gives no value."""
    if cell.kind is Kind.BLANK:
        return Taken()
    if cell.kind is not Kind.TEXT:
        return Taken(None, refusal(cell, TEXT_WORDS))
    typed = str(cell.value).replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()
    if found := _FORBIDDEN.search(typed):
        name = unicodedata.name(found[0], "")
        character = f"U+{ord(found[0]):04X}" + (f" {name}" if name else "")
        after = typed[: found.start()][-12:]
        said = f"a control character, {character}, after {shown(after)}"
        return Taken(None, codes.CONTROL.at(cell.where, f"{said}; delete it and type the text around it again"))
    return Taken(typed)


def label(cell: Cell) -> Taken[str]:
    """Take a name, which may be a number too (2405): half-width, without spaces around it."""
    if cell.kind is Kind.NUMBER:
        exact = _exact(cell.value)
        return Taken("" if exact is None else _plain(exact))
    taken = text(cell)
    return Taken(None if taken.value is None else narrow(taken.value), taken.finding)


def refusal(cell: Cell, wanted: str) -> Finding:
    """Say why a cell that holds something else is not the thing wanted, and what to do."""
    begin, again = f"expected {wanted}, found", f"type {wanted} in that cell"
    if cell.kind is Kind.MERGED:
        return codes.MERGED.at(cell.where, "merged cells over the rows of the form; unmerge them and fill every cell")
    if cell.kind is Kind.UNCALCULATED:
        remedy = "open the file in Excel, save it, and hand it in again"
        return codes.UNCALCULATED.at(
            cell.where, f"{begin} the formula {shown(cell.formula)}, never calculated; {remedy}"
        )
    if cell.kind is Kind.ERROR:
        source = f"mend the formula {shown(cell.formula)} or " if cell.formula else ""
        return codes.ERROR_CELL.at(cell.where, f"{begin} the error {cell.value}; {source}{again}")
    if cell.kind is Kind.BOOLEAN:
        return codes.BOOLEAN.at(cell.where, f"{begin} {str(cell.value).upper()}; {again}")
    if cell.kind is Kind.DATE:
        remedy = f"give the cell the format 常规 and {again}"
        return codes.DATE.at(cell.where, f"{begin} the date {_day(cell.value)}; {remedy}")
    return codes.NO_TEXT.at(cell.where, f"{begin} the number {cell.value}; {again}")


def _day(value: object) -> str:
    return str(value.date() if isinstance(value, datetime) and value.time() == time() else value)
