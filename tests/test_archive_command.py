"""`ribao publish` and `ribao archive …` as a user meets them: what is printed, to whom, and the exit status."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.terminal import seen

HOME = Path(__file__).parent.parent
SURROUNDINGS = {"PYTHONPATH": str(HOME), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "COLUMNS": "160"}


def ribao(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "report", *arguments]
    return subprocess.run(command, cwd=cwd, env=SURROUNDINGS, capture_output=True, text=True, check=False)


def test_the_list_is_tabs_in_a_pipe_and_json_on_request(published: Path) -> None:
    lines = [line.split("\t") for line in ribao("archive", "list", cwd=published).stdout.splitlines()]
    assert [line[:6] for line in lines] == [
        ["2024-03-29", "v1", "示例审核", "2024-03-29T07:40", "已由 v2 取代", ""],
        ["2024-03-29", "v2", "示例审核", "2024-03-29T10:05", "有效", ""],
    ]
    rows = json.loads(ribao("archive", "list", "--json", cwd=published).stdout)
    assert [row["seal"][:12] for row in rows] == [line[6] for line in lines]
    assert (published / "archive" / rows[1]["pdf"]).read_bytes().startswith(b"%PDF")


def test_a_terminal_sees_a_table(published: Path) -> None:
    end, other = pty.openpty()
    command = [sys.executable, "-m", "report", "archive", "list"]
    with subprocess.Popen(command, cwd=published, env=SURROUNDINGS | {"TERM": "xterm"}, stdout=other, stderr=other):
        os.close(other)
        told = seen(end)
    assert "发布于（北京时间）" in told
    assert "已由 v2 取代" in told
    assert "\t" not in told


def test_show_tells_the_trail_of_one_version(published: Path) -> None:
    told = ribao("archive", "show", "2024-03-29", cwd=published).stdout
    lines = dict(line.split("\t", 1) for line in told.splitlines())
    assert lines["审核"] == "示例审核"
    assert lines["取代"] == "v1"
    manifest = json.loads(ribao("archive", "show", "2024-03-29", "-v", "1", "--json", cwd=published).stdout)
    assert (manifest["version"], manifest["supersedes"]) == (1, None)


def test_verify_is_quiet_on_a_whole_archive_and_names_day_and_file_on_another(published: Path, tmp_path: Path) -> None:
    good = ribao("archive", "verify", cwd=published)
    assert (good.returncode, good.stdout) == (0, "")
    seal = good.stderr.split("最新封印 ")[1].split("；")[0]
    assert ribao("archive", "verify", "--seal", seal.upper(), cwd=published).returncode == 0
    assert ribao("archive", "verify", "--seal", seal[:12], cwd=published).returncode == 0
    assert ribao("archive", "verify", "--seal", seal[:11], cwd=published).returncode == 1
    assert ribao("archive", "verify", "--seal", "0" * 64, cwd=published).returncode == 1
    root = Path(shutil.copytree(published, tmp_path / "w"))
    path = root / "archive/2024/03/2024-03-29/v1/letter.txt"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b"x")
    bad = ribao("archive", "verify", cwd=root)
    assert bad.returncode == 1
    day, file, what = bad.stdout.strip().split("\t")
    assert (day, file) == ("2024-03-29", "2024/03/2024-03-29/v1/letter.txt")
    assert what.startswith("has changed")
    told = json.loads(ribao("archive", "verify", "--json", cwd=root).stdout)
    assert [fault["day"] for fault in told["faults"]] == ["2024-03-29"]


def test_what_is_not_published_is_one_message(published: Path) -> None:
    done = ribao("archive", "show", "2024-03-28", cwd=published)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("publish it with: ribao publish 2024-03-28 --approver NAME")


@pytest.mark.parametrize("arguments", [["publish", "2024-03-29"], ["publish", "2024-13-01", "--approver", "甲"]])
def test_publishing_without_an_approver_or_a_date_is_wrong_usage(published: Path, arguments: list[str]) -> None:
    done = ribao(*arguments, cwd=published)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_publishing_again_says_that_it_is_done(published: Path) -> None:
    done = ribao("publish", "2024-03-29", "--approver", "别人", cwd=published)
    assert done.returncode == 0
    assert "已发布过：v2，审核 示例审核" in done.stderr
    assert done.stdout.splitlines()[0].endswith("2024-03-29/v2/商品日报_20240329_v2.pdf")
