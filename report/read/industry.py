"""The sheet 产业: one row an indicator of a variety, its number of this session and of the one before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from report.entries import SeriesEntry, Variety
from report.errors import CalendarEnds
from report.facts import Fact, Finding, Series, Severity
from report.read import Reading, Said, codes, retold
from report.read.cell import Kind, marks_missing
from report.read.claim import Claim, Task, Unit, unit_of
from report.read.days import day
from report.read.grid import Grid, Row
from report.read.words import folded, nearest, shown

NOW, BEFORE = "本期", "上期"
DATES = {NOW: "本期日期", BEFORE: "上期日期"}


def variety_of(row: Row, task: Task) -> Variety | Finding:
    """The variety named in 品种, by name, alias, title or code."""
    taken = row.label("品种")
    if taken.finding or taken.value is None:
        return taken.finding or codes.NO_NAME.at(row["品种"].where, "a row without 品种; type it, or clear the row")
    name = taken.value
    if found := task.catalog.named(name):
        return found
    for variety in task.catalog.varieties.values():
        titles = (variety.view.title,) if variety.view else ()
        if folded(name) in map(folded, (variety.code, variety.name, *variety.aliases, *titles)):
            return variety
    near = nearest(name, [variety.name for variety in task.catalog.varieties.values()])
    message = f"no variety {shown(name)} ({near}); correct the cell, or declare it in data/varieties/"
    return codes.UNKNOWN_NAME.at(row["品种"].where, message)


def claim(row: Row, task: Task) -> Claim | Finding:
    """Find the indicator the row is about."""
    variety = variety_of(row, task)
    if isinstance(variety, Finding):
        return variety
    name = row.label("指标")
    if name.finding or name.value is None:
        return name.finding or codes.NO_NAME.at(row["指标"].where, "a row without 指标; type it, or clear the row")
    for measure, entry in variety.series.items():
        if folded(entry.name) == folded(name.value):
            line = _Line(row, variety, task.catalog.series(variety, measure), entry, task)
            return Claim((variety.code, measure), line.name, partial(_take, line))
    for instrument in variety.instruments:
        if folded(name.value) in (folded(instrument.name), folded(instrument.label)):
            series = Series(variety.code, instrument.measure, instrument.basis)
            line = _Line(row, variety, series, task.catalog.entry(series), task)
            return Claim((variety.code, *series[1:]), line.name, partial(_again, line))
    near = nearest(name.value, [entry.name for entry in variety.series.values()])
    message = f"{variety.name} has no indicator {shown(name.value)} ({near})"
    remedy = f"correct the cell, or declare it in data/varieties/{variety.code}.toml"
    return codes.UNKNOWN_NAME.at(row["指标"].where, f"{message}; {remedy}")


@dataclass(frozen=True)
class _Line:
    """A row of 产业 with all that its two numbers share."""

    row: Row
    variety: Variety
    series: Series
    entry: SeriesEntry
    task: Task

    @property
    def name(self) -> str:
        return f"{self.variety.name} {self.entry.name}"

    @property
    def weekly(self) -> bool:
        return self.task.catalog.measures[self.series.measure].frequency == "week"

    @property
    def exchange(self) -> str:
        return self.task.catalog.calendar(self.series)

    def usual(self) -> date:
        """The session its newest number belongs to where 本期日期 says nothing."""
        behind = self.task.catalog.measures[self.series.measure].behind
        return self.task.calendars.previous(self.exchange, self.task.report_date, 1 + behind)

    def fact(self, session: date, value: Decimal | None, where: str) -> Fact:
        """A number of the row, in the house's unit."""
        unit = self.task.catalog.unit(self.series)
        code, measure, basis = self.series
        return Fact(code, measure, session, value, unit, basis, "", self.task.known_at, where)


def _take(line: _Line) -> Reading:
    if line.task.catalog.measures[line.series.measure].derived:
        return _again(line)
    findings: list[Finding] = []
    sessions, refused = _sessions(line, findings)
    if refused:
        return Reading(tuple(_unplaced(line, findings)), (), tuple(findings))
    facts: list[Fact] = []
    unit: Unit | None = None
    house = line.task.catalog.unit(line.series)
    for heading in (NOW, BEFORE):
        cell = line.row[heading]
        if line.weekly and cell.kind is Kind.BLANK:
            continue
        taken = line.task.number(cell, f"{line.name} {heading}", house)
        findings += [taken.finding] if taken.finding else []
        value, where = taken.value, cell.where
        if value is not None:
            unit = unit or unit_of(line.row, line.name, house, _shown_in(line), line.task)
            value, where = unit.of(value), where if unit.factor is not None else line.row["单位"].where
        facts.append(line.fact(sessions[heading], value, where))
    findings += unit.findings if unit else ()
    beside = tuple(fact for fact in facts if fact.value is not None)
    factor = unit.factor if unit and unit.factor is not None else Decimal(1)
    moves = tuple(retold.moves(line.series, line.row, beside, factor, line.task))
    return Reading(tuple(facts), (), tuple(findings), retold=moves, said=tuple(_said(line, sessions, facts)))


