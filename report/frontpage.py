"""What the files of a research note may say: its front page, the figures described in its text, the house's words."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from report.entries import FILE_NAME, Entry

FRONT = "扉页.toml"
TEXT = "正文.md"
Kind = Literal["line", "area", "bar", "stacked-bar", "stacked-area", "bar-line", "flow", "accounts", "table"]
Cell = Annotated[int, Field(ge=0, le=9)]
CHARTS = ("line", "area", "bar", "stacked-bar", "stacked-area", "bar-line")


OF_KIND: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(("since", "until", "every", "measured", "second", "second_unit"), CHARTS),
    **dict.fromkeys(("sheet", "across", "columns"), (*CHARTS, "table")),
    **dict.fromkeys(("headings", "rows", "decimals"), ("table",)),
    **dict.fromkeys(("channel", "sectors"), ("accounts",)),
    **dict.fromkeys(("node", "arrow"), ("flow",)),
}
"""Keys of a figure that only these kinds use."""
WIDEST = 80  # half-width characters of a line in the boxes of a flow diagram, by its columns: at the least size printed
TALLEST = 42  # lines of all boxes of a column, and two between them: no higher than a page


class Bound(Entry):
    """A name that the text's expressions may use: a column of the note's spreadsheets, or a series of the history.

    sheet and column: where its numbers stand, unit what they are told in. measure (of variety): what the house calls
    it, by which the prose is held against it; without a sheet the numbers come from the history.
    """

    measure: str = ""
    variety: str = "macro"
    basis: str = ""
    sheet: str = ""
    column: str = ""
    unit: str = ""
    decimals: int = Field(default=0, ge=0, le=6)


class Person(Entry):
    """Who signs the note. role: 分析师, 研究助理."""

    role: str
    name: str
    licence: str = ""
    phone: str = ""
    email: str = ""


class Highlight(Entry):
    """One of the few figures the cover shows large: an expression between braces, and what it is."""

    number: str
    text: str


class FrontPage(Entry):
    """扉页.toml. series and number: the run of notes it belongs to; related: earlier ones; variety: its subject."""

    title: str = Field(pattern=FILE_NAME, max_length=60)
    subtitle: str = ""
    date: date
    series: str = ""
    number: str = ""
    variety: str = "macro"
    subject: str = ""
    keywords: tuple[str, ...] = ()
    people: tuple[Person, ...] = Field(min_length=1)
    related: tuple[str, ...] = ()
    highlights: tuple[Highlight, ...] = Field(default=(), max_length=4)
    bound: Mapping[str, Bound] = {}


class Node(Entry):
    """A box of a flow diagram: its words, a line each, and its column and row, from 0."""

    text: tuple[str, ...]
    at: tuple[Cell, Cell]
    strong: bool = False


class Arrow(Entry):
    """An arrow of a flow diagram, between the boxes of two keys; text stands beside it."""

    start: str
    end: str
    text: str = ""


class FigureEntry(Entry):
    """What a fenced block of the text says of one figure or table.

    sheet, across, columns: where its data stand and which headings are drawn; across is the column of days (of a
    table: of its row labels). second: headings that go to the right axis, as a line in a bar-line figure. since and
    until limit the days, every = "month" takes the last one of each month; measured: the numbers as they stand, their
    change from the row before, or since the first row. channel or sectors: what an accounts drawing is taken from.
    headings and rows: a table typed in the text, whose cells may be expressions; decimals are a table's.
    """

    title: str
    kind: Kind
    source: str = ""
    unit: str = ""
    alt: str = ""
    notes: tuple[str, ...] = ()
    sheet: str = ""
    across: str = ""
    columns: tuple[str, ...] = ()
    second: tuple[str, ...] = ()
    second_unit: str = ""
    since: date | None = None
    until: date | None = None
    every: Literal["day", "month"] = "day"
    measured: Literal["level", "change", "cumulative"] = "level"
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    decimals: int = Field(default=0, ge=0, le=6)
    channel: str = ""
    sectors: tuple[str, ...] = ()
    node: Mapping[str, Node] = {}
    arrow: tuple[Arrow, ...] = ()

    @model_validator(mode="after")
    def _used(self) -> Self:
        """Every key told is one that a figure of this kind uses, and none is told twice."""
        idle = [key for key in OF_KIND if key in self.model_fields_set and self.kind not in OF_KIND[key]]
        if idle:
            raise ValueError(f"a {self.kind} has no use for {'、'.join(idle)}; take it out, or mend 'kind'")
        if self.channel and self.sectors:
            raise ValueError("accounts are drawn of a 'channel' or of 'sectors', not of both; take one out")
        for key in ("columns", "sectors", "headings"):
            told = [*getattr(self, key), *(self.second if key == "columns" else ())]
            if twice := sorted({one for one in told if told.count(one) > 1 and one}):
                raise ValueError(f"'{key}' names {'、'.join(twice)} twice; take one out")
        return self

    @model_validator(mode="after")
    def _flows(self) -> Self:
        """The boxes of a flow diagram stand apart, hold their words and fit a page; arrows lead from box to box."""
        if self.kind != "flow":
            return self
        if not self.node:
            raise ValueError("a flow has boxes; add [node.KEY] with 'text' and 'at'")
        strangers = [end for one in self.arrow for end in (one.start, one.end) if end not in self.node]
        if strangers:
            raise ValueError(f"no box is called {'、'.join(strangers)}, only {'、'.join(self.node)}; mend the arrow")
        if loops := [one.start for one in self.arrow if one.start == one.end]:
            raise ValueError(f"an arrow leads from {loops[0]} to itself; mend 'start' or 'end'")
        places: dict[tuple[int, int], str] = {}
        for key, node in self.node.items():
            if (other := places.setdefault(node.at, key)) != key:
                raise ValueError(f"the boxes {other} and {key} stand at one place; mend 'at'")
        return self._fitting()

    def _fitting(self) -> Self:
        columns, rows = (max(node.at[at] for node in self.node.values()) + 1 for at in (0, 1))
        lines = max(len(node.text) for node in self.node.values())
        for key, node in self.node.items():
            for text in node.text:
                if width(text) > (most := WIDEST // columns):
                    told = f"'{text}' is too wide for box {key} among {columns} columns"
                    raise ValueError(f"{told}; give it a second line (at most {most // 2} 汉字 each)")
        if rows * (lines + 2) > TALLEST:
            raise ValueError(f"{rows} rows of boxes of {lines} lines are higher than a page; use more columns")
        return self


def width(text: str) -> int:
    """How many half-width characters wide the text is."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


class RatingRow(Entry):
    """One line of the rating table: what is rated, the rating, what it means."""

    of: str
    rating: str
    meaning: str


class NoteFile(Entry):
    """data/note.toml: the words and small print that every note of the house carries; {} takes a number or a text."""

    contents: str
    figures: str
    tables: str
    figure: str
    table: str
    chapter: str
    section: str
    related: str
    footnotes: str
    risk: str
    unit: str
    source: str
    rounding: str
    assets: str
    liabilities: str
    about: str
    commitment_title: str
    commitment: tuple[str, ...]
    rating_title: str
    rating_basis: str
    rating_headings: tuple[str, str, str]
    rating: tuple[RatingRow, ...]
    imprint: str
