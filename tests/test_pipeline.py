"""The corridor on the sample workspace: built whole, or not at all and nothing changed."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

import report
from report import pipeline
from report.document import Advice, HeatStrip, Indicators, Overview, Prose
from report.errors import GateClosed, InputError, NoSession, UsageError
from report.facts import MAIN, Fact, Series, Severity
from report.history import FileRead
from report.pipeline import samples
from report.workspace import Workspace, lay

DAY = date(2024, 3, 29)
NOW = datetime(2024, 3, 29, tzinfo=UTC)


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def book(workspace: Workspace, name: str = "日报底稿.xlsx") -> Path:
    return workspace.inbox(DAY) / name


def typed(workspace: Workspace, sheet: str, cell: str, value: object) -> None:
    opened = load_workbook(book(workspace))
    opened[sheet][cell] = value
    opened.save(book(workspace))


def built(house: pipeline.House, *formats: str) -> pipeline.Built:
    return pipeline.build(house, DAY, formats or ("text",), NOW)


def blocks(document, kind):
    return [block for section in document.sections for block in section.blocks if isinstance(block, kind)]


def test_the_sample_workspace_builds_at_once(house) -> None:
    result = built(house, "pdf", "html", "text")
    assert [path.name for path in result.files] == [f"商品日报_20240329.{end}" for end in ("pdf", "html", "txt")]
    assert result.files[0].read_bytes().startswith(b"%PDF")
    assert max(finding.severity for finding in result.findings) is Severity.WARNING


def test_the_first_page_has_sixty_sessions_wherever_the_sample_covers_the_product(house) -> None:
    overview = blocks(built(house).document, Overview)[0]
    lengths = {row.label: len(row.spark.values) for row in overview.rows}
    assert lengths.pop("铝") == 0
    assert set(lengths.values()) == {60}


def test_a_stance_that_turned_since_the_report_of_the_day_before_is_marked(house) -> None:
    overview = blocks(built(house).document, Overview)[0]
    changes = {row.label: row.advice.change for row in overview.rows}
    assert {label for label, change in changes.items() if change == "转"} >= {"锌", "氧化铝"}
    assert changes["铜"] == ""
    assert changes["白银"] == changes["黄金"]


def test_an_empty_recommendation_is_proposed_and_to_be_confirmed(house) -> None:
    result = built(house)
    silicon = next(section for section in result.document.sections if section.anchor == "view-si")
    advice = next(block for block in silicon.blocks if isinstance(block, Advice))
    assert advice.proposed
    assert advice.reasons
    assert ("C702", "观点 › 工业硅") in [(finding.code, finding.where) for finding in result.findings]


def test_every_view_with_a_market_has_a_drafted_paragraph_or_one_that_replaces_it(house) -> None:
    views = [section for section in built(house).document.sections if section.level == 2]
    assert [section.kicker for section in views][:3] == ["宏观", "贵金属", "铜"]
    for section in views[2:]:
        assert next(block.role for block in section.blocks if isinstance(block, Prose)) in ("drafted", "recap")


def test_what_was_typed_is_kept_and_kept_once(house) -> None:
    built(house)
    copper = house.history.facts(DAY - timedelta(days=5), DAY).get(
        Series("cu", "futures_close", MAIN), date(2024, 3, 28)
    )
    assert (str(copper.value), copper.contract) == ("72500", "CU2405")
    assert copper.source == "2024-03-29/日报底稿.xlsx › 收盘 › D5"
    count = len(house.history.facts(DAY - timedelta(days=200), DAY))
    built(house)
    assert len(house.history.facts(DAY - timedelta(days=200), DAY)) == count


def test_building_again_is_silent_about_its_own_earlier_figures(house, workspace) -> None:
    built(house)
    typed(workspace, "收盘", "D5", 72510)
    assert not [finding for finding in built(house).findings if finding.code == "C401"]


def test_errors_come_all_together_and_nothing_is_written_or_stored(house, workspace) -> None:
    typed(workspace, "收盘", "D5", "7250O")
    typed(workspace, "产业", "D5", "#REF!")
    typed(workspace, "观点", "F7", "梭哈")
    before = everything(workspace.root)
    with pytest.raises(GateClosed, match="3 处错误") as caught:
        built(house, "pdf", "text")
    assert everything(workspace.root) == before
    assert [f.severity for f in caught.value.findings][:3] == [Severity.ERROR] * 3
    message = "日报底稿.xlsx › 收盘 › D5: expected a number, found '7250O'"
    assert any(str(finding).startswith(message) for finding in caught.value.findings)


def test_an_unreadable_workbook_is_told_together_with_the_other_findings(house, workspace) -> None:
    book(workspace, "乙.xlsx").write_bytes(b"<html>not a workbook</html>")
    typed(workspace, "收盘", "D5", "7250O")
    with pytest.raises(GateClosed) as caught:
        built(house)
    told = "\n".join(map(str, caught.value.findings))
    assert "乙.xlsx" in told
    assert "7250O" in told


def test_no_workbook_is_one_message_that_says_what_to_do(house, workspace) -> None:
    book(workspace).unlink()
    with pytest.raises(InputError, match="ribao new 2024-03-29"):
        built(house)


def test_a_day_without_trading_is_no_report_date(house) -> None:
    with pytest.raises(NoSession, match="2024-04-03"):
        pipeline.build(house, date(2024, 4, 4), ["text"], NOW)


def test_every_character_the_font_lacks_is_named_together_with_all_else(house, workspace) -> None:
    typed(workspace, "观点", "B7", "铜价😀走强")
    typed(workspace, "观点", "B8", "铝价🚀走强")
    typed(workspace, "收盘", "D5", "7250O")
    before = everything(workspace.root)
    with pytest.raises(GateClosed, match="3 处错误") as caught:
        built(house, "pdf")
    told = [str(finding) for finding in caught.value.findings[:3]]
    assert any(line.startswith("观点 › 铜") and "U+1F600" in line for line in told)
    assert any(line.startswith("观点 › 铝") and "U+1F680" in line for line in told)
    assert everything(workspace.root) == before


def test_nothing_is_kept_of_a_report_that_could_not_be_laid(house, workspace) -> None:
    workspace.outbox(DAY).parent.joinpath(DAY.isoformat()).write_text("a file in the way")
    before = everything(workspace.root)
    with pytest.raises(InputError, match="is a file where a folder should go"):
        built(house)
    assert everything(workspace.root) == before


def test_a_close_of_zero_is_an_error_and_no_traceback(house, workspace) -> None:
    typed(workspace, "收盘", "D5", 0)
    with pytest.raises(GateClosed) as caught:
        built(house)
    assert ("C403", "日报底稿.xlsx › 收盘 › D5") in [(f.code, f.where) for f in caught.value.findings]


def test_a_ratio_typed_over_its_formula_is_held_against_ours_and_stops_nothing(house, workspace) -> None:
    typed(workspace, "产业", "E14", 8.17)
    result = built(house)
    (told,) = [one for one in result.findings if one.code == "C408"]
    assert (told.severity, told.where) == (Severity.WARNING, "日报底稿.xlsx › 产业 › E14")
    assert told.message.startswith("8.17, but sh_lme_ratio(cu.futures_close 72090,")
    assert result.document == _right(house, workspace)


def _right(house, workspace):
    """The document without that number."""
    typed(workspace, "产业", "E14", None)
    return built(house).document


def test_after_a_roll_the_former_contracts_close_gives_no_change_until_it_is_waived(house, workspace) -> None:
    copper = Series("cu", "futures_close", MAIN)
    source = "2024-03-28/日报底稿.xlsx › 收盘 › D5"
    former = Fact(*copper[:2], date(2024, 3, 27), Decimal(72090), "元/吨", MAIN, "CU2405", None, source)
    house.history.keep([former], (), NOW)
    typed(workspace, "收盘", "C5", "CU2406")
    result = built(house)
    row = next(row for block in blocks(result.document, Overview) for row in block.rows if row.label == "铜")
    (told,) = [one for one in result.findings if one.code == "C416"]
    assert (told.where, told.severity) == ("日报底稿.xlsx › 收盘 › E5", Severity.WARNING)
    assert source in told.message
    assert any("CU2406 on 2024-03-27 is not known, so no change" in f.message for f in result.findings)
    assert row.change.value is None
    left = house.history.facts(DAY - timedelta(days=9), DAY)
    assert left.of_contract("cu", "futures_close", "CU2406", date(2024, 3, 27)) is None
    pipeline.waive(house, DAY, "C416", told.where, reason="当日两合约同价", by="示例复核", now=NOW)
    again = built(house)
    row = next(row for block in blocks(again.document, Overview) for row in block.rows if row.label == "铜")
    assert told in again.waived
    assert row.change.value == 410


def test_two_files_that_disagree_are_told_with_both_cells(house) -> None:
    copper = Fact("cu", "lme_stock", date(2024, 3, 27), Decimal(112470), "吨", source="edb.xlsx › Sheet1 › B5")
    house.history.keep([copper], (), NOW, FileRead.of("edb.xlsx", b"another", "终端EDB导出"))
    with pytest.raises(GateClosed) as closed:
        built(house)
    (told,) = [one for one in closed.value.findings if one.code == "C414"]
    assert "LME库存.xlsx › 铜" in told.where
    assert "edb.xlsx › Sheet1 › B5 has 112470, which is taken" in told.message


def test_a_bad_cell_is_told_once(house, workspace) -> None:
    typed(workspace, "收盘", "D5", "7250O")
    with pytest.raises(GateClosed) as caught:
        built(house)
    about = [str(finding) for finding in caught.value.findings if "SHFE 铜" in str(finding) or "› D5" in str(finding)]
    assert len(about) == 1


def test_an_old_day_rebuilt_later_sees_nothing_typed_since(house, workspace) -> None:
    from report import lookback

    later = date(2024, 4, 1)
    pipeline.new(house, later)
    path = workspace.inbox(later) / "日报底稿.xlsx"
    opened = load_workbook(path)
    opened["产业"]["D5"], opened["产业"]["E5"] = 1, 1
    opened.save(path)
    pipeline.build(house, later, ["text"], NOW)
    facts = lookback.standing_on(house.history, house.catalog, DAY, anew=True)
    assert not [fact for fact in facts if fact.source.startswith(("2024-03-29/", "2024-04-01/"))]


def test_a_missing_number_prints_a_dash_and_is_listed(house, workspace) -> None:
    typed(workspace, "产业", "D5", "—")
    result = built(house)
    copper = next(block for block in blocks(result.document, Indicators) if block.title == "铜")
    assert copper.left[1].today.value is None
    assert copper.left[1].change.value is None
    assert ("C301", "日报底稿.xlsx › 产业 › D5") in [(finding.code, finding.where) for finding in result.findings]


def test_two_analysts_workbooks_are_merged(house, workspace) -> None:
    first = load_workbook(book(workspace))
    second = load_workbook(book(workspace))
    del first["观点"]
    del second["收盘"]
    del second["产业"]
    first.save(book(workspace))
    second.save(book(workspace, "观点.xlsx"))
    result = built(house)
    assert len([section for section in result.document.sections if section.level == 2 and section.title]) == 13
    assert blocks(result.document, HeatStrip)[0].cells[0].ratio.value is not None


def test_two_workbooks_that_disagree_name_both_cells(house, workspace) -> None:
    other = load_workbook(book(workspace))
    other["收盘"]["D5"] = 72600
    other.save(book(workspace, "乙.xlsx"))
    with pytest.raises(GateClosed) as caught:
        built(house)
    told = next(str(f) for f in caught.value.findings if f.severity is Severity.ERROR)
    assert "乙.xlsx › 收盘 › D5" in told
    assert "日报底稿.xlsx › 收盘 › D5" in told
    assert "72500" in told
    assert "72600" in told


def test_a_new_morning_is_prefilled_from_the_morning_before(house, workspace) -> None:
    path = pipeline.new(house, date(2024, 4, 1))
    sheet = load_workbook(path)["收盘"]
    rows = {(row[0].value, row[1].value): row for row in sheet.iter_rows(min_row=5)}
    assert rows["SHFE", "铜"][2].value == "CU2405"
    assert rows["SHFE", "铜"][4].value == 72500
    assert rows["SHFE", "铜"][3].value is None


def test_a_workbook_that_is_there_is_never_written_over(house, workspace) -> None:
    before = book(workspace).read_bytes()
    with pytest.raises(UsageError, match="left alone"):
        pipeline.new(house, DAY)
    assert book(workspace).read_bytes() == before


def test_a_morning_on_which_nothing_was_typed_is_one_error_and_nothing_is_written(house, workspace) -> None:
    before = sorted(workspace.root.rglob("*"))
    paths = [pipeline.new(house, date(2024, 4, 1), name=f"日报底稿-{who}.xlsx") for who in "甲乙"]
    with pytest.raises(InputError) as caught:
        pipeline.build(house, date(2024, 4, 1), ["text"], NOW)
    assert "inbox/2024-04-01: nothing has been typed in 日报底稿-乙.xlsx、日报底稿-甲.xlsx: " in str(caught.value)
    assert sorted(workspace.root.rglob("*")) == sorted([*before, paths[0].parent, *paths])


@pytest.mark.parametrize(
    ("sheet", "cell", "value"), [("收盘", "D5", 72500), ("产业", "D5", 71910), ("观点", "B5", "平")]
)
def test_one_number_or_one_view_is_something_to_print(house, sheet, cell, value) -> None:
    path = pipeline.new(house, date(2024, 4, 1))
    opened = load_workbook(path)
    opened[sheet][cell] = value
    opened.save(path)
    assert pipeline.build(house, date(2024, 4, 1), ["text"], NOW).files


def test_a_row_that_was_deleted_is_missing_at_its_workbook_and_sheet(house, workspace) -> None:
    opened = load_workbook(book(workspace))
    sheet = opened["收盘"]
    (row,) = [line[0].row for line in sheet.iter_rows(min_row=5) if (line[0].value, line[1].value) == ("SHFE", "铜")]
    sheet.delete_rows(row)
    opened.save(book(workspace))
    found = [one for one in built(house).findings if one.code == "C301" and "no row" in one.message]
    assert [one.where for one in found] == ["日报底稿.xlsx › 收盘"] * len(found)
    assert found[0].message.startswith("no row for 铜 SHFE 铜主力: this session's number (2024-03-28) is missing")


def test_an_almost_empty_morning_says_what_is_missing_and_prints_dashes(house) -> None:
    path = pipeline.new(house, date(2024, 4, 1))
    opened = load_workbook(path)
    opened["观点"]["B5"] = "平"
    opened.save(path)
    result = pipeline.build(house, date(2024, 4, 1), ["text"], NOW)
    missing = [finding for finding in result.findings if finding.code == "C301"]
    assert len(missing) > 60
    assert sum("this session's" in finding.message for finding in missing) > 50
    assert all(cell.ratio.value is None for cell in blocks(result.document, HeatStrip)[0].cells)


def test_a_desks_own_data_goes_before_the_packaged_one(workspace) -> None:
    path = workspace.root / "data" / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace("示例期货研究所", "甲乙丙研究所"), encoding="utf-8")
    house = pipeline.open_house(workspace)
    assert built(house).document.house == "甲乙丙研究所"
    house.history.close()


def test_a_character_of_the_settings_that_cannot_be_printed_is_told_once_at_its_key(workspace) -> None:
    path = workspace.root / "data" / "settings.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('"示例期货研究所"', '"㐂公司"'), encoding="utf-8")
    house = pipeline.open_house(workspace)
    with pytest.raises(GateClosed) as caught:
        built(house)
    house.history.close()
    assert [one.where for one in caught.value.findings if one.code == "C710"] == ["data/settings.toml › house"]


def test_a_workspace_is_made_whole_or_not_at_all(tmp_path, monkeypatch) -> None:
    def broken(*_):
        raise OSError("disk full")

    monkeypatch.setattr(samples, "_keep_samples", broken)
    with pytest.raises(OSError, match="disk full"):
        pipeline.init(tmp_path / "w")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_with_something_in_it_is_left_alone(tmp_path) -> None:
    (tmp_path / "mine.txt").write_text("x")
    with pytest.raises(UsageError, match="not empty"):
        pipeline.init(tmp_path)


def test_files_are_laid_all_or_none(tmp_path) -> None:
    (tmp_path / "b").mkdir()
    with pytest.raises(InputError):
        lay(tmp_path, {"a": b"1", "b": b"2"})
    assert [path.name for path in tmp_path.iterdir()] == ["b"]


def test_the_same_inputs_give_the_same_bytes_in_another_process_folder_and_hash_seed(
    house, workspace, tmp_path
) -> None:
    first = {path.name: path.read_bytes() for path in built(house, "pdf", "html", "text").files}
    script = (
        "import sys; from pathlib import Path; from datetime import *; from report import pipeline\n"
        "place = pipeline.init(Path(sys.argv[1])); house = pipeline.open_house(place)\n"
        "pipeline.build(house, date(2024,3,29), ['pdf','html','text'], datetime.now(UTC)); house.history.close()\n"
    )
    other = tmp_path / "elsewhere"
    home = Path(report.__file__).parent.parent
    surroundings = {"PYTHONHASHSEED": "7", "PYTHONPATH": str(home), "TZ": "America/New_York", "PATH": "/usr/bin:/bin"}
    subprocess.run([sys.executable, "-c", script, str(other)], check=True, env=surroundings)
    assert {path.name: path.read_bytes() for path in Workspace(other).outbox(DAY).iterdir()} == first
