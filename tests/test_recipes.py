"""The README's recipes, followed as written: one thing, one place."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from report import catalog as catalogs
from report import pipeline
from report.document import Figures, Indicators, Overview, Prose, Word
from report.workspace import Workspace

NOW = datetime(2024, 3, 29, tzinfo=UTC)
STAINLESS = """
code = "ss"
name = "不锈钢"
spoken = "不锈钢"
exchange = "SHFE"

[[instruments]]
exchange = "SHFE"
product = "不锈钢"
label = "SHFE 不锈钢"
name = "不锈钢主力"
closes = 185
overview = 14
volume_basis = "主力"

[series]
spot_price = { name = "无锡现货价格" }
basis = { name = "基差" }

[constants]
conversion_ratio = 1
quality_adjustment = 0

[view]
order = 14
title = "不锈钢"
draft = ["close", "spot"]
signals = { price = "futures_close", premium = "basis" }

[block]
order = 95
title = "不锈钢"
left = ["futures_close", "spot_price"]
right = ["basis"]
"""


@pytest.fixture
def stainless(workspace: Workspace) -> Workspace:
    folder = workspace.root / "data" / "varieties"
    folder.mkdir()
    (folder / "ss.toml").write_text(STAINLESS, encoding="utf-8")
    path = workspace.inbox(pipeline.SAMPLE) / "日报底稿.xlsx"
    book = load_workbook(path)
    book["收盘"].append(["SHFE", "不锈钢", "SS2405", 13490, 13450, 244451, 155414, "主力", "元/吨"])
    book["产业"].append(["不锈钢", "无锡现货价格", "元/吨", 13700, 13650])
    book["观点"].append(["不锈钢", "价格走稳", "现货成交一般。", "", "预计区间运行。", "观望", "示例分析师丁"])
    book.save(path)
    return workspace


def blocks(document, kind):
    return [block for section in document.sections for block in section.blocks if isinstance(block, kind)]


def test_recipe_1_a_variety_is_one_file(stainless: Workspace) -> None:
    house = pipeline.open_house(stainless)
    document = pipeline.build(house, pipeline.SAMPLE, ["text"], NOW).document
    house.history.close()
    row = next(row for row in blocks(document, Overview)[0].rows if row.label == "不锈钢")
    assert (str(row.close.value), str(row.change.value), row.advice.recommendation) == ("13490", "40", "观望")
    assert len(row.spark.values) == 60
    assert "SHFE 不锈钢" in [row[0] for row in blocks(document, Figures)[0].rows]
    table = next(block for block in blocks(document, Indicators) if block.title == "不锈钢")
    assert [str(row.today.value) for row in (*table.left, *table.right)] == ["13490", "13700", "210"]
    view = next(section for section in document.sections if section.anchor == "view-ss")
    drafted = next(block for block in view.blocks if isinstance(block, Prose) and block.role == "drafted")
    assert [span.text for span in drafted.spans if isinstance(span, Word)] == ["上涨", "涨幅", "上涨"]


def test_recipe_1_the_next_mornings_workbook_asks_for_it(stainless: Workspace) -> None:
    house = pipeline.open_house(stainless)
    path = pipeline.new(house, date(2024, 4, 1))
    house.history.close()
    rows = [tuple(cell.value for cell in row[:2]) for row in load_workbook(path)["收盘"].iter_rows(min_row=5)]
    assert ("SHFE", "不锈钢") in rows


def test_recipe_4_a_sentence_is_one_line(workspace: Workspace) -> None:
    packaged = (catalogs.packaged("data") / "sentences.toml").read_text(encoding="utf-8")
    mine = packaged.replace('warrants = ["上期所仓单', 'warrants = ["上期所注册仓单')
    (workspace.root / "data" / "sentences.toml").write_text(mine, encoding="utf-8")
    catalog = catalogs.load(workspace.folders("data"))
    assert catalog.sentences["warrants"][0].startswith("上期所注册仓单")


def test_recipe_5_a_recommendation_is_one_line(workspace: Workspace) -> None:
    packaged = (catalogs.packaged("data") / "recommendations.toml").read_text(encoding="utf-8")
    line = '  { name = "轻仓试多", stance = "多", entry = "小仓位买入", audience = "投机客户" },\n'
    mine = packaged.replace("recommendation = [\n", "recommendation = [\n" + line)
    (workspace.root / "data" / "recommendations.toml").write_text(mine, encoding="utf-8")
    assert catalogs.load(workspace.folders("data")).recommendation("轻仓试多").stance == "多"


def test_recipe_10_another_year_is_one_file_and_without_it_the_message_says_which(workspace: Workspace) -> None:
    from report import sessions
    from report.errors import CalendarEnds

    folder = workspace.root / "data" / "calendars"
    folder.mkdir()
    with pytest.raises(CalendarEnds, match=r"china-2027\.toml") as caught:
        sessions.load(workspace.folders("data/calendars")).previous("SHFE", date(2027, 3, 2))
    assert "closed" in str(caught.value)
