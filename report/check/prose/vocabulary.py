"""data/prose.toml: how analysts call instruments, measures, directions and days; and the lexicon made of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from report import catalog as catalogs
from report.entries import Entry, Exact

FILE = "prose.toml"
Payload = object


class Marks(Entry):
    """The characters that end a sentence or a clause, part a list, open and close an aside, quote, join, sign."""

    sentence: str
    clause: str
    list: str
    open: str
    close: str
    quote: str
    range: str
    plus: str
    minus: str


class UnitWords(Entry):
    """Ways to write one unit. kind: price, amount, share (of a hundred), other, count (nothing to check)."""

    words: tuple[str, ...]
    unit: str
    kind: Literal["price", "amount", "share", "other", "count"]


class VarietyWords(Entry):
    """What one variety is called: names in general, and its instruments at home, on the LME and on COMEX."""

    code: str
    names: tuple[str, ...] = ()
    futures: tuple[str, ...] = ()
    lme: tuple[str, ...] = ()
    comex: tuple[str, ...] = ()


class NounWords(Entry):
    """What one measure is called, and which series it is on which market ('' where none is named).

    variety: whose it is wherever it is named; within: only where that variety is spoken of; first: of the series it
    may be, the first that the variety has; tails: words that right after it, or in its wake, mean it again; portion:
    the measure that its share (占比) is.
    """

    words: tuple[str, ...]
    kind: Literal["close", "price", "quote", "stock", "turnover", "premium", "brand", "absolute", "ratio"]
    measures: Mapping[str, tuple[str, ...]]
    variety: str = ""
    within: bool = False
    first: bool = False
    tails: tuple[str, ...] = ()
    portion: str = ""


class DirectionWords(Entry):
    """Words of one direction. kind: move, stock, width (of the absolute value), flat."""

    words: tuple[str, ...]
    sign: Literal[-1, 0, 1]
    kind: Literal["move", "stock", "width", "flat"]


class Premiums(Entry):
    """Words above, below and at the price compared with."""

    up: tuple[str, ...]
    down: tuple[str, ...]
    flat: tuple[str, ...]


class Widths(Entry):
    """Words whose number is a percentage of change."""

    up: tuple[str, ...]
    down: tuple[str, ...]
    both: tuple[str, ...]


class Approximate(Entry):
    """Words that loosen a number, before or after it; above and below allow one side only."""

    before: tuple[str, ...]
    after: tuple[str, ...]
    above_before: tuple[str, ...]
    above_after: tuple[str, ...]
    below_before: tuple[str, ...]
    below_after: tuple[str, ...]


class Days(Entry):
    """Words for days; session is the day the report speaks of, report the day it is dated."""

    session: tuple[str, ...]
    previous: tuple[str, ...]
    report: tuple[str, ...]
    week: tuple[str, ...]
    last_week: tuple[str, ...]
    far: tuple[str, ...]
    weekday_prefix: tuple[str, ...]
    weekday_names: str
    weekday_sunday: str
    last_prefix: tuple[str, ...]
    next_prefix: tuple[str, ...]
    this_prefix: tuple[str, ...]
    year: str
    month: str
    day: str
    contract: tuple[str, ...]
    main: tuple[str, ...]


class Numerals(Entry):
    """The characters a number may be written in."""

    digits: str
    two: str
    ten: str
    scales: Mapping[str, Exact]


class Stances(Entry):
    """Words of a stance, and words before one that turn or weaken it."""

    words: Mapping[str, tuple[str, ...]]
    against: tuple[str, ...]


class Vocabulary(Entry):
    """data/prose.toml, whole."""

    marks: Marks
    scales: Mapping[str, Exact]
    unit: tuple[UnitWords, ...]
    lots: Mapping[str, Exact]
    variety: tuple[VarietyWords, ...]
    markets: Mapping[str, tuple[str, ...]]
    noun: tuple[NounWords, ...]
    direction: tuple[DirectionWords, ...]
    premiums: Premiums
    widths: Widths
    words: Mapping[str, tuple[str, ...]]
    approximate: Approximate
    days: Days
    numerals: Numerals
    stances: Stances


@dataclass(frozen=True)
class Role:
    """One thing a word may be: its part in the sentence, and what it says in that part."""

    part: str
    value: Payload = None


class Lexicon:
    """Every word of the vocabulary with its roles, and the patterns the scanner needs."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.roles: dict[str, dict[str, Payload]] = {}
        for word, role in _words(vocabulary):
            self.roles.setdefault(compact(word), {}).setdefault(role.part, role.value)
        self.units = {compact(word): unit for unit in vocabulary.unit for word in unit.words}

    @cached_property
    def word(self) -> re.Pattern[str]:
        """Matches the longest word at a place; a word of letters or digits only where no letter or digit touches it."""
        return re.compile("|".join(_edged(word) for word in _longest(self.roles)))

    @cached_property
    def unit(self) -> re.Pattern[str]:
        """Matches a unit, with its scale (万) in group 1 and the unit itself in group 2; either may be absent."""
        scales = "|".join(_longest(self.vocabulary.scales))
        units = "|".join(re.escape(unit) + ("(?![A-Z])" if unit[-1].isascii() else "") for unit in _longest(self.units))
        return re.compile(f"({scales})?({units})?")


