"""Tokens -> claims: which figure is said to be which aspect of what, on which day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from report.check.prose.bind import BRIEF, Setting, bind
from report.check.prose.claims import Claim, Subject
from report.check.prose.dates import dated
from report.check.prose.gap import Gap
from report.check.prose.parts import Parts
from report.check.prose.subject import Naming
from report.check.prose.tokens import Token

GRADE = 3  # digits of a grade told without its #: 421, 553
STRANGERS = 6  # so many characters of no lexicon between subject and figure make the binding doubtful
ABROAD = ("lme_close", "comex_close", "london_price")


@dataclass
class Reader(Parts):
    """Reads one passage. `claims` gives what it claims, in order; every figure is in one claim."""

    def claims(self, tokens: Sequence[Token]) -> Iterator[Claim]:
        """The claims of the passage's tokens."""
        self.naming.paragraph()
        for place, token in enumerate(tokens):
            self.touching = place > 0 and tokens[place - 1].part == "rest" and tokens[place - 1].end == token.start
            self.before = tokens[place - 1] if place else None
            self.ahead = tokens[place + 1 : place + 6]
            self.rest = tokens[place + 1 :]
            if token.part == "figure" and self._names(token):
                self.naming.strange(token.text)
            elif token.part == "figure":
                yield self._figure(token)
            elif token.part == "mark":
                yield from self._trend()
                self._mark(token)
            elif token.part == "word":
                self.word(token)
            elif token.part == "day":
                self._when(dated(self._full(token), self.session, self.day.report_date))
            elif token.part == "contract":
                self._contract(token)
            elif token.part in ("rest", "skip"):
                self._rest(token)
        yield from self._trend()

    def _names(self, token: Token) -> bool:
        """Whether a bare number is a grade that the next words quote: 421 报 14300 元."""
        figure, after = token.figure, self.ahead[:2]
        quoted = len(after) == 2 and "level" in after[0].roles and after[1].part == "figure"
        return quoted and figure is not None and token.text.isdigit() and len(token.text) == GRADE

    def _full(self, token: Token) -> tuple[int, ...]:
        """The day of a token; one without a year that ends a span is of the year the span began in."""
        after = self.before is not None and "to" in self.before.roles and isinstance(self.when, date)
        if after and isinstance(self.when, date) and len(token.day) == 3 and not token.day[0] and token.day[1]:
            return (self.when.year, *token.day[1:])
        return token.day

    def _mark(self, token: Token) -> None:
        marks = self.lexicon.vocabulary.marks
        if token.text in marks.quote:
            return
        if token.text in marks.open:
            self.aside.append(self.gap)
            self.gap = Gap(compare=self.gap.compare)
            return
        if token.text in marks.close:
            self.gap = self.aside.pop() if self.aside else self.gap
            return
        if not (self.queue and token.text in marks.list):
            self.gap = Gap()
        self.lost = self.lost or self.strange
        self.carried = self.technical and token.text not in marks.sentence
        self.strange = self.technical = self.overnight = False
        if self.aimed is not None:
            self.naming, self.strange = self.aimed, False
        self.caused = self.aimed = self.followed = None
        if token.text in marks.list:
            self._list()
        else:
            self.listed, self.queue = [], []
        self.clause += 1
        self.naming.clause()
        if token.text in marks.sentence:
            self.sentence += 1
            self.hypothetical = False
            self.when = self.base = self.premium = None
            self.last = None
            self.told = {}
        if token.text in "\r\n":
            self.naming.paragraph()

    def _figure(self, token: Token) -> Claim:
        self._behind()
        self.naming.weigh(token.figure)
        self.gap.closing = self.gap.closing or any("closing" in ahead.roles for ahead in self._near())
        if self.listed and not self.queue and self._joined() == len(self.listed):
            self.queue = [*self.listed, self._current()]  # 沪锌、沪铅收涨 0.31% 和 0.25%
        listed = bool(self.queue)
        subject = self.queue.pop(0) if listed else self._current()
        subject = Subject(subject.key) if not listed and self._blind(subject) else subject
        doubt = 0 if listed else self._doubt(subject)
        gap = self.gap
        if gap.relation is not None and gap.rival is None and not gap.side and gap.day is None:
            others = [one for key, one in self.told.items() if key != subject.key]
            gap.rival = others[-1] if others else Subject("?")
        aside = bool(self.aside) and self.last is not None
        if aside and self.last is not None and self.last.aspect == "difference" and gap.day is not None:
            gap.rival, gap.relation = self.last.rival, self.last.sign or 0  # 升水 1.58 元（前一日 0.72）
        setting = Setting(gap, self._against(subject), self.ahead, self.last, self.premium, aside, doubt)
        guessed = doubt == 2 and not (self.hypothetical or gap.crossing or self._crossed())
        frame = Claim(
            token, subject, "", day=self.when, base=self.base, sentence=self.sentence, clause=self.clause,
            guessed=guessed,
        )  # fmt: skip
        self.last = bind(token, setting, frame)
        self.told[subject.key], self.used = subject, True
        if gap.origin:
            self.when = None
        self.gap = gap if self.queue else Gap(rival=gap.rival, relation=gap.relation)
        return self.last

    def _joined(self) -> int:
        """How many figures follow this one, each joined to the one before by nothing but a list mark or 和."""
        marks, count = self.lexicon.vocabulary.marks.list, 0
        for joint, token in zip(self.rest[::2], self.rest[1::2], strict=False):
            if token.part != "figure" or not (joint.text in marks or "compare" in joint.roles):
                break
            count += 1
        return count

    def _blind(self, subject: Subject) -> bool:
        """Whether what stands around the figure keeps it from being the subject's number of a session."""
        own, gap = self.naming.own, self.gap
        if self.technical or gap.tangled or (self.strange and not (own or self.naming.own_market)):
            return True
        if self.carried and not own and not gap.closing:
            return True
        if self.overnight and not any(one.measure in ABROAD for one in subject.series):
            return True
        roles = {role for ahead in self._near() for role in ahead.roles}
        peak = "peak" in roles and not isinstance(self.when, date)
        return "technical" in roles or peak or ("hover" in roles and not gap.closing and not gap.direction)

    def _doubt(self, subject: Subject) -> int:
        """0: the words leave one reading; 1: another is possible; 2: the figure may be of something not named."""
        gap = self.gap
        guessed = self.naming.noun is None and self.naming.form in ("", "names") and not subject.sure
        guessed = guessed or gap.crossing or (subject.kind == "quote" and not subject.sure)
        if self.hypothetical or guessed or self._crossed():
            return 2
        lost = self.lost and not (self.naming.own or self.naming.own_market)
        return int(lost or gap.strangers >= STRANGERS)

    def _crossed(self) -> bool:
        """Whether a premium is told against something that no word names."""
        gap = self.gap
        crossed = gap.premium is not None and gap.rival is None and (gap.compare or gap.versus) and gap.day is None
        return crossed and not self.naming.contract

    def _against(self, subject: Subject) -> Subject:
        """The subject; a premium told against a contract (对 2405 合约升水) is the difference from its close."""
        gap = self.gap
        if not gap.versus or gap.rival is not None or not (gap.premium or gap.relation) or not self.naming.contract:
            return subject
        close = Naming(self.catalog, self.lexicon, self.day, self.naming.variety)
        close.name_variety(self.naming.variety, "futures")
        close.contract = self.naming.contract
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
            self.word(token)
            self.gap = gap
            self.strange = False

    def _implied(self, gap: Gap) -> Iterator[Claim]:
        """去库, 累库: which way the stocks went that everybody means, without a word for them."""
        if gap.direction is None or gap.word is None or gap.lasting or gap.turns or gap.strangers > BRIEF:
            return
        subject = Subject(f"{self.naming.variety} {gap.word.text}", kind="stock", variety=self.naming.variety)
        yield Claim(
            gap.word, subject, "trend", gap.direction.sign, None, False, self.when, self.base,
            sentence=self.sentence, clause=self.clause,
        )  # fmt: skip

    def _trend(self) -> Iterator[Claim]:
        """A direction word that no figure followed says which way the number went."""
        gap, subject = self.gap, self._current()
        if gap.direction is None or gap.word is None or self.hypothetical or self.technical or gap.rival:
            return
        if "implied" in gap.word.roles and not self.naming.own:
            yield from self._implied(gap)
            return
        own = self.naming.own or (gap.direction.sign == 0 and not self.strange)
        if not own or gap.strangers or not subject.sure or len(subject.series) != 1 or gap.wide:
            return
        close = subject.kind == "close" and "closing" not in gap.word.roles and gap.direction.sign != 0
        plainly = subject.kind == "close" and isinstance(self.when, date) and not gap.strangers  # 周四沪铜大幅下跌
        if (close and not plainly) or gap.lasting or gap.turns or (self.when is None and self.base is None):
            return
        width = gap.direction.kind == "width"
        yield Claim(
            gap.word, subject, "trend", gap.direction.sign, None, width, self.when, self.base,
            sentence=self.sentence, clause=self.clause,
        )  # fmt: skip
