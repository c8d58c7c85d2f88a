"""Which layout a workbook is of: exactly one must fit, or the file is refused with what each layout misses."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from report.catalog import Catalog
from report.errors import InputError
from report.read import sheets
from report.read.layouts import Layout
from report.read.sheets import Sheet
from report.read.words import folded

HEAD_WITHIN = 20


def recognise(path: Path, known: Sequence[Layout], catalog: Catalog) -> Layout:
    """Give the one layout a file is of. Raises InputError, naming the candidates, where none or several fit."""
    tables, _ = sheets.opened(path)
    lacks = {layout.home: _lack(path.name, tables, layout, catalog) for layout in known}
    fitting = [layout for layout in known if not lacks[layout.home]]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = " and ".join(layout.home for layout in fitting)
        raise InputError(f"{path.name}: {names} both fit; tell them apart by 'file' or by their columns")
    said = "".join(f"\n  {home}: {lack}" for home, lack in lacks.items())
    mend = "rename the file or its headings, or add a layout to data/layouts/"
    raise InputError(f"{path.name}: no layout fits this workbook; {mend}{said}")


def _lack(name: str, tables: Sequence[Sheet], layout: Layout, catalog: Catalog) -> str:
    """Why a workbook is not of a layout; '' where it is."""
    if not layout.called(name):
        return f"its files are called {layout.file}"
    mine = [sheet for sheet in tables if layout.variety(sheet.title, catalog)]
    if not mine:
        return f"no sheet is called after a variety, only {'、'.join(sheet.title for sheet in tables)}"
    wanted = (layout.date, *layout.columns)
    lacks = [[one for one in wanted if folded(one) not in head(sheet, layout)[1]] for sheet in mine]
    return "" if not all(lacks) else f"no column {'、'.join(sorted(lacks, key=len)[0])}"


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
