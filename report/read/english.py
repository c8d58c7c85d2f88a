"""Dates as English-speaking exchanges write them: 27-mar-2024, 3/31/2026, and the one in a file's name."""

from __future__ import annotations

import re
from datetime import date

from report.read.words import narrow

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LONG = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november")
_NAMES = {**{name: at for at, name in enumerate(_MONTHS, 1)}, **{name: at for at, name in enumerate(_LONG, 1)}}
_NAMES |= {"december": 12, "sept": 9}
_NAMED = re.compile(r"(?<!\d)(\d{1,2})[-_. ]?([a-z]{3,9})[-_., ]*(\d{4})(?!\d)")
_YEAR_FIRST = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_. ]?)(\d\d)\2(\d\d)(?!\d)")
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")


def days_in(text: str) -> set[date]:
    """Every day named in a text, such as a file's name: 27-mar-2024, 2024-03-27, 20240327."""
    small = narrow(text).casefold()
    found = {_day(one[3], str(_NAMES.get(one[2], 0)), one[1]) for one in _NAMED.finditer(small)}
    found |= {_day(one[1], one[3], one[4]) for one in _YEAR_FIRST.finditer(small)}
    return {one for one in found if one is not None}


def american(text: str) -> date | None:
    """The day of a text that is one, month first: 3/31/2026."""
    found = _AMERICAN.fullmatch(narrow(text))
    return _day(found[3], found[1], found[2]) if found else None


def named(text: str) -> date | None:
    """The day of a text that is one, the month by name: 27-Mar-2024."""
    found = _NAMED.fullmatch(narrow(text).casefold())
    return _day(found[3], str(_NAMES.get(found[2], 0)), found[1]) if found else None


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
