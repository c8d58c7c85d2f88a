"""The desk workbook 日报底稿 among the files a desk was sent: read for the report of the date written in it.

It is kept like any other file; the morning's build reads it again from the inbox. A layout of this family has no keys
of its own: the form is `report.read.form`. published says at what time of the report's date its numbers are known.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from report.catalog import Catalog
from report.errors import InputError
from report.read import Reading, desk, form
from report.read.book import opened
from report.read.grid import HEAD_WITHIN
from report.read.incoming import Incoming
from report.read.layouts import Common
from report.read.preflight import inspect
from report.read.words import folded
from report.sessions import Calendars

__all__ = ("Layout", "lacks", "read")


class Layout(Common):
    """The form, which is code."""


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why a file is not the desk's workbook; '' where it is."""
    if file.kind != "xlsx":
        return f"a workbook (.xlsx), not {file.kind}"
    wanted = {folded(shape.name) for shape in form.SHEETS}
    mine = [sheet for sheet in file.sheets if folded(sheet.title) in wanted]
    if not mine:
        return f"no sheet {'、'.join(shape.name for shape in form.SHEETS)}"
    top = (value for sheet in mine for line in sheet.rows[:HEAD_WITHIN] for value in line)
    dated = any(isinstance(value, str) and folded(value).rstrip(":") == form.DATE_LABEL for value in top)
    return "" if dated else f"no {form.DATE_LABEL} at the top of its sheets"


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """Read the workbook for the report of its 报告日期. Facts name the date and the file as their source.

    Raises InputError where it cannot be opened or says no date, CatalogError where no calendar reaches that date.
    """
    book = opened(inspect(file.name, file.data, desk.MAX_ROWS))
    report_date = desk.report_date(book)
    if report_date is None:
        raise InputError(f"{file.name}: no date beside {form.DATE_LABEL}; type the report's date and hand it in again")
    known_at = datetime.combine(report_date, layout.published.time, ZoneInfo(layout.published.zone)).astimezone(UTC)
    reading = desk.read_book(book, catalog, calendars, report_date, known_at)
    return replace(reading, facts=tuple(replace(fact, source=f"{report_date}/{fact.source}") for fact in reading.facts))
