"""Justification as Chinese typesetting wants it, taught to WeasyPrint in the child that runs it.

WeasyPrint 70 widens only blanks, which tears 「涨 4.5 美元」 apart and leaves lines without a blank ragged. Here the
rest of a line is shared evenly among its Han characters and the thin spaces beside them; figures, Latin words and
what stands between a figure and its unit keep their widths. A thin space at a line's end is dropped. A line whose Han
characters are too few for its rest stays short.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import ModuleType
from typing import Any, TypeAlias

from report.render.typeset import HAN, THIN

Foreign: TypeAlias = Any  # a box, style or context of WeasyPrint, which has no types

KNOWN = ("70.",)
MOST = 0.18  # of an em: how far apart two Han characters may be set; what is left then leaves the line short
BLIND = 0.25  # of an em: more than a thin space
GLYPHS = re.compile(f"[{HAN}{THIN}\u3000-\u303f\uff00-\uffef]+")


def install(weasyprint: ModuleType) -> bool:
    """Replace WeasyPrint's justification by ours; False, and nothing changed, for a version we do not know."""
    if not weasyprint.__version__.startswith(KNOWN):
        return False
    from weasyprint.layout import inline

    inline.justify_line = justify_line
    inline.avoid_collisions = _forgiving(inline.avoid_collisions, inline.boxes.LineBox)
    return True


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
    count = sum(_count(box.text) for box in runs) - bool(GLYPHS.match(last.text[-1:]))
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
    return sum(len(run) for run in GLYPHS.findall(text))


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
                attribute = pango.pango_attr_letter_spacing_new(round(self.each * TO_UNITS))
                attribute.start_index = len(self.text[: run.start()].encode())
                attribute.end_index = len(self.text[:stop].encode())
                pango.pango_attr_list_change(found, attribute)
            pango.pango_layout_set_attributes(self.layout, found)

    return Spread
