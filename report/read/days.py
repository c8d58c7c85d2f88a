"""One cell to one date: a real date, a date typed as text, or the plain number a date is stored as."""

from __future__ import annotations

import re
from datetime import date, datetime

from openpyxl.utils.datetime import from_excel

from report.read import codes
from report.read.cell import Cell, Kind, Taken, refusal
from report.read.words import narrow, shown

_WRITTEN = re.compile(r"(\d{4})\s*([-/.年])\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(\s*00?:00(:00)?)?")
_PACKED = re.compile(r"(\d{4})(\d{2})(\d{2})")
_SERIALS = range(36526, 73051)  # the years 2000 to 2099


def day(cell: Cell, epoch: datetime) -> Taken[date]:
    """Take a date. epoch: what the workbook counts its days from. An empty cell gives no value."""
    if cell.kind is Kind.BLANK:
        return Taken()
    if cell.kind is Kind.DATE and isinstance(cell.value, date):
        return Taken(cell.value.date() if isinstance(cell.value, datetime) else cell.value)
    if cell.kind in (Kind.TEXT, Kind.NUMBER):
        return _other(cell, epoch)
    if cell.kind is Kind.DATE:
        return Taken(None, codes.NOT_A_DATE.at(cell.where, f"expected a date, found the time {cell.value}; {_RETYPE}"))
    return Taken(None, refusal(cell, "a date"))


_RETYPE = "type the date again in that cell, such as 2024-03-29"


def _other(cell: Cell, epoch: datetime) -> Taken[date]:
    stored = "text" if cell.kind is Kind.TEXT else "a plain number"
    found = shown(cell.value) if cell.kind is Kind.TEXT else str(cell.value)
    read = _typed(narrow(str(cell.value))) or (_serial(cell.value, epoch) if cell.kind is Kind.NUMBER else None)
    if read is None:
        return Taken(None, codes.NOT_A_DATE.at(cell.where, f"expected a date, found {found}; {_RETYPE}"))
    return Taken(read, codes.DATE_AS_TEXT.at(cell.where, f"{found} is a date stored as {stored}; read as {read}"))


def _typed(text: str) -> date | None:
    found = _WRITTEN.fullmatch(text)
    parts = (found[1], found[3], found[4]) if found else None
    if parts is None and (packed := _PACKED.fullmatch(text)):
        parts = (packed[1], packed[2], packed[3])
    try:
        return date(*map(int, parts)) if parts else None
    except ValueError:
        return None


def _serial(value: object, epoch: datetime) -> date | None:
    if not isinstance(value, int | float) or not float(value).is_integer() or int(value) not in _SERIALS:
        return None
    counted = from_excel(int(value), epoch)
    return counted.date() if isinstance(counted, datetime) else None
