"""Trading days of each exchange, and which session a report of a given date speaks of.

The days are read from data/calendars/*.toml by `load`, one file per market and span. Keys of a file:

    name = "…"                        the market, for people
    exchanges = ["SHFE", "INE", …]    whom the file serves
    first = 2015-01-01                the first and the last day it knows
    last = 2026-12-31
    [closed]                          for every year of the span, the weekdays without a session
    2024 = ["01-01", "02-09", …]
    [extra_open]                      optional: sessions held on a weekend or on a day listed as closed, and why
    2022-09-19 = "…"

Several files may serve one exchange (china.toml, china-2027.toml): their spans must join, and agree where they overlap.
"""

from __future__ import annotations

import re
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from report.errors import CalendarEnds, CatalogError, NoSession

HOME = "SHFE"  # its trading days are the days of the report
WEEKDAY_WORDS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")

_DAY = timedelta(days=1)
_FRIDAY = 4
_KINDS = {"name": str, "exchanges": list, "first": date, "last": date, "closed": dict, "extra_open": dict}
_WORDS = {str: "a text", list: "a list of texts", date: "a date such as 2026-12-31", dict: "a table"}


def weekday_word(day: date) -> str:
    """Give the word printed beside a date: 周四."""
    return WEEKDAY_WORDS[day.weekday()]


@dataclass(frozen=True)
class _File:
    """One calendar file, checked."""

    path: Path
    name: str
    exchanges: tuple[str, ...]
    first: date
    last: date
    days: frozenset[date]


@dataclass(frozen=True)
class _Trading:
    """The sessions of one exchange over the joined spans of its files, all in order of time."""

    files: tuple[_File, ...]
    first: date
    last: date
    days: tuple[date, ...]
    open: frozenset[date]


@dataclass(frozen=True)
class Calendars:
    """The trading days of every exchange.

    Every method raises CatalogError for an exchange no file serves, and CalendarEnds where the answer hangs on a day no
    file covers.
    """

    _trading: Mapping[str, _Trading]

    @property
    def exchanges(self) -> tuple[str, ...]:
        """The exchanges known, sorted."""
        return tuple(sorted(self._trading))

    def is_session(self, exchange: str, day: date) -> bool:
        """Say whether the exchange trades on `day`."""
        return day in self._covering(exchange, day).open

    def previous(self, exchange: str, day: date, count: int = 1) -> date:
        """Give the session `count` sessions before `day`, which need not be a session itself."""
        return self._step(exchange, day, -count)

    def following(self, exchange: str, day: date, count: int = 1) -> date:
        """Give the session `count` sessions after `day`, which need not be a session itself."""
        return self._step(exchange, day, count)

    def between(self, exchange: str, first: date, last: date) -> list[date]:
        """Give the sessions from `first` to `last`, both included; none when `last` is before `first`."""
        days = self._covering(exchange, first, last).days
        return list(days[bisect_left(days, first) : bisect_right(days, last)])

    def spoken_of(self, exchange: str, report_date: date) -> date:
        """Give the session a report of that date speaks of: the exchange's last one before it."""
        return self.previous(exchange, report_date)

    def check_report_date(self, report_date: date) -> None:
        """Raise NoSession, naming the nearest report dates, unless SHFE trades on `report_date`."""
        if self.is_session(HOME, report_date):
            return
        days = self._trading[HOME].days
        at = bisect_left(days, report_date)
        asked, *near = (f"{day} {weekday_word(day)}" for day in (report_date, *days[max(at - 1, 0) : at + 1]))
        raise NoSession(f"{HOME} does not trade on {asked}; the nearest report dates are {' and '.join(near)}")

    def _step(self, exchange: str, day: date, by: int) -> date:
        trading = self._covering(exchange, day + _DAY if by > 0 else day - _DAY)
        at = bisect_right(trading.days, day) - 1 + by if by > 0 else bisect_left(trading.days, day) + by
        if not 0 <= at < len(trading.days):
            raise CalendarEnds(_horizon(exchange, trading.last + _DAY if by > 0 else trading.first - _DAY, trading))
        return trading.days[at]

    def _covering(self, exchange: str, *days: date) -> _Trading:
        if exchange not in self._trading:
            raise CatalogError(f"no calendar serves exchange {exchange!r}; known are {', '.join(self.exchanges)}")
        trading = self._trading[exchange]
        for day in days:
            if not trading.first <= day <= trading.last:
                raise CalendarEnds(_horizon(exchange, day, trading))
        return trading


def load(folders: Sequence[Path]) -> Calendars:
    """Read every *.toml of the folders. A file of an earlier folder hides its namesake in a later one.

    A folder that is not there counts as empty. Raises one CatalogError with every problem of every file, or when there
    is no file at all.
    """
    paths = {path.name: path for folder in reversed(folders) for path in sorted(folder.glob("*.toml"))}
    if not paths:
        raise CatalogError(f"no calendar file *.toml in {', '.join(map(str, folders))}")
    problems: list[str] = []
    files = [file for path in paths.values() for file in _read(path, problems)]
    files.sort(key=lambda file: (file.first, file.path.name))
    served = {one: tuple(file for file in files if one in file.exchanges) for file in files for one in file.exchanges}
    if not problems:
        problems += dict.fromkeys(quarrel for group in served.values() for quarrel in _quarrels(group))
    if problems:
        raise CatalogError("\n".join(problems))
    joined = {group: _join(group) for group in set(served.values())}
    return Calendars({one: joined[group] for one, group in served.items()})