def compact(word: str) -> str:
    """The word as the scanner sees it: without spaces, letters large."""
    return re.sub(r"\s+", "", word).upper()


def _longest(words: Mapping[str, object]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _edged(word: str) -> str:
    """A word's pattern: where the plain text may keep a space between its letters, one is allowed."""
    body = re.sub(r"(?<=[A-Z0-9])(?=[A-Z0-9])", " ?", re.sub(r"([^A-Z0-9])", lambda char: re.escape(char[0]), word))
    before = r"(?<![A-Z0-9.])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![A-Z])" if word[-1].isascii() and word[-1].isalpha() else ""
    after = r"(?![0-9])" if word[-1].isdigit() else after
    return before + body + after


def _words(vocabulary: Vocabulary) -> Iterator[tuple[str, Role]]:
    for variety in vocabulary.variety:
        for form in ("futures", "lme", "comex", "names"):
            yield from ((word, Role("variety", (variety.code, form))) for word in getattr(variety, form))
    for market, words in vocabulary.markets.items():
        yield from ((word, Role("market", market)) for word in words)
    for noun in vocabulary.noun:
        yield from ((word, Role("noun", noun)) for word in noun.words)
    for direction in vocabulary.direction:
        yield from ((word, Role("direction", direction)) for word in direction.words)
        arrivals = tuple(vocabulary.words["to"])
        yield from ((word, Role("arrives")) for word in direction.words if word.endswith(arrivals))
    signs = {"up": 1, "down": -1, "flat": 0, "both": None}
    for part, group in (("premium", vocabulary.premiums), ("width", vocabulary.widths)):
        for name in type(group).model_fields:
            yield from ((word, Role(part, signs[name])) for word in getattr(group, name))
    for name in type(vocabulary.approximate).model_fields:
        yield from ((word, Role("approximate", name)) for word in getattr(vocabulary.approximate, name))
    for name in ("session", "previous", "report", "week", "last_week", "far"):
        yield from ((word, Role("day", name)) for word in getattr(vocabulary.days, name))
    yield from ((word, Role("contract_word")) for word in vocabulary.days.contract)
    yield from ((word, Role("main")) for word in vocabulary.days.main)
    for part, words in vocabulary.words.items():
        yield from ((word, Role(part)) for word in words)


@lru_cache(maxsize=8)
def lexicon(folders: tuple[Path, ...]) -> Lexicon:
    """The lexicon of the first folder that has data/prose.toml. Raises CatalogError for a mistake in it."""
    return Lexicon(catalogs.entry(folders, FILE, Vocabulary))
