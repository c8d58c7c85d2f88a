"""Pictures of numbers as SVG: the sparkline of a table row, and a chart of one or more series on two axes.

WeasyPrint applies no page CSS inside SVG, so every fill and stroke is an attribute. Coordinates are rounded to a
tenth of a unit: the same numbers give the same bytes. Nothing here is markup from outside: every text goes through
`escape`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from markupsafe import Markup, escape

from report.document import Chart, Line, Spark
from report.render import ink
from report.render.axes import SMALL, WIDE, Axis, Frame, axes

DIGIT, PAD = 4.5, 5.0
STROKES = (ink.INK, ink.ACCENT, "#3f6c9b", "#8a6d1d")
DASHES = ("", "5 2.2", "1.6 1.8", "8 2 2 2")
DASHED = ("solid", "dashed", "dotted", "double")
FILLS = ("#38536f", "#8fa6bd", "#cbd6e0", ink.ACCENT, "#e9d8c3")
FAMILY = "Ribao Sans, Noto Sans SC, PingFang SC, Microsoft YaHei, sans-serif"


def spark(line: Spark, tone: str = "", otherwise: str = "") -> Markup:
    """The sparkline as an SVG element 100 × 16 units, '' where there are fewer than two values.

    tone colours the last point ('up', 'down', 'flat', ''); otherwise stands for a picture that has no words of its own.
    """
    values = [value for value in line.values if math.isfinite(value)]
    if len(values) < 2:
        return Markup("")
    low, high = min(values), max(values)
    height = (high - low) or 1.0
    step = 94.0 * _known(line) / (len(values) - 1)
    spots = [(2 + at * step, 13.5 - 11 * (value - low) / height) for at, value in enumerate(values)]
    return Markup(
        '<svg class="spark" viewBox="0 0 100 16" width="100" height="16" role="img"><title>{alt}</title>'
        '<path d="{path}" fill="none" stroke="{stroke}" stroke-width="1"/>'
        "{dot}</svg>"
    ).format(
        alt=line.alt or otherwise,
        path=path(spots),
        stroke="#66707c",
        dot=_dot(*spots[-1], ink.TONES[tone], _known(line) < 1),
    )


def _known(line: Spark) -> float:
    """The share of a sparkline's time there are numbers for: 1, and less where the session's own is missing."""
    if line.first is None or line.last is None or line.until is None or line.until <= line.last:
        return 1.0
    return (line.last - line.first) / (line.until - line.first)


def _dot(x: float, y: float, colour: str, behind: bool) -> Markup:
    """The dot a line ends on; a ring where it ends behind the session spoken of."""
    shape = '<circle cx="{:.1f}" cy="{:.1f}" r="1.9" fill="{}"/>'
    if behind:
        shape = '<circle cx="{:.1f}" cy="{:.1f}" r="1.5" fill="#ffffff" stroke="{}" stroke-width="0.8"/>'
    return Markup(shape).format(x, y, colour)


def path(spots: Sequence[tuple[float, float]]) -> str:
    """SVG path data through the spots, in tenths of a unit."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)


def chart(block: Chart) -> Markup:
    """The chart as an SVG element, '' where no series has two points."""
    frame = WIDE if block.wide else SMALL
    lines = [line for line in map(_finite, block.lines) if len(line.points) > 1]
    if not lines:
        return Markup("")
    days = sorted({day for line in lines for day in (*(day for day, _ in line.points), line.until) if day})
    scales = axes(lines, frame)
    left, right = _room(scales.get("left")), frame.width - _room(scales.get("right"))
    barred = block.wide and any(line.style == "bar" for line in lines)
    step = (right - left) / (len(days) if barred else len(days) - 1)
    across = {day: left + (at + barred / 2) * step for at, day in enumerate(days)}
    parts = [_frame(scales, left, right), _dates(days, across, frame, barred)]
    parts += _drawn(block, lines, across, scales, step)
    return Markup(
        '<svg class="chart" viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}" height="{h:.0f}" role="img" '
        'font-family="{family}" font-size="7.8"><title>{alt}</title>{parts}</svg>'
    ).format(w=frame.width, h=frame.height, family=FAMILY, alt=block.alt or block.title, parts=Markup("").join(parts))


def _drawn(
    block: Chart, lines: Sequence[Line], across: dict[date, float], scales: dict[str, Axis], step: float
) -> list[Markup]:
    """The series: what is stacked first, then bars, areas and lines, the first line on top."""
    piles: dict[date, tuple[float, float]] = {}
    parts = []
    for line in lines:
        if line.stacked:
            parts.append(_stacked(line, piles, across, scales[line.axis], stroke(block, line), step))
    order = {"bar": 0, "area": 1}
    plain = [line for line in lines if not line.stacked]
    numbered = sorted(enumerate(plain), key=lambda pair: (order.get(pair[1].style, 2), -pair[0]))
    return parts + [_series(line, across, scales[line.axis], block, step) for _, line in numbered]


def _finite(line: Line) -> Line:
    return replace(line, points=tuple(point for point in line.points if math.isfinite(point[1])))


def stroke(block: Chart, line: Line) -> str:
    """The colour of one series of a chart; the key beside the title wears the same."""
    if line.stacked:
        stacked = [each.label for each in block.lines if each.stacked]
        return FILLS[stacked.index(line.label) % len(FILLS)]
    if line.style in ("area", "bar"):
        return "#9fb0c3"
    return STROKES[_rank(block, line) % len(STROKES)]


def dash(block: Chart, line: Line) -> str:
    """The dash pattern that tells the lines of a wide chart apart without colour; '' for a whole line."""
    if not block.wide or line.stacked or line.style in ("area", "bar"):
        return ""
    return DASHES[_rank(block, line) % len(DASHES)]


