"""Which rows the desk workbook has, in which order, and in which cells their numbers stand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from openpyxl.utils import get_column_letter

from report.catalog import Catalog
from report.entries import Instrument, SeriesEntry, Variety
from report.facts import Series
from report.read import form, formula
from report.read.formula import Place


def closes(catalog: Catalog) -> list[tuple[Variety, Instrument]]:
    """The instruments of the 收盘 sheet: those of every variety the report shows anywhere."""
    blocks = [(variety, variety.block) for variety in catalog.blocks if variety.block]
    shown = {catalog.series(variety, name).variety for variety, block in blocks for name in block.left + block.right}
    shown |= {v.code for v, i in catalog.instruments if i.closes is not None or i.overview is not None}
    return [(variety, instrument) for variety, instrument in catalog.instruments if variety.code in shown]


def industry(catalog: Catalog) -> list[tuple[Variety, Series, SeriesEntry]]:
    """The indicators of the 产业 sheet by block; a variety without one stands with the first block that needs it."""
    place: dict[str, int] = {}
    for at, variety in enumerate(catalog.blocks):
        place.setdefault(variety.code, at)
        for name in (*variety.block.left, *variety.block.right) if variety.block else ():
            series = catalog.series(variety, name)
            for needed in (series, *formula.inputs(catalog, series)):
                place.setdefault(needed.variety, at)
    return sorted(catalog.inputs, key=lambda row: (place.get(row[0].code, len(place)), row[0].block is None))


def places(catalog: Catalog) -> Iterator[tuple[Series, Place]]:
    """Every series with a row, and the cells of its newest and its previous number."""
    for number, (variety, instrument) in enumerate(closes(catalog), start=form.FIRST_ROW):
        series = Series(variety.code, instrument.measure, instrument.basis)
        yield series, _place(form.CLOSES, number, "收盘价", "前收盘价", instrument.unit)
    for number, (_, series, _) in enumerate(industry(catalog), start=form.FIRST_ROW):
        yield series, _place(form.INDUSTRY, number, "本期", "上期", formula.shown_unit(catalog, series))


def _place(shape: form.Sheet, number: int, now: str, before: str, unit: str) -> Place:
    return Place(f"'{shape.name}'!{cell(shape, now, number)}", f"'{shape.name}'!{cell(shape, before, number)}", unit)


def cell(shape: form.Sheet, heading: str, row: int) -> str:
    """The cell of a column in a row: D5."""
    return f"{get_column_letter([field.heading for field in shape.fields].index(heading) + 1)}{row}"


def span(shape: form.Sheet, first: str, last: str, count: int) -> str:
    """The cells of one or more columns in the first `count` rows: D5:G30."""
    return f"{cell(shape, first, form.FIRST_ROW)}:{cell(shape, last, form.FIRST_ROW + count - 1)}"


def ends(groups: Sequence[str]) -> set[int]:
    """The rows of the sheet on which a run of equal names ends."""
    found, row = set(), form.FIRST_ROW - 1
    for _, run in groupby(groups):
        row += len(list(run))
        found.add(row)
    return found
