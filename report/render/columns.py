"""Plain text tables: columns lined up by the width of their characters, a Han character counting two."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from report.render.format import DIGIT_SPACE, POINT_SPACE

BLANKS = str.maketrans({DIGIT_SPACE: " ", POINT_SPACE: " "})


def width(text: str) -> int:
    """How many cells of a terminal the text takes: 2 for wide and full-width characters, 0 for combining ones."""
    return sum(_cells(character) for character in text)


def _cells(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def columns(rows: Sequence[Sequence[str]], sides: str) -> str:
    """The rows as lines, each column as wide as its widest cell; sides has 'l' or 'r' for each column."""
    cells = [[str(cell).translate(BLANKS) for cell in row] for row in rows]
    widths = [max(width(row[at]) for row in cells) for at in range(len(sides))]
    return "\n".join("  ".join(map(_set, row, widths, sides)).rstrip() for row in cells)


def _set(cell: str, room: int, side: str) -> str:
    blank = " " * (room - width(cell))
    return blank + cell if side == "r" else cell + blank