def _said(line: _Line, sessions: dict[str, date], facts: list[Fact]) -> Iterator[Said]:
    """What the row's cells say, those left aside that could not be taken."""
    numbers = {fact.source: fact.value for fact in facts if fact.value is not None}
    for heading, column in DATES.items():
        where, dated = line.row[heading].where, line.row[column]
        if where in numbers:
            yield Said(f"{line.name} {heading}", f"{numbers[where].normalize():f}", where, heading == NOW)
        if dated.kind is not Kind.BLANK:
            yield Said(f"{line.name} {column}", str(sessions[heading]), dated.where)


def absent(grid: Grid, there: Collection[tuple[str, ...]], task: Task) -> Iterator[Fact]:
    """No number, on both sessions, for every indicator the sheet has no row for; its place is the sheet."""
    for variety, series, _ in task.catalog.inputs:
        measure = task.catalog.measures[series.measure]
        if measure.derived or measure.frequency == "week" or (variety.code, series.measure) in there:
            continue
        exchange = task.catalog.calendar(series)
        now = task.calendars.previous(exchange, task.report_date, 1 + measure.behind)
        for day_ in (now, task.calendars.previous(exchange, now)):
            about = series.variety, series.measure, day_, None, task.catalog.unit(series), series.basis
            yield Fact(*about, known_at=task.known_at, source=grid.where)


def _unplaced(line: _Line, findings: list[Finding]) -> Iterator[Fact]:
    """No number on the two usual sessions, at the date to mend."""
    where = next(one.where for one in findings if one.severity is Severity.ERROR)
    now = line.usual()
    for session in (now, line.task.calendars.previous(line.exchange, now)):
        yield line.fact(session, None, where)


def _shown_in(line: _Line) -> str:
    return line.entry.shown_in or line.task.catalog.measures[line.series.measure].shown_in


def _again(line: _Line) -> Reading:
    """What the house has already: computed, or from the sheet 收盘. A typed number is mentioned, and only checked."""
    known = line.task.catalog.measures[line.series.measure].derived
    why = "is computed from its inputs" if known else "is taken from the sheet 收盘"
    findings: list[Finding] = []
    for heading in (NOW, BEFORE):
        cell = line.row[heading]
        if cell.formula or cell.kind is Kind.MERGED or marks_missing(cell, line.task.missing):
            continue
        message = f"{line.name} {why}; the typed {shown(cell.value)} is not used"
        findings.append(codes.NOT_USED.at(cell.where, message))
    if not findings:
        return Reading()
    _sessions(line, findings)
    house = line.task.catalog.unit(line.series)
    named = line.row.label("单位").value or _shown_in(line) or house
    factor = line.task.catalog.factor(named, house)
    if factor is None:
        return Reading(findings=tuple(findings))
    told = tuple(retold.told(line.series, line.row[NOW], line.row[BEFORE], factor, line.task))
    moves = retold.moves(line.series, line.row, told, factor, line.task)
    return Reading(findings=tuple(findings), retold=(*told, *moves))


def _sessions(line: _Line, findings: list[Finding]) -> tuple[dict[str, date], bool]:
    """The session of each of the two numbers; whether a date is wrong, so that neither can be placed."""
    found: dict[str, date | None] = {}
    refused = False
    for heading, column in DATES.items():
        taken = day(line.row[column], line.row.grid.epoch)
        findings += [taken.finding] if taken.finding else []
        found[heading], refused = taken.value, refused or taken.refused
        if taken.value is not None:
            findings += _questioned(line, column, taken.value)
    now = found[NOW] or line.usual()
    before = found[BEFORE] or line.task.calendars.previous(line.exchange, now)
    findings += _order(line, found, now, before)
    findings += _undated(line, found, now)
    return {NOW: now, BEFORE: before}, refused or any(one.code == codes.DATE_ORDER.name for one in findings)


def _questioned(line: _Line, column: str, session: date) -> list[Finding]:
    where = line.row[column].where
    if session > line.task.report_date:
        message = f"{column} {session} is after the report of {line.task.report_date}; correct the date"
        return [codes.DATE_ORDER.at(where, message)]
    try:
        if line.task.calendars.is_session(line.exchange, session):
            return []
        why = f"no session of {line.exchange}"
    except CalendarEnds:
        why = f"outside the calendar of {line.exchange}"
    return [codes.NO_SESSION.at(where, f"{column} {session} is {why}; correct the date")]


def _order(line: _Line, found: dict[str, date | None], now: date, before: date) -> list[Finding]:
    if before < now:
        return []
    column = DATES[BEFORE] if found[BEFORE] else DATES[NOW]
    message = f"{DATES[BEFORE]} {before} is not before {DATES[NOW]} {now}; correct one of the two"
    return [codes.DATE_ORDER.at(line.row[column].where, message)]


def _undated(line: _Line, found: dict[str, date | None], now: date) -> list[Finding]:
    if not line.weekly or found[NOW] or line.row[NOW].kind is Kind.BLANK:
        return []
    message = f"{line.name} is a weekly number without {DATES[NOW]}; taken as of {now}"
    return [codes.UNDATED.at(line.row[DATES[NOW]].where, message)]
