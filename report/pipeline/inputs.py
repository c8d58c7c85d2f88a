"""What comes in: the files a desk receives, the morning's workbooks, and the empty ones it is given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from report import lookback, workspace
from report.errors import InputError, UsageError
from report.facts import Fact, Finding, Severity
from report.pipeline.house import House, Progress
from report.read import Reading
from report.workspace import FORM

if TYPE_CHECKING:
    from report.intake import Ingested


def ingest(
    house: House, paths: Iterable[Path], now: datetime, dry_run: bool = False, progress: Progress = lambda _: None
) -> tuple[Ingested, ...]:
    """Read every file of the paths, folders with all they hold, and keep the facts; dry_run keeps nothing.

    A file that cannot be read says why in `problem` and does not stop the others. Raises CatalogError, HistoryError.
    """
    from report.intake import Intake
    from report.read import families

    known = families.load(house.workspace.folders("data/layouts"))
    return Intake(known, house.catalog, house.calendars, house.history).take(paths, now, dry_run, progress)


def new(house: House, report_date: date, *, name: str = f"{FORM}.xlsx") -> Path:
    """Write that morning's empty desk workbook into the inbox, previous values filled from history; gives its path.

    Raises UsageError when the file is there already: what an analyst typed is never written over.
    """
    from report.read import blank

    house.calendars.check_report_date(report_date)
    path = house.workspace.inbox(report_date) / workspace.workbook_name(name)
    if path.exists():
        raise UsageError(f"{path}: exists already and is left alone; give another name with --name, or move it away")
    facts = lookback.standing_on(house.history, house.catalog, report_date)
    content = blank.write(report_date, house.catalog, house.calendars, facts)
    return workspace.lay(path.parent, {path.name: content})[0]


def read_workbooks(house: House, report_date: date, known_at: datetime) -> Reading:
    """The morning's workbooks as one reading; a workbook that cannot be read is a finding among the others.

    Raises InputError where there is none, or nothing of the session and no view is typed in any.
    """
    from report.read import desk, form, merge

    readings, unreadable = [], []
    for path in house.workspace.workbooks(report_date):
        try:
            reading = desk.read(path, house.catalog, house.calendars, report_date, known_at)
        except InputError as error:
            unreadable.append(Finding("R100", Severity.ERROR, path.name, str(error)))
            continue
        readings.append(reading)
    merged = merge.merge(readings)
    aside = merge.aside(house.workspace.leftovers(report_date))
    refused = tuple(sheet.name for sheet in form.SHEETS) if unreadable else merged.refused
    findings = (*unreadable, *merged.findings, *aside)
    untouched = not (merged.views or any(one.fresh for one in merged.said))
    if untouched and all(one.severity is not Severity.ERROR for one in findings):
        names = "、".join(reading.file for reading in readings)
        raise InputError(
            f"{house.workspace.inbox(report_date)}: nothing has been typed in {names}: no view, and no number of the "
            f"session that the report of {report_date} speaks of; fill in the yellow cells, then run again"
        )
    return replace(merged, facts=(*merged.facts, *merge.rowless(merged)), findings=findings, refused=refused)


def filed(facts: Iterable[Fact], report_date: date) -> list[Fact]:
    """The facts as history keeps them: every morning's workbook has the same name, so the date goes before it."""
    return [replace(fact, source=f"{report_date}/{fact.source}") for fact in facts]
