"""The paper form: facts of the pages, the same bytes, silence, and a child that may die."""

from __future__ import annotations

import io
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, pairwise
from pathlib import Path
from types import SimpleNamespace

import pikepdf
import pytest
import sample_longform
from sample_document import document, erratum

from report.document import Block, Erratum, Figures, Indicators, Number, Overview, Prose, Section, Text
from report.errors import CatalogError, MissingGlyph, RenderError
from report.render import glyphs, justify, page, pdf

ROOT = Path(__file__).parent.parent
PAPER = ROOT / "templates"
AGAIN = """
import hashlib, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from sample_document import document
from report.render import pdf
print(hashlib.sha256(pdf.render(document(), [Path({folder!r})])).hexdigest())
"""


def one(text, source="底稿.xlsx › 观点 › C7", **more):
    section = Section("沪铜", "copper", (Prose((Text(text, source),), "recap"),), 2, "铜")
    return replace(document(), sections=(section,), **more)


def words(data):
    done = subprocess.run(["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True)
    return done.stdout.decode()


@pytest.fixture(scope="module")
def sample():
    return pdf.render(document(), [PAPER])


@pytest.fixture
def folder(tmp_path):
    """An empty desk folder before the packaged one."""
    (tmp_path / "blocks").mkdir()
    return tmp_path


def test_the_sample_fills_six_pages_and_its_outline_names_every_view(sample):
    with pikepdf.open(io.BytesIO(sample)) as file:
        assert len(file.pages) == 6
        with file.open_outline() as outline:
            parts = [entry.title for entry in outline.root]
            views = [entry.title for entry in outline.root[0].children]
    assert parts == ["主要品种观点", "1 金属主要品种昨日交易数据", "2 产业数据透视", "联系我们"]
    assert len(views) == 13
    assert views[2] == "铜 · 数据公布前交投谨慎，价格高位整理"


def test_the_file_says_who_made_it_when_and_in_which_language(sample):
    with pikepdf.open(io.BytesIO(sample)) as file:
        assert str(file.docinfo["/Title"]) == "商品日报 2024-03-29"
        assert str(file.docinfo["/Author"]) == "示例期货研究所"
        assert str(file.docinfo["/Subject"]) == "金属与黑色商品日报"
        assert str(file.docinfo["/CreationDate"]) == "D:20240329070000+08'00"
        assert str(file.docinfo["/CreationDate"]) == str(file.docinfo["/ModDate"])
        assert str(file.Root["/Lang"]) == "zh-CN"
        with file.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["pdfaid:conformance"] == "A"
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_only_the_houses_own_fonts_are_in_the_file(sample):
    with pikepdf.open(io.BytesIO(sample)) as file:
        names = {str(each["/BaseFont"]) for each in file.objects if _is_font(each)}
    assert names
    assert all(name.partition("+")[2].startswith("Ribao-Sans") for name in names)


def _is_font(each):
    return isinstance(each, pikepdf.Dictionary) and each.get("/Type") == "/Font" and "/BaseFont" in each


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_same_document_gives_the_same_bytes_elsewhere(sample, seed, tmp_path):
    import hashlib

    copy = tmp_path / f"another {seed}"
    shutil.copytree(PAPER, copy)
    code = AGAIN.format(tests=str(ROOT / "tests"), folder=str(copy))
    surroundings = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT), "TZ": "America/Lima"}
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=surroundings, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == hashlib.sha256(sample).hexdigest()


def test_every_passage_of_the_document_is_on_the_pages(sample):
    squeezed = "".join(words(sample).split()).replace("\u2060", "")
    for section in document().sections:
        assert "".join(section.title.split()) in squeezed


def test_lines_of_a_paragraph_end_under_each_other():
    typed = (
        "周四沪铜主力 2405 合约收于 72,500 元/吨，涨 410 元；库存 LME 112,475 吨，减少 625 吨，沪伦比 8.17，交投谨慎。"
        * 6
    )
    data = pdf.render(one(typed), [PAPER])
    done = subprocess.run(["pdftotext", "-bbox-layout", "-", "-"], input=data, capture_output=True, check=True)
    lines = re.findall(r'<line xMin="([\d.]+)" yMin="[\d.]+" xMax="([\d.]+)"', done.stdout.decode())
    ends = [float(right) for left, right in lines if float(left) < 60 and float(right) > 400]
    assert len(ends) >= 4
    assert max(ends) - min(ends) < 1.5


def placed(data):
    """The words of the pages in reading order: (text, left, top, right, bottom)."""
    done = subprocess.run(["pdftotext", "-bbox", "-", "-"], input=data, capture_output=True, check=True)
    found = re.findall(
        r'<word xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', done.stdout.decode()
    )
    return [(text, *map(float, place)) for *place, text in found]


