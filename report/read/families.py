"""Who reads what: the name of a family, as layouts say it, and the module that reads files of it.

A family is a module with three things:
    Layout                                    a `report.read.layouts.Common` with the family's own keys
    lacks(file, layout, catalog)              why the file is not of this layout, '' where it is; cheap, never raises
    read(file, layout, catalog, calendars)    the `Reading`; every column is claimed, ignored by name, or reported
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType

from pydantic import ValidationError

from report.catalog import files
from report.entries import mistake
from report.errors import CatalogError
from report.read import (
    comex,
    czce,
    dce,
    edb,
    fred,
    gfex,
    gfex_stock,
    gld,
    h41,
    lme,
    morning,
    shfe,
    shfe_stock,
    sina,
    table,
)
from report.read.layouts import Common

FAMILIES: dict[str, ModuleType] = {
    "table": table,
    "desk": morning,
    "lme": lme,
    "comex": comex,
    "gld": gld,
    "fred": fred,
    "h41": h41,
    "shfe": shfe,
    "shfe_stock": shfe_stock,
    "dce": dce,
    "gfex": gfex,
    "gfex_stock": gfex_stock,
    "czce": czce,
    "edb": edb,
    "sina": sina,
}


def load(folders: Sequence[Path]) -> tuple[Common, ...]:
    """Read every layout of the folders, by name; a file hides its namesake in a later folder.

    Raises CatalogError with every mistake of every file.
    """
    mistakes: list[str] = []
    found: list[Common] = []
    for name, path in sorted(files(folders, "*.toml").items()):
        home = f"data/layouts/{name}"
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
            model = _model(raw)
            layout = model.model_validate(raw)
        except ValidationError as error:
            for item in error.errors():
                key = ".".join(map(str, item["loc"])) or "(file)"
                mistakes.append(f"{home} › {key}: {mistake(item, model)}")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            mistakes.append(f"{home}: not readable as TOML: {error}")
        except CatalogError as error:
            mistakes.append(f"{home} › {error}")
        else:
            layout._home = home
            taken = (f"name: '{one.name}' is taken by {one.home}; give it its own" for one in found)
            same = [said for said, one in zip(taken, found, strict=True) if one.name == layout.name]
            mistakes += [f"{home} › {said}" for said in (*same, *layout.quarrels())]
            found.append(layout)
    if mistakes:
        raise CatalogError("\n".join(mistakes))
    return tuple(found)


def _model(raw: Mapping[str, object]) -> type[Common]:
    """How its family models what a file says."""
    family = raw.get("family")
    if family not in FAMILIES:
        found = repr(family) if "family" in raw else "nothing"
        raise CatalogError(f"family: expected one of {', '.join(FAMILIES)}, found {found}")
    model: type[Common] = FAMILIES[str(family)].Layout
    return model
