"""What each part of speech does to the running state of a passage."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from report.catalog import Catalog
from report.check.prose.claims import Claim, Day, Subject
from report.check.prose.gap import SIDES, Gap
from report.check.prose.subject import Naming
from report.check.prose.tokens import Token
from report.check.prose.vocabulary import DirectionWords, Lexicon, NounWords
from report.facts import Day as Facts_Day

ABROAD = ("lme_close", "comex_close", "london_price")
TAILS = ("turnover", "quote", "close")  # 持仓, 均价, 收盘价 right behind a stock or a price add nothing
STRANGERS = 6  # so many characters of no lexicon between subject and figure make the binding doubtful
UNREACHED = ("far", "report", "last_week")
PARTS = (
    "compound", "other", "noun", "variety", "market", "direction", "premium", "width", "day", "higher", "lower",
    "approximate", "compare", "versus", "apart", "year", "chain", "chain_week", "closing", "to", "level", "from",
    "previous", "hypothetical", "technical", "verbs", "lasting", "portion", "peak", "overnight",
)  # fmt: skip

GAP_SETS: dict[str, tuple[str, object]] = {  # parts that only leave a mark: in the gap, or in the clause
    "closing": ("closing", True), "from": ("origin", True), "previous": ("before", True), "compare": ("compare", True),
    "versus": ("versus", True), "apart": ("relation", 0), "to": ("leads", "to"), "lasting": ("lasting", True),
}  # fmt: skip
CLAUSE_SETS: dict[str, tuple[str, object]] = {
    "year": ("base", "far"), "chain": ("base", "previous"), "chain_week": ("base", "week"),
    "hypothetical": ("hypothetical", True), "technical": ("technical", True), "overnight": ("overnight", True),
}  # fmt: skip


@dataclass
class Parts:
    """The state of a passage as it is read, and one method for each part of speech."""

    catalog: Catalog
    lexicon: Lexicon
    day: Facts_Day
    session: date
    variety: str
    gap: Gap = field(default_factory=Gap)
    aside: list[Gap] = field(default_factory=list)
    hypothetical: bool = False
    technical: bool = False
    strange: bool = False
    lost: bool = False
    overnight: bool = False
    former: Subject | None = None
    when: Day = None
    base: Day = None
    used: bool = False
    carried: bool = False
    premium: int | None = None
    sentence: int = 0
    clause: int = 0
    last: Claim | None = None
    before: Token | None = None
    touching: bool = False
    ahead: Sequence[Token] = ()
    rest: Sequence[Token] = ()

    def __post_init__(self) -> None:
        self.naming = Naming(self.catalog, self.lexicon, self.day, self.variety)
        told = [part for part in PARTS if part not in GAP_SETS and part not in CLAUSE_SETS]
        self.on: dict[str, Callable[[Token], None]] = {part: getattr(self, f"_{part}") for part in told}

    def word(self, token: Token) -> None:
        """Let the word do what its first part of speech does; one that only leaves a mark may be another besides."""
        for part in PARTS:
            if part not in token.roles:
                continue
            if part in GAP_SETS:
                setattr(self.gap, *GAP_SETS[part])
            elif part in CLAUSE_SETS:
                setattr(self, *CLAUSE_SETS[part])
            else:
                self.on[part](token)
            if part not in ("closing", "level", "hypothetical"):
                return

    def _rest(self, token: Token) -> None:
        self.gap.strangers += len(token.text)
        if not (self.naming.own or self.naming.own_market):
            self.strange = True

    def _contract(self, token: Token) -> None:
        """A contract by itself names its close: LC2407 收 …, 2405 合约收 …."""
        if not (self.gap.versus or self.gap.compare or self.naming.market in ("LME", "COMEX")):
            code = token.text.rstrip("0123456789").lower()
            if not self.naming.own_variety and (code in self.catalog.varieties or not self.naming.own):
                code = code if code in self.catalog.varieties else self.naming.variety
                self.naming.name_variety(code, "futures")
                self._named()
        self.naming.contract = token.text

    def _named(self) -> None:
        """A new subject was named: what was said of the one before no longer holds."""
        side, compare, relation, rival = self.gap.side, self.gap.compare, self.gap.relation, self.gap.rival
        self.gap = Gap(side=side, compare=compare, relation=relation, rival=rival, versus=self.gap.versus)
        if self.used:
            self.base = None
        self.premium = None
        self.last = None
        self.lost = False
        if self.when in UNREACHED and self.gap.day is None:
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
        former = self.before.roles.get("noun") if self.before else None
        if isinstance(former, NounWords) and former.kind in ("stock", "price") and noun.kind in TAILS:
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
            self.gap.rival = Subject(token.text)
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
        self.naming.name_market(str(token.roles["market"]))
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
            if any(one.measure == "spot_price" for one in self._current().series):
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

    def _when(self, day: Day) -> None:
        week = day == "week"
        if self.gap.compare or week:
            self.base, self.used = day, False
        else:
            self.when = day
        self.gap.day = day

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
