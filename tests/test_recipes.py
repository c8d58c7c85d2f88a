"""The README's recipes, followed as written: one thing, one place."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook

import report
from report import catalog as catalogs
from report import pipeline
from report.document import Figures, Indicators, Overview, Prose, Word
from report.errors import CatalogError
from report.pipeline import runoff
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
    assert "SHFE 不锈钢" in [row[0] for row in blocks(document, Figures)[-1].rows]
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


def test_recipe_11_a_scenario_is_one_file_and_an_operation_its_t_accounts(workspace: Workspace) -> None:
    data = workspace.root / "data"
    sample = (data / "scenarios" / "2022缩表.toml").read_text(encoding="utf-8")
    (data / "scenarios" / "减速.toml").write_text(sample.replace("treasury_cap = 600", "treasury_cap = 250"), "utf-8")
    channels = (catalogs.packaged("data") / "channels.toml").read_text(encoding="utf-8")
    swap = '"美联储" = { assets = ["-中长期国债", "+短期国库券"] }\n"财政部" = { liabilities = ["-中长期国债"] }\n'
    entry = f'[operations.swap]\nname = "换短"\n\n[operations.swap.entries]\n{swap}\n'
    house = pipeline.open_house(workspace)
    tables, _ = runoff.walked(house, "减速", "亿美元")
    assert [row[1] for row in tables[1].rows if row[0] == "2022-09"] == ["250.00"]
    (data / "channels.toml").write_text(
        channels.replace("[operations.taxes]", f"{entry}[operations.taxes]", 1), "utf-8"
    )
    with pytest.raises(CatalogError, match="换短: 财政部: assets change by 0, liabilities by -1") as told:
        runoff.walked(house, "减速", "亿美元")
    house.history.close()
    assert "短期国库券: its holders change by 1, its issuers by 0" in str(told.value)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The project's own folders, to be changed as a recipe says."""
    home = Path(report.__file__).parent.parent
    for name in ("report", "templates", "data"):
        shutil.copytree(home / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def changed(path: Path, before: str, after: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), encoding="utf-8")


