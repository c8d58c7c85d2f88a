"""A warning of a research note is waived by name, and the waiver ends when its passage is changed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from notes import FIGURE, HEAD, RISK, laid

from report import pipeline
from report.errors import UsageError
from report.pipeline import noting, waiving

HOME = Path(__file__).parent.parent
TEXT = f"{HEAD}正文。\n\n{FIGURE}{RISK}"
WHERE = "正文.md › line 5"


@pytest.fixture
def waived(house: pipeline.House) -> pipeline.House:
    laid(house.workspace.root, TEXT)
    waiving.waive_note(house, "mine", "n109", "正文.md > line 5", reason="下一版再引用", by="示例复核")
    return house


def codes(house: pipeline.House, text: str) -> tuple[list[str], list[str]]:
    """The codes that stand in the way of a note of that text, and those that are waived."""
    laid(house.workspace.root, text)
    draft = noting.draft(house, "mine")
    return [one.code for one in draft.open], [one.code for one in draft.waived]


def test_a_waived_warning_is_kept_with_reason_and_name_and_stands_no_longer_in_the_way(waived):
    path = waived.workspace.root / "data" / "waivers" / "notes" / "mine.toml"
    (entry,) = tomllib.loads(path.read_text(encoding="utf-8"))["waiver"]
    assert (entry["code"], entry["where"], entry["reason"], entry["by"]) == ("N109", WHERE, "下一版再引用", "示例复核")
    assert codes(waived, TEXT) == ([], ["N109"])


def test_a_waiver_goes_where_its_passage_goes(waived):
    assert codes(waived, TEXT.replace("正文。", "正文。\n\n又一段。\n\n再一段。")) == ([], ["N109"])


@pytest.mark.parametrize("change", [("逆回购余额", "逆回购的余额"), ('source = "示例来源"', 'source = "别的来源"')])
def test_a_waiver_ends_when_the_passage_is_changed(waived, change: tuple[str, str]):
    assert codes(waived, TEXT.replace(*change)) == (["N109"], [])
    (idle,) = [one for one in noting.draft(waived, "mine").findings if one.code == "W801"]
    assert "the passage was changed since; take the waiver out" in idle.message


def test_a_waiver_of_another_note_does_not_count(waived):
    laid(waived.workspace.root, TEXT, name="other")
    assert [one.code for one in noting.draft(waived, "other").open] == ["N109"]


def test_what_cannot_be_waived_is_said(house: pipeline.House):
    laid(house.workspace.root, f"{HEAD}稳赚300亿。{RISK}")
    place = "正文.md › line 3"
    for code, where, told in (
        ("C704", f"{place} › character 1", "is an error, which cannot be waived"),
        ("C612", place, "is a note, and needs no waiver"),
        ("N109", place, "nothing is told with N109"),
    ):
        with pytest.raises(UsageError, match=told):
            waiving.waive_note(house, "mine", code, where, reason="理由", by="某人")
    with pytest.raises(UsageError, match="--reason"):
        waiving.waive_note(house, "mine", "C612", place, reason=" ", by="某人")
    assert not (house.workspace.root / "data" / "waivers" / "notes").exists()


def test_the_exit_status_is_that_of_the_daily(house: pipeline.House):
    laid(house.workspace.root, TEXT)

    def run(*words: str) -> int:
        command = [sys.executable, "-m", "report", "note", *words, "-w", str(house.workspace.root)]
        return subprocess.run(command, capture_output=True, cwd=HOME).returncode

    assert run("check", "mine") == 1
    assert run("build", "mine", "-f", "text") == 0
    assert run("waive", "mine", "N109", "正文.md › line 99", "--reason", "理由", "--by", "某人") == 2
    assert run("waive", "mine", "N109", WHERE, "--reason", "理由", "--by", "某人") == 0
    assert run("check", "mine") == 0
