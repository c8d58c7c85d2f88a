"""What stands in a numbered figure or table of a note: a chart, a table, a drawing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from report.compose.pictures import extremes
from report.compose.recompute import recomputes
from report.document import Chart, Column, Figures, Line, Number
from report.facts import TAccount
from report.frontpage import Arrow, FigureEntry, NoteFile
from report.longform import Box, Flow, TAccounts
from report.manuscript import Column as Written
from report.manuscript import Exhibit, Figure

STYLES = {"line": "line", "area": "area", "bar": "bar", "stacked-bar": "bar", "stacked-area": "area", "bar-line": "bar"}


def body(
    exhibit: Exhibit, accounts: Sequence[TAccount], words: NoteFile, number: Callable[[Figure], Number | None]
) -> Chart | Figures | Flow | TAccounts:
    """The body of an exhibit; accounts are those of a drawing that asks for them, number gives a bound one."""
    entry = exhibit.entry
    if entry.kind == "accounts":
        told = entry.alt or _told(accounts, entry.title)
        return TAccounts(tuple(accounts), words.assets, words.liabilities, told)
    if entry.kind == "flow":
        return _flow(entry)
    if entry.kind == "table":
        return _typed(exhibit, number) if exhibit.rows else _table(exhibit)
    return _chart(exhibit)


def rounding(exhibit: Exhibit, words: NoteFile, number: Callable[[Figure], Number | None]) -> tuple[str, ...]:
    """The note that printed differences come from unrounded numbers, where a reader would see that they do."""
    cells = [(cell.expression, number(cell)) for row in exhibit.rows for cell in row if isinstance(cell, Figure)]
    return () if recomputes([(asked, shown) for asked, shown in cells if shown is not None]) else (words.rounding,)


def _chart(exhibit: Exhibit) -> Chart:
    entry = exhibit.entry
    lines = tuple(_lines(exhibit)) if exhibit.columns else ()
    return Chart(entry.title, lines, "", entry.alt or _described(exhibit), wide=True)


def _lines(exhibit: Exhibit) -> Iterator[Line]:
    entry = exhibit.entry
    for at, column in enumerate(exhibit.columns[1:]):
        right = at >= len(entry.columns)
        points = tuple((day, float(value)) for day, value in exhibit.points(column))
        unit = (entry.second_unit or entry.unit) if right else entry.unit if entry.second else ""
        style = "line" if right else STYLES[entry.kind]
        side, stacked = ("right", False) if right else ("left", entry.kind.startswith("stacked"))
        yield Line(column.heading, unit, points, style, side, stacked=stacked)


def _described(exhibit: Exhibit) -> str:
    """The sentence that stands for a chart where it cannot be seen."""
    told = []
    for column in exhibit.columns[1:]:
        run = [(day, Number(value)) for day, value in exhibit.points(column)]
        if run:
            told.append(f"{column.heading}，{run[0][0]} 至 {run[-1][0]}，{extremes(run)}")
    return f"{exhibit.entry.title}：{'；'.join(told)}"


def _table(exhibit: Exhibit) -> Figures:
    entry = exhibit.entry
    if not exhibit.columns:
        return Figures((), ())
    kinds = ["text"] + [
        "number" if any(isinstance(value, Decimal) for value in column.values) else "text"
        for column in exhibit.columns[1:]
    ]
    heads = tuple(Column(column.heading, kind) for column, kind in zip(exhibit.columns, kinds, strict=True))
    rows = zip(*(_cells(column, kind, entry) for column, kind in zip(exhibit.columns, kinds, strict=True)), strict=True)
    return Figures(heads, tuple(rows))


def _typed(exhibit: Exhibit, number: Callable[[Figure], Number | None]) -> Figures:
    """A table typed in the text; a column is one of numbers where any of its cells is."""
    rows = [[cell if isinstance(cell, str) else number(cell) or "" for cell in row] for row in exhibit.rows]
    numeric = [any(isinstance(cell, Number) for cell in column) for column in zip(*rows, strict=True)]
    heads = (
        Column(heading, "number" if counted else "text")
        for heading, counted in zip(exhibit.entry.headings, numeric, strict=True)
    )
    return Figures(tuple(heads), tuple(map(tuple, rows)))


def _cells(column: Written, kind: str, entry: FigureEntry) -> list[str | Number]:
    if kind == "number":
        return [Number(value if isinstance(value, Decimal) else None, "", entry.decimals) for value in column.values]
    return ["" if value is None else str(value) for value in column.values]


def _flow(entry: FigureEntry) -> Flow:
    keys = list(entry.node)
    boxes = tuple(Box(node.text, *node.at, node.strong) for node in entry.node.values())
    arrows = tuple((keys.index(one.start), keys.index(one.end), one.text) for one in entry.arrow)
    return Flow(
        boxes, arrows, entry.alt or f"{entry.title}：" + "；".join(_arrow_told(one, entry) for one in entry.arrow)
    )


def _arrow_told(arrow: Arrow, entry: FigureEntry) -> str:
    start, end = ("".join(entry.node[key].text) for key in (arrow.start, arrow.end))
    return f"{start}到{end}" + (f"（{arrow.text}）" if arrow.text else "")


def _told(accounts: Sequence[TAccount], title: str) -> str:
    return f"{title}：" + "；".join(_account_told(one) for one in accounts)


def _account_told(account: TAccount) -> str:
    sides = (("资产", account.assets), ("负债", account.liabilities))
    told = [f"{side}{'、'.join(map(_line_told, lines))}" for side, lines in sides if lines]
    return f"{account.sector}{'，'.join(told)}"


def _line_told(line: tuple[str, Decimal]) -> str:
    name, amount = line
    return name if not amount else f"{name}{'增加' if amount > 0 else '减少'}"
