"""The panel of dollar liquidity in a view: ON RRP, reserves, the Treasury's account, and who absorbed the runoff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from report.compose.drafting import draft
from report.compose.numbers import Numbers, day_of
from report.compose.pictures import Run, extremes, points
from report.document import Block, Chart, Column, Figures, Line, Number, Prose
from report.entries import LiquidityEntry, Variety
from report.facts import PERIOD, WEEK, Series, Standing

MEASURES = ("overnight_reverse_repo", "reserve_balances", "treasury_general_account", "securities_held")
SHARE = "runoff_absorbed_ratio"
FEWEST = 5


def panel(variety: Variety, entry: LiquidityEntry, numbers: Numbers) -> Iterator[Block]:
    """The picture, the table and its sentences; nothing where the day has no numbers for it."""
    if Series(variety.code, MEASURES[0], WEEK) not in numbers.day.standings:
        return
    picture = _picture(variety, entry, numbers)
    if picture is not None:
        yield picture
    yield _table(variety, entry, numbers)
    drafted = draft(variety, numbers, entry.draft)
    if drafted:
        yield Prose(drafted, "drafted")


def _picture(variety: Variety, entry: LiquidityEntry, numbers: Numbers) -> Chart | None:
    """ON RRP and reserves over the panel's weeks; None where one of them has fewer than five numbers."""
    pair = [numbers.standing(Series(variety.code, name, WEEK)) for name in MEASURES[:2]]
    runs = [_run(standing, entry.weeks, numbers) for standing in pair]
    if any(len(run) < FEWEST for run in runs):
        return None
    units = [numbers.unit(one.today.series if one.today else one.series) for one in pair]
    lines = tuple(
        Line(_name(standing, numbers), unit, points(run), style, axis, until=standing.session)
        for standing, unit, run, style, axis in zip(pair, units, runs, ("line", "area"), ("left", "right"), strict=True)
    )
    title = "与".join(line.label for line in lines)
    told = "；".join(f"{line.label} {extremes(run, line.until)}" for line, run in zip(lines, runs, strict=True))
    return Chart(title, lines, entry.source, f"{title}，近 {entry.weeks} 周：{told}")


def _run(standing: Standing, weeks: int, numbers: Numbers) -> Run:
    series = standing.today.series if standing.today else standing.series
    since = standing.session - timedelta(weeks=weeks)
    facts = numbers.day.facts.run(series, standing.session, 7 * weeks)
    return [(fact.session, numbers.of(fact, series)) for fact in facts if fact.session >= since]


def _table(variety: Variety, entry: LiquidityEntry, numbers: Numbers) -> Figures:
    """A column a measure and one for the share; rows: the level, the change over a week, the change over the weeks."""
    held = {
        basis: [numbers.standing(Series(variety.code, name, basis)) for name in MEASURES] for basis in (WEEK, PERIOD)
    }
    week = held[WEEK]
    share = Series(variety.code, SHARE, PERIOD)
    columns = (
        Column(entry.title, "text"),
        *(Column(_name(one, numbers)) for one in week),
        Column(f"{numbers.catalog.measures[SHARE].name}/%"),
    )
    levels = tuple(numbers.of(one.today, one.series) for one in week)
    rows: list[tuple[str | Number, ...]] = [(f"{day_of(week[0].session)}，{numbers.unit(week[0].series)}", *levels, "")]
    for basis, told in held.items():
        if any(one.change for one in told):
            changes = tuple(numbers.change(one.series) for one in told)
            last = numbers.of(numbers.standing(share).today, share) if basis == PERIOD else ""
            rows.append((f"较{day_of(told[0].previous_session)}", *changes, last))
    return Figures(columns, tuple(rows), notes=tuple(filter(None, (entry.note,))))


def _name(standing: Standing, numbers: Numbers) -> str:
    """What the measure is called, with the basis of its number where it has one: 准备金（周均）."""
    name = numbers.catalog.measures[standing.series.measure].name
    basis = standing.today.basis if standing.today else ""
    return f"{name}（{basis}）" if basis else name
