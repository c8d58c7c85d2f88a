"""A passage as tokens: words of the lexicon, figures, days, contracts, marks, and what is none of these."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from report.check.prose.figures import Figure, Numbers
from report.check.prose.vocabulary import Lexicon, NounWords, Payload, compact

WIDE = {0xFF01 + i: 0x21 + i for i in range(94)} | {0x3000: 0x20, 0xFF5E: ord("~"), 0x301C: ord("~")}
WIDE |= dict.fromkeys((0x2212, 0x2013, 0x2014, 0xFF0D, 0x2010, 0x2011), ord("-"))
KEPT = {ord(char) + 0xFEE0: ord(char) + 0xFEE0 for char in ",:;!?()"}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a passage; start and end are offsets in the passage as it was typed.

    part is word, figure, day, contract, mark, skip (a grade, a phase, a model: no figure to check) or rest. A word's
    roles say what it may be; a day's `day` is (year, month, day) with 0 for what is not said, or (week, weekday).
    """

    part: str
    text: str
    start: int
    end: int
    roles: Mapping[str, Payload] = field(default_factory=dict)
    figure: Figure | None = None
    day: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plain:
    """A passage with letters large, wide characters narrow and needless spaces gone; offsets lead back."""

    text: str
    offsets: tuple[int, ...]

    def token(self, part: str, start: int, end: int, **more: object) -> Token:
        """The token between two places of the plain text."""
        return Token(part, self.text[start:end], self.offsets[start], self.offsets[end - 1] + 1, **more)  # type: ignore[arg-type]


def plain(text: str) -> Plain:
    """The passage made plain; a space stays where it parts two letters or digits."""
    table = {key: value for key, value in WIDE.items() if key not in KEPT}
    kept: list[tuple[str, int]] = []
    for place, char in enumerate(text.translate(table).upper()):
        if char in " \t\xa0":
            before, after = text[place - 1 : place], text[place + 1 : place + 2]
            if before.isascii() and before.isalnum() and after.isascii() and after.isalnum():
                kept.append((" ", place))
        else:
            kept.append((char, place))
    return Plain("".join(char for char, _ in kept), tuple(place for _, place in kept))


@lru_cache(maxsize=4)
def scanner(lexicon: Lexicon) -> Scanner:
    """The scanner of that lexicon."""
    return Scanner(lexicon)


