"""One variety's view block: headline, chart, recap, outlook, advice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from report.compose.advice import advise
from report.compose.dollars import panel
from report.compose.drafting import draft
from report.compose.numbers import Numbers
from report.compose.pictures import chart
from report.document import Advice, Block, Prose, Section, Text
from report.entries import Variety
from report.facts import Passage, View

PARAGRAPHS = re.compile(r"[\r\n]+")


def section(variety: Variety, view: View | None, advice: Advice | None, numbers: Numbers) -> Section:
    """The view's section: its kicker is the view's title, its title the headline ('' where none was written)."""
    title = variety.view.title if variety.view else variety.name
    headline = view.headline.text if view and view.headline else ""
    return Section(headline, anchor(variety), tuple(_blocks(variety, view, advice, numbers)), level=2, kicker=title)


def anchor(variety: Variety) -> str:
    """The id of the view's section."""
    return f"view-{variety.code}"


def advices(views: Mapping[str, View], last: Mapping[str, View], numbers: Numbers) -> dict[str, Advice]:
    """The advice of every view that has one, by variety code."""
    found = {
        variety.code: advise(variety, views.get(variety.code), last.get(variety.code), numbers.day, numbers.catalog)
        for variety in numbers.catalog.views
    }
    return {code: advice for code, advice in found.items() if advice is not None}


def _blocks(variety: Variety, view: View | None, advice: Advice | None, numbers: Numbers) -> Iterator[Block]:
    if variety.view and variety.view.chart:
        picture = chart(variety, variety.view.chart, numbers, numbers.catalog.settings.source_line)
        if picture is not None:
            yield picture
    own = view.recap if view else None
    if own is None or (view and view.use != "替换"):
        drafted = draft(variety, numbers)
        if drafted:
            yield Prose(drafted, "drafted")
    yield from _paragraphs(own, "recap")
    yield from _paragraphs(view.outlook if view else None, "outlook")
    if variety.view and variety.view.liquidity:
        yield from panel(variety, variety.view.liquidity, numbers)
    if advice is not None:
        yield advice


def _paragraphs(passage: Passage | None, role: str) -> Iterator[Prose]:
    for text in PARAGRAPHS.split(passage.text) if passage else ():
        if text.strip():
            yield Prose((Text(text.strip(), passage.source if passage else ""),), role)
