"""Blocks of long documents: charts that stack, drawings, footnotes, and what each form makes of them."""

from __future__ import annotations

import re
from pathlib import Path

import sample_longform
from sample_longform import ACCOUNTS, FLOW, SPANS, chart

from report.render import drawing, page, text
from report.render.chart import chart as drawn
from report.render.chart import stroke, swatch

PAPER = Path(__file__).parent.parent / "templates"


def bars(svg: str) -> list[tuple[float, float]]:
    """Foot and head of every bar of the picture."""
    return [(float(foot), float(head)) for foot, head in re.findall(r"M[0-9.]+ ([0-9.]+)V([0-9.]+)", svg)]


def test_stacked_bars_stand_on_one_another_and_what_is_negative_hangs_below_zero():
    first, second = bars(str(drawn(chart(("bar", "left", True), ("bar", "left", True)))))[:3], None
    both = bars(str(drawn(chart(("bar", "left", True), ("bar", "left", True)))))
    first, second = both[:3], both[3:]
    zero = first[0][0]
    assert second[0][0] == first[0][1] < zero
    assert second[1][0] == first[1][1] > zero
    assert first[1][0] == zero


def test_stacked_areas_leave_no_gap_between_them():
    svg = str(drawn(chart(("area", "left", True), ("area", "left", True))))
    one, other = re.findall(r'<path d="M([^"]+)Z"', svg)
    top = one.split("L")[:3]
    assert other.split("L")[3:] == top[::-1]


def test_an_axis_of_a_wide_chart_has_so_many_steps_that_least_is_left_empty():
    ticks = re.findall(r'text-anchor="end"[^>]*>([^<]+)<', str(drawn(chart(("line", "left", False)))))
    assert ticks == ["−2", "−1", "0", "1", "2", "3", "4"]


def test_both_axes_of_a_wide_chart_have_their_ticks_on_the_same_rules():
    svg = str(drawn(chart(("bar", "left", False), ("line", "right", False))))
    left, right = (re.findall(rf'y="([0-9.]+)" text-anchor="{side}"', svg) for side in ("end", "start"))
    assert left == right


def test_lines_of_a_wide_chart_are_told_apart_without_colour_and_the_key_wears_the_same_dashes():
    block = chart(*[("line", "left", False)] * 3)
    dashes = re.findall(r'stroke-dasharray="([^"]+)"', str(drawn(block)))
    assert len(set(dashes)) == 2
    styles = [re.search(r"1\.3pt (\w+)", str(swatch(block, line)))[1] for line in block.lines]
    assert styles == ["solid", "dashed", "dotted"]


def test_fills_that_stack_differ_in_lightness():
    from report.render.ink import luminance

    block = chart(*[("area", "left", True)] * 3)
    shades = [luminance(stroke(block, line)) for line in block.lines]
    assert all(abs(one - other) > 0.15 for at, one in enumerate(shades) for other in shades[at + 1 :])


def test_an_account_marks_what_rises_and_what_falls_and_fits_its_half():
    svg = str(drawing.t_accounts(ACCOUNTS))
    assert {"−ON RRP", "+回购贷款", "准备金", "货币基金"} <= set(re.findall(r">([^<>]+)</text>", svg))
    assert "<title>两个账户</title>" in svg


def test_more_than_four_accounts_begin_another_row():
    from dataclasses import replace

    heights = [
        float(re.search(r'height="([0-9.]+)"', str(drawing.t_accounts(replace(ACCOUNTS, accounts=each))))[1])
        for each in (ACCOUNTS.accounts * 2, ACCOUNTS.accounts * 3)
    ]
    assert heights[1] == 2 * heights[0]


def test_an_arrow_of_a_flow_ends_at_the_edge_of_its_box():
    svg = str(drawing.flow(FLOW))
    boxes = [tuple(map(float, one)) for one in re.findall(r'<rect x="([0-9.]+)" y="([0-9.]+)" width="([0-9.]+)"', svg)]
    stem = re.search(r'd="M([0-9.]+) [0-9.]+L([0-9.]+) ', svg)
    assert (float(stem[1]), float(stem[2])) == (boxes[0][0] + boxes[0][2], boxes[1][0])


def test_no_text_of_a_picture_is_markup():
    from dataclasses import replace

    evil = "<script>&"
    assert "<script>" not in str(
        drawing.flow(replace(FLOW, alt=evil, boxes=(replace(FLOW.boxes[0], text=(evil,)),) * 3))
    )
    assert "<script>" not in str(drawing.t_accounts(replace(ACCOUNTS, alt=evil, assets=evil)))


def test_a_footnote_stands_where_it_is_called_on_paper_and_is_a_number_elsewhere():
    assert '之后<span class="footnote">注。</span>' in page.prose(SPANS, "paper").replace("\u2060", "")
    assert '<sup id="call-1"><a href="#note-1">1</a></sup>' in page.prose(SPANS, "screen")
    assert page.plain_prose(SPANS) == "甲要点图 1之后[1]。"


def test_strong_words_and_links_keep_the_spaces_of_the_whole_paragraph():
    html = page.prose(SPANS, "paper").replace("\u2060", "")
    assert "甲<strong>要点</strong>" in html.replace("\u2009", "")
    assert '<a class="held" href="#here">图\u20091\u2009</a>之后' in html


def test_the_text_form_has_every_block():
    told = text.render(sample_longform.document(), [PAPER]).decode()
    for line in ("➤ 要点", "1 一章", "  1.1 一节", "1. 甲", "图 1 一图（单位：亿）", "甲一 → 乙：去", "[1] 注。"):
        assert f"\n{line}\n" in told, line
