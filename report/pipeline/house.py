"""A workspace opened: what every walk through the corridor begins with."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from report import catalog as catalogs
from report import sessions
from report.catalog import Catalog
from report.history import History
from report.sessions import Calendars
from report.workspace import Workspace

if TYPE_CHECKING:
    from report.deliver.archive import Archive

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class House:
    """A workspace with its catalogue, calendars and history open. `open_house` opens it; close it when done."""

    workspace: Workspace
    catalog: Catalog
    calendars: Calendars
    history: History


def open_house(place: Workspace) -> House:
    """Open a workspace; $RIBAO_DATABASE goes before the settings' `database`, so that no file need hold a password.

    Raises CatalogError or HistoryError.
    """
    catalog = catalogs.load(place.folders("data"))
    calendars = sessions.load(place.folders("data/calendars"))
    return House(place, catalog, calendars, History(database(place, catalog)))


def reread(house: House) -> House:
    """The house with its catalogue and calendars as the files have them now. Raises CatalogError."""
    folders = house.workspace.folders
    return replace(house, catalog=catalogs.load(folders("data")), calendars=sessions.load(folders("data/calendars")))


def database(place: Workspace, catalog: Catalog) -> str | Path:
    """What the history and the outbox are kept in: a URL, or the path of a SQLite file."""
    url = os.environ.get("RIBAO_DATABASE") or catalog.settings.database
    return url if "://" in url else place.root / url


def listing(house: House) -> list[tuple[date, int, tuple[str, ...]]]:
    """Every report date known to the workspace: date, number of workbooks in the inbox, names of the files built."""
    rows = []
    for day in house.workspace.report_dates():
        books = house.workspace.spreadsheets(day)
        built = tuple(sorted(path.name for path in house.workspace.outbox(day).glob("[!.]*")))
        rows.append((day, len(books), built))
    return rows


def open_archive(house: House) -> Archive:
    """The archive of a workspace: `archive` of its settings. Raises ArchiveError."""
    from report.deliver.archive import Archive

    return Archive(house.catalog.settings.archive, house.workspace.root)
