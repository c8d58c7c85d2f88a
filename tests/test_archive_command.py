"""`ribao publish` and `ribao archive …` as a user meets them: what is printed, to whom, and the exit status."""

from __future__ import annotations

import json
import os
import pty
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from report.deliver.archive import Archive
from report.deliver.letter import Letters
from report.deliver.outbox import Outbox
from report.errors import ArchiveError
from report.pipeline import SAMPLE as DAY
from tests import letters
from tests.terminal import seen

NOW = datetime(2024, 3, 29, tzinfo=UTC)

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


def faults(root: Path) -> list[list[str]]:
    """What verify finds, which must end with exit status 1."""
    done = ribao("archive", "verify", cwd=root)
    assert (done.returncode, "Traceback" in done.stderr) == (1, False), done.stderr
    return [line.split("\t") for line in done.stdout.splitlines()]


def test_verify_names_the_day_that_clients_have_letters_of_and_the_archive_has_not(
    published: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(published, tmp_path / "w"))
    other = letters.publication()
    box = Outbox(root / "history.sqlite")
    box.prepare(other, letters.people(2), Letters(other, letters.settings(25).letter).message_id, NOW)
    strange = replace(other, report_date=date(2024, 4, 1))
    box.prepare(strange, letters.people(2), Letters(strange, letters.settings(25).letter).message_id, NOW)
    box.close()
    assert faults(root) == [
        [
            "2024-03-29",
            "2024/03/2024-03-29/v1/manifest.json",
            "the outbox has letters with another PDF than this version's",
        ],
        ["2024-04-01", "2024/04/2024-04-01/v1/manifest.json", "has letters in the outbox, and is not in the archive"],
    ]
    listed = ribao("archive", "list", cwd=root)
    assert (listed.returncode, len(listed.stdout.splitlines())) == (1, 2)
    assert "2024-04-01 v1: has letters in the outbox, and is not in the archive" in listed.stderr


def test_a_damaged_seal_is_told_by_every_command_that_reads_it_and_hides_no_other_version(
    published: Path, tmp_path: Path
) -> None:
    root = Path(shutil.copytree(published, tmp_path / "w"))
    seal = root / "archive/2024/03/2024-03-29/v1/manifest.sha256"
    seal.chmod(0o644)
    seal.write_bytes(b"0" * 64 + b"\n")
    assert faults(root) == [
        [
            "2024-03-29",
            "2024/03/2024-03-29/v1/manifest.json",
            "manifest and seal do not agree: one of them has changed",
        ]
    ]
    listed = ribao("archive", "list", cwd=root)
    assert (listed.returncode, [line.split("\t")[1] for line in listed.stdout.splitlines()]) == (1, ["v2"])
    for command in (["show", "2024-03-29", "-v", "1"], ["rebuild", "2024-03-29", "-v", "1"]):
        done = ribao("archive", *command, cwd=root)
        assert (done.returncode, done.stdout) == (1, "")
        assert "v1/manifest.json: it is not what its seal says; see: ribao archive verify" in done.stderr
    assert ribao("archive", "show", "2024-03-29", cwd=root).returncode == 0


@pytest.mark.parametrize("sealed", [False, True])
def test_a_forged_version_is_a_fault_and_is_not_published_upon(published: Path, tmp_path: Path, sealed: bool) -> None:
    root = Path(shutil.copytree(published, tmp_path / "w"))
    archive = Archive("archive", root)
    forged = archive.manifest(DAY).model_copy(update={"version": 9})
    folder = root / "archive" / forged.place
    shutil.copytree(folder.parent / "v2", folder)
    for path in (folder / "manifest.json", folder / "manifest.sha256"):
        path.chmod(0o644)
    (folder / "manifest.json").write_bytes(forged.written())
    if sealed:
        (folder / "manifest.sha256").write_bytes(forged.seal())
    found = faults(root)
    assert {day for day, _, _ in found} == {"2024-03-29"}
    assert any("/v9/" in file for _, file, _ in found)
    done = ribao("publish", "2024-03-29", "--approver", "别人", cwd=root)
    assert (done.returncode, done.stdout) == (1, "")
    assert "ribao archive verify" in done.stderr
    with pytest.raises(ArchiveError, match="in the chain of what was laid here" if sealed else "what its seal says"):
        archive.publication(DAY)


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
