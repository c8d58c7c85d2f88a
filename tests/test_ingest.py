"""Files as they were sent become facts in the history: each by itself, once, or not at all."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from report import pipeline, telling
from report.cli import received
from report.facts import Finding, Series, Severity
from report.history import History, Kept
from report.intake import Ingested
from report.workspace import find
from tests.test_cli import ribao
from tests.test_read_table import DAY, NEXT, workbook

NOW = datetime(2024, 3, 29, tzinfo=UTC)
REAL = Path(os.environ.get("RIBAO_REALDATA", "/nowhere"))
CU, PB = Series("cu", "lme_stock"), Series("pb", "lme_stock")


class Nothing(History):
    """A history that forgets at once."""

    def __init__(self) -> None:
        pass

    def keep(self, facts, *_):
        return Kept(len(list(facts)))

    weigh = keep


def stocks(folder: Path, value: int = 112475, name: str = "LME库存.xlsx") -> Path:
    lines = [("日期", "库存", "仓单", "注销仓单", "备注"), (DAY, value, 97775, 14700, "x")]
    return workbook(folder / name, 铅=lines)


def numbers(house, series=PB):
    return [fact.value for fact in house.history.facts(DAY, NEXT) if fact.series == series]


@pytest.fixture
def fresh(tmp_path):
    """A house whose history is empty."""
    place = find(pipeline.init(tmp_path / "w").root)
    (place.root / "history.sqlite").unlink()
    house = pipeline.open_house(place)
    yield house
    house.history.close()


def test_a_file_is_recognised_read_and_kept(fresh, tmp_path):
    (one,) = pipeline.ingest(fresh, [stocks(tmp_path)], NOW)
    assert (one.layout, one.problem, one.kept) == ("LME库存", "", Kept(2, 0, 0))
    assert (one.first, one.last) == (DAY, DAY)
    assert [finding.where for finding in one.unclaimed] == ["LME库存.xlsx › 铅 › E1"]
    assert numbers(fresh) == [112475]


def test_a_file_ingested_twice_adds_nothing(fresh, tmp_path):
    pipeline.ingest(fresh, [stocks(tmp_path)], NOW)
    (one,) = pipeline.ingest(fresh, [stocks(tmp_path)], NOW)
    assert one.kept == Kept(0, 2, 0)


def test_a_changed_value_is_a_revision(fresh, tmp_path):
    pipeline.ingest(fresh, [stocks(tmp_path)], NOW)
    (one,) = pipeline.ingest(fresh, [stocks(tmp_path, 112500)], NOW)
    assert one.kept == Kept(0, 1, 1)
    assert numbers(fresh) == [112500]


def test_a_dry_run_tells_the_same_and_keeps_nothing(fresh, tmp_path):
    (planned,) = pipeline.ingest(fresh, [stocks(tmp_path)], NOW, dry_run=True)
    assert planned.kept == Kept(2, 0, 0)
    assert numbers(fresh) == []


def test_a_file_that_cannot_be_read_does_not_stop_the_others(fresh, tmp_path):
    (tmp_path / "来件" / "更深").mkdir(parents=True)
    stocks(tmp_path / "来件" / "更深")
    (tmp_path / "来件" / "坏.xlsx").write_bytes(b"PK\x03\x04")
    (tmp_path / "来件" / "~$LME库存.xlsx").write_bytes(b"x")
    (tmp_path / "来件" / ".DS_Store").write_bytes(b"x")
    good, bad, absent = pipeline.ingest(fresh, [tmp_path / "来件", tmp_path / "无"], NOW)
    if good.problem:
        good, bad = bad, good
    assert good.kept == Kept(2, 0, 0)
    assert bad.problem.startswith("坏.xlsx: a damaged zip archive")
    assert "无: cannot be read (No such file or directory)" in absent.problem


def test_a_file_named_twice_is_read_once(fresh, tmp_path):
    path = stocks(tmp_path)
    assert len(pipeline.ingest(fresh, [path, tmp_path, path], NOW)) <= 1 + len(list((tmp_path / "w").rglob("*")))
    (one,) = pipeline.ingest(fresh, [path, path], NOW)
    assert one.path == path


def test_the_desks_own_workbook_is_ingested_for_the_date_written_in_it(fresh):
    path = fresh.workspace.inbox(pipeline.SAMPLE) / "日报底稿.xlsx"
    (one,) = pipeline.ingest(fresh, [path], NOW)
    assert (one.layout, one.problem) == ("日报底稿", "")
    assert one.kept.new > 200
    known = fresh.history.facts(DAY, NEXT)
    close = known.get(Series("cu", "futures_close", "主力"), NEXT)
    assert close is not None
    assert close.source.startswith("2024-03-29/日报底稿.xlsx › 收盘 › ")
    assert fresh.history.report_dates() == [pipeline.SAMPLE]


def test_numbers_of_days_to_come_are_doubted_with_their_first_cell(fresh, tmp_path):
    (one,) = pipeline.ingest(fresh, [stocks(tmp_path)], datetime(2024, 3, 26, 15, 59, tzinfo=UTC))
    (found,) = [finding for finding in one.findings if finding.code == "R137"]
    assert (found.where, found.severity) == ("LME库存.xlsx › 铅 › B2", Severity.WARNING)
    assert found.message.startswith(f"2 numbers are of {DAY}, and today is 2024-03-26; look whether")
    (one,) = pipeline.ingest(fresh, [stocks(tmp_path)], datetime(2024, 3, 26, 16, 0, tzinfo=UTC))
    assert "R137" not in [finding.code for finding in one.findings]


@pytest.mark.parametrize("tty", [False, True])
def test_what_a_terminal_would_obey_in_a_files_name_is_shown(tmp_path, capsys, monkeypatch, tty):
    name = "一\x1b[31m二\x07\u202e.xlsx"
    monkeypatch.setattr("sys.stderr.isatty", lambda: tty)
    monkeypatch.setattr("sys.stdout.isatty", lambda: tty)
    done = Ingested(Path(name), "[red]LME", problem=f"{name}: damaged")
    received.tell_files([done])
    telling.say(done.problem)
    telling.tell([Finding("R101", Severity.ERROR, name, name)])
    with telling.progress() as step:
        step(name)
    written = "".join(capsys.readouterr())
    for told in ("\x1b[31m二", "\x07", "\u202e"):
        assert told not in written
    assert written.count(r"一\x1b[31m二\x07\u202e.xlsx") >= 3


def test_in_a_pipe_every_file_is_a_line_of_tabs(workspace, tmp_path):
    done = ribao("ingest", str(stocks(tmp_path)), cwd=workspace.root)
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.split("\t")[:2] == ["LME库存.xlsx", "LME库存"]
    assert line.split("\t")[5] == f"{DAY} … {DAY}"
    assert "备注" in line.split("\t")[6]


def test_a_file_that_fails_is_told_once_and_the_exit_is_1(workspace, tmp_path):
    (tmp_path / "信.txt").write_text("一封信。\n", encoding="utf-8")
    done = ribao("ingest", str(stocks(tmp_path)), str(tmp_path / "信.txt"), cwd=workspace.root)
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == 1
    assert done.stderr.count("信.txt: no layout fits this file (.text)") == 1
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(not (REAL / "lme_stocks").is_dir(), reason="RIBAO_REALDATA has no lme_stocks")
def test_the_exchanges_own_files_agree_with_the_published_report(fresh):
    done = pipeline.ingest(fresh, [REAL / "lme_stocks"], NOW)
    assert not [one.problem for one in done if one.problem]
    assert numbers(fresh, CU)[0] == 112475
