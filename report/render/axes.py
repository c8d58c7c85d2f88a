"""The room a chart takes, and its value axes: round numbers that hold what is drawn."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from report.document import Line, Number
from report.render.format import written


@dataclass(frozen=True, slots=True)
class Frame:
    """How large a chart is, in SVG units: its sides, the room above and below the axes, the steps between ticks."""

    width: float
    height: float
    top: float = 6.0
    bottom: float = 14.0
    intervals: int = 3

    @property
    def floor(self) -> float:
        """Where the lowest tick stands."""
        return self.height - self.bottom

    @property
    def rise(self) -> float:
        """From the lowest tick to the highest."""
        return self.height - self.bottom - self.top


SMALL = Frame(200.0, 104.0)
WIDE = Frame(420.0, 140.0, intervals=4)
STEPS = (4, 5, 6, 3)
"""How many steps the axes of a wide chart may have."""


@dataclass(frozen=True, slots=True)
class Axis:
    """A value axis: its lowest tick, the step between ticks, and how many decimals the step needs."""

    low: float
    step: float
    decimals: int
    frame: Frame = SMALL

    def height(self, value: float) -> float:
        """Where a value stands, in SVG units from the top."""
        share = (value - self.low) / (self.step * self.frame.intervals)
        return self.frame.floor - share * self.frame.rise

    def ticks(self) -> list[str]:
        """The tick labels, lowest first."""
        values = (Decimal(repr(self.low)) + Decimal(repr(self.step)) * at for at in range(self.frame.intervals + 1))
        return [written(Number(value, decimals=self.decimals)) for value in values]

    @property
    def top(self) -> float:
        """The value of the highest tick."""
        return self.low + self.step * self.frame.intervals


def axes(lines: Sequence[Line], frame: Frame) -> dict[str, Axis]:
    """The axis of each side that has lines, all of as many steps; of a wide chart so many that least is left empty."""
    sides = {side: of for side in ("left", "right") if (of := [line for line in lines if line.axis == side])}
    frames = [replace(frame, intervals=count) for count in STEPS] if frame is WIDE else [frame]
    choices = [{side: axis(of, each) for side, of in sides.items()} for each in frames]
    return min(choices, key=lambda made: sum(_empty(made[side], of) for side, of in sides.items()))


def _empty(made: Axis, lines: Sequence[Line]) -> float:
    """The share of an axis that nothing reaches, to a hundredth."""
    low, high = _reach(lines)
    return round(1 - (high - low) / (made.top - made.low), 2)


def _reach(lines: Sequence[Line]) -> tuple[float, float]:
    """The lowest and highest value that has to stand on the axis."""
    values = [value for line in lines if not line.stacked for _, value in line.points]
    values += [value for reach in piles(lines).values() for value in reach]
    low, high = min(values), max(values)
    if any(line.style == "bar" or line.stacked for line in lines):
        low, high = min(low, 0.0), max(high, 0.0)
    return low, high


def axis(lines: Sequence[Line], frame: Frame = SMALL) -> Axis:
    """The axis of round numbers that holds all the lines; bars and what is stacked stand on zero."""
    low, high = _reach(lines)
    if low == high:
        low, high = low - (abs(low) * 0.01 or 1.0), high + (abs(high) * 0.01 or 1.0)
    power = math.floor(math.log10((high - low) / frame.intervals)) - 1
    for exponent in range(power, power + 4):
        for digit in (1, 2, 2.5, 4, 5):
            step = digit * 10.0**exponent
            first = math.floor(low / step) * step
            if first + step * frame.intervals >= high - step * 1e-9:
                decimals = max(0, -exponent + (digit == 2.5))
                return Axis(round(first, 12), round(step, 12), decimals, frame)
    raise AssertionError("a step of ten times the range holds it")


def piles(lines: Sequence[Line]) -> dict[date, tuple[float, float]]:
    """How far below and above zero the stacked lines reach together on each day."""
    reach: dict[date, tuple[float, float]] = {}
    for line in lines:
        for day, value in line.points if line.stacked else ():
            low, high = reach.get(day, (0.0, 0.0))
            reach[day] = (low + min(value, 0.0), high + max(value, 0.0))
    return reach
