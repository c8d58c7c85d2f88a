"""Second waist: a Document of frozen blocks without looks.

Numbers travel as `Number` and are written by the renderer, so that one rule prints "—", "+1.20" or a real minus in
every format and every printed figure still knows its fact. A block is a dataclass here, plus one template for paper and
screen (templates/blocks/<name>.html.j2) and one for plain text (<name>.txt.j2), where <name> is `block.name`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import ClassVar

from report.facts import Coverage, Fact


@dataclass(frozen=True, slots=True)
class Mark:
    """What a proof (核对稿) says of a place in the text or a table; anchor is its id on the page.

    verdict: agrees, contradicts, unbound; printed for a figure the house set itself; '' where only remarks stand.
    aspect and name say what the figure was taken for, says what the facts give, day when that is of, source the cell or
    formula it comes from and cells what it comes down to. remarks are numbers and degrees of `Remarks` rows.
    """

    anchor: str
    verdict: str = ""
    aspect: str = ""
    name: str = ""
    says: str = ""
    day: date | None = None
    source: str = ""
    cells: tuple[str, ...] = ()
    remarks: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Number:
    """A figure to be printed; value None prints a dash.

    decimals: places to print, rounded half away from zero. signed: rises carry a plus sign. absolute: print without a
    sign because a word carries it (下跌 16 元). coloured: red up, green down, grey for nothing (by the printed value).
    unit is printed after the figure in prose; in tables only where the template asks for it.
    """

    value: Decimal | None
    unit: str = ""
    decimals: int = 0
    signed: bool = False
    absolute: bool = False
    coloured: bool = False
    fact: Fact | None = None
    mark: Mark | None = None

    @property
    def rounded(self) -> Decimal | None:
        """The value as printed, unit unchanged: `decimals` places, half away from zero, no −0; None where a dash is."""
        if self.value is None or not self.value.is_finite():
            return None
        places = max(self.decimals, 0)
        exact = Context(prec=max(self.value.adjusted(), 0) + places + 3, rounding=ROUND_HALF_UP)
        found = self.value.quantize(Decimal(1).scaleb(-places), context=exact)
        return found.copy_abs() if found.is_zero() else found


@dataclass(frozen=True, slots=True)
class Word:
    """A direction word (上涨, 持平, 贴水) chosen by the sign of a fact: sign is -1, 0 or 1."""

    text: str
    sign: int
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Text:
    """Plain characters. source is the cell they were typed into, '' for words of the house. Never markup.

    strong: a word the author leans on.
    """

    text: str
    source: str = ""
    mark: Mark | None = None
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to another place of the document, by its anchor: 图 3, 第 2 章."""

    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Call:
    """A footnote where it is called: at the foot of the page on paper, at the end elsewhere."""

    number: int
    spans: tuple[Text | Number | Word | Link, ...]

    @property
    def text(self) -> str:
        """What it adds to the line it is called in: nothing."""
        return ""


Span = Text | Number | Word | Link | Call


class Block:
    """Base of all blocks. `name` is the stem of its templates."""

    __slots__ = ()
    name: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Prose(Block):
    """A paragraph. role: recap, outlook, drafted (the house's own sentences), plain."""

    name: ClassVar[str] = "prose"
    spans: tuple[Span, ...]
    role: str = "plain"


@dataclass(frozen=True, slots=True)
class Advice(Block):
    """操作建议 of one view. proposed: nobody has confirmed it yet (系统建议) and `reasons` say why it was proposed.

    stance is 多, 空, 中性 or 保值. change: '' as in the last report, '新' no earlier report to compare with, '转' the
    stance turned (before holds the earlier stance).
    """

    name: ClassVar[str] = "advice"
    recommendation: str
    stance: str
    proposed: bool = False
    reasons: tuple[str, ...] = ()
    change: str = ""
    before: str = ""
    analyst: str = ""
    entry: str = ""
    audience: str = ""


@dataclass(frozen=True, slots=True)
class Mast(Block):
    """The title band: title, date line, house, contact lines."""

    name: ClassVar[str] = "mast"
    title: str
    date_line: str
    house: str
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What one place printed and what is right there; either may be empty. source is the cell or formula of a figure.

    place, label and column say where as `compose.printed.Printed` does: by the words printed there, or headline, recap,
    outlook, drafted, plain, advice, close, change, ratio.
    """

    place: str
    label: str
    column: str
    before: tuple[Span, ...]
    after: tuple[Span, ...]
    source: str = ""


@dataclass(frozen=True, slots=True)
class Erratum(Block):
    """更正 on the first page: this version supersedes the one before it, published on that day.

    more: how many corrections are not told here but in the attached list.
    """

    name: ClassVar[str] = "erratum"
    version: int
    published: date
    corrections: tuple[Correction, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One variety of the heat strip: its name and 涨跌幅 in percent (value None: unknown, grey)."""

    label: str
    ratio: Number


@dataclass(frozen=True, slots=True)
class HeatStrip(Block):
    """The market in one line: varieties sorted from the largest rise to the largest fall, unknown last."""

    name: ClassVar[str] = "heat_strip"
    cells: tuple[HeatCell, ...]


