"""Small pictures as SVG: the sparkline of a table row, and a chart of one or more series on two axes.

WeasyPrint applies no page CSS inside SVG, so every fill and stroke is an attribute. Coordinates are rounded to a
tenth of a unit: the same numbers give the same bytes. Nothing here is markup from outside: every text goes through
`escape`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from markupsafe import Markup, escape

from report.document import Chart, Line, Number, Spark
from report.render import ink
from report.render.format import written

WIDTH, HEIGHT = 200.0, 104.0
TOP, BOTTOM = 6.0, 14.0
DIGIT, PAD = 4.5, 5.0
INTERVALS = 3
STROKES = (ink.INK, ink.ACCENT, "#3f6c9b", "#8a6d1d")


def spark(line: Spark, tone: str = "", otherwise: str = "") -> Markup:
    """The sparkline as an SVG element 100 × 16 units, '' where there are fewer than two values.

    tone colours the last point ('up', 'down', 'flat', ''); otherwise stands for a picture that has no words of its own.
    """
    values = [value for value in line.values if math.isfinite(value)]
    if len(values) < 2:
        return Markup("")
    low, high = min(values), max(values)
    height = (high - low) or 1.0
    step = 94.0 / (len(values) - 1)
    spots = [(2 + at * step, 13.5 - 11 * (value - low) / height) for at, value in enumerate(values)]
    x, y = spots[-1]
    return Markup(
        '<svg class="spark" viewBox="0 0 100 16" width="100" height="16" role="img"><title>{alt}</title>'
        '<path d="{path}" fill="none" stroke="{stroke}" stroke-width="1"/>'
        '<circle cx="{x:.1f}" cy="{y:.1f}" r="1.9" fill="{dot}"/></svg>'
    ).format(alt=line.alt or otherwise, path=path(spots), stroke="#66707c", x=x, y=y, dot=ink.TONES[tone])


def path(spots: Sequence[tuple[float, float]]) -> str:
    """SVG path data through the spots, in tenths of a unit."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)


@dataclass(frozen=True, slots=True)
class Axis:
    """A value axis: its lowest tick, the step between ticks, and how many decimals the step needs."""

    low: float
    step: float
    decimals: int

    def height(self, value: float) -> float:
        """Where a value stands, in SVG units from the top."""
        share = (value - self.low) / (self.step * INTERVALS)
        return HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP)

    def ticks(self) -> list[str]:
        """The tick labels, lowest first."""
        values = (Decimal(repr(self.low)) + Decimal(repr(self.step)) * at for at in range(INTERVALS + 1))
        return [written(Number(value, decimals=self.decimals)) for value in values]


def axis(lines: Sequence[Line]) -> Axis:
    """The axis of round numbers that holds all the lines; bars stand on zero."""
    values = [value for line in lines for _, value in line.points]
    low, high = min(values), max(values)
    if any(line.style == "bar" for line in lines):
        low, high = min(low, 0.0), max(high, 0.0)
    if low == high:
        low, high = low - (abs(low) * 0.01 or 1.0), high + (abs(high) * 0.01 or 1.0)
    power = math.floor(math.log10((high - low) / INTERVALS)) - 1
    for exponent in range(power, power + 4):
        for digit in (1, 2, 2.5, 4, 5):
            step = digit * 10.0**exponent
            first = math.floor(low / step) * step
            if first + step * INTERVALS >= high - step * 1e-9:
                decimals = max(0, -exponent + (digit == 2.5))
                return Axis(round(first, 12), round(step, 12), decimals)
    raise AssertionError("a step of ten times the range holds it")


