"""Exports of a terminal's economic database (EDB), iFinD's or Wind's: a column a series, many series on one axis.

    label rows, dates, footers                 as `report.read.edb_head` finds them; newest or oldest first
    [series]                                   what is read, by 指标ID or by name; everything else is reported by name
    "S000025728" = { variety = "cu", measure = "lme_stock", shift = -1 }
    [ignored]                                  labels of the head, and series by ID or name, that nobody wants, and why

unit is what the numbers are told in where the file does not say. shift: the vendor stamps a number with the day it was
published, and -1 says that it speaks of the session before. `published` counts from the day the vendor stamps.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from openpyxl.utils import get_column_letter
from pydantic import Field

from report.catalog import Catalog
from report.entries import Entry
from report.errors import InputError
from report.facts import Finding, Series
from report.read import Reading, codes, edb_axis, edb_head
from report.read.bulk import uncollected
from report.read.edb_head import Column, Head
from report.read.edb_series import Numbers, Spoken, Stamps, factor, gathered
from report.read.incoming import Incoming
from report.read.layouts import Common
from report.read.sheets import Sheet
from report.read.words import folded, shown
from report.sessions import Calendars


class Claimed(Entry):
    """What the numbers of one series are."""

    variety: str
    measure: str
    basis: str = ""
    unit: str = ""
    shift: int = Field(default=0, ge=-5, le=0)

    @property
    def series(self) -> Series:
        """The house's series."""
        return Series(self.variety, self.measure, self.basis)


