"""Which of the facts given tell something new: the rules of revision, without a database.

Three lanes are kept apart: what a desk typed into a report's workbook, what a file told that somebody passed on, and
what the publisher's own file says. The higher lane holds, whichever came first. Within a lane a number that differs
from the newest statement is a revision; the same number again adds nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from enum import IntEnum
from hashlib import sha256

from report.facts import Fact


class Lane(IntEnum):
    """Who tells a number: the higher one goes before the lower."""

    TYPED = 0
    PASSED_ON = 1
    PUBLISHED = 2


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file whose facts are kept: its name, the SHA-256 of its bytes (hex), the layout it was read in, and when.

    published: the file is the publisher's own (the LME's, an exchange's), not a vendor's or a desk's copy.
    """

    name: str
    sha256: str
    layout: str
    read_at: datetime | None = None
    published: bool = False

    @classmethod
    def of(cls, name: str, data: bytes, layout: str, *, published: bool = False) -> FileRead:
        """The provenance of a file with these bytes, read in that layout."""
        return cls(name, sha256(data).hexdigest(), layout, None, published)


@dataclass(frozen=True, slots=True)
class Revision:
    """A number that is told otherwise than before: both statements, with the cell of each."""

    before: Fact
    after: Fact


@dataclass(frozen=True, slots=True)
class Kept:
    """How many facts a transaction brought: new, the same as known, revised; and each revision."""

    new: int = 0
    same: int = 0
    revised: int = 0
    revisions: tuple[Revision, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Told:
    """One statement of one number: the fact, its ordinal from 0, the file it came from.

    holds: the number is taken from it; agrees: it tells the number that holds; alone: nobody else told it.
    """

    fact: Fact
    revision: int
    file: FileRead | None = None
    holds: bool = True
    agrees: bool = True
    alone: bool = True


@dataclass(frozen=True, slots=True)
class Statement:
    """What is stored of one statement, as far as the rules ask; known_at is aware, layout '' where no file told it."""

    value: Decimal
    unit: str
    source: str
    known_at: datetime
    revision: int
    lane: int
    layout: str = ""

    @property
    def rank(self) -> tuple[int, datetime, int]:
        """The statement of the highest rank holds."""
        return (self.lane, self.known_at, self.revision)

    def says(self, fact: Fact) -> bool:
        """Whether it tells the same number."""
        return self.value == fact.value and self.unit == fact.unit


@dataclass(frozen=True, slots=True)
class Step:
    """One keeping: when it happens, the file kept, whether the same bytes were kept before."""

    now: datetime
    file: FileRead | None = None
    again: bool = False

    @property
    def layout(self) -> str:
        """The file's layout, '' without a file."""
        return self.file.layout if self.file else ""

    def lane(self, fact: Fact) -> Lane:
        """Who tells the fact."""
        if fact.typed:
            return Lane.TYPED
        return Lane.PUBLISHED if self.file and self.file.published else Lane.PASSED_ON


def told_at(fact: Fact, known: Sequence[Statement], step: Step) -> datetime | None:
    """When the fact became known, to be stored beside what is known; None where it adds nothing.

    A number told for the first time was known when it was published. One that contradicts what is known counts from
    when it is read, so that an old report can be made again as it was; in its own lane it counts from when it was
    published if that is after the statement it revises. A statement that another source has since revised is not told
    anew by its own source.
    """
    own, told = step.lane(fact), fact.known_at or step.now
    lane = sorted((one for one in known if one.lane == own), key=lambda one: one.rank)
    above = [one for one in known if one.lane > own]
    if above and max(above, key=lambda one: one.rank).says(fact):
        return None
    if not lane:
        disputed = known and not max(known, key=lambda one: one.rank).says(fact)
        return max(told, step.now) if disputed else told
    newest = lane[-1]
    if told < lane[0].known_at:
        return told
    if newest.says(fact):
        return None
    if any(one.says(fact) for one in lane) and (step.again or newest.layout != step.layout):
        return None
    return told if told > newest.known_at else max(step.now, newest.known_at)


def counted(given: int, fresh: Sequence[tuple[Fact, Sequence[Statement]]]) -> Kept:
    """What a keeping brought, of so many facts given and these found to be fresh, each with what was known before."""
    new = sum(not known for _, known in fresh)
    changed = []
    for fact, known in fresh:
        if known:
            before = max(known, key=lambda one: one.rank)
            if not before.says(fact):
                earlier = replace(
                    fact, value=before.value, unit=before.unit, source=before.source, known_at=before.known_at
                )
                changed.append(Revision(earlier, fact))
    return Kept(new, given - new - len(changed), len(changed), tuple(changed))
