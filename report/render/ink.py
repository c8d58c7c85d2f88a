"""The few colours of the house, for what CSS cannot reach: inline SVG and the heat strip.

templates/house.css has the same values as custom properties; a test holds the two together.
"""

from __future__ import annotations

INK = "#1b2430"
ACCENT = "#8c1d18"
UP = "#b3261e"
DOWN = "#12754a"
FLAT = "#6b727b"
HAIR = "#dfe2e6"
WASH = "#dde3ea"
PAPER = "#ffffff"

READABLE = 4.5  # contrast of small letters, as WCAG 2 asks

TONES = {"up": UP, "down": DOWN, "flat": FLAT, "": INK}


def mixed(colour: str, share: float) -> str:
    """A colour on white paper: share 0 is white, 1 the colour itself."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(255 - (255 - part) * share):02x}" for part in parts)


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it, 0 (black) to 1 (white)."""
    channels = []
    for at in (1, 3, 5):
        part = int(colour[at : at + 2], 16) / 255
        channels.append(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 counts it, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def readable_on(colour: str) -> str:
    """White or ink, whichever has more contrast on that ground."""
    return max((INK, PAPER), key=lambda letters: contrast(colour, letters))


def heat(percent: float | None, most: float) -> tuple[str, str]:
    """Ground and letter colour of a heat cell; `most` is the change, in percent, that gets the full colour.

    A ground on which neither white nor ink can be read well is deepened until one can.
    """
    if percent is None or percent == 0:
        return "#eceef0", INK
    share = 0.10 + 0.75 * min(abs(percent) / most, 1.0) ** 0.75
    while True:
        ground = mixed(UP if percent > 0 else DOWN, share)
        letters = readable_on(ground)
        if contrast(ground, letters) >= READABLE or share >= 1:
            return ground, letters
        share = min(share + 0.02, 1.0)
