"""What the readers of the three sheets share: the task given, the claim on a row, the unit it is told in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from report.catalog import Catalog
from report.facts import Finding
from report.read import Reading, codes
from report.read.cell import Cell, Taken, label, number
from report.read.grid import Row
from report.read.words import bare, shown
from report.sessions import Calendars


@dataclass(frozen=True, slots=True)
class Task:
    """What a sheet is read for and with."""

    catalog: Catalog
    calendars: Calendars
    report_date: date
    known_at: datetime

    @property
    def missing(self) -> tuple[str, ...]:
        """The marks for a missing number."""
        return self.catalog.words.missing

    def number(self, cell: Cell, what: str, unit: str = "") -> Taken[Decimal]:
        """Take a number told in that unit."""
        return number(cell, what, self.missing, percent=unit == "%")


@dataclass(frozen=True, slots=True)
class Claim:
    """A row whose subject is known: what it may be there only once for, its name, and how to take its cells."""

    key: tuple[str, ...]
    name: str
    take: Callable[[], Reading]


@dataclass(frozen=True, slots=True)
class Unit:
    """The unit a row is told in, and how many of the house's unit one of it is; factor None: nothing may be taken."""

    name: str
    factor: Decimal | None
    findings: tuple[Finding, ...] = ()

    def of(self, value: Decimal) -> Decimal | None:
        """That many of this unit in the house's; None where nothing may be taken."""
        if self.factor is None or self.factor == 1:
            return None if self.factor is None else value
        return value * self.factor


def unit_of(row: Row, what: str, house: str, shown_in: str, task: Task) -> Unit:
    """The row's unit against the house's. shown_in is the unit the form asks for, where it is another."""
    taken = label(row["单位"])
    if taken.refused and taken.finding:
        return Unit(house, None, (taken.finding,))
    named = taken.value or ""
    where, expected = row["单位"].where, shown_in or house
    if not named:
        if task.catalog.factor(expected, house) != 1:
            message = f"no unit for {what}: {expected} or {house}? type it"
            return Unit(house, None, (codes.NO_CONVERSION.at(where, message),))
        note = codes.NO_UNIT.at(where, f"no unit for {what}; read as {house}")
        return Unit(house, Decimal(1), (note,) if house else ())
    factor = _factor(bare(str(row["单位"].value)), named, house, task)
    if factor is None:
        message = f"{what} is told in {shown(named)}, which does not convert into {house or 'a number without a unit'}"
        remedy = f"type it in {expected}" if expected else "clear the unit"
        remedy += ", or declare the conversion in data/units.toml"
        return Unit(named, None, (codes.NO_CONVERSION.at(where, f"{message}; {remedy}"),))
    if factor != 1 and task.catalog.factor(named, expected) != 1:
        converted = codes.CONVERTED.at(where, f"{what} is told in {named}; converted into {house}, times {factor:f}")
        return Unit(named, factor, (converted,))
    return Unit(named, factor)


def _factor(typed: str, named: str, house: str, task: Task) -> Decimal | None:
    for spelling in (typed, named):
        if (factor := task.catalog.factor(spelling, house)) is not None:
            return factor
    return None
