"""The running state of a passage as it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from report.catalog import Catalog
from report.check.prose.claims import Claim, Day, Subject
from report.check.prose.gap import Gap
from report.check.prose.subject import Naming
from report.check.prose.tokens import Token
from report.check.prose.vocabulary import Lexicon
from report.facts import Day as FactsDay

UNREACHED = ("far", "report", "last_week")


@dataclass
class State:
    """The state of a passage as it is read, with what its words so far amount to."""

    catalog: Catalog
    lexicon: Lexicon
    day: FactsDay
    session: date
    variety: str
    gap: Gap = field(default_factory=Gap)
    aside: list[Gap] = field(default_factory=list)
    hypothetical: bool = False
    technical: bool = False
    strange: bool = False
    lost: bool = False
    overnight: bool = False
    listed: list[Subject] = field(default_factory=list)
    queue: list[Subject] = field(default_factory=list)
    told: dict[str, Subject] = field(default_factory=dict)
    when: Day = None
    base: Day = None
    used: bool = False
    carried: bool = False
    premium: int | None = None
    sentence: int = 0
    clause: int = 0
    last: Claim | None = None
    caused: Naming | None = None
    aimed: Naming | None = None
    followed: Naming | None = None
    before: Token | None = None
    touching: bool = False
    ahead: Sequence[Token] = ()
    rest: Sequence[Token] = ()

    def __post_init__(self) -> None:
        self.naming = Naming(self.catalog, self.lexicon, self.day, self.variety)

    def _rest(self, token: Token) -> None:
        self.gap.strangers += len(token.text)
        if not (self.naming.own or self.naming.own_market):
            self.strange = True

    def _named(self) -> None:
        """A new subject was named: what was said of the one before no longer holds."""
        side, compare, relation, rival = self.gap.side, self.gap.compare, self.gap.relation, self.gap.rival
        tangled, told = self.gap.tangled or self.gap.premium is not None, self.gap.day
        self.gap = Gap(
            side=side, compare=compare, relation=relation, rival=rival, versus=self.gap.versus, tangled=tangled
        )
        if self.used:
            self.base = None
        self.premium = None
        self.last = None
        self.lost = False
        if self.when in UNREACHED and told is None:
            self.when = None

    def _rivals(self) -> bool:
        """Whether what is named now is what the subject is compared with (比…高, 低于…, 对…升水)."""
        gap = self.gap
        if gap.relation is not None or gap.versus:
            return True
        return gap.compare and any(
            {"higher", "lower", "apart", "premium"} & token.roles.keys() for token in self._until()
        )

    def _until(self) -> Iterator[Token]:
        """The tokens from here to the next figure or mark."""
        for token in self.rest:
            if token.part in ("mark", "figure"):
                return
            yield token

    def _current(self) -> Subject:
        return self.naming.subject(self.gap.closing)

    def _list(self) -> None:
        """What was named before 、 or 与 may be one of several (沪铜、伦铜分别…)."""
        if self.naming.own:
            self.listed.append(self._current())

    def _when(self, day: Day) -> None:
        week = day == "week"
        until = self.before is not None and "to" in self.before.roles and self.gap.day is not None
        if until and isinstance(day, date) and isinstance(self.when, date) and self.when < day:
            self.base, self.when, self.used = self.when, day, False  # 3 月 21 日到 3 月 27 日
            self.gap = replace(self.gap, day=day, leads="")
            return
        if self.gap.compare or week or self.gap.relation is not None:
            self.base, self.used = day, False
        else:
            self.when = day
        self.gap.day = day