@dataclass(frozen=True, slots=True)
class Spark:
    """A sparkline: values oldest first, the sessions they belong to, and a sentence for those who cannot see it.

    until: the session the picture speaks of; later than last where that one's number is missing.
    """

    values: tuple[float, ...]
    first: date | None = None
    last: date | None = None
    alt: str = ""
    until: date | None = None


@dataclass(frozen=True, slots=True)
class OverviewRow:
    """One variety of the first page. anchor is the id of its view ('' where it has none); advice may be None.

    day is printed small after the label where the row's session is not the page's ('27日').
    """

    label: str
    close: Number
    change: Number
    ratio: Number
    spark: Spark
    anchor: str = ""
    advice: Advice | None = None
    day: str = ""


@dataclass(frozen=True, slots=True)
class Overview(Block):
    """The first-page summary: one row a variety. headlines: the view titles, for the reader in a hurry."""

    name: ClassVar[str] = "overview"
    rows: tuple[OverviewRow, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A table column: heading, and what stands in it ('text', 'number', 'unit')."""

    heading: str
    kind: str = "number"


@dataclass(frozen=True, slots=True)
class Figures(Block):
    """A plain table: rows of strings and Numbers, one cell a column; source and notes are printed small below it.

    marks: one for each row, or none at all; printed small after the row's first cell ('27日', '主力').
    """

    name: ClassVar[str] = "figures"
    columns: tuple[Column, ...]
    rows: tuple[tuple[str | Number, ...], ...]
    caption: str = ""
    source: str = ""
    notes: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Indicator:
    """One line of the industry table. day is printed small where its session is not the heading's ('27日')."""

    label: str
    unit: str
    today: Number
    previous: Number
    change: Number
    day: str = ""


@dataclass(frozen=True, slots=True)
class Indicators(Block):
    """One block of 产业数据透视: two columns abreast, each with this and the previous session's date as heading."""

    name: ClassVar[str] = "indicators"
    title: str
    today: str
    previous: str
    left: tuple[Indicator, ...]
    right: tuple[Indicator, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One series of a chart: label, unit, and (session, value) points, oldest first. axis: 'left' or 'right'.

    style: 'line', 'area' or 'bar'. Stacked lines stand on those before them in the chart, bars below 0 hang down.
    until: the session the line speaks of; later than the last point where that one's number is missing.
    """

    label: str
    unit: str
    points: tuple[tuple[date, float], ...]
    style: str = "line"
    axis: str = "left"
    decimals: int = 0
    stacked: bool = False
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Chart(Block):
    """A chart with its title, source line and the sentence that stands for it where it cannot be seen.

    wide: it has the whole width of a page, not the margin of a view.
    """

    name: ClassVar[str] = "chart"
    title: str
    lines: tuple[Line, ...]
    source: str
    alt: str
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Notice(Block):
    """Small print: disclaimers, declarations, how to read the tables. Paragraphs are plain text."""

    name: ClassVar[str] = "notice"
    title: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Office:
    """A branch of the house: name, address, telephone numbers."""

    label: str
    address: str
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offices(Block):
    """The branches page: motto, hotline, offices."""

    name: ClassVar[str] = "offices"
    offices: tuple[Office, ...]
    motto: str = ""
    hotline: str = ""


@dataclass(frozen=True, slots=True)
class Remark:
    """One finding on a proof: its number there, degree (error, warning, waived, note), code, where and what.

    anchor: the id of the place it speaks of, '' where the page has none. reason, by and waiver: why a waived one may
    stand, who says so, and where that is written.
    """

    number: int
    degree: str
    code: str
    where: str
    message: str
    anchor: str = ""
    reason: str = ""
    by: str = ""
    waiver: str = ""


@dataclass(frozen=True, slots=True)
class Remarks(Block):
    """All findings of a run, in the order they should be looked at."""

    name: ClassVar[str] = "remarks"
    rows: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of the numbers of one view, or of all; anchor is the id of the view."""

    label: str
    count: Coverage
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Tallies(Block):
    """How much of the prose was held against facts: one row a view, and all of them together."""

    name: ClassVar[str] = "tallies"
    rows: tuple[Tally, ...]
    whole: Tally


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and what stands under it. level 1 opens a part, 2 a view or a section.

    kicker: 铜 before its headline; number: 2.1 before the title of a numbered section.
    """

    title: str
    anchor: str
    blocks: tuple[Block, ...]
    level: int = 1
    kicker: str = ""
    breaks_before: bool = False
    number: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A finished publication, before any looks. kind names its style sheet (templates/<kind>.css).

    facts: the digest of the facts it stands on, '' where nobody took it.
    """

    kind: str
    title: str
    date: date
    house: str
    sections: tuple[Section, ...]
    subject: str = ""
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    running_left: str = ""
    running_right: str = ""
    foot: str = ""
    lang: str = "zh-CN"
    version: int = 1
    facts: str = ""
