"""Numbers on an axis of days: a row a day, a column a series, for archives that reach back for decades.

What is wrong with many rows for one reason is said once: days before the calendars begin, days without a session.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from openpyxl.utils import get_column_letter

from report.errors import CalendarEnds
from report.facts import Fact, Finding
from report.read import codes
from report.read.cell import Cell, Kind, Taken, marks_missing, number
from report.read.sheets import Sheet
from report.read.told import Numbers
from report.read.words import folded, shown
from report.sessions import Calendars

HEAD_WITHIN = 20
Dated = Callable[[Cell], Taken[date]]


def head(sheet: Sheet, days: Sequence[str]) -> tuple[int, int]:
    """The row of headings and the column of days: of the first cell near the top that says one of `days`, or 0, 0."""
    wanted = {folded(one) for one in days}
    for row, line in enumerate(sheet.rows[:HEAD_WITHIN], start=1):
        for column, value in enumerate(line, start=1):
            if value and isinstance(value, str) and folded(value) in wanted:
                return row, column
    return 0, 0


@dataclass
class Axis:
    """One sheet below its headings. missing: the marks for no number; shut: the words for a day without trading."""

    sheet: Sheet
    calendars: Calendars
    missing: tuple[str, ...]
    shut: frozenset[str] = frozenset()
    findings: list[Finding] = field(default_factory=list)
    _known: dict[tuple[int, date], datetime | None] = field(default_factory=dict)
    _begins: dict[str, tuple[date, str]] = field(default_factory=dict)
    _closed: dict[str, dict[date, int]] = field(default_factory=dict)
    _outside: dict[str, dict[date, tuple[int, str]]] = field(default_factory=dict)

    # newest first, for then a calendar's beginning is met once and not by every day before it
    def facts(self, top: int, at: int, columns: Mapping[int, Numbers], dated: Dated) -> list[Fact]:
        """The facts of every row below `top`; `at` is the column of days, which `dated` takes from their cells."""
        rows = sorted(self._days(top, at, columns, dated).items(), key=lambda one: one[1], reverse=True)
        told = [[fact for at, one in columns.items() for fact in self._fact(row, at, day, one)] for row, day in rows]
        self._say(at)
        return [fact for facts in reversed(told) for fact in facts]

    def _days(self, top: int, at: int, columns: Mapping[int, Numbers], dated: Dated) -> dict[int, date]:
        rows: dict[date, list[int]] = {}
        for row in range(top + 1, len(self.sheet.rows) + 1):
            cell = self.sheet.cell(row, at)
            found, finding = dated(cell)
            if found is not None:
                rows.setdefault(found, []).append(row)
            elif any(self.sheet.cell(row, one).kind is Kind.NUMBER for one in columns):
                message = "expected a day, found none; type it, or clear the row"
                self.findings.append(finding or codes.NOT_A_DATE.at(cell.where, message))
            elif cell.kind is not Kind.BLANK:
                message = f"{shown(cell.value)}: a row without a day and without numbers; not read"
                self.findings.append(codes.LEFT_ASIDE.at(cell.where, message))
        for found, twice in rows.items():
            if len(twice) > 1:
                cells = " and ".join(f"{get_column_letter(at)}{row}" for row in twice[:9])
                message = f"{found} stands in {cells}; none of these rows is read; keep the right one"
                self.findings.append(codes.SAME_ROW.at(self.sheet.place(twice[1], at), message))
        return {alone[0]: found for found, alone in rows.items() if len(alone) == 1}

    def _fact(self, row: int, column: int, day: date, numbers: Numbers) -> Iterator[Fact]:
        cell = self.sheet.cell(row, column)
        if marks_missing(cell, self.missing) or folded(str(cell.value)) in self.shut:
            return
        value, finding = number(cell, str(numbers.series), (), percent=numbers.unit == "%")
        self.findings += [finding] if finding else []
        known_at = self._moment(row, column, day, numbers) if value is not None else None
        if known_at is not None:
            yield numbers.fact(day, value, known_at, cell.where)

    def _moment(self, row: int, column: int, day: date, numbers: Numbers) -> datetime | None:
        """When a number of that day is published; None, and a note of it, where the day is no session."""
        said, calendar = numbers.published, numbers.calendar
        key = (column, day)
        if key not in self._known:
            self._known[key] = None
            begins = self._begins.get(calendar)
            if begins and day < begins[0]:
                self._outside[calendar][day] = (row, begins[1])
                return None
            try:
                if not numbers.weekly and not self.calendars.is_session(calendar, day):
                    self._closed.setdefault(calendar, {})[day] = row
                else:
                    shown_on = self.calendars.following(calendar, day, said.sessions) if said.sessions else day
                    self._known[key] = datetime.combine(shown_on, said.time, ZoneInfo(said.zone)).astimezone(UTC)
            except CalendarEnds as error:
                self._outside.setdefault(calendar, {})[day] = (row, str(error))
                if any(self._known.values()):
                    self._begins.setdefault(calendar, (day, str(error)))
        return self._known[key]

    def _say(self, at: int) -> None:
        for calendar, closed in self._closed.items():
            first, more = min(closed), len(closed) - 1
            others = f", and neither are {more} other days" if more else ""
            message = f"{first} is no session of {calendar}{others}; their numbers are left out"
            self.findings.append(codes.NO_SESSION.at(self.sheet.place(closed[first], at), message))
        oldest = min((day for (_, day), moment in self._known.items() if moment is not None), default=date.min)
        for outside in self._outside.values():
            older = [day for day in outside if day < oldest]
            later = sorted(outside.keys() - set(older))
            if older:
                row, why = outside[max(older)]
                self._left_out(codes.OLDER, self.sheet.place(row, at), older, why.partition(";")[0])
            if later:
                row, why = outside[later[0]]
                self._left_out(codes.NO_SESSION, self.sheet.place(row, at), later, why)

    def _left_out(self, code: codes.Code, where: str, days: Sequence[date], why: str) -> None:
        counted = f"{len(days)} days, {min(days)} to {max(days)}," if len(days) > 1 else str(days[0])
        self.findings.append(code.at(where, f"the numbers of {counted} are left out: {why}"))