def _numeric(sheet):
    for given, operator in pikepdf.parse_content_stream(sheet):
        yield [each for each in given if isinstance(each, int | Decimal)], operator


def washed(data):
    """The grounds of the advice on the first page, in points: (left, top, right, bottom)."""
    with pikepdf.open(io.BytesIO(data)) as file:
        drawn = [(str(operator), list(map(float, given))) for given, operator in _numeric(file.pages[0])]
    colour, found = [], []
    for (operator, values), (following, _) in pairwise(drawn):
        colour = [round(value * 255) for value in values] if operator == "rg" else colour
        if (operator, following, colour) == ("re", "f", [245, 246, 248]):
            left, top, wide, high = (value * 0.75 for value in values)
            found.append((left, top, left + wide, top + high))
    return found


@pytest.mark.parametrize("length", [1, 4, 6, 7, 8, 9, 12])
def test_the_ground_of_an_advice_is_beside_the_picture_or_below_it_and_never_around_it(length):
    view = next(section for section in document().sections if section.kicker == "铜")
    text = Prose((Text("多空交织，" * (6 * length) + "震荡。"),), "recap")
    blocks = (text, *(block for block in view.blocks if not isinstance(block, Prose)))
    data = pdf.render(replace(document(), sections=(replace(view, blocks=blocks),)), [PAPER])
    ((left, bottom),) = [(at, bottom) for text, at, *_, bottom in placed(data) if text.startswith("交易所")]
    ((_, top, right, _),) = washed(data)
    assert right < left or top > bottom
    assert (right < left) == (length < 8)


def test_a_number_of_twelve_digits_stays_whole_in_its_cell():
    told = "176,536,260,000"
    large = Number(Decimal(told.replace(",", "")))

    def grown(block):
        if isinstance(block, Figures):
            first = tuple(large if isinstance(cell, Number) else cell for cell in block.rows[0])
            return replace(block, rows=(first, *block.rows[1:]))
        if isinstance(block, Overview):
            return replace(block, rows=(replace(block.rows[0], close=large, change=large), *block.rows[1:]))
        row = replace(block.left[0], today=large, previous=large, change=large)
        return replace(block, left=(row, *block.left[1:]))

    tables = [
        grown(next(each for section in document().sections for each in section.blocks if isinstance(each, kind)))
        for kind in (Overview, Figures, Indicators)
    ]
    data = pdf.render(replace(document(), sections=(Section("表", "tables", tuple(tables)),)), [PAPER])
    spots = [place for text, *place in placed(data) if text == told]
    assert len(spots) == 2 + 5 + 3
    for (left, top, right, bottom), (start, high, end, low) in combinations(spots, 2):
        assert bottom < high or low < top or right < start or end < left


def test_an_unknown_weasyprint_keeps_its_own_justification():
    assert not justify.install(SimpleNamespace(__version__="71.0"))


def test_text_that_looks_like_markup_is_printed_as_typed():
    typed = "<b>涨</b> {{ 7*7 }} {% raw %} <img src=\"file:///etc/passwd\"> &amp; url(http://example.com)"  # fmt: skip
    shown = "".join(words(pdf.render(one(typed), [PAPER])).split())
    for piece in ("<b>涨</b>", "{{7*7}}", "{%raw%}", '<imgsrc="file:///etc/passwd">', "&amp;"):
        assert piece in shown


def test_a_missing_glyph_is_named_with_its_passage():
    with pytest.raises(MissingGlyph, match=r"底稿\.xlsx › 观点 › C7: .*'𬻿' \(U\+2CEFF\), in 「收于𬻿元"):
        pdf.render(one("收于𬻿元"), [PAPER])


@pytest.mark.parametrize("character", ["\x07", "\ufffe", "\ue000", "\u202e", "\x00"])
def test_a_character_nobody_can_see_is_refused(character):
    with pytest.raises(MissingGlyph, match=f"U\\+{ord(character):04X}"):
        pdf.render(one(f"涨{character}跌"), [PAPER])


def test_a_missing_glyph_in_a_heading_is_found_by_the_headings():
    broken = replace(document(), sections=(Section("涨\x07", "a", ()),))
    with pytest.raises(MissingGlyph, match="商品日报 2024-03-29 › 涨"):
        pdf.render(broken, [PAPER])


def test_the_characters_of_a_font_are_those_it_can_print():
    found = glyphs.characters(PAPER / glyphs.FONTS[0])
    assert {ord("铜"), ord("镕"), 0x2212, 0x2009} <= found
    assert 0x2CEFF not in found


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:9/x.png", "file:///etc/hostname", "ribao:../../etc/passwd", "ribao:fonts/none.png"]
)
def test_a_template_may_fetch_nothing_but_template_files(folder, address):
    (folder / "blocks" / "prose.html.j2").write_text(f'<p>铜<img src="{address}" alt="x"></p>', encoding="utf-8")
    with pytest.raises(RenderError, match="template"):
        pdf.render(one("涨"), [folder, PAPER])


