"""豁免: a warning passes for one day, named by all it says; an error never does."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from report import pipeline, waivers
from report.entries import WaiversFile
from report.errors import CatalogError, GateClosed, UsageError
from report.facts import Finding, Severity, Waiver, still_open

DAY = date(2024, 3, 29)
NOW = datetime(2024, 3, 29, tzinfo=UTC)
HOME = Path(__file__).parent.parent
MISSING = "日报底稿.xlsx › 收盘 › E23"
GRANTED = Waiver("C301", "a › 1", "72500 is missing", "理由", "示例复核")
TOLD = Finding("C301", Severity.WARNING, "a › 1", "72500 is missing")


def own_file(house, report_date: date = DAY) -> Path:
    path = house.workspace.root / "data" / "waivers" / f"{report_date}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def typed(house, sheet: str, cell: str, value: object) -> None:
    path = house.workspace.inbox(DAY) / "日报底稿.xlsx"
    book = load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def waived(house, code: str = "C301", where: str = MISSING, reason: str = "来源未到", by: str = "示例复核"):
    return pipeline.waive(house, DAY, code, where, reason=reason, by=by, now=NOW)


def test_every_warning_of_the_sample_day_is_waived_by_name_and_nothing_stands_in_its_way(house) -> None:
    built = pipeline.build(house, DAY, ["text"], NOW)
    warnings = [finding for finding in built.findings if finding.severity is Severity.WARNING]
    assert warnings
    assert set(built.waived) == set(warnings)
    assert built.open == ()
    assert not [finding for finding in built.findings if finding.code in ("W801", "W802")]
    assert all(waiver.reason and waiver.by.startswith("示例") for waiver in built.waived.values())


def test_the_desks_own_file_hides_the_packaged_one_and_an_empty_one_waives_nothing(house) -> None:
    own_file(house).write_text("", encoding="utf-8")
    checked = pipeline.check(house, DAY, NOW)
    assert checked.waived == {}
    assert {finding.severity for finding in checked.open} == {Severity.WARNING}


def test_a_waiver_ends_with_its_day(house) -> None:
    own_file(house).write_text("", encoding="utf-8")
    path, _ = waived(house)
    path.rename(path.with_name("2024-04-01.toml"))
    own_file(house).write_text("", encoding="utf-8")
    assert pipeline.check(house, DAY, NOW).waived == {}


def test_a_number_that_changed_since_is_a_warning_nobody_waived(house) -> None:
    typed(house, "收盘", "D23", 759)
    built = pipeline.build(house, DAY, ["text"], NOW)
    assert ("C405", "日报底稿.xlsx › 收盘 › D23") in [(finding.code, finding.where) for finding in built.open]
    idle = [finding for finding in built.findings if finding.code == "W801"]
    assert [finding.where for finding in idle] == ["data/waivers/2024-03-29.toml › waiver 2"]
    assert "I2409 closed at 759" in idle[0].message


def test_a_recommendation_proposed_otherwise_since_is_not_waived(house) -> None:
    own_file(house)
    path = house.workspace.root / "data" / "waivers" / "2024-03-29.toml"
    packaged = HOME / "data" / "waivers" / "2024-03-29.toml"
    path.write_text(packaged.read_text(encoding="utf-8").replace("'观望'", "'逢低做多'"), encoding="utf-8")
    assert [finding.code for finding in pipeline.check(house, DAY, NOW).open] == ["C702"]


def test_an_error_is_never_waived(house) -> None:
    typed(house, "收盘", "D5", "7250O")
    own_file(house).write_text("", encoding="utf-8")
    error = pipeline.check(house, DAY, NOW).findings[0]
    with pytest.raises(UsageError, match="is an error, which cannot be waived"):
        waived(house, error.code, error.where)
    granted = Waiver(error.code, error.where, error.message, "理由", "示例复核")
    own_file(house).write_text(waivers.added("", [granted]), encoding="utf-8")
    with pytest.raises(GateClosed) as caught:
        pipeline.build(house, DAY, ["text"], NOW)
    assert caught.value.findings[0] == error
    assert error not in caught.value.waived
    assert "W802" in [finding.code for finding in caught.value.findings]


def test_what_stands_open_is_every_error_and_the_warnings_nobody_waived() -> None:
    error, note = (Finding("C403", severity, "b", "0") for severity in (Severity.ERROR, Severity.NOTE))
    other = Finding("C301", Severity.WARNING, "a › 2", "72500 is missing")
    assert still_open([error, TOLD, other, note], {TOLD: GRANTED, error: GRANTED}) == (error, other)


@pytest.mark.parametrize(
    ("change", "same"),
    [
        ({}, True),
        ({"message": "72500  is\nmissing"}, True),
        ({"message": "72501 is missing"}, False),
        ({"where": "a › 2"}, False),
        ({"code": "C302"}, False),
    ],
)
def test_a_waiver_names_a_finding_by_code_place_and_all_it_says(change: dict[str, str], same: bool) -> None:
    told = {"code": "C301", "where": "a › 1", "message": "72500 is missing", **change}
    assert GRANTED.names(Finding(told["code"], Severity.WARNING, told["where"], told["message"])) is same


def test_a_waiver_of_nothing_is_told_as_a_note() -> None:
    applied, idle = waivers.applied([], [GRANTED])
    assert applied == {}
    assert [(one.code, one.severity) for one in idle] == [("W801", Severity.NOTE)]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[waiver]]\ncode = 'C301'\nwhere = 'a'\nsays = 'b'\nby = 'c'\n", "waiver.0.reason: Field required"),
        ("[[waiver]]\ncode = 'C301'\nwhere = 'a'\nsays = 'b'\nby = ' '\nreason = 'd'\n", "waiver.0.by: "),
        ("[[waiver]]\ncode = '301'\nwhere = 'a'\nsays = 'b'\nby = 'c'\nreason = 'd'\n", "waiver.0.code: "),
        ("[[waver]]\ncode = 'C301'\n", "waver: no such key (nearest: waiver); correct it, or take it out"),
        ("[[waiver]\n", "not readable as TOML"),
    ],
)
def test_a_malformed_file_is_one_message_with_file_and_key(house, text: str, said: str) -> None:
    own_file(house).write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        pipeline.check(house, DAY, NOW)
    assert str(caught.value).startswith("data/waivers/2024-03-29.toml")
    assert said in str(caught.value)


def test_a_waiver_written_is_added_at_the_end_and_what_stood_there_stays(house) -> None:
    own_file(house).write_text("# 我们的规矩\n", encoding="utf-8")
    waived(house)
    path, granted = waived(house, "c301", "日报底稿.xlsx>产业>D20")
    text = path.read_text(encoding="utf-8")
    assert text.startswith("# 我们的规矩\n\n[[waiver]]\n")
    assert [one.where for one in granted] == ["日报底稿.xlsx › 产业 › D20"]
    checked = pipeline.check(house, DAY, NOW)
    assert sorted(finding.where for finding in checked.waived) == sorted([MISSING, "日报底稿.xlsx › 产业 › D20"])
    assert len(checked.open) == 10


def test_the_first_waiver_of_a_desk_begins_with_the_packaged_ones(house) -> None:
    typed(house, "产业", "D5", "—")
    path, _ = waived(house, "C301", "日报底稿.xlsx › 产业 › D5")
    assert path == own_file(house)
    assert pipeline.check(house, DAY, NOW).open == ()


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"reason": " "}, "--reason: say it in one line"),
        ({"by": ""}, "--by: say it in one line"),
        ({"by": "示例\n复核"}, "--by: say it in one line"),
        (
            {"where": "日报底稿.xlsx › 收盘 › E22"},
            "no warning C301 there; C301 is told of 日报底稿.xlsx › 收盘 › E23、",
        ),
        ({"code": "C999"}, "nothing is told with C999"),
        ({"code": "R149", "where": "日报底稿.xlsx › 收盘 › C7"}, "is a note, and needs no waiver"),
        ({}, "is waived already"),
    ],
)
def test_a_waiver_that_means_nothing_is_wrong_usage_and_writes_nothing(house, asked, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        waived(house, **asked)
    assert message in str(caught.value)
    assert not (house.workspace.root / "data" / "waivers").exists()


@pytest.mark.parametrize("text", ["waiver = []\n", "waiver = [{code='C301',where='a',says='b',reason='c',by='d'}]\n"])
def test_a_file_that_nothing_can_follow_is_left_as_it_is(house, text: str) -> None:
    own_file(house).write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=r"write each waiver as \[\[waiver\]\]"):
        waived(house)
    assert own_file(house).read_text(encoding="utf-8") == text


words = st.text(st.characters(exclude_categories=("Cs",)), min_size=1).filter(str.strip)


@given(words, words)
def test_whatever_a_finding_says_is_read_back_as_it_was(where: str, says: str) -> None:
    finding = Finding("C301", Severity.WARNING, where, says)
    text = waivers.added("", [Waiver("C301", where, says, "理由", "示例复核")])
    (entry,) = WaiversFile.model_validate(tomllib.loads(text)).waiver
    assert Waiver(entry.code, entry.where, entry.says, entry.reason, entry.by).names(finding)


def test_the_door_writes_a_waiver_and_the_trail_tells_reason_and_who(house) -> None:
    own_file(house).write_text("", encoding="utf-8")
    surroundings = {"PYTHONPATH": str(HOME), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}

    def ribao(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "report", *arguments]
        return subprocess.run(
            command, cwd=house.workspace.root, env=surroundings, capture_output=True, text=True, check=False
        )

    done = ribao("waive", "2024-03-29", "C301", MISSING, "--reason", "来源未到", "--by", "示例复核")
    assert (done.returncode, done.stdout) == (0, f"{own_file(house)}\n")
    assert done.stderr.startswith(f"已豁免 {MISSING}")
    built = ribao("build", "2024-03-29", "-f", "text")
    assert built.returncode == 0
    line = next(line for line in built.stderr.splitlines() if MISSING in line)
    assert line.startswith("已豁免 ")
    assert line.endswith("[C301]（来源未到 —— 示例复核）")
    assert ribao("waive", "2024-03-29", "C301", MISSING, "--reason", "x").returncode == 2
