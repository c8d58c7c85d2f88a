"""Numbers and days as exchanges write them in JSON, in texts and in file names: exact, or a finding, or nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from report.errors import InputError
from report.facts import Finding
from report.read import codes
from report.read.cell import DIGITS
from report.read.incoming import Incoming
from report.read.words import narrow, shown

_PLAIN = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?|[+-]?\.\d+", re.ASCII)
_DAY = re.compile(r"(?<!\d)(\d{4})\s*[-/.年]?\s*(\d{1,2})\s*[-/.月]?\s*(\d{1,2})(?!\d)", re.ASCII)

Taken = tuple[Decimal | None, Finding | None]


def number(value: object, where: str, missing: Sequence[str]) -> Taken:
    """The number written there; nothing and no finding where the place is empty or holds a mark for 'nothing'."""
    if value is None or (isinstance(value, str) and (value.strip() in missing or narrow(value) in missing)):
        return None, None
    if isinstance(value, bool):
        return None, codes.BOOLEAN.at(where, f"expected a number, found {value}; ask the sender for the file again")
    if isinstance(value, int | float | Decimal):
        exact = Decimal(f"{value:.{DIGITS}g}") if isinstance(value, float) else Decimal(value)
    elif isinstance(value, str) and len(value) < 100 and _PLAIN.fullmatch(narrow(value)):
        exact = Decimal(narrow(value).replace(",", ""))
    else:
        found = shown(value)
        return None, codes.NO_NUMBER.at(where, f"expected a number, found {found}; ask the sender for the file again")
    if not exact.is_finite() or len(exact.as_tuple().digits) > DIGITS or exact.adjusted() >= DIGITS:
        expected = f"expected a number of at most {DIGITS} digits, found {shown(value)}"
        return None, codes.ABSURD.at(where, f"{expected}; ask the sender for the file again")
    return exact, None


def days(text: str) -> list[date]:
    """The days written in a text or a file name (20240328, 2024-03-28, 2024年3月28日), each once."""
    found = []
    for year, month, day in _DAY.findall(text):
        try:
            found.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return list(dict.fromkeys(found))


def session(file: Incoming, inside: Sequence[date] = ()) -> tuple[date, tuple[Finding, ...]]:
    """The day a file speaks of: the one written in it, else the one in its name; a finding where the two differ.

    Raises InputError where there is none, or several.
    """
    named = days(file.name)
    written = list(dict.fromkeys(inside)) or named
    if len(written) != 1:
        found = " and ".join(map(str, written)) or "no day at all"
        mend = "put the day into the file's name, such as 20240328"
        raise InputError(f"{file.name}: expected one day, in the file or in its name, found {found}; {mend}")
    if named and written[0] not in named:
        message = f"the name says {named[0]}, the file itself {written[0]}; read as {written[0]}, rename the file"
        return written[0], (codes.OTHER_DATE.at(file.name, message),)
    return written[0], ()


def rows(file: Incoming, key: str) -> list[dict[str, Any]] | str:
    """The list of records a JSON file holds under that key, or why there is none."""
    try:
        if file.kind != "json":
            return f"no JSON but {file.kind}"
        held = file.json
    except InputError as error:
        return str(error)
    listed = held.get(key) if isinstance(held, dict) else None
    if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
        return f"no list of records called {key}"
    return listed or f"the list {key} is empty"


def listed(file: Incoming, key: str) -> list[dict[str, Any]]:
    """The same list, where it must be there. Raises InputError."""
    found = rows(file, key)
    if isinstance(found, str):
        raise InputError(f"{file.name}: {found.removeprefix(f'{file.name}: ')}; download the file again")
    return found


def word(value: object) -> str:
    """A name or code as it is meant: a text without the spaces that pad it; '' for anything that is none."""
    return value.strip() if isinstance(value, str) else str(value) if isinstance(value, int) else ""
