"""`ribao runoff`: the sample's scenario, the channels, and what happened, in a fresh workspace."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from report.cli.asked import parse_amount
from report.errors import CatalogError, InputError, UsageError
from report.pipeline import House, open_house, runoff
from report.workspace import Workspace
from tests.terminal import seen
from tests.test_cli import HOME, ribao

SAMPLE = HOME / "data" / "scenarios" / "2022缩表.toml"
SURROUNDINGS = {**os.environ, "COLUMNS": "120", "PYTHONPATH": str(HOME)}


def tables(output: str) -> dict[str, list[list[str]]]:
    """Title -> rows of cells, the headings first."""
    told = (block.splitlines() for block in output.strip("\n").split("\n\n"))
    return {lines[0].removeprefix("# "): [line.split("\t") for line in lines[1:]] for lines in told}


def test_a_fresh_workspace_walks_the_sample_scenario(sample_workspace: Path) -> None:
    done = ribao("runoff", cwd=sample_workspace)
    assert done.returncode == 0
    found = tables(done.stdout)
    start, path, accounts, months = found.values()
    assert ["准备金", "银行", "33573.95", "2022-06-01 美联储资产负债.xlsx › 宏观 › E284"] in start
    assert len(path) == 38
    assert path[2][:4] == ["2022-06", "300.00", "700.00", "175.00"]
    first, last = (dict(zip(path[0], row, strict=True)) for row in (path[1], path[-1]))
    assert (first["准备金"], last["准备金"], last["ON RRP"]) == ("33573.95", "16203.95", "7545.15")
    assert ["", "MBS", "-8775.00", "ON RRP", "-12105.00", ""] in accounts
    assert (months[1][1], months[1][-1], months[-1][1]) == ("8", "6", "28")
    assert "below the floor of 20000 [D212]" in done.stderr


def test_a_scenario_of_ones_own_is_a_file(sample_workspace: Path, tmp_path: Path) -> None:
    mine = tmp_path / "我的.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    mine.write_text(text.replace("months = 36", "months = 2").replace("2022 年 6 月", "我的"), encoding="utf-8")
    done = ribao("runoff", "--scenario", str(mine), "--unit", "万亿美元", cwd=sample_workspace)
    rows = tables(done.stdout)["我的起的缩表（万亿美元）"]
    assert len(rows) == 4
    assert rows[1][9] == "3.357395"


def test_the_channels_are_drawn_for_an_amount(sample_workspace: Path) -> None:
    found = tables(ribao("runoff", "--channels", "600", "--unit", "十亿美元", cwd=sample_workspace).stdout)
    assert len(found) == 5
    assert found["渠道五：一级交易商回购融资购债（十亿美元）"][4:] == [
        ["一级交易商/杠杆投资者", "新发美债", "+60.000", "回购借款", "+60.000", ""],
        ["货币基金", "ON RRP", "-60.000", "", "", ""],
        ["", "回购贷款", "+60.000", "", "", ""],
    ]


def test_what_happened_is_told_week_by_week_and_as_a_whole(sample_workspace: Path) -> None:
    done = ribao("runoff", "--history", "--json", cwd=sample_workspace)
    weeks, whole = (one["rows"] for one in json.loads(done.stdout))
    assert len(weeks) == 82
    known = [one for one in weeks if one["其余"] != "—"]
    assert len(known) == 42
    assert max(abs(Decimal(one["残差"])) for one in known) == Decimal("0.02")
    for one in weeks:
        parts = [Decimal(one[name]) for name in ("准备金", "ON RRP", "TGA", "残差")]
        parts += [Decimal(one["其余"])] if one in known else []
        assert Decimal(one["证券"]) == sum(parts)
    assert "2023-03-22 … 2023-12-27: 40 weeks: all else is not known and stands in the residual" in done.stderr
    assert [one["ON RRP 承接/%"] for one in whole] == ["-57.8", "205.2", "91.3"]


def test_weeks_can_be_chosen(sample_workspace: Path) -> None:
    done = ribao("runoff", "--history", "--since", "2022-09-01", "--until", "2022-09-30", cwd=sample_workspace)
    weeks, whole = tables(done.stdout).values()
    assert [row[0] for row in weeks[1:]] == ["2022-09-07", "2022-09-14", "2022-09-21"]
    assert len(whole) == 2


@pytest.fixture(scope="module")
def house(sample_workspace: Path) -> Iterator[House]:
    opened = open_house(Workspace(sample_workspace))
    yield opened
    opened.history.close()


def test_a_mistake_is_one_message(sample_workspace: Path) -> None:
    done = ribao("runoff", "--channels", "-5", cwd=sample_workspace)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "ribao: '-5' is no amount; type a number of two places from 0.01 to 1000000000, such as 600\n"


@pytest.mark.parametrize("typed", ["NaN", "inf", "0", "0.001", "1e400", "六百", ""])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(UsageError, match="is no amount"):
        parse_amount(typed)


def test_an_unknown_unit_is_told_with_the_known_ones(house: House) -> None:
    with pytest.raises(UsageError, match="--unit 美分: known are 亿美元"):
        runoff.walked(house, "2022缩表", "美分")


def test_an_unknown_scenario_is_told_with_those_there_are(house: House) -> None:
    with pytest.raises(CatalogError, match=r"2019缩表.toml: not there; there is 2017缩表、2022缩表"):
        runoff.walked(house, "2019缩表", "亿美元")


def test_a_file_that_is_not_there_is_told_by_its_own_name(house: House) -> None:
    with pytest.raises(CatalogError, match=r"^/nowhere/a.toml: not found"):
        runoff.walked(house, "/nowhere/a.toml", "亿美元")


def test_days_without_the_feds_numbers_are_told(house: House) -> None:
    with pytest.raises(InputError, match="no week with securities, ON RRP and TGA"):
        runoff.happened(house, date(2030, 1, 1), date(2030, 2, 1), "亿美元")


def test_a_stock_that_history_lacks_is_asked_for(house: House, tmp_path: Path) -> None:
    mine = tmp_path / "early.toml"
    mine.write_text(SAMPLE.read_text(encoding="utf-8").replace("start = 2022-06-01", "start = 2015-06-01"), "utf-8")
    with pytest.raises(InputError, match=r"macro.treasury_holdings: no number of 2015-06-01 or the ten days before"):
        runoff.walked(house, str(mine), "亿美元")


def test_a_stock_of_a_measure_nobody_declared_is_told(house: House, tmp_path: Path) -> None:
    mine = tmp_path / "series.toml"
    mine.write_text(SAMPLE.read_text(encoding="utf-8").replace("overnight_reverse_repo", "repos"), encoding="utf-8")
    with pytest.raises(CatalogError, match=r"stock ON RRP: repos is no measure of data/measures\.toml"):
        runoff.walked(house, str(mine), "亿美元")


def test_days_without_history_mean_nothing(sample_workspace: Path) -> None:
    done = ribao("runoff", "--since", "2022-06-01", cwd=sample_workspace)
    assert (done.returncode, done.stderr) == (
        2,
        "ribao: --since and --until go with --history; add it, or leave them out\n",
    )


def test_a_stock_of_a_claim_nobody_knows_names_the_known_ones(house: House, tmp_path: Path) -> None:
    mine = tmp_path / "gold.toml"
    text = SAMPLE.read_text(encoding="utf-8")
    mine.write_text(text.replace('claim = "基金份额"', 'claim = "黄金"'), encoding="utf-8")
    with pytest.raises(CatalogError, match="stock 黄金: a claim of one issuer is wanted, of 短期国库券、"):
        runoff.walked(house, str(mine), "亿美元")


def test_on_a_terminal_the_figures_stand_under_one_another(sample_workspace: Path) -> None:
    end, other = pty.openpty()
    command = [sys.executable, "-m", "report", "runoff", "--channels", "600"]
    running = subprocess.Popen(command, stdout=other, stderr=subprocess.DEVNULL, cwd=sample_workspace, env=SURROUNDINGS)
    os.close(other)
    shown = seen(end).splitlines()
    assert running.wait(30) == 0
    assert any("渠道一：商业银行购买美债" in line for line in shown)
    first = shown[: next(at for at, line in enumerate(shown) if "渠道二" in line)]
    ends = {len(line[: line.index("600.00") + 6].encode("gb18030")) for line in first if "600.00" in line}
    assert len(ends) == 1
