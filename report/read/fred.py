"""FRED's CSV: a day and a number a row. Three styles of heading, and one of them leaves the series to the file's name.

    days = ["observation_date", "DATE", "date"]   the heading over the days
    values = ["value"]                            headings that hide the series: the file's name says which it is
    missing = ["."]                               what stands for no number, beside the house's own marks
    [series.WALCL]                                what a series is, and the units it has been published in
    variety = "macro"
    measure = "fed_assets"
    scales = [{ unit = "百万美元", least = 100000, below = 100000000 }]

The file does not say its unit, and FRED has changed some: the first scale whose bounds hold the largest number of the
column is taken, and none is an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from pydantic import Field

from report.catalog import Catalog
from report.entries import Entry, Exact
from report.errors import InputError
from report.facts import Finding
from report.read import Reading, axis, codes
from report.read.cell import Kind
from report.read.days import day
from report.read.incoming import Incoming
from report.read.layouts import Common
from report.read.sheets import Sheet
from report.read.told import Numbers, Told, numbers
from report.read.words import folded, shown
from report.sessions import Calendars


class Scale(Entry):
    """A unit the numbers may be in: least <= the largest of them < below."""

    unit: str
    least: Exact = Decimal(0)
    below: Exact


class SeriesTold(Told):
    """What a series is; scales: its units, the likeliest first; none: the house's."""

    scales: tuple[Scale, ...] = ()


class Layout(Common):
    """FRED's series."""

    days: tuple[str, ...] = Field(min_length=1)
    values: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    series: Mapping[str, SeriesTold] = Field(min_length=1)

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Varieties, measures and units the catalogue does not know."""
        for name, told in self.series.items():
            for one in told.scales or (told,):
                scaled = told.model_copy(update={"unit": one.unit})
                yield from scaled.mistakes(f"series.{name}", catalog)


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file holds none of the series; '' where it does."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    if file.kind != "csv":
        return f"a .csv is wanted, this is {file.kind}"
    (sheet,) = file.sheets
    row, at = axis.head(sheet, layout.days)
    if (row, at) != (1, 1):
        return f"its first heading is none of {'、'.join(layout.days)}"
    if any(_columns(sheet, layout)):
        return ""
    return f"neither a heading nor the file's name is one of the series {'、'.join(layout.series)}"


def _columns(sheet: Sheet, layout: Layout) -> dict[int, str]:
    """The series of every column that is one."""
    known = {folded(one): one for one in layout.series}
    found = {at: known.get(folded(str(head)), "") for at, head in enumerate(sheet.rows[0], start=1) if at > 1}
    hidden = [at for at in found if folded(str(sheet.rows[0][at - 1])) in set(map(folded, layout.values))]
    named = {known[part] for part in map(folded, re.split(r"[\W_]+", sheet.title)) if part in known}
    if len(hidden) == 1 and len(named) == 1:
        found[hidden[0]] = named.pop()
    return {at: one for at, one in found.items() if one}


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """Read every series of the file. Raises InputError where one stands in two columns."""
    (sheet,) = file.sheets
    findings: list[Finding] = list(file.findings)
    columns = _columns(sheet, layout)
    if len(set(columns.values())) < len(columns):
        raise InputError(f"{sheet.where}: a series stands in two columns; delete one of them")
    told: dict[int, Numbers] = {}
    for at, head in enumerate(sheet.rows[0], start=1):
        if at in columns:
            told |= _scaled(sheet, at, layout, columns[at], catalog, findings)
        elif at > 1 and str(head).strip():
            message = f"the series {shown(head)} is none of {layout.home}; not read"
            findings.append(codes.UNKNOWN_COLUMN.at(sheet.place(1, at), message))
    missing = (*catalog.words.missing, *layout.missing)
    table = axis.Axis(sheet, calendars, missing, findings=findings)
    facts = table.facts(1, 1, told, lambda cell: day(cell, sheet.epoch))
    return Reading(tuple(facts), (), tuple(table.findings))


def _scaled(
    sheet: Sheet, at: int, layout: Layout, name: str, catalog: Catalog, findings: list[Finding]
) -> dict[int, Numbers]:
    """The series of a column in the unit its largest number says; none, and a finding, where no unit fits."""
    told = layout.series[name]
    cells = (sheet.cell(row, at) for row in range(2, len(sheet.rows) + 1))
    largest = max((Decimal(str(cell.value)) for cell in cells if cell.kind is Kind.NUMBER), default=None)
    if not told.scales or largest is None:
        return {at: numbers(told, layout, catalog)}
    for scale in told.scales:
        if scale.least <= largest < scale.below:
            if scale is not told.scales[0]:
                message = f"{name} up to {largest}: taken as {scale.unit}, not {told.scales[0].unit}"
                findings.append(codes.OTHER_SCALE.at(sheet.place(1, at), message))
            return {at: numbers(told.model_copy(update={"unit": scale.unit}), layout, catalog)}
    units = " or ".join(scale.unit for scale in told.scales)
    message = f"{name} up to {largest} cannot be {units}; see which unit the file is in and say it in {layout.home}"
    findings.append(codes.NO_SCALE.at(sheet.place(1, at), message))
    return {}
