"""From the columns of an export to facts: the session a date speaks of, the unit told, what two columns agree on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from report.catalog import Catalog
from report.errors import CalendarEnds
from report.facts import Fact, Finding, Series
from report.read import codes
from report.read.edb_head import Column, Head
from report.read.layouts import Published
from report.read.sheets import Sheet
from report.read.words import bare, narrow
from report.sessions import Calendars

Spoken = tuple[date, datetime]


@dataclass(frozen=True, slots=True)
class Numbers:
    """A claimed column: by session its number in the house's unit, its row, and when it became known."""

    sheet: Sheet
    head: Head
    column: Column
    unit: str
    values: Mapping[date, tuple[Decimal, int, datetime]]

    @property
    def heading(self) -> str:
        """The cell of its name."""
        return self.sheet.place(self.head.row, self.column.at)

    def facts(self, series: Series, sessions: Sequence[date]) -> list[Fact]:
        """The facts of those sessions."""
        variety, measure, basis = series
        unit, values = self.unit, self.values
        before, after = self.sheet.around(self.column.at)
        made = []
        for session in sessions:
            value, row, known_at = values[session]
            made.append(Fact(variety, measure, session, value, unit, basis, "", known_at, f"{before}{row}{after}"))
        return made


def factor(told: str, declared: str, house: str, where: str, catalog: Catalog) -> tuple[Decimal | None, list[Finding]]:
    """How many of the house's unit one of the column's is, by the file, else by the layout; None where unknown."""
    units = [one for one in (told, narrow(told)) if one]
    if not units:
        note = codes.NO_UNIT.at(where, f"no unit in the file or the layout; read as {house}")
        return catalog.factor(declared or house, house), [] if declared or not house else [note]
    times = next((found for unit in units if (found := catalog.factor(bare(unit), house)) is not None), None)
    if times is None:
        mend = "declare the conversion in data/units.toml"
        return None, [codes.NO_CONVERSION.at(where, f"{told} does not convert into {house}; not read; {mend}")]
    if declared and catalog.factor(declared, house) != times:
        message = f"the file says {told}, the layout {declared}; read as {told}, in {house} times {times:f}"
        return times, [codes.CONVERTED.at(where, message)]
    return times, []


@dataclass
class Stamps:
    """The dates of one sheet as sessions. What numbers are left out for want of one is said at the end, by `said`.

    known: what was found for other sheets of the file, by calendar, shift and whether weekly.
    """

    sheet: Sheet
    head: Head
    days: Mapping[int, date]
    calendars: Calendars
    published: Published
    known: dict[tuple[str, int, bool], dict[date, Spoken | str]]
    _rows: dict[tuple[str, int, bool], tuple[dict[int, Spoken], dict[int, str]]] = field(default_factory=dict)
    _left: dict[str, dict[int, str]] = field(default_factory=dict)

    def spoken(self, calendar: str, shift: int, weekly: bool, values: Sequence[object]) -> dict[int, Spoken]:
        """By row, the session a date speaks of and when that was known. Rows without are noted if a value is lost."""
        key = (calendar, shift, weekly)
        if key not in self._rows:
            self._rows[key] = self._sessions(*key)
        inside, outside = self._rows[key]
        lost = {row: why for row, why in outside.items() if values[row - 1] not in ("", None)}
        self._left.setdefault(calendar, {}).update(lost)
        return inside

    def _sessions(self, calendar: str, shift: int, weekly: bool) -> tuple[dict[int, Spoken], dict[int, str]]:
        inside: dict[int, Spoken] = {}
        outside: dict[int, str] = {}
        known = self.known.setdefault((calendar, shift, weekly), {})
        before = ""  # once the calendar has ended on the way back, why
        for day, row in sorted(((day, row) for row, day in self.days.items()), reverse=True):
            if day not in known:
                known[day] = before or self._spoken(calendar, shift, weekly, day)
            one = known[day]
            if isinstance(one, str):
                outside[row] = one
                before = one if inside else ""
            else:
                inside[row] = one
        return inside, outside

    def _spoken(self, calendar: str, shift: int, weekly: bool, day: date) -> Spoken | str:
        """A session and a moment; '' where the date is no session, the calendar's words where it knows no such day."""
        said, zone = self.published, ZoneInfo(self.published.zone)
        try:
            if not (weekly or self.calendars.is_session(calendar, day)):
                return ""
            session = self.calendars.previous(calendar, day, -shift) if shift else day
            shown_on = self.calendars.following(calendar, day, said.sessions) if said.sessions else day
        except CalendarEnds as error:
            return str(error)
        return session, datetime.combine(shown_on, said.time, zone).astimezone(UTC)

    def said(self) -> Iterator[Finding]:
        """What was left out: days without a session, days before the calendar begins or after it ends."""
        for calendar, lost in self._left.items():
            if closed := sorted((self.days[row], row) for row, why in lost.items() if not why):
                others = f", and neither are {len(closed) - 1} other days" if len(closed) > 1 else ""
                message = f"{closed[0][0]} is no session of {calendar}{others}; their numbers are left out"
                yield codes.NO_SESSION.at(self.sheet.place(closed[0][1], self.head.at), message)
            told = [self.days[row] for (of, *_), (inside, _) in self._rows.items() if of == calendar for row in inside]
            begins = min(told, default=date.min)
            beyond = sorted((self.days[row], row, why) for row, why in lost.items() if why)
            older = [one for one in beyond if one[0] < begins]
            if older:
                day, row, why = older[-1]
                yield self._outside(codes.OLDER, row, (older[0][0], day), len(older), why.partition(";")[0])
            if later := beyond[len(older) :]:
                day, row, why = later[0]
                yield self._outside(codes.NO_SESSION, row, (day, later[-1][0]), len(later), why)

    def _outside(self, code: codes.Code, row: int, span: tuple[date, date], count: int, why: str) -> Finding:
        counted = f"{count} days, {span[0]} to {span[1]}" if count > 1 else str(span[0])
        message = f"the numbers of {counted} are left out: {why}"
        return code.at(self.sheet.place(row, self.head.at), message)


def gathered(sources: Mapping[Series, Sequence[Numbers]]) -> tuple[list[Fact], list[Finding]]:
    """The facts of all series, oldest first; what two columns tell alike is read once, what they do not, not at all."""
    facts: list[Fact] = []
    findings: list[Finding] = []
    for series, columns in sources.items():
        disputed: set[date] = set()
        taken: set[date] = set()
        for at, one in enumerate(columns):
            for other in columns[:at]:
                shared = one.values.keys() & other.values.keys()
                unlike = sorted(day for day in shared if one.values[day][0] != other.values[day][0])
                disputed.update(unlike)
                findings.append(_compared(one, other, unlike))
        for one in columns:
            fresh = one.values.keys() - disputed - taken
            taken.update(fresh)
            facts += one.facts(series, sorted(fresh))
    return facts, findings


def _compared(one: Numbers, other: Numbers, unlike: Sequence[date]) -> Finding:
    if not unlike:
        message = f"{one.column.name} tells the same series as {other.heading} in the same numbers; read once"
        return codes.UNCLAIMED.at(one.heading, message)
    day = unlike[-1]
    (mine, row, _), (theirs, beside, _) = one.values[day], other.values[day]
    more = f", and {len(unlike) - 1} other days" if len(unlike) > 1 else ""
    there = other.sheet.place(beside, other.column.at)
    message = f"of {day} it says {mine}, {there} says {theirs}{more}; neither is read; keep the right column"
    return codes.DISAGREE.at(one.sheet.place(row, one.column.at), message)
