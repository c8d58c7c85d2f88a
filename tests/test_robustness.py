"""What goes wrong around the report, from a read-only folder to a full disk, is one message and never a traceback."""

from __future__ import annotations

import errno
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from report import catalog, telling, workspace
from report.errors import CatalogError, InputError, UsageError
from report.facts import Finding, Severity
from report.workspace import Workspace
from tests.terminal import seen

HOME = Path(__file__).parent.parent
DAY = date(2024, 3, 29)
UTF8 = {"PYTHONPATH": str(HOME), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}


def ribao(*arguments: str, cwd: Path, env: dict[str, str] = UTF8, tail: str = "") -> subprocess.CompletedProcess[str]:
    """Run the door from a shell, `tail` after its arguments."""
    command = ["sh", "-c", f'"$@" {tail}', "sh", sys.executable, "-m", "report", *arguments]
    done = subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    return done


def inbox(folder: Path, *names: str) -> Workspace:
    place = Workspace(folder)
    place.inbox(DAY).mkdir(parents=True)
    for name in names:
        (place.inbox(DAY) / name).touch()
    return place


def test_workbooks_are_found_in_any_case_of_their_ending(tmp_path: Path) -> None:
    place = inbox(tmp_path, "a.XLSX", "b.Xlsm", "c.xlsx", "d.xls", "~$c.xlsx", ".e.xlsx")
    assert [path.name for path in place.workbooks(DAY)] == ["a.XLSX", "b.Xlsm", "c.xlsx", "d.xls"]
    assert place.leftovers(DAY) == []


def test_whatever_else_lies_in_the_inbox_is_told(tmp_path: Path) -> None:
    place = inbox(tmp_path, "a.xlsx", "报价.pdf", "现货.csv", "底稿.et", ".DS_Store", "Thumbs.db", "~$a.xlsx")
    (place.inbox(DAY) / "旧.xlsx").mkdir()
    assert place.leftovers(DAY) == sorted(["报价.pdf", "现货.csv", "底稿.et", "旧.xlsx"])


def test_an_inbox_with_other_files_only_names_them(tmp_path: Path) -> None:
    place = inbox(tmp_path, "底稿.et")
    with pytest.raises(InputError, match=r"no workbook \(.xlsx\) for the report of 2024-03-29 \(only 底稿.et\); put"):
        place.workbooks(DAY)
    assert Workspace(tmp_path / "nowhere").spreadsheets(DAY) == []


def test_an_inbox_that_is_a_file_or_unreadable_gives_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Workspace(tmp_path)
    (tmp_path / "inbox").mkdir()
    place.inbox(DAY).touch()
    with pytest.raises(InputError, match="2024-03-29: cannot be read: Not a directory; it must be a folder"):
        place.workbooks(DAY)

    def shut(self: Path) -> Iterator[Path]:
        raise PermissionError(errno.EACCES, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", shut)
    with pytest.raises(InputError, match="2024-03-29: cannot be read: Permission denied"):
        place.workbooks(DAY)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("甲", "甲.xlsx"),
        ("甲.xlsx", "甲.xlsx"),
        (" 甲.XLSX ", "甲.xlsx"),
        ("日报底稿 3.29", "日报底稿 3.29.xlsx"),
        ("日报底稿-乙.有色", "日报底稿-乙.有色.xlsx"),
    ],
)
def test_a_workbooks_name_is_given_its_ending(typed: str, name: str) -> None:
    assert workspace.workbook_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("../../x", "not the bare name of a file"),
        ("/tmp/x.xlsx", "not the bare name of a file"),
        ("a\\b.xlsx", "not the bare name of a file"),
        ("..", "not the bare name of a file"),
        ("", "not the bare name of a file"),
        (".xlsx", "not the bare name of a file"),
        ("~$甲.xlsx", "not the bare name of a file"),
        ("甲\n乙", "not the bare name of a file"),
        ("甲\udce9", "not the bare name of a file"),
        ("甲.xlsm", "the ending .xlsm is not .xlsx"),
        ("甲.pdf", "the ending .pdf is not .xlsx"),
        ("甲" * 80, "longer than a file name may be"),
    ],
)
def test_a_name_that_is_none_is_wrong_usage_and_says_what_to_type(typed: str, why: str) -> None:
    with pytest.raises(UsageError) as caught:
        workspace.workbook_name(typed)
    assert f"{why}; type a file name such as 日报底稿-甲.xlsx" in str(caught.value)


