"""Drawings without an axis as SVG: balance sheets as T-accounts, and flow diagrams. Fill and stroke are attributes."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from markupsafe import Markup

from report.facts import TAccount
from report.longform import Box, Flow, TAccounts
from report.render import ink
from report.render.chart import FAMILY
from report.render.columns import width
from report.render.format import MINUS

BREADTH = 420.0
SIZE, LEADING = 8.0, 12.5
GAP = 12.0
ABREAST = 4
RULE, FALL, RISE = "#4a5561", ink.ACCENT, "#274a70"
HEAD = 4.0  # length of an arrow's head


def t_accounts(block: TAccounts) -> Markup:
    """The accounts in rows of at most four, all of one width."""
    rows = [block.accounts[at : at + ABREAST] for at in range(0, len(block.accounts), ABREAST)]
    breadth = (BREADTH - GAP * (max(map(len, rows)) - 1)) / max(map(len, rows))
    breadth = min(breadth, 200.0)
    parts, top = [], 0.0
    for row in rows:
        left = (BREADTH - breadth * len(row) - GAP * (len(row) - 1)) / 2
        for at, account in enumerate(row):
            parts.append(_account(account, block, left + at * (breadth + GAP), top, breadth))
        top += 30 + LEADING * max(max(len(one.assets), len(one.liabilities), 1) for one in row)
    return _svg("accounts", top, block.alt, parts)


def _account(account: TAccount, block: TAccounts, left: float, top: float, breadth: float) -> Markup:
    lines = max(len(account.assets), len(account.liabilities), 1)
    middle, rule = left + breadth / 2, top + 25.5
    foot = rule + LEADING * lines + 2
    bars = f"M{left:.1f} {rule:.1f}H{left + breadth:.1f}M{middle:.1f} {top + 15:.1f}V{foot:.1f}"
    parts = [
        _text(middle, top + 9, account.sector, breadth, "middle", ink.INK, SIZE + 0.6, strong=True),
        _text(left + breadth / 4, top + 22, block.assets, breadth / 2, "middle", "#5b646f", SIZE - 0.8),
        _text(middle + breadth / 4, top + 22, block.liabilities, breadth / 2, "middle", "#5b646f", SIZE - 0.8),
        Markup('<path d="{}" fill="none" stroke="{}" stroke-width="0.9"/>').format(bars, RULE),
    ]
    for start, side in ((left, account.assets), (middle, account.liabilities)):
        for at, (name, amount) in enumerate(side):
            y = rule + LEADING * (at + 1) - 2
            parts.append(_text(start + 4, y, _mark(amount) + name, breadth / 2 - 6, "start", _colour(amount), SIZE))
    return Markup("").join(parts)


def _mark(amount: Decimal) -> str:
    return "" if not amount else "+" if amount > 0 else MINUS


def _colour(amount: Decimal) -> str:
    return ink.INK if not amount else RISE if amount > 0 else FALL


def flow(block: Flow) -> Markup:
    """Boxes on a grid of equal cells, and arrows from edge to edge."""
    columns = max(box.column for box in block.boxes) + 1
    rows = max(box.row for box in block.boxes) + 1
    lines = max(len(box.text) for box in block.boxes)
    cell, high = BREADTH / columns, LEADING * lines + 9
    tall = high + 22
    places = [_frame(box, cell, tall, high) for box in block.boxes]
    parts = [_arrow(places[start], places[end], words) for start, end, words in block.arrows]
    parts += [_box(box, place) for box, place in zip(block.boxes, places, strict=True)]
    return _svg("flow", rows * tall - 20, block.alt, parts)


Place = tuple[float, float, float, float]  # left, top, breadth, height


def _frame(box: Box, cell: float, tall: float, high: float) -> Place:
    breadth = cell * 0.56
    return box.column * cell + (cell - breadth) / 2, box.row * tall + 1, breadth, high


def _box(box: Box, place: Place) -> Markup:
    left, top, breadth, high = place
    fill, stroke = ("#e6ebf1", ink.INK) if box.strong else ("#ffffff", RULE)
    shape = '<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2.5" fill="{}" stroke="{}"/>'
    parts = [Markup(shape).format(left, top, breadth, high, fill, stroke)]
    first = top + high / 2 - LEADING * (len(box.text) - 1) / 2 + SIZE * 0.36
    for at, text in enumerate(box.text):
        strong = at == 0 and len(box.text) > 1
        y = first + at * LEADING
        parts.append(_text(left + breadth / 2, y, text, breadth - 4, "middle", ink.INK, SIZE, strong=strong))
    return Markup("").join(parts)


def _arrow(start: Place, end: Place, words: str) -> Markup:
    """Straight between boxes of one row or column, else out at the side, round, and in at the side."""
    x, y = start[0] + start[2] / 2, start[1] + start[3] / 2
    u, v = end[0] + end[2] / 2, end[1] + end[3] / 2
    if abs(x - u) < 1:
        down = 1 if v > y else -1
        y, v = y + down * start[3] / 2, v - down * end[3] / 2
        return _stem([(x, y), (u, v)], (0, down)) + _beside(words, x + 4, (y + v) / 2 + 3, "start", 120)
    right = 1 if u > x else -1
    x, u = x + right * start[2] / 2, u - right * end[2] / 2
    bend = (x + u) / 2
    spots = [(x, y), (u, v)] if abs(y - v) < 1 else [(x, y), (bend, y), (bend, v), (u, v)]
    room = abs(u - x) - 6 if len(spots) == 2 else abs(u - x) / 2 + 20
    at = (x + u) / 2 if len(spots) == 2 else (bend + u) / 2
    return _stem(spots, (right, 0)) + _beside(words, at, v - 4, "middle", room)


def _stem(spots: Sequence[tuple[float, float]], way: tuple[int, int]) -> Markup:
    line = "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in spots)
    (x, y), (dx, dy) = spots[-1], way
    back = (x - dx * HEAD, y - dy * HEAD)
    across = (dy * HEAD * 0.5, dx * HEAD * 0.5)
    head = f"M{x:.1f} {y:.1f}L{back[0] + across[0]:.1f} {back[1] + across[1]:.1f}"
    head += f"L{back[0] - across[0]:.1f} {back[1] - across[1]:.1f}Z"
    return Markup('<path d="{}" fill="none" stroke="{}" stroke-width="0.9"/><path d="{}" fill="{}"/>').format(
        line, RULE, head, RULE
    )


def _beside(words: str, x: float, y: float, anchor: str, room: float) -> Markup:
    return _text(x, y, words, room, anchor, "#5b646f", SIZE - 0.8) if words else Markup("")


def _text(
    x: float, y: float, text: str, room: float, anchor: str, fill: str, size: float, strong: bool = False
) -> Markup:
    """A piece of text, smaller where it would be wider than its room."""
    needed = width(text) * size / 2
    fitting = size if needed <= room else max(size * room / needed, size * 0.7)
    weight = Markup(' font-weight="700"') if strong else ""
    shape = '<text x="{:.1f}" y="{:.1f}" text-anchor="{}" fill="{}" font-size="{:.2f}"{}>{}</text>'
    return Markup(shape).format(x, y, anchor, fill, fitting, weight, text)


def _svg(name: str, height: float, alt: str, parts: Sequence[Markup]) -> Markup:
    return Markup(
        '<svg class="{name}" viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}" height="{h:.0f}" role="img" '
        'font-family="{family}"><title>{alt}</title>{parts}</svg>'
    ).format(name=name, w=BREADTH, h=height, family=FAMILY, alt=alt, parts=Markup("").join(parts))
