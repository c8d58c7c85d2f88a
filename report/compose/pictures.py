"""What is looked at before it is read: heat strip, sparklines, the chart of a view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from report.compose.numbers import Numbers, day_of
from report.document import Chart, HeatCell, Line, Number, Spark
from report.entries import ChartEntry, Variety
from report.facts import Series

SESSIONS = 60
FEWEST = 20
MINUS = "\u2212"
Run = Sequence[tuple[date, Number]]  # oldest first, none missing


def spark(series: Series, numbers: Numbers) -> Spark:
    """The last 60 sessions of the series up to the one the report speaks of; empty where fewer than 20 are known."""
    run = _run(series, numbers)
    if len(run) < FEWEST:
        return Spark((), alt="历史不足，未画走势")
    until = numbers.standing(series).session
    alt = f"{numbers.catalog.entry(series).name}近 {len(run)} 个交易日走势，{extremes(run, until)}"
    return Spark(tuple(value for _, value in points(run)), run[0][0], run[-1][0], alt, until)


def heat(rows: list[tuple[str, Series]], numbers: Numbers) -> tuple[HeatCell, ...]:
    """One cell a variety, from the largest rise to the largest fall; those without a change last."""
    cells = [HeatCell(label, numbers.ratio(series)) for label, series in rows]
    known = [cell for cell in cells if cell.ratio.value is not None]
    unknown = [cell for cell in cells if cell.ratio.value is None]
    return (*sorted(known, key=lambda cell: cell.ratio.value or 0, reverse=True), *unknown)


def chart(variety: Variety, entry: ChartEntry, numbers: Numbers, source: str) -> Chart | None:
    """The view's chart: price left, the second series right. None where the price has too little history.

    The second line is left out where it has fewer than 20 sessions within the price's span.
    """
    drawn = [_line(numbers.catalog.series(variety, entry.price), numbers, "line", "left")]
    if entry.second:
        second = numbers.catalog.series(variety, entry.second)
        drawn.append(_line(second, numbers, entry.second_style, "right"))
    price, *others = drawn
    if price is None:
        return None
    kept = [price, *(other for other in others if other is not None)]
    lines = tuple(line for line, _ in kept)
    told = "；".join(words for _, words in kept)
    title = entry.title if len(lines) > 1 or not entry.second else lines[0].label
    return Chart(title, lines, source, f"{title}，近 {len(lines[0].points)} 个交易日：{told}")


def _line(series: Series, numbers: Numbers, style: str, axis: str) -> tuple[Line, str] | None:
    """The line and its words; None where fewer than 20 sessions are known."""
    run = _run(series, numbers)
    if len(run) < FEWEST:
        return None
    label, until = numbers.catalog.entry(series).name, numbers.standing(series).session
    decimals = numbers.catalog.decimals(series)
    line = Line(label, numbers.unit(series), points(run), style, axis, decimals, until=until)
    return line, f"{label} {extremes(run, until)}"


def _run(series: Series, numbers: Numbers) -> Run:
    """The last 60 numbers; none of the session itself where the tables print a dash for it."""
    standing = numbers.standing(series)
    facts = numbers.day.facts.run(series, standing.session, SESSIONS)
    shown = [fact for fact in facts if standing.today or fact.session < standing.session]
    return [(fact.session, numbers.of(fact, series)) for fact in shown]


def points(run: Run) -> tuple[tuple[date, float], ...]:
    """The run as it is drawn."""
    return tuple((day, float(number.value)) for day, number in run if number.value is not None)


def extremes(run: Run, until: date | None = None) -> str:
    """'最低 …，最高 …，最新 …', for those who cannot see a picture, rounded as everywhere.

    The last one's day is told where it is not `until`, the session spoken of: '最新（3月27日）…'.
    """
    values = [number.rounded or Decimal(0) for _, number in run]
    low, high, last = (f"{value:,f}".replace("-", MINUS) for value in (min(values), max(values), values[-1]))
    day = "" if until in (None, run[-1][0]) else f"（{day_of(run[-1][0])}）"
    return f"最低 {low}，最高 {high}，最新{day or ' '}{last}"
