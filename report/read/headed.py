"""The layout of a plain table with one row of headings, and where those headings stand on a sheet.

    date = "日期"                              the heading of the column of dates
    [sheets]                                   optional: sheets not named as the catalogue names the variety
    "Sheet1" = "cu"
    [columns]                                  what is read
    "收盘价" = { measure = "futures_close", basis = "主力连续", unit_of = "futures_close" }

unit is the file's unit where it is not the house's; unit_of names the series whose unit the numbers share. Every sheet
is about one variety, the one it is called after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from report.catalog import Catalog
from report.entries import Entry, Variety
from report.facts import Series
from report.read.layouts import Common
from report.read.sheets import Sheet
from report.read.words import folded

HEAD_WITHIN = 20


class Column(Entry):
    """What the numbers under one heading are."""

    measure: str
    basis: str = ""
    unit: str = ""
    unit_of: str = ""


class Layout(Common):
    """One family of plain tables."""

    date: str
    columns: Mapping[str, Column] = Field(min_length=1)
    sheets: Mapping[str, str] = {}

    def variety(self, sheet: str, catalog: Catalog) -> Variety | None:
        """The variety a sheet of that name is about, or None."""
        return catalog.varieties.get(self.sheets[sheet]) if sheet in self.sheets else catalog.named(sheet.strip())

    def unit(self, column: Column, variety: Variety, catalog: Catalog) -> str:
        """The house's unit of a column's numbers."""
        if column.unit_of:
            return catalog.unit(catalog.series(variety, column.unit_of))
        return catalog.unit(Series(variety.code, column.measure, column.basis))

    def quarrels(self) -> Iterator[str]:
        """A heading that stands at two places of the layout."""
        seen: dict[str, str] = {folded(self.date): "date"}
        for place, headings in (("columns", self.columns), ("ignored", self.ignored)):
            for heading in headings:
                first = seen.setdefault(folded(heading), place)
                if first != place:
                    yield f"{place}.{heading}: the heading stands under '{first}' too; keep one"

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Varieties and measures the catalogue does not know."""
        for sheet, code in self.sheets.items():
            if code not in catalog.varieties:
                yield f"sheets.{sheet}: no variety has the code '{code}'"
        for heading, column in self.columns.items():
            for key, reference in (("measure", column.measure), ("unit_of", column.unit_of.partition("@")[0])):
                if reference and reference not in catalog.measures:
                    yield f"columns.{heading}.{key}: '{reference}' is no measure of data/measures.toml"


def head(sheet: Sheet, layout: Layout) -> tuple[int, dict[str, list[int]]]:
    """The row that holds most of a layout's headings (0: none does), and the columns of every heading in it."""
    wanted = {folded(one) for one in (layout.date, *layout.columns, *layout.ignored)}
    best: tuple[int, dict[str, list[int]]] = (0, {})
    for row, line in enumerate(sheet.rows[:HEAD_WITHIN], start=1):
        found: dict[str, list[int]] = {}
        for column, value in enumerate(line, start=1):
            if isinstance(value, str) and value.strip():
                found.setdefault(folded(value), []).append(column)
        if len(found.keys() & wanted) > len(best[1].keys() & wanted):
            best = (row, found)
    return best
