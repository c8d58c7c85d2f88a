"""What a passage claims: this figure is that aspect of that subject."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from report.check.prose.figures import Figure
from report.check.prose.tokens import Token
from report.facts import Series

Day = date | str | None
"""A date, or session, previous, week, last_week, far (no fact reaches it); None where the text does not say."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a figure speaks of. series are those it may be; sure where the words leave one.

    Without series it is something the house has no fact of, told apart by `key`. kind is that of the noun; variety and
    market are those it was named under.
    """

    key: str
    series: tuple[Series, ...] = ()
    kind: str = ""
    sure: bool = True
    contract: str = ""
    variety: str = ""
    market: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """One figure, or one direction word without a figure (aspect 'trend').

    aspect: level, previous, change, ratio, difference, trend. sign is what the direction words say (None: nothing);
    of a level it is the sign of 升水/贴水. moved is the direction told of a level (降至). width: the sign is of the
    absolute value. side: '', '~' about, '>' above, '<' below. doubt: 1 bound by words that allow another reading, so
    only agreement or a near miss counts; 2 said of what may be, so only agreement counts. guessed: the doubt is only of
    what is spoken of. rival: what a difference is measured against. day and base: when the number is of, and what a
    change is measured from.
    """

    token: Token
    subject: Subject
    aspect: str
    sign: int | None = None
    moved: int | None = None
    width: bool = False
    day: Day = None
    base: Day = None
    side: str = ""
    doubt: int = 0
    guessed: bool = False
    rival: Subject | None = None
    sentence: int = 0
    clause: int = 0

    @property
    def figure(self) -> Figure:
        """The figure; only a trend has none."""
        if self.token.figure is None:
            raise ValueError(self.token.text)
        return self.token.figure
