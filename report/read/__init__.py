"""read: a file in one known layout becomes facts, each with the cell it stood in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from report.facts import Fact, Finding, Retold, View


class Said(NamedTuple):
    """What one cell of the desk's form says, in the house's words and unit: of what (`SHFE 铜 合约`), what, and where.

    fresh: it is a number of the session reported on, which the form is never prefilled with.
    """

    what: str
    says: str
    source: str
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file gave: its facts, the views written in it, and what was wrong or noteworthy, with cells named.

    file is its name, and sheets are those of the form it has (a desk workbook; otherwise none). refused: what of the
    form stands there and could not be taken, beside an ERROR: a sheet (`收盘`), or one view (`观点 › 铜`). said: the
    form's cells one by one, for workbooks to be held against one another. absent: no number, at its sheet, for all that
    the form asks for and this file has no row for.
    """

    facts: tuple[Fact, ...] = ()
    views: tuple[View, ...] = ()
    findings: tuple[Finding, ...] = ()
    file: str = ""
    sheets: tuple[str, ...] = ()
    refused: tuple[str, ...] = ()
    retold: tuple[Retold, ...] = ()
    said: tuple[Said, ...] = ()
    absent: tuple[Fact, ...] = ()


def joined(parts: Iterable[Reading], file: str = "") -> Reading:
    """Several readings of one file as one; a finding said twice is kept once."""
    parts = tuple(parts)
    return Reading(
        tuple(fact for part in parts for fact in part.facts),
        tuple(view for part in parts for view in part.views),
        tuple(dict.fromkeys(finding for part in parts for finding in part.findings)),
        file,
        tuple(dict.fromkeys(sheet for part in parts for sheet in part.sheets)),
        tuple(dict.fromkeys(place for part in parts for place in part.refused)),
        tuple(one for part in parts for one in part.retold),
        tuple(one for part in parts for one in part.said),
        tuple(fact for part in parts for fact in part.absent),
    )