def test_a_template_may_show_a_picture_of_its_folder(folder):
    (folder / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', encoding="utf-8")
    for source in ("ribao:logo.svg", "{{ embedded('logo.svg') }}"):
        text = f'<p>铜<img src="{source}" alt="标志"></p>'
        (folder / "blocks" / "prose.html.j2").write_text(text, encoding="utf-8")
        assert pdf.render(one("涨"), [folder, PAPER]).startswith(b"%PDF")


def test_whatever_weasyprint_warns_of_is_an_error(folder):
    style = (PAPER / "daily.css").read_text(encoding="utf-8")
    (folder / "daily.css").write_text(style + "p { colour: red }", encoding="utf-8")
    with pytest.raises(RenderError, match="colour"):
        pdf.render(one("涨"), [folder, PAPER])


@pytest.mark.parametrize(
    ("template", "message"),
    [
        ("{{ block.nothing }}", r"blocks/prose\.html\.j2.*nothing"),
        ("{% if %}", r"blocks/prose\.html\.j2 › line 1"),
        ("{{ ''.__class__.__mro__ }}", "unsafe"),
    ],
)  # fmt: skip
def test_a_wrong_template_is_named(folder, template, message):
    (folder / "blocks" / "prose.html.j2").write_text(template, encoding="utf-8")
    with pytest.raises(CatalogError, match=message):
        pdf.render(one("涨"), [folder, PAPER])


def test_a_missing_style_sheet_is_named():
    with pytest.raises(CatalogError, match=r"\.\./daily\.css: not found"):
        pdf.render(one("涨", kind="../daily"), [PAPER])


def test_a_page_without_end_is_stopped(folder):
    (folder / "blocks" / "prose.html.j2").write_text(
        '<table><tr><td colspan="1000000">铜</td></tr></table>', encoding="utf-8"
    )
    with pytest.raises(RenderError, match="not finished after 1 seconds"):
        pdf.render(one("涨"), [folder, PAPER], timeout=1)
    assert pdf.render(one("涨"), [PAPER]).startswith(b"%PDF")


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSEGV])
def test_a_child_that_dies_is_an_error_and_the_next_document_gets_a_new_one(blow):
    worker = pdf.start()

    def struck():
        """What travels inside is asked for when the child has its order and before it can answer."""
        os.kill(worker.process.pid, blow)
        return []

    with pytest.raises(RenderError, match=f"died .*{blow.name}"):
        pdf.render(document(), [PAPER], struck)
    assert pdf.render(one("涨"), [PAPER]).startswith(b"%PDF")
    assert pdf.start() is not worker


def test_no_child_outlives_its_parent():
    code = (
        "from report.render import pdf; import os; child = pdf.start(); "
        "print(child.process.pid, child.folder.name, flush=True); os.kill(os.getpid(), 9)"
    )
    surroundings = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], env=surroundings, capture_output=True, text=True, check=False)
    child, left = done.stdout.split()
    for _ in range(100):
        if not Path(f"/proc/{child}").exists() or "Z" in Path(f"/proc/{child}/stat").read_text().split()[2]:
            assert not Path(left).exists()
            return
        time.sleep(0.1)
    pytest.fail("the child is still there")


def test_a_file_travels_inside_the_report():
    carried = pdf.Attachment("数据.csv", "铜,1\n".encode(), "当日数据", "Source")
    data = pdf.render(one("涨"), [PAPER], lambda: [carried])
    assert data == pdf.render(one("涨"), [PAPER], lambda: [carried])
    with pikepdf.open(io.BytesIO(data)) as file:
        (each,) = file.attachments.values()
        assert (each.filename, str(each.relationship)) == ("数据.csv", "/Source")
        assert each.get_file().read_bytes() == "铜,1\n".encode()


ONLY_ON_THE_PROOF = {"remarks", "tallies"}


def test_every_block_is_set_on_paper_alone(folder):
    for sample in (document(), sample_longform.document()):
        blocks = {type(block): block for section in sample.sections for block in section.blocks}
        for block in (*blocks.values(), erratum()):
            alone = replace(sample, sections=(Section("", "here", (block,)),))
            assert pdf.render(alone, [PAPER]).startswith(b"%PDF")


def test_the_samples_have_one_of_every_block():
    samples = (document(), sample_longform.document())
    shown = {type(block) for sample in samples for section in sample.sections for block in section.blocks}
    names = {each.name for each in (*shown, Erratum)}
    assert {each.name for each in Block.__subclasses__()} == names | ONLY_ON_THE_PROOF


def test_a_view_is_kept_whole_and_starts_with_its_heading():
    html = page.setting(document(), [PAPER], "paper", ())
    assert html.count('class="view whole') == 13
