"""Text from a workbook is text all the way: in the PDF, the letters, the attached sheet; nothing is fetched for it."""

from __future__ import annotations

import io
import socket
from datetime import UTC, datetime
from zipfile import ZipFile

import pikepdf
from openpyxl import load_workbook

from report import pipeline, waivers
from report.deliver import enclosures
from report.deliver.archive import Archive
from report.facts import Severity, Waiver
from report.pipeline import imprint, publishing

DAY = pipeline.SAMPLE
NOW = datetime(2024, 3, 28, 23, 50, tzinfo=UTC)
MORNING = datetime(2024, 3, 29, 7, tzinfo=UTC)


def waive_all(house: pipeline.House) -> None:
    """Whatever is found is waived: the test is not about findings."""
    found = pipeline.check(house, DAY, NOW).findings
    granted = [
        Waiver(one.code, one.where, one.message, "试验", "示例审核")
        for one in found
        if one.severity is Severity.WARNING
    ]
    folder = house.workspace.root / "data" / "waivers"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{DAY}.toml").write_text(waivers.added("", granted), encoding="utf-8")


def test_markup_references_and_template_syntax_are_the_characters_they_are(house, workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
        told = {
            "B": "</title><b>涨</b> {{ 7*7 }}",
            "C": f'<link rel="attachment" href="file:///etc/passwd"><img src="{url}"> {{% include "page.html.j2" %}}',
            "E": f"<style>@import url({url})</style> &amp; {{{{ cycler.__init__ }}}}",
            "G": '=HYPERLINK("file:///etc/passwd")',
        }
        book = workspace.inbox(DAY) / "日报底稿.xlsx"
        opened = load_workbook(book)
        for column, text in told.items():
            opened["观点"][f"{column}7"].value = text
            opened["观点"][f"{column}7"].data_type = "s"
        opened.save(book)
        waive_all(house)
        publishing.publish(house, DAY, "<b>示例审核</b>", NOW)
        try:
            caller = listener.accept()
        except TimeoutError:
            caller = None
    assert caller is None
    archive = Archive("archive", workspace.root)
    one, manifest = archive.publication(DAY), archive.manifest(DAY)
    assert manifest.approver == "<b>示例审核</b>"
    assert told["G"] in manifest.analysts
    with pikepdf.open(io.BytesIO(one.pdf)) as file:
        names = sorted(each.filename for each in file.attachments.values())
        assert names == ["facts.json", "facts.xlsx", "findings.json", "日报底稿.xlsx"]
        assert "passwd" not in "".join(str(link.get("/A")) for page in file.pages for link in page.get("/Annots", []))
        with file.open_outline() as outline:
            titles = [item.title for item in outline.root[0].children]
        assert any("</title><b>涨</b> {{ 7*7 }}" in title for title in titles)
    assert "<b>涨" not in one.html
    assert "&lt;b&gt;涨&lt;/b&gt;" in one.html
    assert "{{ 7*7 }}" in one.text
    assert "49" not in next(line for line in one.text.splitlines() if "</title>" in line)


def test_cells_of_the_attached_sheet_that_look_like_formulas_are_text() -> None:
    nasty = ["=1+1", "+1", "-1", "@SUM(1)", "=cmd|'/c calc'!A1", "http://127.0.0.1/x", "{=1}", "\t=1"]
    rows = [dict.fromkeys(enclosures.COLUMNS, text) | {"name": text, "value": "1"} for text in nasty]
    data = enclosures.as_sheet(rows, ["列"] * 9, "=1+1", MORNING)
    sheet = load_workbook(io.BytesIO(data)).active
    for row, text in zip(sheet.iter_rows(min_row=2), nasty, strict=True):
        assert [cell.data_type for cell in row] == ["s"] * 6 + ["n"] + ["s"] * 2
        assert row[0].value == text
    with ZipFile(io.BytesIO(data)) as parts:
        assert b"<f>" not in parts.read("xl/worksheets/sheet1.xml")
        assert not [name for name in parts.namelist() if "rels" in name and b"127.0.0.1" in parts.read(name)]
    assert data == enclosures.as_sheet(rows, ["列"] * 9, "=1+1", MORNING)


def test_a_figure_with_more_digits_than_a_sheet_can_hold_stays_exact() -> None:
    exact = "12345678901234567.89"
    rows = [dict.fromkeys(enclosures.COLUMNS, "x") | {"name": "x", "value": value} for value in (exact, "0.1", "-3")]
    sheet = load_workbook(io.BytesIO(enclosures.as_sheet(rows, ["列"] * 9, "x", MORNING))).active
    assert [row[6] for row in sheet.iter_rows(min_row=2, values_only=True)] == [exact, 0.1, -3]


def test_a_workbook_called_like_an_attachment_keeps_its_name() -> None:
    assert imprint.apart("facts.xlsx", {"facts.xlsx": b"", "_facts.xlsx": b""}) == "__facts.xlsx"
    assert imprint.apart("facts.json", {"facts.xlsx": b""}) == "facts.json"
