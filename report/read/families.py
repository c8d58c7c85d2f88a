"""Who reads what: the name of a family, as layouts say it, and the module that reads files of it.

A family is a module with three things:
    Layout                                    a `report.read.layouts.Common` with the family's own keys
    lacks(file, layout, catalog)              why the file is not of this layout, '' where it is; cheap, never raises
    read(file, layout, catalog, calendars)    the `Reading`; every column is claimed, ignored by name, or reported
"""

from __future__ import annotations

from types import ModuleType

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
