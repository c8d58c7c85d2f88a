"""The screen and plain text forms, and goldens of single blocks (RIBAO_GOLDEN=new writes them; look at them)."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from sample_document import document

from report.document import Prose, Section, Text
from report.render import FORMATS, html, page, text

PAPER = Path(__file__).parent.parent / "templates"
GOLDEN = Path(__file__).parent / "golden" / "render"
ONCE = {block.name: block for section in reversed(document().sections) for block in reversed(section.blocks)}
VOID = {"meta", "br", "col", "img"}


class Outline(HTMLParser):
    """Every tag closed, every attribute known."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.seen.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(data):
    parser = Outline()
    parser.feed(data.decode())
    assert parser.open == []
    return parser.seen


def alone(block):
    return replace(document(), sections=(Section("", "", (block,)),), foot="")


@pytest.mark.parametrize("name", sorted(ONCE))
def test_a_block_in_plain_text_is_as_it_was_looked_at(name):
    block = ONCE[name]
    if name == "figures":
        block = replace(block, rows=block.rows[12:])
    found = text.render(alone(block), [PAPER]).decode()
    path = GOLDEN / f"{name}.txt"
    if os.environ.get("RIBAO_GOLDEN") == "new":
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")
    assert found.count("\n") < 40


def test_the_screen_form_fetches_nothing():
    found = html.render(document(), [PAPER]).decode()
    assert not re.search(r"(?:src|href)=[\"'](?!#)|url\(|@import", found)


def test_every_link_of_the_screen_form_leads_somewhere():
    seen = outline(html.render(document(), [PAPER]))
    anchors = {given["id"] for _, given in seen if "id" in given}
    links = [given["href"] for tag, given in seen if tag == "a"]
    assert len(links) == 12
    assert {link.removeprefix("#") for link in links} <= anchors


def test_a_desks_own_template_comes_first(tmp_path):
    (tmp_path / "blocks").mkdir()
    (tmp_path / "blocks" / "prose.txt.j2").write_text("自家：{{ block.spans | plain_prose }}\n", encoding="utf-8")
    view = alone(Prose((Text("涨"),)))
    assert text.render(view, [tmp_path, PAPER]) == "自家：涨\n".encode()
    assert text.render(view, [PAPER]) == "涨\n".encode()


def test_typed_markup_stays_text_on_the_screen():
    view = alone(Prose((Text("<script>x</script> {{ 1 }}"),)))
    found = html.render(view, [PAPER])
    assert b"<script" not in found
    assert b"&lt;script&gt;" in found
    assert text.render(view, [PAPER]) == b"<script>x</script> {{ 1 }}\n"


def test_a_heading_or_label_cannot_leave_its_attribute():
    nasty = Section('" onload="x', 'a" onclick="y', (), 2, '"><i>')
    seen = outline(html.render(replace(document(), sections=(nasty,)), [PAPER]))
    assert not [given for _, given in seen if "onload" in given or "onclick" in given]


def test_every_format_is_known_by_its_name_and_gives_the_same_bytes_twice():
    assert set(FORMATS) == {"html", "letter", "pdf", "text"}
    for name in ("html", "letter", "text"):
        assert FORMATS[name](document(), [PAPER]) == FORMATS[name](document(), [PAPER])


def test_a_style_sheet_cannot_close_its_element(tmp_path):
    from report.errors import CatalogError

    (tmp_path / "house.css").write_text("</style><script>", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"house\.css"):
        page.sheet([tmp_path], "house.css")
