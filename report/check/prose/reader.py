"""Tokens -> claims: which figure is said to be which aspect of what, on which day."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from report.catalog import Catalog
from report.check.prose.bind import Setting, bind
from report.check.prose.claims import Claim, Day, Subject
from report.check.prose.dates import dated
from report.check.prose.gap import SIDES, Gap
from report.check.prose.subject import Naming
from report.check.prose.tokens import Token
from report.check.prose.vocabulary import DirectionWords, Lexicon, NounWords
from report.facts import Day as Facts_Day

STRANGERS = 6  # so many characters of no lexicon between subject and figure make the binding doubtful
UNREACHED = ("far", "report", "last_week")
PARTS = (
    "compound", "other", "noun", "variety", "market", "direction", "premium", "width", "day", "higher", "lower",
    "approximate", "compare", "versus", "apart", "year", "chain", "chain_week", "closing", "to", "level", "from",
    "previous", "hypothetical", "technical", "verbs", "lasting", "portion",
)  # fmt: skip


@dataclass
class Reader:
    """Reads one passage. `claims` gives what it claims, in order; every figure is in one claim."""

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
    when: Day = None
    base: Day = None
    used: bool = False
    carried: bool = False
    premium: int | None = None
    sentence: int = 0
    clause: int = 0
    last: Claim | None = None

    def __post_init__(self) -> None:
        self.naming = Naming(self.catalog, self.lexicon, self.day, self.variety)
        self.on: dict[str, Callable[[Token], None]] = {part: getattr(self, f"_{part}") for part in PARTS}

    def claims(self, tokens: Sequence[Token]) -> Iterator[Claim]:
        """The claims of the passage's tokens."""
        self.naming.paragraph()
        for place, token in enumerate(tokens):
            self.touching = place > 0 and tokens[place - 1].part == "rest" and tokens[place - 1].end == token.start
            self.before = tokens[place - 1] if place else None
            self.ahead = tokens[place + 1 : place + 6]
            self.rest = tokens[place + 1 :]
            if token.part == "figure":
                yield self._figure(token)
            elif token.part == "mark":
                yield from self._trend()
                self._mark(token)
            elif token.part == "word":
                self._word(token)
            elif token.part == "day":
                self._when(dated(token.day, self.session, self.day.report_date))
            elif token.part == "contract":
                self.naming.contract = token.text
            elif token.part == "rest":
                self._rest(token)
        yield from self._trend()

    def _word(self, token: Token) -> None:
        for part in PARTS:
            if part in token.roles:
                self.on[part](token)
                if part not in ("closing", "level", "hypothetical"):
                    return

    def _rest(self, token: Token) -> None:
        self.gap.strangers += len(token.text)
        if not (self.naming.own or self.naming.own_market):
            self.strange = True

    def _mark(self, token: Token) -> None:
        marks = self.lexicon.vocabulary.marks
        if token.text in marks.quote:
            return
        if token.text in marks.open:
            self.aside.append(self.gap)
            self.gap = Gap()
            return
        if token.text in marks.close:
            self.gap = self.aside.pop() if self.aside else self.gap
            return
        self.gap = Gap()
        self.carried = self.technical and token.text not in marks.sentence
        self.strange = self.technical = False
        self.clause += 1
        self.naming.clause()
        if token.text in marks.sentence:
            self.sentence += 1
            self.hypothetical = False
            self.when = self.base = self.premium = None
            self.last = None
        if token.text in "\r\n":
            self.naming.paragraph()

    def _named(self) -> None:
        """A new subject was named: what was said of the one before no longer holds."""
        side, compare, relation, rival = self.gap.side, self.gap.compare, self.gap.relation, self.gap.rival
        self.gap = Gap(side=side, compare=compare, relation=relation, rival=rival, versus=self.gap.versus)
        if self.used:
            self.base = None
        self.premium = None
        self.last = None
        if self.when in UNREACHED and self.gap.day is None:
            self.when = None

    def _rivals(self) -> bool:
        """Whether what is named now is what the subject is compared with (比…高, 低于…, 对…升水)."""
        gap = self.gap
        if gap.relation is not None or gap.versus:
            return True
        return gap.compare and any({"higher", "lower", "apart", "premium"} & token.roles.keys() for token in self._until())

    def _until(self) -> Iterator[Token]:
        """The tokens from here to the next figure or mark."""
        for token in self.rest:
            if token.part in ("mark", "figure"):
                return
            yield token

    def _current(self) -> Subject:
        return self.naming.subject(self.gap.closing)

    def _figure(self, token: Token) -> Claim:
        self._behind()
        subject = self._current()
        blind = self.technical or (self.strange and not (self.naming.own or self.naming.own_market))
        blind = blind or (self.carried and not self.naming.own and not self.gap.closing)
        if blind or any("technical" in ahead.roles for ahead in self._near()):
            subject = Subject(subject.key)
        guessed = self.naming.noun is None and self.naming.form in ("", "names") and not subject.sure
        doubt = 2 if self.hypothetical or guessed else int(self.gap.strangers >= STRANGERS)
        setting = Setting(self.gap, self._against(subject), self.ahead, self.last, self.premium, False, doubt)
        frame = Claim(token, subject, "", day=self.when, base=self.base, sentence=self.sentence, clause=self.clause)
        self.last = bind(token, setting, frame)
        self.used = True
        self.gap = Gap()
        return self.last

    def _against(self, subject: Subject) -> Subject:
        """The subject; a premium told against a contract (对 2405 合约升水) is the difference from its close."""
        gap = self.gap
        if not gap.versus or gap.rival is not None or not (gap.premium or gap.relation):
            return subject
        close = Naming(self.catalog, self.lexicon, self.day, self.naming.variety)
        close.name_variety(self.naming.variety, "futures")
        close.contract = self.naming.contract or "?"
        gap.rival, gap.relation = close.subject(), gap.premium or gap.relation
        return subject if subject.kind != "premium" else Subject(subject.key)

    def _near(self) -> Iterator[Token]:
        for place, token in enumerate(self._until()):
            if place == 3:
                return
            yield token

    def _behind(self) -> None:
        """What a figure is of may be named after it: 270875 吨的 LME 库存."""
        run = [token for token in self.ahead if not str(token.roles.get("approximate", "")).endswith("after")]
        if not run or "of" not in run[0].roles or self.naming.own:
            return
        for token in run[1:]:
            if not {"variety", "market", "noun", "other"} & token.roles.keys():
                return
            gap = self.gap
            self._word(token)
            self.gap = gap
            self.strange = False

    def _trend(self) -> Iterator[Claim]:
        """A direction word that no figure followed says which way the number went."""
        gap, subject = self.gap, self._current()
        if gap.direction is None or gap.word is None or self.hypothetical or self.technical or gap.rival:
            return
        own = self.naming.own or (gap.direction.sign == 0 and not self.strange)
        if not own or gap.strangers or not subject.sure or len(subject.series) != 1 or gap.wide:
            return
        close = subject.kind == "close" and "closing" not in gap.word.roles and gap.direction.sign != 0
        if close or gap.lasting or gap.turns or (self.when is None and self.base is None):
            return
        width = gap.direction.kind == "width"
        yield Claim(
            gap.word, subject, "trend", gap.direction.sign, None, width, self.when, self.base,
            sentence=self.sentence, clause=self.clause,
        )  # fmt: skip

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
        elif self._rivals() and form != "names":
            self.gap.rival = Subject(token.text)
            return
        elif self._rivals():
            return
        else:
            self.naming.name_variety(code, form)
        self._named()

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

    def _compare(self, token: Token) -> None:
        self.gap.compare = True

    def _versus(self, token: Token) -> None:
        self.gap.versus = True

    def _apart(self, token: Token) -> None:
        self.gap.relation = 0

    def _year(self, token: Token) -> None:
        self.base = "far"

    def _chain(self, token: Token) -> None:
        self.base = "previous"

    def _chain_week(self, token: Token) -> None:
        self.base = "week"

    def _closing(self, token: Token) -> None:
        self.gap.closing = True

    def _to(self, token: Token) -> None:
        self.gap.leads = "to"

    def _lasting(self, token: Token) -> None:
        self.gap.lasting = True

    def _level(self, token: Token) -> None:
        self.gap.leads = self.gap.leads or "level"

    def _from(self, token: Token) -> None:
        self.gap.origin = True

    def _previous(self, token: Token) -> None:
        self.gap.before = True

    def _hypothetical(self, token: Token) -> None:
        self.hypothetical = True

    def _technical(self, token: Token) -> None:
        self.technical = True

    def _portion(self, token: Token) -> None:
        if not self.naming.name_portion():
            self._other(token)

    def _verbs(self, token: Token) -> None:
        self.gap.strangers = 0
