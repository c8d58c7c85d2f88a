"""Justification as Chinese typesetting wants it, taught to WeasyPrint in the child that runs it.

WeasyPrint 70 widens only blanks, which tears 「涨 4.5 美元」 apart and leaves lines without a blank ragged. Here the
rest of a line is shared among its Han characters, the thin spaces beside them and the marks between sentences, these
two widened twice as much, since they are blank already; figures, Latin words and what stands between a figure and its
unit keep their widths. A thin space at a line's end is dropped. A line that would be torn because a long figure and
its unit (6,385 元/千克) did not fit takes the figure and leaves the unit to the next; where that does not help it stays
short: ragged is better than torn.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

from report.render.typeset import HAN, HELD, JOINER, THIN

Foreign: TypeAlias = Any  # a box, style or context of WeasyPrint, which has no types

KNOWN = ("70.",)
MOST = 0.1  # of an em: how far apart two Han characters may be set; what is left then leaves the line short
BREAK = "\u200b"  # as wide as a joiner, in bytes too
BLIND = 0.25  # of an em: more than a thin space
BLANK = f"{THIN}\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f"  # these take twice as much
GLYPHS = re.compile(f"([{BLANK}]+)|[{HAN}\u3003-\u303f\uff00\uff02-\uff0b\uff0d-\uff19\uff1c-\uff1e\uff20-\uffef]+")
FIGURE = re.compile(f"[^{HAN}]{{0,12}}?[0-9]([{HELD}{JOINER}])(?=[{HAN}])(?![年月日号时])")


def install(weasyprint: ModuleType) -> bool:
    """Replace WeasyPrint's justification by ours; False, and nothing changed, for a version we do not know."""
    if not weasyprint.__version__.startswith(KNOWN):
        return False
    from weasyprint.layout import inline

    inline.justify_line = justify_line
    inline.split_first_line = _loosened(inline.split_first_line)
    inline.inline_min_content_width = _eager(inline.inline_min_content_width)
    inline.avoid_collisions = _forgiving(inline.avoid_collisions, inline.boxes.LineBox)
    return True


def _loosened(split_first_line: Callable[..., Foreign]) -> Callable[..., Foreign]:
    """WeasyPrint's cut of a line, which may part a figure from its unit where the line would be too loose without."""

    def split(
        text: str, style: Foreign, context: Foreign, max_width: Foreign, *more: Foreign, **named: Foreign
    ) -> Foreign:
        found = split_first_line(text, style, context, max_width, *more, **named)
        _, _, resumed, width, _, _ = found
        if resumed is None or max_width is None or style["text_align_all"] != "justify":
            return found
        at = len(text.encode()[:resumed].decode())
        figure = FIGURE.match(text, at)
        if not figure or max_width - width <= MOST * style["font_size"] * _count(text[:at]):
            return found
        loose = f"{text[: figure.start(1)]}{THIN if figure[1] == HELD else BREAK}{text[figure.end(1) :]}"
        return split_first_line(loose, style, context, max_width, *more, **named)

    return split


def _eager(inline_min_content_width: Callable[..., Foreign]) -> Callable[..., Foreign]:
    """The least room a line asks for beside a float: one Han character, which is quick; WeasyPrint sets the text anew.

    A line that, once set, is wider than its place is still moved below the float.
    """

    def least(context: Foreign, box: Foreign, *more: Foreign, first_line: bool = False, **named: Foreign) -> Foreign:
        if first_line:
            return box.style["font_size"]
        return inline_min_content_width(context, box, *more, first_line=first_line, **named)

    return least


def _forgiving(avoid_collisions: Callable[..., Foreign], line_box: Foreign) -> Callable[..., Foreign]:
    """WeasyPrint's search for a line's place, blind to the thin space at its end, which would push it below a float."""

    def avoid(context: Foreign, box: Foreign, containing_block: Foreign, outer: bool = True) -> Foreign:
        if not isinstance(box, line_box):
            return avoid_collisions(context, box, containing_block, outer)
        width = box.width
        box.width = max(width - BLIND * box.style["font_size"], 0)
        try:
            return avoid_collisions(context, box, containing_block, outer)
        finally:
            box.width = width

    return avoid


def justify_line(context: Foreign, line: Foreign, extra: float) -> None:
    """Spread `extra` (CSS pixels) over the Han characters of a line box, in place."""
    runs = list(_texts(line))
    if not runs:
        return
    last = runs[-1]
    if last.text.endswith(THIN):
        extra += _trim(context, last)
    count = sum(_count(box.text) for box in runs) - _count(last.text[-1:])
    if count > 0 and extra > 0:
        _spread(context, line, min(extra / count, MOST * last.style["font_size"]), last, 0.0)


def _texts(box: Foreign) -> Foreign:
    from weasyprint.formatting_structure import boxes

    if isinstance(box, boxes.TextBox):
        if box.text:
            yield box
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        for child in box.children:
            if child.is_in_normal_flow():
                yield from _texts(child)


def _count(text: str) -> int:
    return sum(len(run[0]) * (2 if run[1] else 1) for run in GLYPHS.finditer(text))


def _trim(context: Foreign, box: Foreign) -> float:
    before = box.width
    box.text = box.text.rstrip(THIN)
    _lay(context, box, 0.0, False)
    return float(before - box.width)


def _spread(context: Foreign, box: Foreign, each: float, last: Foreign, moved: float) -> float:
    from weasyprint.formatting_structure import boxes

    box.position_x += moved
    if isinstance(box, boxes.TextBox):
        before = box.width
        if _count(box.text):
            _lay(context, box, each, box is last)
        return float(moved + box.width - before)
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        total = moved
        for child in box.children:
            if child.is_in_normal_flow():
                total = _spread(context, child, each, last, total)
        box.width += total - moved
        return total
    box.translate(moved, 0)
    box.position_x -= moved
    return moved


def _lay(context: Foreign, box: Foreign, each: float, ends: bool) -> None:
    layout = _layout_class()(box.style, each, None, ends)
    layout.set_text(box.text, justify=True)
    first, _ = layout.get_first_line()
    from weasyprint.text.line_break import line_size

    box.width = line_size(first, box.style)[0]
    layout.deactivate()
    box.pango_layout = layout


_made: list[Foreign] = []


def _layout_class() -> Foreign:
    if not _made:
        _made.append(_make())
    return _made[0]


def _make() -> Foreign:
    from weasyprint.text.ffi import TO_UNITS, ffi, pango
    from weasyprint.text.line_break import Layout

    class Spread(Layout):  # type: ignore[misc]
        """A Pango layout whose Han characters stand `each` pixels apart, the last of the line excepted."""

        def __init__(self, style: Foreign, each: float, max_width: Foreign, ends: bool) -> None:
            super().__init__(style, 0, max_width)
            self.each, self.ends = each, ends

        def set_text(self, text: str, justify: bool = False) -> None:
            super().set_text(text, justify)
            if not self.each:
                return
            known = pango.pango_layout_get_attributes(self.layout)
            found = known if known != ffi.NULL else ffi.gc(pango.pango_attr_list_new(), pango.pango_attr_list_unref)
            for run in GLYPHS.finditer(self.text):
                stop = run.end() - (self.ends and run.end() == len(self.text))
                attribute = pango.pango_attr_letter_spacing_new(round(self.each * (2 if run[1] else 1) * TO_UNITS))
                attribute.start_index = len(self.text[: run.start()].encode())
                attribute.end_index = len(self.text[:stop].encode())
                pango.pango_attr_list_change(found, attribute)
            pango.pango_layout_set_attributes(self.layout, found)

    return Spread
