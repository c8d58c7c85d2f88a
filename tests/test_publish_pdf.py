"""The archived PDF, as readers other than its maker see it: levels, tags, what it says of itself, what it carries."""

from __future__ import annotations

import io
import itertools
import json
from collections import Counter
from pathlib import Path

import pikepdf
import pytest
from openpyxl import load_workbook

from report import pipeline
from report.deliver.archive import Archive
from report.deliver.manifest import digest
from tests import verapdf

DAY = pipeline.SAMPLE
OURS = "{http://ns.example.com/ribao/report/1.0/}"


@pytest.fixture(scope="module")
def archive(published: Path) -> Archive:
    return Archive("archive", published)


@pytest.fixture(scope="module")
def erratum(archive: Archive):
    with pikepdf.open(io.BytesIO(archive.publication(DAY).pdf)) as opened:
        yield opened


def elements(node: pikepdf.Object):
    """Every structure element of the tag tree, in order."""
    for child in node.get("/K", []) if isinstance(node.get("/K"), pikepdf.Array) else [node.get("/K")]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


def test_it_is_pdf_a_3a_and_pdf_ua_1_and_the_validator_knows_a_file_that_is_not(archive, published, tmp_path) -> None:
    if why := verapdf.lacking():
        pytest.skip(f"veraPDF: {why}")
    told = archive.manifest(DAY)
    whole = published / "archive" / told.place / told.pdf
    bare = tmp_path / "bare.pdf"
    with pikepdf.new() as empty:
        empty.add_blank_page()
        empty.save(bare)
    right, ua, *wrong = verapdf.broken("3a,ua1", [whole, bare])
    assert (right, ua) == (("3a", []), ("ua1", []))
    assert all(rules for _, rules in wrong)


def test_it_says_which_report_it_is(archive, erratum) -> None:
    told = archive.manifest(DAY)
    with erratum.open_metadata() as metadata:
        assert metadata[f"{OURS}date"] == "2024-03-29"
        assert metadata[f"{OURS}version"] == "2"
        assert metadata[f"{OURS}facts"] == told.facts == digest(archive.file(told, "facts.json"))
        assert metadata["dc:title"] == "商品日报 20240329 v2"
        assert metadata["pdfuaid:part"] == "1"
        assert metadata.pdfa_status == "3A"
    assert str(erratum.Root.Lang) == "zh-CN"


def test_a_screen_reader_finds_headings_in_order_and_every_one_as_a_bookmark(erratum) -> None:
    kinds = [str(each.S)[1:] for each in elements(erratum.Root.StructTreeRoot)]
    levels = [int(kind[1]) for kind in kinds if kind in ("H1", "H2", "H3")]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    with erratum.open_outline() as outline:
        top = [item.title for item in outline.root]
        views = [item.title for item in outline.root[0].children]
    assert top == ["主要品种观点", "主要期货市场收市数据", "产业数据透视", "关于本报告"]
    assert len(views) == 13
    assert Counter(levels) == {1: 1, 2: len(top), 3: len(views)}


def test_every_table_has_header_cells_that_say_what_they_head(erratum) -> None:
    tables = [each for each in elements(erratum.Root.StructTreeRoot) if each.S == "/Table"]
    assert len(tables) >= 16
    for table in tables:
        heads = [each for each in elements(table) if each.S == "/TH"]
        scopes = [str(a.get("/Scope")) for each in heads for a in _attributes(each)]
        assert len([scope for scope in scopes if scope in ("/Column", "/Row")]) == len(heads)
        assert heads or not [each for each in elements(table) if each.S == "/TD"][30:], "a large table without heads"


def _attributes(element: pikepdf.Object) -> list[pikepdf.Object]:
    found = element.get("/A", [])
    return list(found) if isinstance(found, pikepdf.Array) else [found]


def test_every_chart_has_words_for_those_who_cannot_see_it(erratum) -> None:
    figures = [each for each in elements(erratum.Root.StructTreeRoot) if each.S == "/Figure"]
    assert len(figures) >= 20
    assert all(str(each.get("/Alt", "")).strip() for each in figures)
    assert sum("60" in str(each.Alt) for each in figures) > 5


def test_it_carries_what_it_was_made_of(archive, published, erratum) -> None:
    told = archive.manifest(DAY)
    files = dict(erratum.attachments.items())
    data = {each.filename: each.get_file().read_bytes() for each in files.values()}
    kinds = {each.filename: str(each.relationship) for each in files.values()}
    assert kinds == {
        "日报底稿.xlsx": "/Source",
        "facts.json": "/Data",
        "facts.xlsx": "/Data",
        "findings.json": "/Supplement",
        "erratum.json": "/Supplement",
    }
    assert data["日报底稿.xlsx"] == (published / "inbox" / "2024-03-29" / "日报底稿.xlsx").read_bytes()
    for name in ("facts.json", "findings.json", "erratum.json"):
        assert data[name] == archive.file(told, name)
    waived = [one for one in json.loads(data["findings.json"]) if one["waived"]]
    assert len(waived) == 12
    assert len(erratum.Root.AF) == 5


def test_the_facts_are_the_same_as_rows_and_as_a_sheet(archive, erratum) -> None:
    rows = json.loads(archive.file(archive.manifest(DAY), "facts.json"))
    (sheet,) = [each for each in erratum.attachments.values() if each.filename == "facts.xlsx"]
    cells = list(load_workbook(io.BytesIO(sheet.get_file().read_bytes())).active.iter_rows(values_only=True))
    assert cells[0] == ("名称", "品种", "指标", "口径", "合约", "交易日", "数值", "单位", "来源")
    assert len(cells) == len(rows) + 1
    copper = next(row for row in cells if row[2] == "futures_close" and row[1] == "cu" and row[5] == "2024-03-28")
    assert copper[6] == 72500
    derived = [row[8] for row in cells[1:] if str(row[8]).startswith("=")]
    assert len(derived) > 100


def test_a_fact_is_told_with_the_cells_it_comes_down_to(archive) -> None:
    rows = json.loads(archive.file(archive.manifest(DAY), "facts.json"))
    ratio = next(row for row in rows if row["measure"] == "sh_lme_ratio" and row["variety"] == "cu")
    assert len(ratio["inputs"]) == 2
    assert all("›" in cell for cell in ratio["inputs"])
