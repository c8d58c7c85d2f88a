"""What the words that name something do to the running state: who or what is spoken of from here on."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace

from report.check.prose.claims import Subject
from report.check.prose.state import State
from report.check.prose.subject import SPOT, Naming
from report.check.prose.tokens import Token
from report.check.prose.vocabulary import NounWords

PLACE = 2  # characters of a bare place: 上海
TAILS = ("turnover", "quote", "close")  # 持仓, 均价, 收盘价 right behind a stock or a price add nothing


@dataclass
class Spoken(State):
    """A state with one method for each part of speech that names, or that sends back to what was named."""

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
        spoken = self.naming.noun
        if spoken is not None and token.text in spoken.tails and not self.naming.own_variety:
            self.naming.own = True
            return
        former = self.before.roles.get("noun") if self.before else None
        if isinstance(former, NounWords) and former.kind in ("stock", "price", "premium") and noun.kind in TAILS:
            return
        self.naming.name_noun(noun, token.text, self.touching)
        self._named()
        if "closing" in token.roles:
            self.gap.closing = True

    def _elsewhere(self, token: Token) -> bool:
        """Whether the noun is one only of another variety's text; a bare place quotes a price only after 现货."""
        noun = token.roles["noun"]
        if not isinstance(noun, NounWords) or not noun.within:
            return False
        before = self.naming.noun
        quoted = self.naming.market == SPOT or (before is not None and before.kind in ("price", "quote"))
        return self.naming.variety != noun.variety or (len(token.text) <= PLACE and not quoted)

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
        placed = self.before is not None and self.before.end == token.start and "region" in self.before.roles
        if market == SPOT and (self.touching or placed):
            self.naming.strange(token.text)  # 广东现货 is not the spot the house quotes
        else:
            self.naming.name_market(market)
        self._named()

    def _portion(self, token: Token) -> None:
        if not self.naming.name_portion():
            self._other(token)

    def _respective(self, token: Token) -> None:
        """分别: the figures that follow are, in turn, of what was named before."""
        if self.queue:
            return
        last = self._current()
        if not self.listed and self.strange:
            self.queue = [Subject(token.text)] * 2  # 广东、天津分别报贴水: of places without a fact
        elif not self.listed and not self.naming.own:
            self._both(token)
        else:
            self.queue = [*(self.naming.alike(one, last) for one in self.listed), last]

    def _both(self, token: Token) -> None:
        """二者: the two spoken of last, in turn, or what lies between them."""
        last = list(self.told.values())[-2:]
        if any("apart" in ahead.roles for ahead in self._until()):
            self.gap.rival, self.gap.relation = last[0] if len(last) > 1 else Subject("?"), 0
        else:
            self.queue = last

    def _former(self, token: Token) -> None:
        self.queue = list(self.told.values())[-2:-1]

    def _latter(self, token: Token) -> None:
        self.queue = list(self.told.values())[-1:]

    def _abroad(self, token: Token) -> None:
        if self.naming.at("COMEX"):
            self._named()
            return
        code = self.naming.variety
        form = (
            "lme" if any(one.variety == code and one.measure == "lme_close" for one in self.day.standings) else "comex"
        )
        self.naming.name_variety(code, form)
        self._named()

    def _at_home(self, token: Token) -> None:
        if not self.naming.at("SHFE"):
            self.naming.name_variety(self.naming.variety, "futures")
        self._named()

    def _cause(self, token: Token) -> None:
        """受…推动: what is named in between is why, not what is spoken of after."""
        self.caused = copy(self.naming)
        self.gap.strangers = 0

    def _effect(self, token: Token) -> None:
        if self.caused is not None and self.last is None:
            self.naming, self.strange = self.caused, False
        self.caused = None
        self.gap.strangers = 0

    def _follow(self, token: Token) -> None:
        """随镍走低: what is followed is not what moves."""
        self.followed = copy(self.naming)

    def _object(self, token: Token) -> None:
        """领涨 …板块: what is named up to the next mark is not what is spoken of after."""
        self.aimed = copy(self.naming)

    def _region(self, token: Token) -> None:
        """A place by itself quotes another price than the one spoken of."""
        self.strange = self.strange or not (self.naming.own or self.naming.own_market)