def run(home: Path, script: str) -> str:
    """What a script prints that sees only the changed copy."""
    surroundings = {
        "PYTHONPATH": str(home),
        "PATH": "/usr/bin:/bin",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }
    done = subprocess.run([sys.executable, "-c", script], cwd=home, env=surroundings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


BUILD = """
from datetime import *; from pathlib import Path; from report import pipeline
house = pipeline.open_house(pipeline.init(Path("w")))
built = pipeline.build(house, date(2024,3,29), [FORMAT], datetime(2024,3,29,tzinfo=UTC)); house.history.close()
blocks = [block for section in built.document.sections for block in section.blocks]
"""


def test_recipe_2_an_indicator_that_is_typed_is_a_line_and_its_measure(copied: Path) -> None:
    changed(
        copied / "data/varieties/zn.toml", "[series]\n", '[series]\nconcentrate_price = { name = "锌精矿加工费" }\n'
    )
    changed(copied / "data/varieties/zn.toml", '"spot_price", "lme_can', '"spot_price", "concentrate_price", "lme_can')
    with (copied / "data/measures.toml").open("a", encoding="utf-8") as file:
        file.write('\n[concentrate_price]\nname = "加工费"\nunit = "元/吨"\nwords = "move"\n')
    told = "print([row.label for block in blocks if getattr(block,'title','') == '锌' for row in block.left])"
    assert "锌精矿加工费" in run(copied, BUILD.replace("FORMAT", "'text'") + told)


def test_recipe_3_an_indicator_that_follows_from_others_is_a_function_and_its_entry(copied: Path) -> None:
    with (copied / "report/derive/spread.py").open("a", encoding="utf-8") as file:
        file.write(
            "\n\ndef warrant_gap(lme_stock: Decimal, warrant_stock: Decimal) -> Decimal:\n"
            '    """内外库存差 = LME 库存 − 上期所仓单。"""\n'
            "    return lme_stock - warrant_stock\n"
        )
    with (copied / "data/measures.toml").open("a", encoding="utf-8") as file:
        file.write(
            '\n[warrant_gap]\nname = "内外库存差"\nunit = "吨"\nderived = true\nexcel = "{lme_stock}-{warrant_stock}"\n'
        )
    changed(copied / "data/varieties/zn.toml", "[series]\n", '[series]\nwarrant_gap = { name = "内外库存差" }\n')
    changed(copied / "data/varieties/zn.toml", '"spot_price", "lme_can', '"spot_price", "warrant_gap", "lme_can')
    told = "print([row.today.value for block in blocks if getattr(block,'title','') == '锌' for row in block.left][4])"
    assert run(copied, BUILD.replace("FORMAT", "'text'") + told) == str(270875 - 53874)


def test_recipe_7_a_check_is_a_function_and_a_line(copied: Path) -> None:
    with (copied / "report/check/shape.py").open("a", encoding="utf-8") as file:
        file.write(
            "\n\ndef short_headline(evidence: Evidence) -> Iterator[Finding]:\n"
            '    """A headline of fewer than 30 characters: NOTE."""\n'
            "    for view in evidence.views.values():\n"
            "        if view.headline and len(view.headline.text) < 30:\n"
            "            yield Finding('C399', Severity.NOTE, view.headline.source, 'short')\n"
        )
    changed(copied / "report/check/__init__.py", '    "C302"', '    "C399": shape.short_headline,\n    "C302"')
    told = "print(sum(finding.code == 'C399' for finding in built.findings))"
    assert run(copied, BUILD.replace("FORMAT", "'text'") + told) == "13"


def test_recipe_8_a_format_is_a_file_and_a_word(copied: Path) -> None:
    (copied / "report/render/outline.py").write_text(
        "def render(document, folders):\n"
        "    return '\\n'.join(section.kicker or section.title for section in document.sections).encode()\n"
    )
    changed(copied / "report/render/__init__.py", '"text")', '"text", "outline")')
    told = "print(built.files[0].name, '铁矿' in built.files[0].read_text('utf-8'))"
    assert run(copied, BUILD.replace("FORMAT", "'outline'") + told) == "商品日报_20240329.outline True"


WEEKLY = '''
"""The 商品周报: one page, every instrument of the first page against its close five sessions before."""

from report.compose.numbers import Numbers, day_of
from report.compose.tables import of_instrument
from report.document import Column, Document, Figures, Mast, Notice, Number, Section

SESSIONS = 5


def compose(day, catalog):
    """The week up to the session the report of that date speaks of."""
    numbers, settings = Numbers(day, catalog), catalog.settings
    shown = sorted(((v, i) for v, i in catalog.instruments if i.overview), key=lambda pair: pair[1].overview)
    rows = tuple(row(i.label, of_instrument(v, i), numbers) for v, i in shown)
    heads = (Column("品种", "text"), Column("收盘"), Column("五个交易日前"), Column("涨跌"), Column("涨跌幅/%"))
    mast = Mast("商品周报", f"{day.report_date.year}年{day_of(day.report_date)}", settings.house, settings.contact)
    table = Figures(heads, rows, source=settings.source_line)
    note = Notice("", (settings.notice[0].paragraphs[-1],))
    return Document("weekly", "商品周报", day.report_date, settings.house, (Section("", "week", (mast, table, note)),))


def row(label, series, numbers):
    run = numbers.day.facts.run(series, numbers.standing(series).session, SESSIONS + 1)
    if len(run) <= SESSIONS:
        return (label, *(Number(None),) * 4)
    now, then = numbers.of(run[-1], series), numbers.of(run[0], series)
    change = now.value - then.value
    ratio = Number(change / then.value * 100, "%", 2, signed=True, coloured=True)
    return (label, now, then, Number(change, "", now.decimals, signed=True, coloured=True), ratio)
'''


def test_recipe_9_a_document_kind_is_a_file_a_word_and_a_style_sheet(copied: Path) -> None:
    """The one-page 周报, tried."""
    (copied / "report/compose/weekly.py").write_text(WEEKLY, encoding="utf-8")
    changed(copied / "report/compose/__init__.py", '("daily", "note")', '("daily", "note", "weekly")')
    shutil.copyfile(copied / "templates/daily.css", copied / "templates/weekly.css")
    script = """
from datetime import *; from pathlib import Path; from report import lookback, pipeline
from report.compose import KINDS; from report.derive.derivation import derive; from report.render import FORMATS
from report.catalog import packaged
house = pipeline.open_house(pipeline.init(Path("w"))); until = date(2024, 3, 29)
facts = lookback.standing_on(house.history, house.catalog, until)
day, _ = derive(facts, house.catalog, house.calendars, until)
document = KINDS["weekly"](day, house.catalog); house.history.close()
folders = [packaged("templates")]
Path("weekly.pdf").write_bytes(FORMATS["pdf"](document, folders))
print(FORMATS["text"](document, folders).decode())
"""
    told = run(copied, script)
    assert told.startswith("商品周报  2024年3月29日")
    line = next(line.split() for line in told.splitlines() if line.startswith("SHFE 铜"))
    assert line[2] == "72,500"
    done = subprocess.run(["pdfinfo", copied / "weekly.pdf"], capture_output=True, text=True, check=True)
    assert re.search(r"Pages: +1\n", done.stdout)
