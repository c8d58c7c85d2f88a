"""Table 1, 主要期货市场收市数据, and the blocks of Table 2, 产业数据透视."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date

from report.compose.numbers import Numbers, day_of
from report.document import Column, Figures, Indicator, Indicators, Number
from report.entries import Instrument, Variety
from report.facts import MAIN, Series

HEADINGS = ("合约", "收盘价", "涨跌", "涨跌幅/%", "总成交量/手", "总持仓量/手", "价格单位")


def closes(numbers: Numbers) -> Figures:
    """Table 1: one row an instrument that has a place in it."""
    settings = numbers.catalog.settings
    kinds = ("text", "number", "number", "number", "number", "number", "unit")
    columns = tuple(Column(heading, kind) for heading, kind in zip(HEADINGS, kinds, strict=True))
    shown = [(variety, one) for variety, one in numbers.catalog.instruments if one.closes is not None]
    heading = newest_session(shown, numbers)
    rows = tuple(_row(variety, one, numbers) for variety, one in shown)
    marks = tuple(_mark(variety, one, heading, numbers) for variety, one in shown)
    return Figures(columns, rows, source=settings.source_line, notes=(settings.closes_note,), marks=marks)


def newest_session(shown: Sequence[tuple[Variety, Instrument]], numbers: Numbers) -> date:
    """The latest session that any of the closes speaks of."""
    return max((numbers.standing(of_instrument(v, i)).session for v, i in shown), default=numbers.day.report_date)


def of_instrument(variety: Variety, instrument: Instrument) -> Series:
    """The series of the instrument's closes."""
    return Series(variety.code, instrument.measure, instrument.basis)


def _mark(variety: Variety, instrument: Instrument, heading: date, numbers: Numbers) -> str:
    """What sets the row apart: the day of its close where it is not the others', 主力 where only that is counted."""
    session = numbers.standing(of_instrument(variety, instrument)).session
    day = "" if session == heading else f"{session.day}日"
    basis = MAIN if instrument.volume_basis == MAIN else ""
    return " ".join(filter(None, (day, basis)))


def _row(variety: Variety, instrument: Instrument, numbers: Numbers) -> tuple[str | Number, ...]:
    series = of_instrument(variety, instrument)
    close = numbers.current(series)
    turnover = (_turnover(variety, instrument, name, numbers) for name in ("trading_volume", "open_interest"))
    return (instrument.label, close, numbers.change(series), numbers.ratio(series), *turnover, instrument.unit)


def _turnover(variety: Variety, instrument: Instrument, measure: str, numbers: Numbers) -> Number:
    if not instrument.volume_basis:
        return Number(None, "手")
    series = Series(variety.code, measure, instrument.volume_basis)
    return numbers.current(series)


def blocks(numbers: Numbers) -> tuple[Indicators, ...]:
    """Table 2: one block a variety that has one; both heading dates are the sessions its figures speak of."""
    return tuple(_block(variety, numbers) for variety in numbers.catalog.blocks)


def _block(variety: Variety, numbers: Numbers) -> Indicators:
    entry = variety.block
    if entry is None:
        raise ValueError(f"{variety.code} has no block")
    halves = [[numbers.catalog.series(variety, name) for name in half] for half in (entry.left, entry.right)]
    spans = Counter(_days(series, numbers) for half in halves for series in half)
    heading = spans.most_common(1)[0][0]
    left, right = (tuple(_indicator(series, heading, numbers) for series in half) for half in halves)
    return Indicators(entry.title, day_of(heading[0]), day_of(heading[1]), left, right)


def _days(series: Series, numbers: Numbers) -> tuple[date, date]:
    standing = numbers.standing(series)
    return standing.session, standing.previous_session


def _indicator(series: Series, heading: tuple[date, date], numbers: Numbers) -> Indicator:
    days = _days(series, numbers)
    mark = "" if days == heading else f"{days[0].day}日"
    return Indicator(
        numbers.catalog.entry(series).name,
        numbers.unit(series),
        numbers.current(series),
        numbers.previous(series),
        numbers.change(series),
        mark,
    )
