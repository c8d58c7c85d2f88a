"""Blocks of long documents: cover, contents, numbered figures and tables, drawings, lists. Frozen, without looks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from report.document import Block, Chart, Figures, Number, Prose, Span
from report.facts import TAccount


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signs: role, name, and lines such as the licence, telephone and mail address."""

    role: str
    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Lead:
    """One ➤ of the abstract: what it says in a few words, and its paragraphs. title '' is running text."""

    title: str
    paragraphs: tuple[Prose, ...]


@dataclass(frozen=True, slots=True)
class Cover(Block):
    """The first page: what, when, by whom, and the whole argument in half a page.

    series: the run and the number. highlights: a few figures printed large, each with what it is.
    """

    name: ClassVar[str] = "cover"
    title: str
    subtitle: str
    series: str
    date_line: str
    house: str
    leads: tuple[Lead, ...]
    signatures: tuple[Signature, ...]
    related_title: str = ""
    related: tuple[str, ...] = ()
    imprint: str = ""
    highlights: tuple[tuple[Number, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a table of contents. The page is the renderer's to find, by the anchor."""

    number: str
    title: str
    anchor: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Contents(Block):
    """目录, 插图目录 or 表格目录: what stands where."""

    name: ClassVar[str] = "contents"
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Items(Block):
    """A list, numbered or not."""

    name: ClassVar[str] = "items"
    items: tuple[tuple[Span, ...], ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class TAccounts(Block):
    """Balance sheets side by side, assets left and liabilities right.

    A line that rises is marked +, one that falls −, one whose amount is 0 not at all.
    """

    name: ClassVar[str] = "t_accounts"
    accounts: tuple[TAccount, ...]
    assets: str
    liabilities: str
    alt: str


@dataclass(frozen=True, slots=True)
class Box:
    """A box of a flow diagram: its lines, its column and row from 0; strong ones are those it is about."""

    text: tuple[str, ...]
    column: int
    row: int
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Flow(Block):
    """A flow diagram: boxes on a grid, arrows (from box, to box, words beside it) between them."""

    name: ClassVar[str] = "flow"
    boxes: tuple[Box, ...]
    arrows: tuple[tuple[int, int, str], ...]
    alt: str


@dataclass(frozen=True, slots=True)
class Exhibit(Block):
    """A numbered figure or table: 图 3, what it shows, in which unit, from whom; notes stand before the source."""

    name: ClassVar[str] = "exhibit"
    label: str
    title: str
    anchor: str
    body: Chart | Figures | Flow | TAccounts
    unit: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Endnotes(Block):
    """The footnotes of the document once more, for screen and plain text; nothing on paper."""

    name: ClassVar[str] = "endnotes"
    title: str
    notes: tuple[tuple[int, tuple[Span, ...]], ...]
