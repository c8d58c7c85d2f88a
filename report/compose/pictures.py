"""What is looked at before it is read: heat strip, sparklines, the chart of a view."""

from __future__ import annotations

from datetime import date

from report.compose.numbers import Numbers
from report.document import Chart, HeatCell, Line, Spark
from report.entries import ChartEntry, Variety
from report.facts import Fact, Series

SESSIONS = 60
FEWEST = 20


def spark(series: Series, numbers: Numbers) -> Spark:
    """The last 60 sessions of the series up to the one the report speaks of; empty where fewer than 20 are known."""
    run = _run(series, numbers)
    if len(run) < FEWEST:
        return Spark((), alt="历史不足，未画走势")
    values = tuple(float(fact.value) for fact in run if fact.value is not None)
    label = numbers.catalog.entry(series).name
    alt = f"{label}近 {len(values)} 个交易日走势，{extremes(values, numbers.catalog.decimals(series))}"
    return Spark(values, run[0].session, run[-1].session, alt)


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
    price = _line(numbers.catalog.series(variety, entry.price), numbers, "line", "left")
    if price is None:
        return None
    lines = [price]
    if entry.second:
        second = _line(numbers.catalog.series(variety, entry.second), numbers, entry.second_style, "right")
        lines += [second] if second is not None else []
    told = "；".join(
        f"{line.label} {extremes(tuple(value for _, value in line.points), line.decimals)}" for line in lines
    )
    title = entry.title if len(lines) > 1 or not entry.second else lines[0].label
    return Chart(title, tuple(lines), source, f"{title}，近 {len(price.points)} 个交易日：{told}")


def _line(series: Series, numbers: Numbers, style: str, axis: str) -> Line | None:
    run = _run(series, numbers)
    if len(run) < FEWEST:
        return None
    points = tuple((fact.session, _shown(fact, series, numbers)) for fact in run)
    decimals = numbers.catalog.decimals(series)
    return Line(numbers.catalog.entry(series).name, numbers.unit(series), points, style, axis, decimals)


def _shown(fact: Fact, series: Series, numbers: Numbers) -> float:
    return float(numbers.of(fact, series).value or 0)


def _run(series: Series, numbers: Numbers) -> list[Fact]:
    until: date = numbers.standing(series).session
    return numbers.day.facts.run(series, until, SESSIONS)


def extremes(values: tuple[float, ...], decimals: int) -> str:
    """'最低 …，最高 …，最新 …', for those who cannot see a picture."""
    low, high, last = (f"{value:,.{decimals}f}" for value in (min(values), max(values), values[-1]))
    return f"最低 {low}，最高 {high}，最新 {last}"
