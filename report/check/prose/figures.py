"""A number as it is written: its bounds, rounding, unit, scale and sign."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from report.check.prose.vocabulary import Lexicon

DIGITS = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of the text, or a range from low to high, in the unit and scale (万) it is written in.

    step is one unit of its last written place, coarse one of its last place that is not zero. sign is -1 or 1 where the
    number carries one, else None. kind and unit are those of data/prose.toml; both are '' where no unit is written.
    """

    low: Decimal
    high: Decimal
    step: Decimal
    coarse: Decimal
    unit: str
    kind: str
    scale: Decimal
    sign: int | None
    written: str
    spelled: bool = False

    @property
    def ranged(self) -> bool:
        """Whether it is a range."""
        return self.low != self.high


class Numbers:
    """Reads the number that begins at a place of the plain text."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.marks = lexicon.vocabulary.marks
        told = lexicon.vocabulary.numerals
        ones, scales = told.digits + told.two, "".join(told.scales)
        self.spelled = re.compile(f"[{ones}](?:[{scales}][{ones}]?)+|[{ones}{told.ten}](?!{told.ten})")
        self.digits = re.compile(DIGITS)
        self.joiner = re.compile(f"[{re.escape(self.marks.range)}]")

    def at(self, text: str, place: int, moved: bool) -> tuple[Figure, int] | None:
        """The figure and where it ends, or None. moved: a direction word stands before it, so 至 begins a level."""
        sign, start = self._sign(text, place)
        one = self._value(text, start)
        if one is None:
            return None
        value, places, end, spelled = one
        scale, unit, after = self._unit(text, end)
        other = None if spelled else self._second(text, after, moved)
        high = value
        if other is not None and unit and other[4] != unit and other[4]:
            other = None
        if other is not None:
            high, more, after, scale, unit = other if unit == "" else (*other[:3], other[3] or scale, other[4] or unit)
            places = max(places, more)
        if spelled and not self._counts(text[start:end], unit):
            return None
        kind = self.lexicon.units[unit].kind if unit else ""
        canonical = self.lexicon.units[unit].unit if unit else ""
        step = Decimal(1).scaleb(-places)
        if spelled:
            step = Decimal(1).scaleb(_zeros(value))
        coarse = max(step, Decimal(1).scaleb(min(_zeros(value), _zeros(high))))
        low, high = min(value, high), max(value, high)
        factor = self.lexicon.vocabulary.scales[scale] if scale else Decimal(1)
        return Figure(low, high, step, coarse, canonical, kind, factor, sign, text[start:end], spelled), after

    def _sign(self, text: str, place: int) -> tuple[int | None, int]:
        char = text[place]
        if char not in self.marks.plus + self.marks.minus:
            return None, place
        before = text[place - 1 : place]
        if before and (before.isascii() and before not in "(:,"):
            return None, place
        return (1 if char in self.marks.plus else -1), place + 1

    def _value(self, text: str, place: int) -> tuple[Decimal, int, int, bool] | None:
        if match := self.digits.match(text, place):
            written = match[0].replace(",", "")
            return Decimal(written), len(written.partition(".")[2]), match.end(), False
        match = self.spelled.match(text, place)
        if match is None:
            return None
        return self._spelled(match[0]), 0, match.end(), True

    def _spelled(self, word: str) -> Decimal:
        told = self.lexicon.vocabulary.numerals
        total, digit, scale = Decimal(0), Decimal(0), Decimal(10)
        for char in word:
            if char in told.scales:
                scale = told.scales[char]
                total += (digit or 1) * scale
                digit = Decimal(0)
            elif char == told.ten:
                digit = Decimal(10)
            else:
                digit = Decimal(2) if char == told.two else Decimal(told.digits.index(char))
        if any(char in told.scales for char in word):
            return total + digit * scale / 10
        return digit

    def _counts(self, word: str, unit: str) -> bool:
        """Whether a number in 汉字 is one: of several characters with a scale, or with a unit of percent after it."""
        several = len(word) > 1
        return several or (bool(unit) and self.lexicon.units[unit].kind == "share")

    def _unit(self, text: str, place: int) -> tuple[str, str, int]:
        at = place + (text[place : place + 1] == " ")
        match = self.lexicon.unit.match(text, at)
        if match is None or not match[0]:
            return "", "", place
        if match[2] is None:
            return match[1], "", match.end()
        start = match.start(2)
        word = self.lexicon.word.match(text, start)
        if word is not None and word.end() > match.end():
            return (match[1], "", match.end(1)) if match[1] else ("", "", place)
        return match[1] or "", match[2], match.end()

    def _second(self, text: str, place: int, moved: bool) -> tuple[Decimal, int, int, str, str] | None:
        joiner = self.joiner.match(text, place)
        if joiner is None or (moved and not joiner[0].isascii()):
            return None
        match = self.digits.match(text, joiner.end())
        if match is None:
            return None
        written = match[0].replace(",", "")
        scale, unit, end = self._unit(text, match.end())
        return Decimal(written), len(written.partition(".")[2]), end, scale, unit


def _zeros(value: Decimal) -> int:
    """The power of ten of the last digit that is not zero."""
    exponent = value.normalize().as_tuple().exponent
    return exponent if isinstance(exponent, int) and value else 0
