"""The door, as a user meets it: a process, its output and its exit status."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from openpyxl import load_workbook

from report import __version__
from report.workspace import Workspace
from tests.terminal import seen

HOME = Path(__file__).parent.parent


def ribao(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    surroundings = {"PYTHONPATH": str(HOME), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "report", *arguments]
    return subprocess.run(command, cwd=cwd, env=surroundings, capture_output=True, text=True, check=False)


def test_build_prints_where_the_report_lies_and_nothing_else_on_standard_output(workspace: Workspace) -> None:
    done = ribao("build", "2024-03-29", "--format", "text", cwd=workspace.root)
    assert done.returncode == 0
    assert done.stdout == f"{workspace.root}/outbox/2024-03-29/商品日报_20240329.txt\n"
    assert "[C702]" in done.stderr


def test_a_pipe_sees_no_progress_and_no_colour(workspace: Workspace) -> None:
    done = ribao("build", "2024-03-29", "-f", "text", cwd=workspace.root)
    assert "\x1b" not in done.stdout + done.stderr
    assert "读取底稿" not in done.stderr


def test_a_terminal_sees_progress_and_a_table_of_findings(workspace: Workspace) -> None:
    ours, theirs = pty.openpty()
    surroundings = {
        "PYTHONPATH": str(HOME),
        "PATH": "/usr/bin:/bin",
        "LC_ALL": "C.UTF-8",
        "TERM": "xterm",
        "COLUMNS": "120",
    }
    command = [sys.executable, "-m", "report", "build", "2024-03-29", "-f", "text"]
    child = subprocess.Popen(command, cwd=workspace.root, env=surroundings, stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    text = seen(ours)
    assert child.wait() == 0
    assert "读取底稿" in text
    assert "代码" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "29.3.2024"], "'29.3.2024' is no date; type it as 2024-03-29"),
        (["build", "2024-03-29", "-f", "docx"], "--format docx: known formats are html, letter, pdf, text"),
        (["build", "2024-03-30"], "2024-03-30"),
        (["build"], "Missing argument 'DATE'"),
        (["check", "29.3.2024"], "'29.3.2024' is no date; type it as 2024-03-29"),
        (["bild"], "No such command 'bild'"),
    ],
)
def test_wrong_usage_is_said_and_exits_2(workspace: Workspace, arguments: list[str], message: str) -> None:
    done = ribao(*arguments, cwd=workspace.root)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_outside_a_workspace_the_message_says_how_to_make_one(tmp_path: Path) -> None:
    done = ribao("build", "2024-03-29", cwd=tmp_path)
    assert (done.returncode, "ribao init DIR" in done.stderr) == (2, True)


def test_what_the_user_must_mend_exits_1_with_every_problem(workspace: Workspace) -> None:
    path = workspace.root / "inbox" / "2024-03-29" / "日报底稿.xlsx"
    book = load_workbook(path)
    book["收盘"]["D5"], book["收盘"]["D6"] = "abc", "def"
    book.save(path)
    done = ribao("build", "2024-03-29", cwd=workspace.root)
    assert done.returncode == 1
    assert "found 'abc'" in done.stderr
    assert "found 'def'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (workspace.root / "outbox" / "2024-03-29").exists()


def test_a_mistake_in_the_desks_own_data_names_file_and_key(workspace: Workspace) -> None:
    (workspace.root / "data" / "varieties").mkdir()
    (workspace.root / "data" / "varieties" / "cu.toml").write_text('code = "cu"\nnam = "铜"\n', encoding="utf-8")
    done = ribao("build", "2024-03-29", cwd=workspace.root)
    assert done.returncode == 1
    assert "data/varieties/cu.toml › nam" in done.stderr


def test_a_key_nobody_knows_is_told_with_the_nearest_known_one(workspace: Workspace) -> None:
    path = workspace.root / "data" / "settings.toml"
    text = path.read_text(encoding="utf-8").replace("house =", "hous =").replace("address =", "adress =", 1)
    path.write_text(text, encoding="utf-8")
    cu = next(folder / "varieties" / "cu.toml" for folder in workspace.folders("data")[1:])
    (workspace.root / "data" / "varieties").mkdir()
    changed = cu.read_text(encoding="utf-8").replace("[view]", "[view]\ntitel = '铜'")
    (workspace.root / "data" / "varieties" / "cu.toml").write_text(changed, encoding="utf-8")
    done = ribao("build", "2024-03-29", cwd=workspace.root)
    assert done.returncode == 1
    assert "data/settings.toml › hous: no such key (nearest: house" in done.stderr
    assert "data/settings.toml › office.0.adress: no such key (nearest: address)" in done.stderr
    assert "data/varieties/cu.toml › view.titel: no such key (nearest: title)" in done.stderr


def test_a_sentence_nobody_declared_is_told_with_the_nearest_known_one(workspace: Workspace) -> None:
    cu = next(folder / "varieties" / "cu.toml" for folder in workspace.folders("data")[1:])
    draft = tomllib.loads(cu.read_text(encoding="utf-8"))["view"]["draft"]
    changed = cu.read_text(encoding="utf-8").replace(f'"{draft[0]}"', f'"{draft[0]}x"')
    (workspace.root / "data" / "varieties").mkdir()
    (workspace.root / "data" / "varieties" / "cu.toml").write_text(changed, encoding="utf-8")
    done = ribao("build", "2024-03-29", cwd=workspace.root)
    assert done.returncode == 1
    told = f"cu.toml › view.draft: '{draft[0]}x' is no sentence of data/sentences.toml (nearest: {draft[0]}"
    assert told in done.stderr


def test_list_tells_what_came_in_and_what_was_built(workspace: Workspace) -> None:
    ribao("build", "2024-03-29", "-f", "text", cwd=workspace.root)
    done = ribao("list", cwd=workspace.root)
    assert done.stdout.splitlines() == [
        "2024-03-28  底稿 1 份  未生成",
        "2024-03-29  底稿 1 份  商品日报_20240329.txt",
    ]


def test_the_workspace_is_found_from_a_folder_inside_it_and_by_option(workspace: Workspace, tmp_path: Path) -> None:
    assert ribao("list", cwd=workspace.root / "inbox").returncode == 0
    assert ribao("list", "--workspace", str(workspace.root), cwd=tmp_path).returncode == 0


def test_init_says_what_to_do_next_and_it_works_as_said(tmp_path: Path) -> None:
    done = ribao("init", "新 工作区", cwd=tmp_path)
    assert done.returncode == 0
    assert "cd '新 工作区' && ribao build 2024-03-29" in done.stdout
    assert ribao("build", "2024-03-29", "-f", "text", cwd=tmp_path / "新 工作区").returncode == 0


def test_the_version_is_told(tmp_path: Path) -> None:
    assert ribao("--version", cwd=tmp_path).stdout.strip() == f"ribao {__version__}"
