"""The Federal Reserve Board's H.4.1 as its Data Download Program gives it: weekly, a column a series, six rows on top.

    identifier = "Unique Identifier:"          what begins the row that names the series …
    multiplier = "Multiplier:"                 … the one that says how many units one is …
    currency = "Currency:"                     … and the one that says the unit
    days = "Time Period"                       the heading over the days, below which the numbers stand
    currencies = { USD = "美元" }              the house's word for a currency
    [series]                                   what is read, by the end of the identifier: H41/H41/RESPPLLDT_N.WW
    "RESPPLLDT_N.WW" = { variety = "macro", measure = "treasury_general_account" }
    [ignored]                                  identifiers that are not read, and why; * stands for anything

Which columns there are is chosen by whoever downloads the file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from pydantic import Field

from report.catalog import Catalog
from report.facts import Finding
from report.read import Reading, axis, codes
from report.read.cell import number
from report.read.days import day
from report.read.incoming import Incoming
from report.read.layouts import Common
from report.read.sheets import Sheet
from report.read.told import Numbers, Told, numbers
from report.read.words import shown
from report.sessions import Calendars


class Layout(Common):
    """The Board's series."""

    identifier: str
    multiplier: str
    currency: str
    days: str
    currencies: Mapping[str, str] = Field(min_length=1)
    series: Mapping[str, Told] = Field(min_length=1)

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Varieties, measures and units the catalogue does not know."""
        for name, told in self.series.items():
            for unit in self.currencies.values():
                yield from told.model_copy(update={"unit": unit}).mistakes(f"series.{name}", catalog)


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is none of the Board's; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    if file.kind != "csv":
        return f"a .csv is wanted, this is {file.kind}"
    (sheet,) = file.sheets
    wanted = (layout.identifier, layout.multiplier, layout.currency, layout.days)
    lost = [one for one in wanted if not axis.head(sheet, (one,))[0]]
    if lost:
        return f"no row {'、'.join(lost)} on top"
    names = {_short(value) for value in _line(sheet, layout.identifier)}
    return "" if names & layout.series.keys() else f"none of its series is one of {'、'.join(layout.series)}"


def _line(sheet: Sheet, begins: str) -> list[str]:
    """The fields of the row on top that begins so."""
    row, _ = axis.head(sheet, (begins,))
    return [str(value).strip() for value in sheet.rows[row - 1]]


def _short(identifier: str) -> str:
    return identifier.rpartition("/")[2]


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """Read the claimed series of the file."""
    (sheet,) = file.sheets
    findings: list[Finding] = list(file.findings)
    row, at = axis.head(sheet, (layout.identifier,))
    told: dict[int, Numbers] = {}
    seen: dict[str, int] = {}
    for column, identifier in enumerate(_line(sheet, layout.identifier), start=1):
        name = _short(identifier)
        if column == at or not identifier:
            continue
        if name not in layout.series and any(fnmatchcase(name, one) for one in layout.ignored):
            continue
        if name not in layout.series:
            message = f"the series {shown(name)} is neither claimed nor ignored by {layout.home}; not read"
            findings.append(codes.UNKNOWN_COLUMN.at(sheet.place(row, column), message))
        elif seen.setdefault(name, column) != column:
            message = f"the series {name} is there twice; delete one of the columns"
            findings.append(codes.TWICE.at(sheet.place(row, column), message))
        else:
            told |= _scaled(sheet, column, layout, name, catalog, findings)
    top, at = axis.head(sheet, (layout.days,))
    table = axis.Axis(sheet, calendars, catalog.words.missing, findings=findings)
    facts = table.facts(top, at, told, lambda cell: day(cell, sheet.epoch))
    return Reading(tuple(facts), (), tuple(table.findings))


def _scaled(
    sheet: Sheet, column: int, layout: Layout, name: str, catalog: Catalog, findings: list[Finding]
) -> dict[int, Numbers]:
    """The series of a column with the factor its head says; none, and a finding, where that cannot be told."""
    currency = _line(sheet, layout.currency)[column - 1]
    row, _ = axis.head(sheet, (layout.multiplier,))
    cell = sheet.cell(row, column)
    times = number(cell, layout.multiplier, ())
    if times.value is None or currency not in layout.currencies:
        found = f"{layout.currency} {shown(currency)}, {layout.multiplier} {shown(cell.value)}"
        known = "、".join(layout.currencies)
        message = f"{name}: expected one of {known} and a number, found {found}; the series is left out"
        findings.append(codes.NO_CONVERSION.at(cell.where, message))
        return {}
    one = numbers(layout.series[name].model_copy(update={"unit": layout.currencies[currency]}), layout, catalog)
    return {column: replace(one, factor=one.factor * times.value)}