def chart(block: Chart) -> Markup:
    """The chart as an SVG element of WIDTH × HEIGHT units, '' where no series has two points."""
    lines = [line for line in map(_finite, block.lines) if len(line.points) > 1]
    if not lines:
        return Markup("")
    days = sorted({day for line in lines for day, _ in line.points})
    axes = {side: axis(of) for side in ("left", "right") if (of := [line for line in lines if line.axis == side])}
    left, right = _room(axes.get("left")), WIDTH - _room(axes.get("right"))
    step = (right - left) / (len(days) - 1)
    across = {day: left + at * step for at, day in enumerate(days)}
    parts = [_frame(axes, left, right), _dates(days, across)]
    order = {"bar": 0, "area": 1}
    numbered = sorted(enumerate(lines), key=lambda pair: (order.get(pair[1].style, 2), -pair[0]))
    parts += [_series(line, across, axes[line.axis], stroke(block, line), step) for _, line in numbered]
    return Markup(
        '<svg class="chart" viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}" height="{h:.0f}" role="img" '
        'font-family="Ribao Sans, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif" '
        'font-size="7.8"><title>{alt}</title>{parts}</svg>'
    ).format(w=WIDTH, h=HEIGHT, alt=block.alt or block.title, parts=Markup("").join(parts))


def _finite(line: Line) -> Line:
    return replace(line, points=tuple(point for point in line.points if math.isfinite(point[1])))


def stroke(block: Chart, line: Line) -> str:
    """The colour of one series of a chart; the key beside the title wears the same."""
    if line.style in ("area", "bar"):
        return "#9fb0c3"
    plain = [each.label for each in block.lines if each.style not in ("area", "bar")]
    return STROKES[plain.index(line.label) % len(STROKES)]


def _room(side: Axis | None) -> float:
    return PAD if side is None else PAD + DIGIT * max(map(len, side.ticks()))


def _label(x: float, y: float, anchor: str, text: str) -> Markup:
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" fill="#5b646f">{}</text>').format(x, y, anchor, text)


def _frame(axes: dict[str, Axis], left: float, right: float) -> Markup:
    heights = [HEIGHT - BOTTOM - at * (HEIGHT - BOTTOM - TOP) / INTERVALS for at in range(INTERVALS + 1)]
    rules = [f"M{left:.1f} {y:.1f}H{right:.1f}" for y in heights]
    parts = [
        Markup('<path d="{}" stroke="{}" stroke-width="0.6"/>').format(data, colour)
        for data, colour in ((rules[0], "#9aa2ab"), ("".join(rules[1:]), ink.HAIR))
    ]
    for side, scale in axes.items():
        x, anchor = (left - 3, "end") if side == "left" else (right + 3, "start")
        parts += [_label(x, y + 2.6, anchor, label) for y, label in zip(heights, scale.ticks(), strict=True)]
    return Markup("").join(parts)


def _dates(days: Sequence[date], across: dict[date, float]) -> Markup:
    shown = {days[0]: "start", days[len(days) // 2]: "middle", days[-1]: "end"}
    return Markup("").join(
        _label(across[day], HEIGHT - 3.5, anchor, f"{day.month:02d}-{day.day:02d}") for day, anchor in shown.items()
    )


def _series(line: Line, across: dict[date, float], scale: Axis, colour: str, step: float) -> Markup:
    spots = [(across[day], scale.height(value)) for day, value in line.points]
    floor = HEIGHT - BOTTOM
    if line.style == "bar":
        zero = scale.height(0)
        data = "".join(f"M{x:.1f} {zero:.1f}V{y:.1f}" for x, y in spots)
        return Markup(f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{max(step * 0.6, 0.4):.1f}"/>')
    data = path(spots)
    drawn = f'<path d="{data}" fill="none" stroke="{escape(colour)}" stroke-width="1.2" stroke-linejoin="round"/>'
    if line.style == "area":
        under = f"{data}L{spots[-1][0]:.1f} {floor:.1f}L{spots[0][0]:.1f} {floor:.1f}Z"
        return Markup(f'<path d="{under}" fill="#e6ebf1" stroke="none"/>{drawn}')
    x, y = spots[-1]
    return Markup(f'{drawn}<circle cx="{x:.1f}" cy="{y:.1f}" r="1.9" fill="{colour}"/>')
