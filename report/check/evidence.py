"""What the checks look at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from report.catalog import Catalog
from report.facts import Day, Facts, Retold, View


@dataclass(frozen=True)
class Evidence:
    """One report before it is composed.

    typed: the facts of this morning's workbooks; known: what history held before them, without what earlier runs for
    the same report date put there; views: this morning's, by variety code; last: those of the report before.
    refused: what of the form was there and could not be taken: a sheet (`收盘`), or one view (`观点 › 铜`).
    proposed: the 系统建议 that the report prints, by variety code, where nobody chose a recommendation.
    retold: numbers typed where the house has its own. formulas: what defines each derived measure, its parameters as a
    derived fact's inputs.
    """

    day: Day
    typed: Facts
    known: Facts
    views: Mapping[str, View]
    catalog: Catalog
    last: Mapping[str, View] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()
    proposed: Mapping[str, str] = field(default_factory=dict)
    retold: tuple[Retold, ...] = ()
    formulas: Mapping[str, Callable[..., Decimal]] = field(default_factory=dict)
