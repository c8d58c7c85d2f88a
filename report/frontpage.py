"""What the files of a research note may say: its front page, the figures described in its text, the house's words."""

from __future__ import annotations

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
    def _arrows(self) -> Self:
        """The arrows of a flow diagram lead from box to box."""
        if self.kind == "flow" and not self.node:
            raise ValueError("a flow has boxes; add [node.KEY] with 'text' and 'at'")
        strangers = [end for one in self.arrow for end in (one.start, one.end) if end not in self.node]
        if strangers:
            raise ValueError(f"no box is called {'、'.join(strangers)}, only {'、'.join(self.node)}; mend the arrow")
        return self


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
