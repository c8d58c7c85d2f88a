"""Which layout a file is of: exactly one must fit, or the file is refused with what each layout misses."""

from __future__ import annotations

from collections.abc import Sequence

from report.catalog import Catalog
from report.errors import InputError
from report.read.families import FAMILIES
from report.read.incoming import SPREADSHEETS, Incoming
from report.read.layouts import Common


def recognise(file: Incoming, known: Sequence[Common], catalog: Catalog) -> Common:
    """Give the one layout a file is of.

    Raises InputError for a file that cannot be opened, and, naming the candidates, where none or several fit.
    """
    _opened(file)
    named = [layout for layout in known if layout.called(file.name)]
    lacks = {one.home: FAMILIES[one.family].lacks(file, one, catalog) for one in named}
    fitting = [layout for layout in named if not lacks[layout.home]]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        names = " and ".join(layout.home for layout in fitting)
        raise InputError(f"{file.name}: {names} both fit; tell them apart by 'file' or by their columns")
    others = [f"{one.home} ({one.file})" for one in known if one not in named]
    said = "".join(f"\n  {home}: {lack}" for home, lack in lacks.items())
    said += f"\n  for files of another name: {', '.join(others)}" if others else ""
    mend = "rename the file or its headings, or add a layout to data/layouts/"
    raise InputError(f"{file.name}: no layout fits this file (.{file.kind}); {mend}{said}")


def _opened(file: Incoming) -> None:
    """Open the file in the way of its kind, so that no layout meets one that cannot be."""
    if file.kind in SPREADSHEETS:
        _ = file.sheets
    elif file.kind == "json":
        _ = file.json
    else:
        _ = file.text
