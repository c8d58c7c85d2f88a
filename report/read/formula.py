"""A derived indicator's definition (`excel` in data/measures.toml) as a live formula of a workbook, and in words.

A parameter in braces is, in this order: a constant of the variety; a series the entry's `inputs` binds it to; a measure
of the same variety; a measure of another variety whose code stands before it (au_futures_close).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from report.catalog import Catalog
from report.errors import CatalogError
from report.facts import Series

PARAMETER = re.compile(r"\{(\w+)\}")
SIGNS = {"-": " − ", "+": " + ", "*": " × ", "/": " ÷ "}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a series stands in the workbook: the cells of its newest and its previous number, and the unit there."""

    now: str
    before: str
    unit: str


def difference(now: str, before: str) -> str:
    """The change between two cells; empty where one of them holds no number."""
    return guarded((now, before), f"{now}-{before}")


def width(now: str, before: str) -> str:
    """The change as a fraction of the previous number."""
    return guarded((now, before), f"({now}-{before})/{before}")


def guarded(cells: tuple[str, ...], expression: str) -> str:
    """A formula that stays empty where a cell holds no number, or a divisor is 0."""
    each = tuple(dict.fromkeys(cells))
    sure = f'IFERROR({expression},"")' if "/" in expression else expression
    return f'=IF(COUNT({",".join(each)})<{len(each)},"",{sure})'


def derived(catalog: Catalog, series: Series, places: Mapping[Series, Place], previous: bool = False) -> str:
    """The formula of a derived indicator over the newest, or the previous, numbers of its inputs."""
    cells: list[str] = []

    def cell(match: re.Match[str]) -> str:
        found = _meaning(catalog, series, match[1])
        if isinstance(found, Decimal):
            return f"({found})" if found < 0 else str(found)
        if found not in places:
            raise _lacking(series, match[1], f"'{found}' has no row in the workbook")
        place = places[found]
        cells.append(place.before if previous else place.now)
        return _times(cells[-1], catalog.factor(place.unit, catalog.unit(found)))

    expression = PARAMETER.sub(cell, catalog.measures[series.measure].excel)
    own = catalog.factor(catalog.unit(series), shown_unit(catalog, series))
    return guarded(tuple(cells), expression if own in (None, 1) else f"({expression})*{own}")


def inputs(catalog: Catalog, series: Series) -> tuple[Series, ...]:
    """The series a derived indicator's formula takes; none for one that is typed."""
    found = (_meaning(catalog, series, name) for name in PARAMETER.findall(catalog.measures[series.measure].excel))
    return tuple(one for one in found if isinstance(one, Series))


def in_words(catalog: Catalog, series: Series) -> str:
    """The same definition as a reader says it: LME 库存 − LME 仓单."""

    def word(match: re.Match[str]) -> str:
        found = _meaning(catalog, series, match[1])
        if isinstance(found, Decimal):
            return str(found)
        owner = catalog.varieties[found.variety].name if catalog.instrument(found) is None else ""
        return (owner if found.variety != series.variety else "") + catalog.entry(found).name

    parts = re.split(r"(\{\w+\})", catalog.measures[series.measure].excel)
    said = [PARAMETER.sub(word, part) if part[:1] == "{" else _spaced(part) for part in parts]
    return re.sub(r" \+ 0(?![\d.])| ÷ 1(?![\d.])", "", "".join(said))


def shown_unit(catalog: Catalog, series: Series) -> str:
    """The unit the desk types a series in: the printed one."""
    return catalog.entry(series).shown_in or catalog.measures[series.measure].shown_in or catalog.unit(series)


def _meaning(catalog: Catalog, series: Series, parameter: str) -> Series | Decimal:
    variety = catalog.varieties[series.variety]
    if parameter in variety.constants:
        return variety.constants[parameter]
    bound = catalog.entry(series).inputs.get(parameter)
    if bound is None and parameter not in catalog.measures:
        code, _, measure = parameter.partition("_")
        if code not in catalog.varieties or measure not in catalog.measures:
            raise _lacking(series, parameter, "no constant, measure or '<variety>_<measure>' has that name")
        bound = f"{code}.{measure}"
    return catalog.series(variety, bound or parameter)


def _lacking(series: Series, parameter: str, why: str) -> CatalogError:
    where = f"data/varieties/{series.variety}.toml › series.{series.measure}"
    return CatalogError(f"{where}: its formula needs '{parameter}', but {why}; declare it there, or drop the indicator")


def _times(cell: str, factor: Decimal | None) -> str:
    return cell if factor in (None, 1) else f"({cell}*{factor})"


def _spaced(text: str) -> str:
    return "".join(SIGNS.get(sign, sign) for sign in text)