def _rank(block: Chart, line: Line) -> int:
    plain = [each.label for each in block.lines if each.style not in ("area", "bar") and not each.stacked]
    return plain.index(line.label)


def _room(side: Axis | None) -> float:
    return PAD if side is None else PAD + DIGIT * max(map(len, side.ticks()))


def label(x: float, y: float, anchor: str, text: str, fill: str = "#5b646f") -> Markup:
    """A piece of text of an SVG picture."""
    return Markup('<text x="{:.1f}" y="{:.1f}" text-anchor="{}" fill="{}">{}</text>').format(x, y, anchor, fill, text)


def _frame(scales: dict[str, Axis], left: float, right: float) -> Markup:
    frame = next(iter(scales.values())).frame
    heights = [frame.floor - at * frame.rise / frame.intervals for at in range(frame.intervals + 1)]
    rules = [f"M{left:.1f} {y:.1f}H{right:.1f}" for y in heights]
    parts = [
        Markup('<path d="{}" stroke="{}" stroke-width="0.6"/>').format(data, colour)
        for data, colour in ((rules[0], "#9aa2ab"), ("".join(rules[1:]), ink.HAIR))
    ]
    for side, scale in scales.items():
        x, anchor = (left - 3, "end") if side == "left" else (right + 3, "start")
        parts += [label(x, y + 2.6, anchor, tick) for y, tick in zip(heights, scale.ticks(), strict=True)]
        if scale.low < 0 < scale.top:
            zero = f"M{left:.1f} {scale.height(0):.1f}H{right:.1f}"
            parts.append(Markup('<path d="{}" stroke="#9aa2ab" stroke-width="0.6"/>').format(zero))
    return Markup("").join(parts)


def _dates(days: Sequence[date], across: dict[date, float], frame: Frame, barred: bool) -> Markup:
    y = frame.height - 3.5
    if frame is SMALL:
        shown = {days[0]: "start", days[len(days) // 2]: "middle", days[-1]: "end"}
        return Markup("").join(
            label(across[day], y, anchor, f"{day.month:02d}-{day.day:02d}") for day, anchor in shown.items()
        )
    firsts = [day for day, before in zip(days[1:], days, strict=False) if day.month != before.month]
    firsts = [days[0], *firsts] if barred else firsts
    most = 12 if barred else 9
    every = next((one for one in (1, 2, 3, 6, 12, 24, 36) if len(firsts) / one <= most), 60)
    kept = [day for day in firsts if (day.year * 12 + day.month - 1) % every == 0] if every > 1 else firsts
    parts = []
    for day in kept:
        x = across[day]
        if not barred:
            parts.append(Markup(f'<path d="M{x:.1f} {frame.floor:.1f}v2.4" stroke="#9aa2ab" stroke-width="0.6"/>'))
        parts.append(label(x, y, "middle", f"{day.year}" if every >= 12 else f"{day:%Y-%m}"))
    return Markup("").join(parts)


def _series(line: Line, across: dict[date, float], scale: Axis, block: Chart, step: float) -> Markup:
    spots = [(across[day], scale.height(value)) for day, value in line.points]
    floor, colour = scale.frame.floor, stroke(block, line)
    if line.style == "bar":
        zero = scale.height(0)
        data = "".join(f"M{x:.1f} {zero:.1f}V{y:.1f}" for x, y in spots)
        return Markup(f'<path d="{data}" fill="none" stroke="{colour}" stroke-width="{max(step * 0.6, 0.4):.1f}"/>')
    data = path(spots)
    dashes = dash(block, line)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    pen = f'stroke="{escape(colour)}" stroke-width="1.2" stroke-linejoin="round"{dashed}'
    drawn = f'<path d="{data}" fill="none" {pen}/>'
    if line.style == "area":
        under = f"{data}L{spots[-1][0]:.1f} {floor:.1f}L{spots[0][0]:.1f} {floor:.1f}Z"
        return Markup(f'<path d="{under}" fill="#e6ebf1" stroke="none"/>{drawn}')
    behind = line.until is not None and line.points[-1][0] < line.until
    return Markup(drawn) + _dot(*spots[-1], colour, behind)


def _stacked(
    line: Line, piles: dict[date, tuple[float, float]], across: dict[date, float], scale: Axis, fill: str, step: float
) -> Markup:
    """A line on top of those before it, whose reach `piles` holds and is moved on; below zero it hangs down."""
    edges = []
    for day, value in line.points:
        low, high = piles.get(day, (0.0, 0.0))
        start, end = (low, low + value) if value < 0 else (high, high + value)
        piles[day] = (min(low, end), high) if value < 0 else (low, max(high, end))
        edges.append((across[day], scale.height(start), scale.height(end)))
    if line.style == "bar":
        data = "".join(f"M{x:.1f} {start:.1f}V{end:.1f}" for x, start, end in edges)
        wide = max(step * 0.62, 0.4)
        return Markup(f'<path d="{data}" fill="none" stroke="{escape(fill)}" stroke-width="{wide:.1f}"/>')
    under = path([(x, end) for x, _, end in edges]) + "".join(f"L{x:.1f} {y:.1f}" for x, y, _ in reversed(edges))
    return Markup(f'<path d="{under}Z" fill="{escape(fill)}" stroke="#ffffff" stroke-width="0.4"/>')


def swatch(block: Chart, line: Line) -> Markup:
    """What stands for a series in the key: a block of its fill, or a piece of its line, dashed as it is."""
    colour = stroke(block, line)
    if line.stacked or line.style in ("area", "bar"):
        return Markup('<i style="background:{}"></i>').format(colour)
    drawn = DASHED[DASHES.index(dash(block, line))]
    return Markup('<i class="stroke" style="border-top:1.3pt {} {}"></i>').format(drawn, colour)
