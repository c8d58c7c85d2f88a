"""What each part of speech does to the running state of a passage."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, replace
from datetime import date

from report.check.prose.gap import SIDES
from report.check.prose.state import State
from report.check.prose.subject import SPOT, Naming
from report.check.prose.tokens import Token
from report.check.prose.vocabulary import DirectionWords, NounWords

TAILS = ("turnover", "quote", "close")  # 持仓, 均价, 收盘价 right behind a stock or a price add nothing
# What a word does is what the first of these that it has does.
# fmt: off
PARTS = (
    "compound", "other", "noun", "variety", "market", "direction", "premium", "width", "day", "higher", "lower",
    "approximate", "compare", "versus", "apart", "year", "chain", "chain_week", "closing", "to", "level", "from",
    "previous", "hypothetical", "technical", "cause", "effect", "verbs", "lasting", "either", "portion", "peak",
    "overnight", "crossing", "varies", "respective", "abroad", "at_home", "becomes", "region",
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
class Parts(State):
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
            if part in GAP_SETS:
                setattr(self.gap, *GAP_SETS[part])
            elif part in CLAUSE_SETS:
                setattr(self, *CLAUSE_SETS[part])
            else:
                self.on[part](token)
            if part not in ("closing", "level", "hypothetical", "direction", "approximate"):
                return

    def _contract(self, token: Token) -> None:
        """A contract by itself names its close: LC2407 收 …, 2405 合约收 …."""
        if not (self.gap.versus or self.gap.compare or self.naming.market in ("LME", "COMEX")):
            code = token.text.rstrip("0123456789").lower()
            if not self.naming.own_variety and (code in self.catalog.varieties or not self.naming.own):
                code = code if code in self.catalog.varieties else self.naming.variety
                self.naming.name_variety(code, "futures")
                self._named()
        if self.gap.rival is not None:
            self.gap.rival = replace(self.gap.rival, contract=token.text)
            return
        self.naming.contract = token.text

    # —— what each part of speech does ——

    def _compound(self, token: Token) -> None:
        self._rest(token)

    def _other(self, token: Token) -> None:
        self.naming.strange(token.text)
        self._named()

    def _noun(self, token: Token) -> None:
        noun = token.roles["noun"]
        if not isinstance(noun, NounWords):
            raise TypeError(token.text)
        if self._rivals():
            kept = self.naming
            beside = Naming(self.catalog, self.lexicon, self.day, kept.home)
            beside.variety = kept.variety
            beside.name_noun(noun, token.text, self.touching)
            self.gap.rival = beside.subject()
            return
        if noun.kind == "close" and self.naming.own_variety and "main" in token.roles:
            return
        if noun.kind == "close" and self.gap.premium is not None and "premium" in (self.before or token).roles:
            return  # 贴水期货: what it is measured against
        former = self.before.roles.get("noun") if self.before else None
        if isinstance(former, NounWords) and former.kind in ("stock", "price", "premium") and noun.kind in TAILS:
            return
        self.naming.name_noun(noun, token.text, self.touching)
        self._named()
        if "closing" in token.roles:
            self.gap.closing = True

    def _variety(self, token: Token) -> None:
        named = token.roles["variety"]
        if not isinstance(named, tuple):
            raise TypeError(token.text)
        code, form = named
        after = self.ahead[0] if self.ahead else None
        if form == "names" and after is not None and after.part == "rest" and after.start == token.end:
            self.naming.strange(token.text + after.text)
        elif form == "names" and self.before and self.before.end == token.start and "other" in self.before.roles:
            self.naming.strange(self.before.text + token.text)
        elif form == "names" and self._beside(code):
            return
        elif self._rivals() and form != "names":
            beside = Naming(self.catalog, self.lexicon, self.day, self.variety)
            beside.name_variety(code, form)
            self.gap.rival = beside.subject()
            return
        elif self._rivals():
            return
        else:
            self.naming.name_variety(code, form)
        self._named()

    def _beside(self, code: str) -> bool:
        """Whether the name only says once more whose the price right before it is: 长江铝锭."""
        before = self.before.roles.get("noun") if self.before is not None else None
        return isinstance(before, NounWords) and before.kind == "price" and self.naming.variety == code

    def _market(self, token: Token) -> None:
        if self._rivals() and self.gap.versus:
            return
        market = str(token.roles["market"])
        if market == SPOT and self.touching:
            self.naming.strange(token.text)
        else:
            self.naming.name_market(market)
        self._named()

    def _direction(self, token: Token) -> None:
        found = token.roles["direction"]
        if isinstance(found, DirectionWords):
            gap = self.gap
            gap.turns = gap.direction is not None and gap.direction.sign != found.sign
            gap.direction, gap.word, gap.leads = found, token, ""
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
        if self.gap.versus and self._current().kind != "premium":
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

    def _portion(self, token: Token) -> None:
        if not self.naming.name_portion():
            self._other(token)

    def _verbs(self, token: Token) -> None:
        self.gap.strangers = 0

    def _cause(self, token: Token) -> None:
        """受…推动: what is named in between is why, not what is spoken of after."""
        self.caused = copy(self.naming)
        self._verbs(token)

    def _effect(self, token: Token) -> None:
        if self.caused is not None and self.last is None:
            self.naming, self.strange = self.caused, False
        self.caused = None
        self._verbs(token)

    def _either(self, token: Token) -> None:
        """或 between two figures: 涨 410 元或 0.57%."""
        if self.before is None or self.before.part != "figure":
            self._rest(token)

    def _respective(self, token: Token) -> None:
        """分别: the figures that follow are, in turn, of what was named before."""
        self.queue = [*self.listed, self._current()]

    def _abroad(self, token: Token) -> None:
        code = self.naming.variety
        form = (
            "lme" if any(one.variety == code and one.measure == "lme_close" for one in self.day.standings) else "comex"
        )
        self.naming.name_variety(code, form)
        self._named()

    def _at_home(self, token: Token) -> None:
        self.naming.name_variety(self.naming.variety, "futures")
        self._named()

    def _compare(self, token: Token) -> None:
        self._list()
        self.gap.compare = True

    def _becomes(self, token: Token) -> None:
        """为 right behind a direction word leads to a level: 降为."""
        if self.before is not None and "direction" in self.before.roles:
            self.gap.leads = "to"

    def _region(self, token: Token) -> None:
        """A place by itself quotes another price than the one spoken of."""
        self.strange = self.strange or not (self.naming.own or self.naming.own_market)
