"""derive: facts from facts. Every indicator is one function of FAMILIES, found by its name.

The function's name is the measure, its parameters are its inputs, its docstring is its definition. A parameter names a
measure of the same variety (`lme_close`), a constant of it (`conversion_ratio`), or, with a variety's code before it,
a measure of another one (`au_futures_close`).
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from types import ModuleType

from report.derive import ratio, spread, stock

FAMILIES: tuple[ModuleType, ...] = (spread, stock, ratio)


@dataclass(frozen=True, slots=True)
class Formula:
    """An indicator's function and the names of its inputs, in order."""

    name: str
    function: Callable[..., Decimal]
    inputs: tuple[str, ...]

    @property
    def definition(self) -> str:
        """The definition in words, from the docstring."""
        return inspect.getdoc(self.function) or ""


def _formulas() -> dict[str, Formula]:
    found: dict[str, Formula] = {}
    for family in FAMILIES:
        for name, function in inspect.getmembers(family, inspect.isfunction):
            if function.__module__ == family.__name__ and not name.startswith("_"):
                found[name] = Formula(name, function, tuple(inspect.signature(function).parameters))
    return found


INDICATORS: dict[str, Formula] = _formulas()
