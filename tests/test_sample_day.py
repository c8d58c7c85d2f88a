"""The sample day: every figure the model printed is ours, or a correction says why it is wrong."""

from __future__ import annotations

import csv
import tomllib
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest

from report.compose import KINDS
from report.derive.derivation import derive
from report.document import Document, Figures, Indicators, Number, Prose
from report.facts import Facts, Severity
from report.read import desk
from tests.days import CALENDARS, CATALOG, DATA, REPORT
from tests.samples import books

SAMPLES = Path(__file__).parent / "samples"
Key = tuple[str, str, str, str]


@pytest.fixture(scope="module")
def reading():
    book = DATA / "samples" / "2024-03-29" / "日报底稿.xlsx"
    return desk.read(book, CATALOG, CALENDARS, REPORT, datetime(2024, 3, 29, tzinfo=UTC))


@pytest.fixture(scope="module")
def document(reading) -> Document:
    day, _ = derive(Facts(reading.facts), CATALOG, CALENDARS, REPORT)
    return KINDS["daily"](day, {view.variety: view for view in reading.views}, {}, CATALOG)


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def blocks(document: Document, kind: type) -> list:
    return [block for section in document.sections for block in section.blocks if isinstance(block, kind)]


def cells(document: Document):
    """(table, block, row, column), as printed by the model, our number: every figure of the two tables."""
    for printed, ours in zip(rows("printed_closes.csv"), blocks(document, Figures)[-1].rows, strict=True):
        assert printed["合约"] == ours[0]
        names = ("收盘价", "涨跌", "涨跌幅/%", "总成交量/手", "总持仓量/手")
        for name, number in zip(names, ours[1:6], strict=True):
            yield ("1", "", printed["合约"], name), printed[name], number
    ours = {
        (block.title, side, str(place)): row
        for block in blocks(document, Indicators)
        for side, half in (("左", block.left), ("右", block.right))
        for place, row in enumerate(half, 1)
    }
    for printed in rows("printed_industry.csv"):
        row = ours.pop((printed["区块"], printed["列"], printed["行"]))
        for name, number in (("本期", row.today), ("上期", row.previous), ("涨跌", row.change)):
            yield ("2", printed["区块"], printed["指标"], name), printed[name], number
    assert not ours


def corrections() -> dict[Key, tuple[str, str]]:
    path = DATA / "corrections" / "2024-03-29.toml"
    told = tomllib.loads(path.read_text(encoding="utf-8"))["correction"]
    return {(c["table"], c["block"], c["row"], c["column"]): (c["printed"], c["right"]) for c in told}


def same(one: str, other: str) -> bool:
    one, other = one.replace(",", ""), other.replace(",", "")
    return one == other or (bool(one and other) and Decimal(one) == Decimal(other))


def with_its_places(key: Key, printed: str, number: Number) -> str:
    """Our number with as many places as the model printed, '' where it is missing; lithium told in 万元/吨 as there."""
    in_ten_thousands = (
        key[1] == "碳酸锂" and key[2] in ("碳酸锂主力", "电碳现货", "工碳现货") and number.value is not None
    )
    scaled = Number(number.value / 10000) if in_ten_thousands else number
    places = len(printed.partition(".")[2])
    return "" if scaled.value is None else str(scaled.value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def test_every_figure_agrees_with_the_print_or_has_a_correction(document) -> None:
    told, strangers = corrections(), []
    for key, printed, number in cells(document):
        ours = with_its_places(key, printed, number)
        right = told.get(key, (printed, printed))[1]
        if not same(ours, right):
            strangers.append((key, printed, ours, right))
    assert not strangers


def test_no_correction_is_about_a_figure_that_agrees(document) -> None:
    told = corrections()
    figures = [(key, printed, with_its_places(key, printed, number)) for key, printed, number in cells(document)]
    assert len(figures) == 22 * 5 + 126 * 3
    assert not [key for key, printed, ours in figures if key in told and same(printed, ours)]


def test_every_correction_says_what_was_printed_and_why_it_is_wrong(document) -> None:
    figures = {key: printed for key, printed, _ in cells(document)}
    for key, (printed, _) in corrections().items():
        assert figures.get(key, printed) == printed
    path = DATA / "corrections" / "2024-03-29.toml"
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["correction"]:
        assert entry["why"]
        assert entry["evidence"]


def test_every_printed_figure_comes_down_to_a_cell_of_the_workbook(document) -> None:
    for _, _, number in cells(document):
        if number.value is not None:
            for cell in number.fact.cells():
                assert cell.startswith(("日报底稿.xlsx › 收盘 › ", "日报底稿.xlsx › 产业 › ", "data/varieties/"))


def test_the_sample_workbook_raises_nothing_above_a_note(reading) -> None:
    assert not [str(finding) for finding in reading.findings if finding.severity > Severity.NOTE]


def test_the_sample_workbooks_are_those_its_figures_make() -> None:
    for place, content in books.books().items():
        assert (DATA / "samples" / place).read_bytes() == content, f"run: python -m tests.samples.books ({place})"


def test_every_view_has_a_headline_a_recap_and_an_outlook(document) -> None:
    views = [section for section in document.sections if section.level == 2]
    assert len(views) == 13
    for section in views:
        roles = {block.role for block in section.blocks if isinstance(block, Prose)}
        assert section.title
        assert "outlook" in roles
        assert roles & {"drafted", "recap"}


def test_the_heading_dates_are_those_of_the_sessions(document) -> None:
    assert {(block.today, block.previous) for block in blocks(document, Indicators)} == {("3月28日", "3月27日")}
    assert document.date == date(2024, 3, 29)
