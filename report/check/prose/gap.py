"""What was said since the last figure."""

from __future__ import annotations

from dataclasses import dataclass

from report.check.prose.claims import Day, Subject
from report.check.prose.tokens import Token
from report.check.prose.vocabulary import DirectionWords

SIDES = {"before": "~", "after": "~", "above_before": ">", "above_after": ">", "below_before": "<", "below_after": "<"}


@dataclass
class Gap:
    """What was said since the last figure, or since the clause began."""

    direction: DirectionWords | None = None
    word: Token | None = None
    turns: bool = False
    lasting: bool = False
    leads: str = ""
    width: int | None = None
    wide: bool = False
    premium: int | None = None
    origin: bool = False
    before: bool = False
    compare: bool = False
    versus: bool = False
    relation: int | None = None
    side: str = ""
    day: Day = None
    strangers: int = 0
    closing: bool = False
    crossing: bool = False
    varies: bool = False
    tangled: bool = False
    rival: Subject | None = None
