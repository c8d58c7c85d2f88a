"""The letter's two bodies: what a mail program shows before the PDF is opened."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from sample_document import document
from test_render_text import outline

from report.document import Mast, Overview, OverviewRow, Section, Spark
from report.render import letter

PAPER = Path(__file__).parent.parent / "templates"
FETCHING = re.compile(rb"<(img|link|style|script|svg|iframe|object|form)|url\(|src=|href=|class=|http://|https://")


def test_the_letter_fetches_nothing_and_needs_no_style_sheet():
    found = letter.render(document(), [PAPER])
    assert not FETCHING.search(found)
    cells = [given for tag, given in outline(found.replace(b"<!DOCTYPE html>", b"")) if tag in ("th", "td")]
    assert all("style" in given or "align" in given for given in cells)


def test_every_figure_of_the_first_page_stands_in_both_bodies():
    first = next(block for block in document().sections[0].blocks if isinstance(block, Overview))
    html, plain = (make(document(), [PAPER]).decode() for make in (letter.render, letter.plain))
    for row in first.rows:
        assert row.label in html
        assert row.label in plain
    for figure in ("2,254.80", "+1,020", "−0.48", "逢低做多 新", "观望（待确认）", "锡"):
        assert figure in html
        assert figure in plain


def test_every_headline_stands_in_both_bodies_and_the_views_themselves_in_none():
    html, plain = (make(document(), [PAPER]).decode() for make in (letter.render, letter.plain))
    for section in document().sections:
        if section.level > 1:
            assert section.title in html
            assert section.title in plain
    assert len(plain) < 2000


def test_a_rise_is_red_and_a_fall_green_as_on_the_first_page():
    html = letter.render(document(), [PAPER]).decode()
    assert re.search(r"color:#b3261e[^>]*>\+1,020<", html)
    assert re.search(r"color:#12754a[^>]*>−0\.48<", html)


def test_typed_markup_and_template_words_come_out_as_the_characters_they_are():
    nasty = '<img src="file:///etc/passwd">{{ 7 * 7 }}{% raw %}"><b>'
    first = document().sections[0].blocks
    row = next(block for block in first if isinstance(block, Overview)).rows[0]
    advice = replace(row.advice, recommendation=nasty)
    blocks = (
        Mast(nasty, nasty, nasty),
        Overview((OverviewRow(nasty, row.close, row.change, row.ratio, Spark(()), advice=advice),), nasty),
    )
    made = replace(
        document(),
        title=nasty,
        foot=nasty,
        sections=(Section("", "overview", blocks), Section(nasty, "x", (), 2, nasty)),
    )
    html = letter.render(made, [PAPER]).decode()
    assert "<img" not in html
    assert "<b>&lt;img" in html
    assert "49" not in html
    assert letter.plain(made, [PAPER]).decode().count(nasty) == 9


def test_a_desk_replaces_the_letter_by_a_template_of_its_own(tmp_path):
    (tmp_path / "letter.html.j2").write_text("<p>{{ document.title }}</p>", encoding="utf-8")
    assert letter.render(replace(document(), title="A & B"), [tmp_path, PAPER]) == b"<p>A &amp; B</p>"
