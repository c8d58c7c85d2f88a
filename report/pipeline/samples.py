"""A new workspace, with the sample day and its history in it."""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

from report import workspace
from report.catalog import packaged
from report.errors import InputError
from report.lookback import BEIJING
from report.pipeline.house import House, open_house
from report.pipeline.inputs import filed, ingest, read_workbooks
from report.workspace import Workspace

SAMPLE = date(2024, 3, 29)


def init(root: Path) -> Workspace:
    """Make a workspace that holds the sample day and its history, whole or not at all.

    Raises UsageError when the folder is there and not empty.
    """
    samples = packaged("data") / "samples"
    with workspace.fresh(root) as draft:
        place = Workspace(draft)
        (draft / "data").mkdir()
        (draft / "templates").mkdir()
        (draft / "outbox").mkdir()
        shutil.copyfile(packaged("data") / "settings.toml", draft / "data" / "settings.toml")
        for name in ("scenarios", "notes"):
            shutil.copytree(packaged("data") / name, draft / "data" / name, copy_function=shutil.copyfile)
        for day in sorted(samples.glob("????-??-??")):
            shutil.copytree(day, place.inbox(date.fromisoformat(day.name)), copy_function=shutil.copyfile)
        house = open_house(place)
        try:
            _keep_samples(house, samples)
        finally:
            house.history.close()
    return Workspace(root)


def _keep_samples(house: House, samples: Path) -> None:
    for done in ingest(house, [samples / "history"], _morning(SAMPLE)):
        if done.problem:
            raise InputError(done.problem)
    for day in house.workspace.report_dates():
        reading = read_workbooks(house, day, _morning(day))
        house.history.keep(filed(reading.facts, day), reading.views, _morning(day))


def _morning(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=BEIJING)