class Layout(Common):
    """The series a desk's exports hold."""

    series: Mapping[str, Claimed] = Field(min_length=1)

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Varieties, measures and units the catalogue does not know."""
        for name, one in self.series.items():
            if one.variety not in catalog.varieties:
                yield f"series.{name}.variety: no variety has the code '{one.variety}'"
            elif one.measure not in catalog.measures:
                yield f"series.{name}.measure: '{one.measure}' is no measure of data/measures.toml"
            elif one.unit and catalog.factor(one.unit, catalog.unit(one.series)) is None:
                yield f"series.{name}.unit: '{one.unit}' does not convert into {catalog.unit(one.series)}"

    def quarrels(self) -> Iterator[str]:
        """Series that are claimed and ignored."""
        both = {folded(name) for name in self.series} & {folded(name) for name in self.ignored}
        yield from (
            f"ignored.{name}: the series is claimed too; keep one" for name in self.ignored if folded(name) in both
        )


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no export; '' where one of its sheets is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    try:
        if any((top := edb_head.head(sheet)) and top.data <= len(sheet.rows) for sheet in file.sheets):
            return ""
    except InputError as error:
        return str(error)
    return f"no cell {edb_head.NAMES[0]} in the first {edb_head.HEAD_WITHIN} rows of a sheet with dates below it"


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """The facts of every claimed series, and what nobody claims. Raises InputError for a file that cannot be opened."""
    export = _Export(layout, catalog, calendars)
    sheets = file.sheets
    with uncollected():
        for sheet in sheets:
            export.take(sheet)
        facts, said = gathered(export.sources)
    findings = (*file.findings, *export.findings, *said)
    return Reading(tuple(facts), (), tuple(dict.fromkeys(findings)), file.name)


@dataclass
class _Export:
    layout: Layout
    catalog: Catalog
    calendars: Calendars
    findings: list[Finding] = field(default_factory=list)
    sources: dict[Series, list[Numbers]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, int, bool], dict[date, Spoken | str]] = {}
        self._claims = {folded(name): one for name, one in self.layout.series.items()}
        self._ignored = {folded(name) for name in self.layout.ignored}

    def take(self, sheet: Sheet) -> None:
        """Take in a sheet: what its claimed columns hold, and what else is in it."""
        head = edb_head.head(sheet)
        if head is None:
            if any(value not in ("", None) for line in sheet.rows for value in line):
                message = f"no cell {edb_head.NAMES[0]} in its first {edb_head.HEAD_WITHIN} rows; not read"
                self.findings.append(codes.UNKNOWN_SHEET.at(sheet.where, message))
            return
        claims = self._claimed(sheet, head)
        self._unnamed(sheet, head)
        if claims:
            days, said = edb_axis.dates(sheet, head)
            stamps = Stamps(sheet, head, days, self.calendars, self.layout.published, self._known)
            self.findings += said
            for column, claimed in claims:
                self._numbers(stamps, column, claimed)
            self.findings += stamps.said()

    def _claimed(self, sheet: Sheet, head: Head) -> list[tuple[Column, Claimed]]:
        """The columns somebody claims; the others, and rows of the head nobody knows, are reported."""
        for row, label in head.others.items():
            if folded(label) not in self._ignored:
                message = f"the row {shown(label)} is neither known nor ignored by {self.layout.home}; not read"
                self.findings.append(codes.UNKNOWN_COLUMN.at(sheet.place(row, head.at), message))
        claims: list[tuple[Column, Claimed]] = []
        first: dict[str, Column] = {}
        for column in head.columns:
            twin = first.setdefault(folded(column.name), column)
            claimed = next((self._claims[name] for name in column.names if name in self._claims), None)
            if claimed is not None:
                claims.append((column, claimed))
            elif self._ignored.isdisjoint(column.names):
                self._report(sheet, head, column, twin)
        return claims

    def _report(self, sheet: Sheet, head: Head, column: Column, twin: Column) -> None:
        who = f"{column.name} ({column.code})" if column.code else column.name
        also = ""
        if twin is not column:
            same = all(_value(line, twin.at) == _value(line, column.at) for line in sheet.rows[head.data - 1 :])
            numbers = "the same numbers" if same else "other numbers"
            also = f"; {get_column_letter(twin.at)}{head.row} has the same name and {numbers}"
        message = f"the series {who} is neither claimed nor ignored by {self.layout.home}{also}; not read"
        self.findings.append(codes.UNKNOWN_COLUMN.at(sheet.place(head.row, column.at), message))

    def _unnamed(self, sheet: Sheet, head: Head) -> None:
        named = {column.at for column in head.columns} | {head.at}
        width = max(map(len, sheet.rows), default=0)
        for at in sorted(set(range(1, width + 1)) - named):
            if any(_value(line, at) not in ("", None) for line in sheet.rows[head.data - 1 :]):
                where = sheet.place(head.row, at)
                self.findings.append(codes.UNKNOWN_COLUMN.at(where, "cells under no name; not read"))

    def _numbers(self, stamps: Stamps, column: Column, claimed: Claimed) -> None:
        sheet, catalog = stamps.sheet, self.catalog
        where, house = sheet.place(stamps.head.row, column.at), catalog.unit(claimed.series)
        times, said = factor(column.unit, claimed.unit, house, where, catalog)
        self.findings += said
        if times is None:
            return
        measure = catalog.measures[claimed.measure]
        weekly = measure.frequency == "week"
        held = edb_axis.held(sheet, column)
        spoken = stamps.spoken(catalog.calendar(claimed.series), claimed.shift, weekly, held)
        found, said = edb_axis.numbers(sheet, column.at, held, spoken, catalog.words.missing, house == "%")
        self.findings += said
        if measure.words != "spread" and not all(found.values()):
            found = self._without_blanks(found, stamps, column, where)
        scaled = found if times == 1 else {row: value * times for row, value in found.items()}
        values = {spoken[row][0]: (value, row, spoken[row][1]) for row, value in scaled.items()}
        self.sources.setdefault(claimed.series, []).append(Numbers(sheet, stamps.head, column, house, values))

    def _without_blanks(
        self, found: dict[int, Decimal], stamps: Stamps, column: Column, where: str
    ) -> dict[int, Decimal]:
        """The numbers without the zeros that stand for nothing."""
        days = stamps.days
        empty = edb_axis.blanks({days[row]: value for row, value in found.items()}, column)
        if not empty:
            return found
        more = f" and {len(empty) - 1} other days" if len(empty) > 1 else ""
        message = f"0 on {empty[0]}{more}, between numbers: a blank exported as 0? not read"
        self.findings.append(codes.PERHAPS_BLANK.at(where, message))
        return {row: value for row, value in found.items() if days[row] not in empty}


def _value(line: Sequence[object], at: int) -> object:
    return line[at - 1] if at <= len(line) else ""
