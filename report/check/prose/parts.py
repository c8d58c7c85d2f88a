"""What each part of speech does to the running state of a passage."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from report.check.prose.gap import SIDES
from report.check.prose.spoken import Spoken
from report.check.prose.subject import SPOT
from report.check.prose.tokens import Token
from report.check.prose.vocabulary import DirectionWords

# What a word does is what the first of these that it has does.
# fmt: off
PARTS = (
    "compound", "other", "noun", "variety", "market", "direction", "premium", "width", "day", "higher", "lower",
    "approximate", "compare", "versus", "apart", "year", "chain", "chain_week", "closing", "to", "level", "from",
    "previous", "hypothetical", "technical", "cause", "follow", "effect", "object", "verbs", "lasting", "either",
    "portion", "peak", "overnight", "crossing", "varies", "respective", "both", "former", "latter", "abroad",
    "at_home", "becomes", "since", "sum", "region",
)
# fmt: on

GAP_SETS: dict[str, tuple[str, object]] = {  # parts that only leave a mark: in the gap, or in the clause
    "closing": ("closing", True),
    "from": ("origin", True),
    "previous": ("before", True),
    "versus": ("versus", True),
    "apart": ("relation", 0),
    "to": ("leads", "to"),
    "lasting": ("lasting", True),
    "crossing": ("crossing", True),
    "varies": ("varies", True),
}
CLAUSE_SETS: dict[str, tuple[str, object]] = {
    "year": ("base", "far"),
    "chain": ("base", "previous"),
    "chain_week": ("base", "week"),
    "hypothetical": ("hypothetical", True),
    "technical": ("technical", True),
    "overnight": ("overnight", True),
}


@dataclass
class Parts(Spoken):
    """A state with one method for each part of speech that does more than leave a mark."""

    def __post_init__(self) -> None:
        super().__post_init__()
        told = [part for part in PARTS if part not in GAP_SETS and part not in CLAUSE_SETS]
        self.on: dict[str, Callable[[Token], None]] = {part: getattr(self, f"_{part}") for part in told}

    def word(self, token: Token) -> None:
        """Let the word do what its first part of speech does; one that only leaves a mark may be another besides."""
        if self.caused is not None and "effect" in token.roles:
            self._effect(token)
            return
        for part in PARTS:
            if part not in token.roles:
                continue
            if part == "noun" and self._elsewhere(token):
                if not {"market", "region"} & token.roles.keys():
                    self._other(token)
                continue
            if part in GAP_SETS:
                setattr(self.gap, *GAP_SETS[part])
            elif part in CLAUSE_SETS:
                setattr(self, *CLAUSE_SETS[part])
            else:
                self.on[part](token)
            if part not in ("closing", "level", "hypothetical", "direction", "approximate"):
                return

    def _direction(self, token: Token) -> None:
        found = token.roles["direction"]
        if self.followed is not None:
            self.naming, self.strange, self.followed = self.followed, False, None
        if isinstance(found, DirectionWords):
            gap = self.gap
            gap.turns = gap.direction is not None and gap.direction.sign != found.sign
            gap.direction, gap.word = found, token
            gap.leads = "to" if "arrives" in token.roles else ""
            if "closing" in token.roles:
                self.gap.closing = True

    def _premium(self, token: Token) -> None:
        sign = token.roles["premium"]
        self.gap.premium = sign if isinstance(sign, int) else None
        if self.gap.rival is not None:
            if not self.gap.versus and any(one.measure == "spot_price" for one in self._current().series):
                self.gap.rival = None
            else:
                self.gap.relation = self.gap.premium
                return
        spot = self.naming.market == SPOT and not self.naming.contract  # 现货对当月贴水: the premium itself
        if self.gap.versus and self._current().kind != "premium" and not spot:
            self.gap.relation = self.gap.premium
            return
        self.naming.name_premium()
        self.premium = self.gap.premium

    def _width(self, token: Token) -> None:
        sign = token.roles["width"]
        self.gap.width, self.gap.wide = (sign if isinstance(sign, int) else None), True

    def _day(self, token: Token) -> None:
        self._when(str(token.roles["day"]))

    def _higher(self, token: Token) -> None:
        self.gap.relation = 1
        self.gap.side = self.gap.side or (">" if "approximate" in token.roles else "")

    def _lower(self, token: Token) -> None:
        self.gap.relation = -1
        self.gap.side = self.gap.side or ("<" if "approximate" in token.roles else "")

    def _approximate(self, token: Token) -> None:
        self.gap.side = SIDES[str(token.roles["approximate"])]
        if "direction" in token.roles:
            self._direction(token)

    def _level(self, token: Token) -> None:
        self.gap.leads = self.gap.leads or "level"

    def _peak(self, token: Token) -> None:
        self.technical = self.technical or not isinstance(self.when, date)

    def _verbs(self, token: Token) -> None:
        self.gap.strangers = 0

    def _either(self, token: Token) -> None:
        """或 between two figures: 涨 410 元或 0.57%."""
        if self.before is None or self.before.part != "figure":
            self._rest(token)

    def _compare(self, token: Token) -> None:
        self._list()
        self.gap.compare = True

    def _since(self, token: Token) -> None:
        """自 3 月 21 日以来: what a change is measured from."""
        if isinstance(self.when, date):
            self.base, self.when, self.used = self.when, None, False
            self.gap.origin, self.gap.day = False, None

    def _sum(self, token: Token) -> None:
        """合计 of several is none of them; right before its figure it says nothing."""
        if not self.ahead or self.ahead[0].part != "figure":
            self.naming.strange(token.text)

    def _becomes(self, token: Token) -> None:
        """为 right behind a direction word leads to a level: 降为."""
        if self.before is not None and "direction" in self.before.roles:
            self.gap.leads = "to"
