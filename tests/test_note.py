"""The research note end to end: what is wrong is told with file and line, and contents agree with the pages."""

from __future__ import annotations

import hashlib
import io
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
import verapdf
from notes import FIGURE, FRONT, HEAD, RISK, laid

from report import pipeline
from report.document import Call, Link, Notice, Number, Prose
from report.errors import GateClosed, InputError, UsageError
from report.facts import Severity
from report.longform import Contents, Cover, Endnotes, Exhibit
from report.pipeline import noting
from report.workspace import Workspace

SAMPLE = "fed-runoff-3"
CHANNELS = ("fund", "banks", "depositors", "funds", "shareholders", "dealers")


@pytest.fixture(scope="module")
def sample(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> pipeline.Built:
    place = Workspace(Path(shutil.copytree(sample_workspace, tmp_path_factory.mktemp("notes") / "专题")))
    house = pipeline.open_house(place)
    built = noting.build(house, SAMPLE, ["pdf", "html", "text"])
    house.history.close()
    return built


@pytest.fixture(scope="module")
def pages(sample: pipeline.Built) -> list[str]:
    """The text of every page, without blanks."""
    done = subprocess.run(["pdftotext", "-layout", sample.files[0], "-"], capture_output=True, text=True, check=True)
    return [bare(page) for page in done.stdout.split("\f")[:-1]]


def bare(text: str) -> str:
    return re.sub(r"[\s\u2060]+", "", text)


@pytest.fixture
def refused(house: pipeline.House) -> Callable[..., list[str]]:
    def found(text: str, front: str = FRONT) -> list[str]:
        laid(house.workspace.root, text, front)
        with pytest.raises(GateClosed) as caught:
            noting.build(house, "mine", ["text"])
        assert not (house.workspace.root / "outbox" / "notes").exists()
        return [str(one) for one in caught.value.findings if one.severity is Severity.ERROR]

    return found


ARROW = """```图 f
title = "流"
kind = "flow"
source = "示例"
arrow = [{ start = "a", end = "b" }]
[node.a]
text = ["甲"]
at = [0, 0]
```"""
DRAWN = '```图 x\ntitle = "账"\nkind = "accounts"\nsectors = ["银行"]\nchannel = "banks"\nsource = "账本"\n```'
ROWS = """```图 t
title = "表"
kind = "table"
source = "示例"
headings = ["一", "二"]
rows = [["甲", "乙", "丙"]]
```"""


def entries(built: pipeline.Built) -> list[tuple[str, str]]:
    blocks = [block for section in built.document.sections for block in section.blocks]
    return [(one.number, one.title) for block in blocks if isinstance(block, Contents) for one in block.entries]


def test_a_fresh_workspace_builds_the_sample_note_of_at_least_ten_pages_without_a_complaint(sample, pages):
    assert {one.code for one in sample.findings} == {"C612"}
    assert not sample.open
    assert len(pages) >= 10
    assert [path.name for path in sample.files] == [
        f"谁接走了美联储放下的国债_20240329.{ending}" for ending in ("pdf", "html", "txt")
    ]


def test_every_page_is_filled_and_the_last_one_is_worth_its_paper(sample):
    done = subprocess.run(["pdftoppm", "-gray", "-r", "40", sample.files[0]], capture_output=True, check=True).stdout
    images = re.findall(rb"P5\n(\d+) (\d+)\n255\n", done)
    size = {(int(width), int(height)) for width, height in images}
    ((width, height),) = size
    head = len(b"P5\n%d %d\n255\n" % (width, height))
    for at in range(len(images)):
        start = at * (head + width * height) + head
        rows = [done[start + row * width : start + (row + 1) * width] for row in range(int(height * 0.92))]
        lowest = max(row for row, dots in enumerate(rows) if min(dots) < 200)
        assert lowest > height * 0.75, (at + 1, lowest / height)


def test_the_page_told_in_the_contents_is_the_page_the_heading_stands_on(sample, pages):
    told = subprocess.run(
        ["pdftotext", "-layout", "-f", "2", "-l", "2", sample.files[0], "-"], capture_output=True, text=True, check=True
    ).stdout
    lines = {bare(found[1]): int(found[2]) for found in re.finditer(r"^(.*?)(?: ?\.){3,} *([0-9]+)$", told, re.M)}
    assert len(lines) == len(entries(sample)) == 34
    for number, title in entries(sample):
        heading = bare(number + title)
        page = lines[heading]
        assert heading in pages[page - 1], (title, page)
        assert not any(heading in text for text in pages[2 : page - 1]), title


def test_the_bookmarks_lead_to_the_same_pages(sample, pages):
    with pikepdf.open(sample.files[0]) as file, file.open_outline() as outline:
        numbers = {page.objgen: at for at, page in enumerate(file.pages, start=1)}
        found = [(each.title, each) for root in outline.root for each in (root, *root.children)]
        told = {bare(title): numbers[each.destination[0].objgen] for title, each in found}
    headings = [bare(number + title) for number, title in entries(sample) if not number.startswith(("图", "表"))]
    assert set(headings) <= set(told)
    for heading in headings:
        assert heading in pages[told[heading] - 1]


def test_every_figure_of_the_model_is_there_and_the_accounts_come_from_the_ledger(sample):
    shown = [block for section in sample.document.sections for block in section.blocks if isinstance(block, Exhibit)]
    figures = [one for one in shown if one.label.startswith("图")]
    assert [one.label for one in figures] == [f"图 {number}" for number in range(1, 14)]
    drawn = {one.anchor: one.body for one in figures if one.body.name == "t_accounts"}
    assert list(drawn) == [f"k-{key}" for key in CHANNELS]
    dealers = {one.sector: (one.assets, one.liabilities) for one in drawn["k-dealers"].accounts}
    assert [(name, int(amount)) for name, amount in dealers["货币基金"][0]] == [("ON RRP", -1), ("回购贷款", 1)]
    assert all(one.source for one in shown)


def test_every_number_of_the_text_that_was_written_as_an_expression_knows_its_cells(sample):
    spans = [
        span
        for section in sample.document.sections
        for block in section.blocks
        for run in ([block.spans] if isinstance(block, Prose) else [])
        for span in run
        if isinstance(span, Number)
    ]
    assert len(spans) > 25
    for span in spans:
        assert span.fact is not None
        assert all(cell.startswith("图表数据.xlsx › ") for cell in span.fact.cells())


def test_the_same_inputs_give_the_same_bytes(house: pipeline.House, sample):
    again = noting.build(house, SAMPLE, ["pdf", "html", "text"])
    for one, other in zip(again.files, sample.files, strict=True):
        assert hashlib.sha256(one.read_bytes()).hexdigest() == hashlib.sha256(other.read_bytes()).hexdigest()


def test_no_heading_stands_alone_at_the_foot_of_a_page(sample):
    told = subprocess.run(["pdftotext", "-layout", sample.files[0], "-"], capture_output=True, text=True, check=True)
    headings = {bare(number + title) for number, title in entries(sample)}
    blocks = [block for section in sample.document.sections for block in section.blocks]
    headings |= {bare(one.title) for one in blocks if isinstance(one, Notice)} | {"关于本报告"}
    for page in told.stdout.split("\f")[2:-1]:
        lines = [bare(line) for line in page.splitlines() if line.strip()]
        assert lines[-2] not in headings, lines[-2]


def test_on_a_screen_footnotes_are_endnotes_and_every_link_leads_somewhere(sample):
    html = sample.files[1].read_text(encoding="utf-8")
    anchors = set(re.findall(r' id="([^"]+)"', html))
    targets = re.findall(r'href="#([^"]+)"', html)
    assert set(targets) <= anchors
    assert {"note-1", "note-2", "call-1"} <= anchors
    assert 'title="图表数据.xlsx › 隔夜逆回购 › B' in html


def test_the_text_form_holds_leads_notes_and_accounts(sample):
    text = sample.files[2].read_text(encoding="utf-8")
    assert "\n➤ 缓冲垫有两个开关\n" in text
    assert "〔货币基金〕  资产：−ON RRP，+回购贷款" in text
    assert "\n[1] H.4.1表上的“逆回购”" in text


def test_references_numbers_and_footnotes_are_numbered_when_composed(house: pipeline.House):
    text = (
        f"{HEAD}见[](#rrp)与[](#second)。[^a] 余额{{{{ on_rrp at 2022-05-04 in 亿美元 }}}}，"
        "增加{{ on_rrp from 2022-05-02 to 2022-05-04 in 亿美元 }}，"
        "占{{ own at 2022-05-04 over own at 2022-05-07 }}。\n\n"
        f"[^a]: 注。\n\n{FIGURE}\n# 二章 {{#second}}\n\n见[](#first)。{RISK}"
    )
    laid(house.workspace.root, text)
    document = noting.build(house, "mine", ["text"]).document
    spans = next(block for block in document.sections[3].blocks if isinstance(block, Prose)).spans
    assert [span.text for span in spans if isinstance(span, Link)] == ["图 1", "第 2 章"]
    assert [span.number for span in spans if isinstance(span, Call)] == [1]
    assert [(str(one.value), one.unit) for one in spans if isinstance(one, Number)] == [
        ("18020", "亿美元"),
        ("20", "亿美元"),
        ("40.0", "%"),
    ]
    notes = [block for section in document.sections for block in section.blocks if isinstance(block, Endnotes)]
    assert [number for number, _ in notes[0].notes] == [1]


@pytest.mark.parametrize(
    ("broken", "line", "told"),
    [
        (FIGURE.replace('source = "示例来源"\n', ""), 5, "names no source"),
        (FIGURE.replace('"示例来源"', '" "'), 11, "names no source"),
        (FIGURE.replace('kind = "line"', 'kind = "pie"'), 8, "kind: Input should be 'line', 'area'"),
        (FIGURE.replace('["余额"]', '["余额", "没有这列"]'), 10, "has no column 没有这列"),
        (FIGURE.replace('sheet = "逆回购"', 'sheet = "别的表"'), 10, "is called '别的表'"),
        (FIGURE.replace('title = "逆回购余额"\n', ""), 5, "title: Field required"),
        (FIGURE.replace("unit =", "units ="), 7, "units: no such key (nearest: unit, "),
        (FIGURE.replace("unit = ", "unit "), 7, "not readable as TOML"),
        (FIGURE.replace("图 rrp", "圖 rrp"), 5, "write 图 or 表 and a key"),
        (f"{FIGURE}\n{FIGURE}", 14, "the key 'rrp' is taken by 正文.md › line 5"),
        ("[](#nowhere)", 5, "nothing has the key 'nowhere'"),
        ("[^none]", 5, "no footnote [^none]"),
        ("{{ on_rrp at 2022-05-04 in 亿元 }}", 5, "does not convert into 亿元"),
        (
            "{{ on_rrp at 2022-06-30 }}",
            5,
            "no number of on_rrp on 2022-06-30 (the last one before it is of 2022-05-07)",
        ),
        (
            "{{ other at 2022-05-04 }}",
            5,
            "'other' is bound to nothing and no measure of the catalogue; the names are on_rrp、own",
        ),
        ("{{ on_rrp on 2022-05-04 }}", 5, "expected 'at' or 'from', found 'on'"),
        ("{{ __import__('os') }}", 5, "expected a name"),
        (FIGURE.replace("source", "since = 2023-01-01\nsource"), 10, "余额 has fewer than two numbers to draw"),
        (FIGURE.replace('"余额"', '"空列"'), 10, "空列 has fewer than two numbers"),
        ('```图 f\ntitle = "流"\nkind = "flow"\nsource = "示例"\n```', 5, "a flow has boxes"),
        (ARROW, 5, "no box is called b, only a"),
        (ARROW.replace('end = "b"', 'end = "a"'), 5, "an arrow leads from a to itself"),
        (
            f'{ARROW[:-3].replace("arrow", "#")}[node.b]\ntext = ["乙"]\nat = [0, 0]\n```',
            5,
            "a and b stand at one place",
        ),
        (
            ARROW.replace("甲", "甲" * 41).replace("arrow", "#"),
            5,
            "too wide for box a among 1 columns; give it a second",
        ),
        (
            ARROW.replace("at = [0, 0]", "at = [0, 9]").replace('"甲"', '"甲", "乙", "丙"').replace("arrow", "#"),
            5,
            "a page",
        ),
        (FIGURE.replace("unit =", 'channel = "banks"\nunit ='), 5, "a line has no use for channel"),
        (FIGURE.replace('["余额"]', '["余额", "余额"]'), 5, "'columns' names 余额 twice"),
        (DRAWN, 5, "not of both"),
        (ROWS, 10, "'headings' has 2 cells"),
        (ROWS.replace(', "丙"', ""), 5, "a 图 of kind table"),
        ("[^a]: 没有用到。", 5, "nothing calls the footnote [^a]"),
        ("注[^a]。\n\n[^a]: 注[^a]。", 7, "a footnote within a footnote"),
        ("> - 甲", 5, "a quote of more than paragraphs"),
        ("##", 5, "a heading without words"),
        ("- 甲\n  - 乙", 5, "a list within a list"),
        ("{{ on_rrp at 2022-05-04", 5, "braces that do not close"),
        ("{{ on_rrp from 2022-05-04 to 2022-05-02 }}", 5, "does not come after"),
        ("{{ on_rrp at 2022-05-04 over own at 2022-05-04 }}", 5, "does not convert"),
        ("{{ own at 2022-05-04 over own at 2022-05-02 }}", 5, "divides by 0"),
        ("![图](a.png)", 5, "image"),
        ("<b>字</b>", 5, "html inline"),
        ("[别处](https://example.com)", 5, "write [](#key)"),
        ("### 三级", 5, "a heading of level 3"),
        ("2022年5月4日隔夜逆回购余额为19020亿美元。", 5, "but 宏观 隔夜逆回购 of 2022-05-04 is 18020 亿美元"),
        ("这是SHEF的数，稳赚。", 5, "may not stand in futures advice"),
        ("他说，\n，好。\n\n罕字𰻞。", 8, "the fonts have no '𰻞'"),
    ],
)
def test_a_mistake_is_told_with_file_and_line(refused, broken: str, line: int, told: str):
    found = refused(f"{HEAD}正文说到[](#first)。\n\n{broken}\n{RISK}")
    assert any(one.startswith(f"正文.md › line {line}") and told in one for one in found), found


def test_all_mistakes_are_told_together(refused):
    found = refused(f"{HEAD}见[](#a)与[](#b)，{{{{ c at 2022-05-04 }}}}。\n\n{FIGURE.replace('line', 'pie')}")
    assert len(found) == 5
    assert any(one.startswith("正文.md: no chapter is called 风险提示") for one in found)


def test_what_refers_to_a_figure_that_is_described_wrong_is_no_error_of_its_own(refused):
    (found,) = refused(f"{HEAD}见[](#rrp)。\n\n{FIGURE.replace('line', 'pie')}{RISK}")
    assert found.startswith("正文.md › line 8: kind: ")


def test_a_long_table_goes_on_over_the_page_under_its_headings(house: pipeline.House):
    rows = ",".join('["一","二"]' for _ in range(60))
    table = (
        f'```表 t\ntitle = "长"\nkind = "table"\nsource = "示例"\nheadings = ["头甲", "头乙"]\nrows = [{rows}]\n```\n'
    )
    laid(house.workspace.root, f"{HEAD}见[](#t)。\n\n{table}{RISK}")
    built = noting.build(house, "mine", ["pdf"])
    done = subprocess.run(["pdftotext", "-layout", built.files[0], "-"], capture_output=True, text=True, check=True)
    told = [page for page in done.stdout.split("\f") if "头甲" in page]
    assert len(told) == 2
    assert [bare(page).count("一二") for page in told] == [
        bare(told[0]).count("一二"),
        60 - bare(told[0]).count("一二"),
    ]
    assert "见表1" in bare(told[0])


def test_a_figure_that_is_never_mentioned_is_a_warning(house: pipeline.House):
    laid(house.workspace.root, f"{HEAD}正文。\n\n{FIGURE}{RISK}")
    (found,) = noting.build(house, "mine", ["text"]).findings
    assert (found.code, found.severity, found.where) == ("N109", Severity.WARNING, "正文.md › line 5")


def test_a_channel_or_sector_the_ledger_does_not_have_is_told(refused):
    drawing = '```图 x\ntitle = "账"\nkind = "accounts"\nchannel = "nobody"\nsource = "账本"\n```\n'
    (found,) = refused(f"{HEAD}见[](#x)。\n\n{drawing}{RISK}")
    assert found.startswith("正文.md › line 5: no channel is called 'nobody', only banks")


def test_a_wrong_front_page_is_told_with_its_line(house: pipeline.House):
    laid(house.workspace.root, HEAD, FRONT.replace("title = ", "titel = "))
    with pytest.raises(InputError, match=r"扉页\.toml › line 1 › titel"):
        noting.build(house, "mine", ["text"])


def test_a_bound_name_without_a_sheet_is_asked_of_the_history(house: pipeline.House):
    front = FRONT.replace('sheet = "逆回购"\ncolumn = "余额"\nunit = "十亿美元"\n', "", 1)
    laid(house.workspace.root, f"{HEAD}余额{{{{ on_rrp at 2022-05-04 in 亿美元 }}}}。{RISK}", front)
    document = noting.build(house, "mine", ["text"]).document
    number = next(span for span in document.sections[2].blocks[0].spans if isinstance(span, Number))
    assert str(number.value).rstrip("0").rstrip(".") == "18156.56"
    assert number.fact is not None
    assert "隔夜逆回购.xlsx › 宏观" in number.fact.source


def test_a_workspaces_note_goes_before_the_packaged_one_and_an_unknown_name_lists_the_known(house: pipeline.House):
    laid(house.workspace.root, f"{HEAD}正文。{RISK}", name="mine")
    assert noting.known(house) == [SAMPLE, "mine"]
    with pytest.raises(UsageError, match="known: fed-runoff-3、mine"):
        noting.build(house, "../mine", ["text"])


def test_the_cover_shows_its_highlights_and_signatures(sample):
    cover = next(block for section in sample.document.sections for block in section.blocks if isinstance(block, Cover))
    assert [str(number.value.quantize(1)) for number, _ in cover.highlights] == ["25537", "5944", "-32", "193"]
    assert [one.role for one in cover.signatures] == ["分析师", "研究助理"]


def test_fonts_and_tags_of_the_pdf_are_the_houses(sample):
    with pikepdf.open(io.BytesIO(sample.files[0].read_bytes())) as file:
        assert str(file.Root["/Lang"]) == "zh-CN"
        with file.open_metadata() as metadata:
            assert metadata["pdfaid:part"] == "3"
            assert metadata["{http://www.aiim.org/pdfua/ns/id/}part"] == "1"


def test_words_of_a_spreadsheet_are_printed_as_they_were_typed(sample):
    table = next(
        block.body
        for section in sample.document.sections
        for block in section.blocks
        if isinstance(block, Exhibit) and block.anchor == "k-caps"
    )
    assert [row[0] for row in table.rows] == ["2017–2019年", "2022年以来"]
    assert [str(cell.value) for cell in table.rows[1] if isinstance(cell, Number)] == ["300", "175", "475", "950"]


@pytest.mark.soak
def test_the_note_is_pdf_a_3a_and_pdf_ua_1(sample):
    if why := verapdf.lacking():
        pytest.skip(f"veraPDF: {why}")
    assert verapdf.broken("3a,ua1", sample.files[:1]) == [("3a", []), ("ua1", [])]
