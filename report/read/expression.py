"""A number in a note's text, written as an expression between {{ and }}: parsed by a small grammar, never run.

    expression = sum [ "over" sum ] [ "in" unit ] [ "places" digit ] [ "abs" ]
    sum        = quantity { ( "+" | "-" ) quantity }
    quantity   = name ( "at" day | "from" day "to" day )

`{{ on_rrp at 2022-05-04 in 亿美元 }}` is a level, `from … to …` the change between two days, `over` a share. A name is
one the front page binds, or a measure of the catalogue: `{{ 银行准备金 at 2022-05-04 }}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from report.manuscript import Expression, Quantity

NAME = re.compile(r"[^\W\d_]\w*")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
UNIT = re.compile(r"[^\s{}+]+")
WORDS = ("at", "from", "to", "over", "in", "places", "abs")
LONGEST = 400
EXAMPLE = "write it as {{ on_rrp at 2022-05-04 in 亿美元 }} or {{ on_rrp from 2022-06-01 to 2023-03-22 in 亿美元 }}"


class NotAnExpression(ValueError):
    """The text cannot be read; the message says what was expected and what stands there."""


def parse(text: str) -> Expression:
    """The expression a text between the braces is. Raises NotAnExpression."""
    if len(text) > LONGEST:
        raise NotAnExpression(f"longer than {LONGEST} characters; {EXAMPLE}")
    reader = _Reader(text.split())
    top = tuple(reader.sum())
    bottom = tuple(reader.sum()) if reader.take("over") else ()
    unit = reader.matching(UNIT, "a unit") if reader.take("in") else ""
    places = int(reader.matching(re.compile("[0-6]"), "a digit from 0 to 6")) if reader.take("places") else None
    absolute = reader.take("abs")
    if reader.rest:
        raise NotAnExpression(f"expected the end, found '{reader.rest[0]}'; {EXAMPLE}")
    return Expression(" ".join(text.split()), top, bottom, unit, places, absolute)


class _Reader:
    """The words that are left, taken one after the other."""

    def __init__(self, words: list[str]) -> None:
        self.rest = words

    def take(self, word: str) -> bool:
        """Whether that word comes next; if so it is taken."""
        found = bool(self.rest) and self.rest[0] == word
        if found:
            self.rest = self.rest[1:]
        return found

    def matching(self, pattern: re.Pattern[str], wanted: str) -> str:
        """The next word, which must be of that form. Raises NotAnExpression."""
        word = self.rest[0] if self.rest else "nothing"
        if not self.rest or not pattern.fullmatch(word) or (pattern is NAME and word in WORDS):
            raise NotAnExpression(f"expected {wanted}, found '{word}'; {EXAMPLE}")
        self.rest = self.rest[1:]
        return word

    def sum(self) -> Iterator[tuple[int, Quantity]]:
        """Signed quantities, at least one."""
        yield 1, self._quantity()
        while self.rest and self.rest[0] in "+-":
            sign = 1 if self.rest[0] == "+" else -1
            self.rest = self.rest[1:]
            yield sign, self._quantity()

    def _quantity(self) -> Quantity:
        name = self.matching(NAME, "a name")
        if self.take("from"):
            since = self._day()
            if not self.take("to"):
                self.matching(re.compile("to"), "'to'")
            until = self._day()
            if until <= since:
                raise NotAnExpression(f"{until} does not come after {since}; turn the two days round")
            return Quantity(name, until, since)
        if not self.take("at"):
            self.matching(re.compile("at"), "'at' or 'from'")
        return Quantity(name, self._day())

    def _day(self) -> date:
        word = self.matching(DAY, "a day such as 2022-05-04")
        try:
            return date.fromisoformat(word)
        except ValueError:
            raise NotAnExpression(f"'{word}' is no day; {EXAMPLE}") from None