def test_new_writes_nothing_outside_the_inbox(workspace: Workspace) -> None:
    done = ribao("new", "2024-03-28", "--name", "../../x", cwd=workspace.root)
    assert (done.returncode, "not the bare name of a file" in done.stderr) == (2, True)
    assert not list(workspace.root.glob("x*"))
    done = ribao("new", "2024-04-01", "--name", "甲", cwd=workspace.root)
    assert done.stdout == f"{workspace.root}/inbox/2024-04-01/甲.xlsx\n"


def test_a_file_in_the_place_of_the_outbox_is_named(workspace: Workspace) -> None:
    place = workspace.outbox(DAY)
    for taken in (place, place.parent):
        shutil.rmtree(place.parent, ignore_errors=True)
        taken.parent.mkdir(exist_ok=True)
        taken.touch()
        done = ribao("build", "2024-03-29", "-f", "text", cwd=workspace.root)
        assert done.returncode == 1
        assert f"{place}: cannot be written: {taken} is a file where a folder should go" in done.stderr


def test_a_full_disk_leaves_the_outbox_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text("before")

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(InputError, match="cannot be written: No space left on device; nothing was changed there"):
        workspace.lay(tmp_path, {"a.txt": b"after"})
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("a.txt", "before")]


def test_init_says_why_a_folder_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "taken").touch()
    done = ribao("init", "taken/desk", cwd=tmp_path)
    assert done.returncode == 2
    assert "taken is a file where a folder should go; name a folder for the workspace" in done.stderr
    assert ribao("init", "taken", cwd=tmp_path).returncode == 2


def test_a_disk_that_fills_while_a_workspace_is_made_leaves_nothing(tmp_path: Path) -> None:
    def fill() -> None:
        with workspace.fresh(tmp_path / "desk") as draft:
            (draft / "data").mkdir()
            raise OSError(errno.ENOSPC, "No space left on device", str(draft / "data"))

    with pytest.raises(InputError, match="No space left on device"):
        fill()
    assert list(tmp_path.iterdir()) == []


def test_settings_that_cannot_be_read_are_a_mistake_of_the_catalogue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "settings.toml").touch()
    true = Path.read_text

    def shut(self: Path, *arguments: str, **named: str) -> str:
        if self.parent == tmp_path:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return true(self, *arguments, **named)

    monkeypatch.setattr(Path, "read_text", shut)
    with pytest.raises(CatalogError, match=r"settings\.toml: cannot be read: Permission denied"):
        catalog.load([tmp_path, catalog.packaged("data")])


def test_a_full_or_closed_standard_output_is_one_message(workspace: Workspace) -> None:
    done = ribao("list", cwd=workspace.root, tail=">/dev/full")
    assert (done.returncode, done.stderr) == (
        1,
        "ribao: standard output: No space left on device; put it right and run again\n",
    )
    done = ribao("list", cwd=workspace.root, tail=">&-")
    assert (done.returncode, "standard output is closed" in done.stderr) == (1, True)


def test_a_reader_that_stops_early_is_no_mistake(workspace: Workspace) -> None:
    assert ribao("history", "铜", "LME库存", cwd=workspace.root, tail="| true").stderr == ""


def test_a_full_or_closed_standard_error_stops_nothing(workspace: Workspace) -> None:
    for tail in ("2>/dev/full", "2>&-"):
        done = ribao("build", "2024-03-29", "-f", "text", cwd=workspace.root, tail=tail)
        assert (done.returncode, done.stdout.endswith("商品日报_20240329.txt\n")) == (0, True)


def test_a_terminal_of_ascii_gets_every_message(workspace: Workspace) -> None:
    env = {**UTF8, "LC_ALL": "C", "PYTHONIOENCODING": "ascii"}
    done = ribao("build", "2024-03-29", "-f", "text", cwd=workspace.root, env=env)
    assert (done.returncode, "[C702]" in done.stderr) == (0, True)
    assert ribao("--help", cwd=workspace.root, env=env).returncode == 0
    assert ribao("new", "2024-03-29", cwd=workspace.root, env=env).returncode == 2


