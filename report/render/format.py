"""How a number is written: one rule for every format.

Thousands commas, fixed decimals rounded half away from zero, a real minus (U+2212), a plus sign where the document asks
for one, a dash for what is missing. Zero never carries a sign. Colour follows what is printed, never what was rounded
off.
"""

from __future__ import annotations

from collections.abc import Iterable

from markupsafe import Markup

from report.document import Number

MINUS = "\u2212"
DASH = "—"
DIGIT_SPACE = "\u2007"  # as wide as a figure
POINT_SPACE = "\u2008"  # as wide as a full stop


def written(number: Number) -> str:
    """The number as it is printed, without its unit: '72,500', '+1.20', '−0.48', '0.00', '—'."""
    value = number.rounded
    if value is None:
        return DASH
    digits = f"{value.copy_abs():,f}"
    if value.is_zero() or number.absolute:
        return digits
    if value < 0:
        return MINUS + digits
    return "+" + digits if number.signed else digits


def tone(number: Number) -> str:
    """'up', 'down' or 'flat' by the printed value, '' for a number that wears no colour. Missing is 'flat'."""
    if not number.coloured:
        return ""
    value = number.rounded
    if value is None or value.is_zero():
        return "flat"
    return "up" if value > 0 else "down"


def places(numbers: Iterable[Number]) -> int:
    """The most decimals printed among the numbers: what `aligned` pads a column to. 0 for none."""
    return max((max(number.decimals, 0) for number in numbers if number.rounded is not None), default=0)


def aligned(number: Number, most: int, room: int = 99) -> str:
    """The written number, padded on the right so that decimal points stand under each other in a right-aligned column.

    most: the decimals of the column. room: the characters a column has; a longer number is padded only as far as it
    goes.
    """
    text = written(number)
    own = max(number.decimals, 0) if number.rounded is not None else 0
    if own >= most:
        return text
    blank = ("" if own else POINT_SPACE) + DIGIT_SPACE * (most - own)
    return text + blank[: max(room - len(text), 0)]


def tight(text: str, room: float) -> Markup:
    """The style attribute that sets a number smaller where its cell is too narrow for it; '' where it has room.

    room: how many figures of the table's own size the cell holds, of which a comma or point takes half of one.
    """
    needed = sum(0.5 if each in f",.{POINT_SPACE}" else 1.0 for each in text)
    return Markup(' style="font-size:{:.2f}em"').format(room / needed) if needed > room else Markup("")