def _join(files: tuple[_File, ...]) -> _Trading:
    days = sorted({day for file in files for day in file.days})
    return _Trading(files, files[0].first, max(file.last for file in files), tuple(days), frozenset(days))


def _quarrels(files: tuple[_File, ...]) -> Iterator[str]:
    """Say where files serving one exchange, in order of time, leave a gap or disagree."""
    for at, file in enumerate(files[1:], start=1):
        reaching = max(files[:at], key=lambda earlier: earlier.last)
        if file.first > reaching.last + _DAY:
            gap = f"nothing covers {reaching.last + _DAY} to {file.first - _DAY}"
            yield f"{reaching.path} › last and {file.path} › first: {gap}; move one of the two, or add a file between"
        for other in files[:at]:
            if unlike := [day for day in file.days ^ other.days if file.first <= day <= min(file.last, other.last)]:
                some = ", ".join(map(str, sorted(unlike)[:6])) + (" …" if len(unlike) > 6 else "")
                yield f"{other.path} and {file.path} › closed: they disagree on {some}; correct one of them"


def _horizon(exchange: str, day: date, trading: _Trading) -> str:
    """Say that no file covers `day`, and which file with which keys would bring the calendar there."""
    if day > trading.last:
        edge, ends = max(trading.files, key=lambda file: file.last), f"its calendar ends on {trading.last}"
        first, last = trading.last + _DAY, date(day.year, 12, 31)
    else:
        edge, ends = trading.files[0], f"its calendar begins on {trading.first}"
        first, last = date(day.year, 1, 1), trading.first - _DAY
    whole_years = (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)
    name = f"{re.sub('(-[0-9]+)+$', '', edge.path.stem)}-{first.year if whole_years else first}.toml"
    names = ", ".join(f'"{one}"' for one in edge.exchanges)
    keys = f'name = "{edge.name}", exchanges = [{names}], first = {first}, last = {last}'
    closed = f'under [closed] a line {first.year} = ["MM-DD", …] for each year'
    return f"{exchange} {day}: no calendar covers this day, {ends}; add data/calendars/{name} with {keys} and {closed}"


def _read(path: Path, problems: list[str]) -> Iterator[_File]:
    """Give the file, or nothing and add everything wrong with it to `problems`."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        problems.append(f"{path}: cannot be read as TOML in UTF-8: {error}")
        return
    if found := [f"{path} › {problem}" for problem in _problems(table)]:
        problems += found
        return
    first, last = table["first"], table["last"]
    closed = {date.fromisoformat(f"{year}-{text}") for year, listed in table["closed"].items() for text in listed}
    span = range(first.toordinal(), last.toordinal() + 1)
    days = {date.fromordinal(number) for number in span if 1 <= number % 7 <= _FRIDAY + 1} - closed
    days.update(map(date.fromisoformat, table.get("extra_open", {})))
    yield _File(path, table["name"], tuple(table["exchanges"]), first, last, frozenset(days))


def _problems(table: Mapping[str, Any]) -> Iterator[str]:
    """Say `key: what is wrong` of everything in a calendar file."""
    typed: dict[str, Any] = {key: v for key, v in table.items() if type(v) is _KINDS.get(key) and v not in ("", [])}
    for key in [*_KINDS, *sorted(table.keys() - _KINDS.keys())]:
        if key not in _KINDS:
            yield f"{key}: unknown key; the keys are {', '.join(_KINDS)}"
        elif key not in typed and (key in table or key != "extra_open"):
            yield f"{key}: expected {_WORDS[_KINDS[key]]}, found {repr(table[key]) if key in table else 'nothing'}"
    codes = typed.get("exchanges", [])
    if not all(type(code) is str and code for code in codes) or len(set(map(str, codes))) < len(codes):
        yield f"exchanges: expected the code of each exchange once, found {codes!r}"
    first, last = typed.get("first", date.min), typed.get("last", date.max)
    if first > last:
        yield f"first: {first} is after last, {last}"
    if {"first", "last", "closed"} <= typed.keys():
        for year in sorted({str(year) for year in range(first.year, last.year + 1)} - typed["closed"].keys()):
            yield f"closed › {year}: missing; list the weekdays of that year without a session, [] for none"
    yield from _misplaced(typed.get("closed", {}), typed.get("extra_open", {}), first, last)


def _misplaced(closed: Mapping[str, Any], extra_open: Mapping[str, Any], first: date, last: date) -> Iterator[str]:
    """Say which days of the two tables are no days of the span, listed twice or without effect."""
    shut: set[date] = set()
    for year, listed in closed.items():
        if type(listed) is not list or not str(first.year) <= year <= str(last.year):
            yield f"closed › {year}: expected a year of {first} to {last} and a list of its days, found {listed!r}"
            continue
        for text in listed:
            day = _day(f"{year}-{text}")
            if day is None or not first <= day <= last:
                yield f'closed › {year}: expected days from {first} to {last}, written "01-31", found {text!r}'
            elif day in shut or day.weekday() > _FRIDAY:
                why = "stands twice" if day in shut else f"is a {weekday_word(day)}, shut without being listed"
                yield f"closed › {year}: {text} {why}; take it out"
            else:
                shut.add(day)
    for text, reason in extra_open.items():
        day = _day(text)
        if day is None or not first <= day <= last:
            yield f"extra_open › {text}: expected a day from {first} to {last}, written 2024-01-31"
        elif day not in shut and day.weekday() <= _FRIDAY:
            yield f"extra_open › {text}: a session anyway, neither a weekend nor listed under closed; take it out"
        if type(reason) is not str or not reason:
            yield f"extra_open › {text}: expected the reason as a text, found {reason!r}"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text) else None
    except ValueError:
        return None