def held(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the door as somebody whom the rights of files stop, which root is not."""
    if os.getuid():
        return ribao(*arguments, cwd=cwd)
    if not shutil.which("setpriv"):
        pytest.skip("root is stopped by no rights, and setpriv is not there to change that")
    less = "-dac_override,-dac_read_search"
    command = ["setpriv", f"--bounding-set={less}", f"--inh-caps={less}", sys.executable, "-m", "report", *arguments]
    done = subprocess.run(command, cwd=cwd, env=UTF8, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr
    return done


def test_folders_that_may_not_be_written_are_named(workspace: Workspace) -> None:
    root = workspace.root
    for name in ("inbox", "outbox"):
        (root / name).chmod(0o555)
    new = held("new", "2024-04-01", cwd=root)
    built = held("build", "2024-03-29", "-f", "text", cwd=root)
    made = held("init", str(root / "inbox" / "desk"), cwd=root)
    for name in ("inbox", "outbox"):
        (root / name).chmod(0o755)
    assert (new.returncode, built.returncode, made.returncode) == (1, 1, 2)
    assert f"{root}/inbox/2024-04-01: cannot be written: Permission denied" in new.stderr
    assert f"{root}/outbox/2024-03-29: cannot be written: Permission denied" in built.stderr
    assert "desk: cannot be made: Permission denied" in made.stderr


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("inbox/2024-03-29", "inbox/2024-03-29: cannot be read: Permission denied"),
        ("inbox/2024-03-29/日报底稿.xlsx", "日报底稿.xlsx: cannot be read (Permission denied)"),
        ("data/settings.toml", "settings.toml: cannot be read: Permission denied"),
        ("data", "data/settings.toml: cannot be looked into: Permission denied"),
    ],
)
def test_folders_and_files_that_may_not_be_read_are_named(workspace: Workspace, path: str, message: str) -> None:
    shut = workspace.root / path
    mode = shut.stat().st_mode
    shut.chmod(0)
    done = held("build", "2024-03-29", "-f", "text", cwd=workspace.root)
    shut.chmod(mode)
    assert done.returncode in (1, 2)
    assert message in done.stderr


def on_a_terminal(findings: list[Finding], notes: bool) -> list[str]:
    """What `tell` prints on a terminal of 80 columns, line by line."""
    ours, theirs = pty.openpty()
    child = os.fork()
    if not child:  # in the child nothing may return into pytest
        try:
            os.environ.update(COLUMNS="80", TERM="dumb")
            sys.stderr = os.fdopen(theirs, "w", encoding="utf-8")
            telling.tell(findings, notes)
            sys.stderr.flush()
        finally:
            os._exit(0)
    os.close(theirs)
    text = seen(ours)
    os.waitpid(child, 0)
    return text.splitlines()


def some(notes: int) -> list[Finding]:
    worse = [Finding("R101", Severity.ERROR, "错处", "e"), Finding("C301", Severity.WARNING, "疑处", "w")]
    return [*worse, *(Finding("R102", Severity.NOTE, f"空格{at}", "n") for at in range(notes))]


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_on_a_terminal_the_worst_stands_last_and_many_notes_are_one_line() -> None:
    lines = on_a_terminal(some(40), False)
    assert lines[0] == "另有 40 条提示，用 --notes 查看"
    assert [line.split()[0] for line in lines[2:]] == ["警告", "错误"]
    assert [line.split()[0] for line in on_a_terminal(some(2), False)[1:]] == ["提示", "提示", "警告", "错误"]
    assert len(on_a_terminal(some(40), True)) == 43


def test_in_a_pipe_every_finding_is_a_line_worst_first(capsys: pytest.CaptureFixture[str]) -> None:
    telling.tell(some(40))
    lines = capsys.readouterr().err.splitlines()
    assert (len(lines), lines[0], lines[1]) == (42, "错误 错处: e [R101]", "警告 疑处: w [C301]")


def test_a_mistake_of_ours_keeps_its_traceback() -> None:
    def broken() -> None:
        raise FileNotFoundError(errno.ENOENT, "No such file or directory", "ours.toml")

    with pytest.raises(FileNotFoundError):
        telling.spoken(broken)


def test_a_refused_cell_is_told_once_and_not_as_a_missing_number_too(workspace: Workspace) -> None:
    path = workspace.inbox(DAY) / "日报底稿.xlsx"
    book = load_workbook(path)
    sheet = book["收盘"]
    row = next(line for line in sheet.iter_rows(min_row=5) if (line[0].value, line[1].value) == ("SHFE", "铜"))
    sheet[row[3].coordinate] = "7250O"
    book.save(path)
    before = ribao("build", "2024-03-29", "-f", "text", cwd=workspace.root).stderr.splitlines()
    (told,) = (line for line in before if f"› {row[3].coordinate}:" in line)
    assert "found '7250O'" in told
    assert not [line for line in before if "C301" in line and "铜 SHFE 铜" in line]