class Scanner:
    """Cuts passages into tokens."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.numbers = Numbers(lexicon)
        days, marks = lexicon.vocabulary.days, lexicon.vocabulary.marks
        year, month, last = days.year, days.month, f"[{days.day}]"
        weeks = "|".join(days.weekday_prefix)
        names = days.weekday_names + days.weekday_sunday
        prefix = "|".join((*days.last_prefix, *days.next_prefix, *days.this_prefix))
        contract = "|".join(days.contract)
        self.marks = marks.sentence + marks.clause + marks.open + marks.close + marks.quote
        self.full_day = re.compile(rf"(?:(\d{{4}}){year})?(\d{{1,2}}){month}(\d{{1,2}}){last}")
        self.iso_day = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
        self.only_day = re.compile(rf"(\d{{1,2}}){last}(?![A-Z0-9])")
        self.period = re.compile(rf"(?:19|20)\d{{2}}{year}(?:\d{{1,2}}{month})?|\d{{1,2}}{month}(?!\d)|Q[1-4]")
        self.weekday = re.compile(rf"({prefix})?(?:{weeks})([{names}])")
        self.contract = re.compile(rf"[A-Z]{{1,2}}\d{{3,4}}(?!\d)|\d{{1,2}}{month}?(?={contract})")
        self.grade = re.compile(r"\d+(?:\.\d+)?#|#\d+|\d+(?:\.\d+)?%(?=FE)|[A-Z]+\d[A-Z0-9.]*|\d+[A-Z]+\d+")
        self.bare_contract = re.compile(r"\d{2}(?:0[1-9]|1[0-2])(?![\d.,%])")

    def tokens(self, text: str) -> list[Token]:
        """The tokens of a passage, in order, spaces left out."""
        source = plain(text)
        found: list[Token] = []
        place = 0
        while place < len(source.text):
            if source.text[place] == " ":
                place += 1
                continue
            token, place = self._next(source, place, found)
            if token.part == "rest" and found and found[-1].part == "rest" and found[-1].end == token.start:
                token = Token("rest", found[-1].text + token.text, found.pop().start, token.end)
            found.append(token)
        return found

    def _next(self, source: Plain, place: int, found: list[Token]) -> tuple[Token, int]:
        char = source.text[place]
        if char in self.marks:
            return source.token("mark", place, place + 1), place + 1
        for look in (self._day, self._contract, self._number, self._word):
            hit = look(source, place, found)
            if hit is not None:
                return hit
        return source.token("rest", place, place + 1), place + 1

    def _day(self, source: Plain, place: int, found: list[Token]) -> tuple[Token, int] | None:
        if not (source.text[place].isdigit() and place and source.text[place - 1] in ".0123456789"):
            for pattern in (self.full_day, self.iso_day, self.only_day):
                if (match := pattern.match(source.text, place)) and not self._longer(source, match):
                    told = tuple(int(part or 0) for part in match.groups())
                    day = (0,) * (3 - len(told)) + told
                    return source.token("day", place, match.end(), day=day), match.end()
            if (match := self.period.match(source.text, place)) and not self._longer(source, match):
                return source.token("day", place, match.end(), day=(0,)), match.end()
        if match := self.weekday.match(source.text, place):
            days = self.lexicon.vocabulary.days
            week = {**dict.fromkeys(days.last_prefix, -1), **dict.fromkeys(days.next_prefix, 1)}.get(match[1] or "", 0)
            names = days.weekday_names
            weekday = names.index(match[2]) if match[2] in names else len(names) - 1
            return source.token("day", place, match.end(), day=(week, weekday)), match.end()
        return None

    def _longer(self, source: Plain, match: re.Match[str]) -> bool:
        word = self.lexicon.word.match(source.text, match.start())
        return word is not None and word.end() > match.end()

    def _contract(self, source: Plain, place: int, found: list[Token]) -> tuple[Token, int] | None:
        match = self.contract.match(source.text, place)
        if match is None and (bare := self.bare_contract.match(source.text, place)):
            told = self._awaits_contract(found) or self._counted(source, bare.end())
            match = bare if told and not self._has_unit(source, bare.end()) else None
        if match and not self._longer(source, match):
            return source.token("contract", place, match.end()), match.end()
        match = self.grade.match(source.text, place)
        touching = source.text[place - 1 : place]
        if match and not self._longer(source, match) and not (touching.isascii() and touching.isalnum()):
            word = self.lexicon.word.match(source.text, place)
            if word is None or word.end() == match.end() or not match[0][0].isalpha():
                return (
                    None if word and word.end() == match.end() else (source.token("skip", *match.span()), match.end())
                )
        return None

    def _awaits_contract(self, found: list[Token]) -> bool:
        if not found or found[-1].part != "word":
            return bool(found) and found[-1].part == "contract"
        roles = found[-1].roles
        named = roles.get("variety")
        at_home = isinstance(named, tuple) and named[1] in ("futures", "names")
        noun = roles.get("noun")
        at_home = at_home or (isinstance(noun, NounWords) and noun.kind == "close")
        return at_home or "main" in roles or "contract_word" in roles or "versus" in roles

    def _counted(self, source: Plain, place: int) -> bool:
        """Whether what is counted of a contract follows at once: 2407 持仓."""
        word = self.lexicon.word.match(source.text, place)
        roles = self.lexicon.roles[compact(word[0])] if word else {}
        return isinstance(noun := roles.get("noun"), NounWords) and noun.kind in ("turnover", "close")

    def _has_unit(self, source: Plain, place: int) -> bool:
        match = self.lexicon.unit.match(source.text, place)
        return bool(match and match[0])

    def _number(self, source: Plain, place: int, found: list[Token]) -> tuple[Token, int] | None:
        before = found[-1] if found else None
        hit = self.numbers.at(source.text, place, bool(before and "direction" in before.roles))
        if hit is None:
            return None
        figure, end = hit
        word = self.lexicon.word.match(source.text, place)
        if word is not None and word.end() > place + len(figure.written.split(" ")[0]) and not figure.spelled:
            return None
        boxed = source.text[place - 1 : place] in "(（" and source.text[end : end + 1] in ")）" and place > 0
        ordinal = before is not None and "ordinal" in before.roles
        graded = boxed and figure.low != figure.high and figure.kind == "share"
        part = "skip" if ordinal or graded or figure.kind == "count" else "figure"
        return source.token(part, place, end, figure=figure), end

    def _word(self, source: Plain, place: int, found: list[Token]) -> tuple[Token, int] | None:
        match = self.lexicon.word.match(source.text, place)
        if match is None:
            return None
        return source.token("word", place, match.end(), roles=self.lexicon.roles[compact(match[0])]), match.end()
