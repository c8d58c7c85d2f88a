"""The 商品日报: first page, views, the two tables, small print."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from report.catalog import Catalog
from report.compose import pictures, tables, views
from report.compose.numbers import Numbers, day_of
from report.document import (
    Advice,
    Document,
    HeatStrip,
    Mast,
    Notice,
    Office,
    Offices,
    Overview,
    OverviewRow,
    Section,
)
from report.entries import Variety
from report.facts import Day, Series, View
from report.sessions import weekday_word


def compose(day: Day, written: Mapping[str, View], last: Mapping[str, View], catalog: Catalog) -> Document:
    """The report of that day. written: today's views, last: those of the report before, both by variety code."""
    numbers = Numbers(day, catalog)
    settings = catalog.settings
    given = views.advices(written, last, numbers)
    date_words = f"{day.report_date.year}年{day_of(day.report_date)}"
    sections = (
        Section("", "overview", _first_page(given, date_words, numbers)),
        Section("主要品种观点", "views", ()),
        *(views.section(v, written.get(v.code), given.get(v.code), numbers) for v in catalog.views),
        Section("主要期货市场收市数据", "closes", (tables.closes(numbers),)),
        Section("产业数据透视", "industry", (*tables.blocks(numbers), Notice("", (settings.industry_note,)))),
        Section("关于本报告", "about", _small_print(catalog)),
    )
    analysts = {view.analyst.text: None for view in written.values() if view.analyst}
    return Document(
        "daily",
        f"{settings.title} {day.report_date:%Y%m%d}",
        day.report_date,
        settings.house,
        sections,
        settings.subject,
        tuple(analysts),
        settings.keywords,
        settings.house,
        f"{settings.title} {date_words}",
        settings.foot,
    )


def _first_page(given: Mapping[str, Advice], date_words: str, numbers: Numbers) -> tuple[Mast, HeatStrip, Overview]:
    catalog, settings = numbers.catalog, numbers.catalog.settings
    shown = sorted(
        ((v, i) for v, i in catalog.instruments if i.overview is not None), key=lambda pair: pair[1].overview or 0
    )
    session = tables.newest_session(shown, numbers)
    series = [(v, tables.of_instrument(v, i)) for v, i in shown]
    owners = {name: v for v in catalog.views for name in _members(v.code, catalog)}
    rows = tuple(replace(_row(v.code, s, owners, given, numbers), day=_day(s, session, numbers)) for v, s in series)
    line = (
        f"{date_words} {weekday_word(numbers.day.report_date).replace('周', '星期')} · 数据截至 {day_of(session)}收盘"
    )
    heat = pictures.heat([(catalog.varieties[v.code].name, s) for v, s in series], numbers)
    return Mast(settings.title, line, settings.house, settings.contact), HeatStrip(heat), Overview(rows)


def _day(series: Series, heading: date, numbers: Numbers) -> str:
    """The day of a number where it is not the heading's."""
    session = numbers.standing(series).session
    return "" if session == heading else f"{session.day}日"


def _members(code: str, catalog: Catalog) -> tuple[str, ...]:
    """The varieties whose figures the view speaks of: itself, and those its block lists (白银 with 黄金)."""
    block = catalog.varieties[code].block
    names = (*block.left, *block.right) if block else ()
    return (code, *(name.partition(".")[0] for name in names if "." in name))


def _row(
    code: str, series: Series, owners: Mapping[str, Variety], given: Mapping[str, Advice], numbers: Numbers
) -> OverviewRow:
    owner = owners.get(code)
    anchor = views.anchor(owner) if owner else ""
    advice = given.get(owner.code) if owner else None
    return OverviewRow(
        numbers.catalog.varieties[code].name,
        numbers.current(series),
        numbers.change(series),
        numbers.ratio(series),
        pictures.spark(series, numbers),
        anchor,
        advice,
    )


def _small_print(catalog: Catalog) -> tuple[Offices | Notice, ...]:
    settings = catalog.settings
    notices = tuple(Notice(entry.title, entry.paragraphs) for entry in settings.notice)
    offices = tuple(Office(entry.name, entry.address, entry.phones) for entry in settings.office)
    return (*notices, Offices(offices, settings.motto, settings.hotline)) if offices else notices
