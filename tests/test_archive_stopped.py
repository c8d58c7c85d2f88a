"""A publish killed, or whose disk gives out, at any of its writes: the archive is whole, the next run goes on."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from pathlib import Path

import pytest

from report.deliver.archive import Archive
from report.deliver.fixity import examine
from report.workspace import Workspace
from tests import stopped
from tests.editions import DAYS, edition, lay

FAULTS = ("signal=KILL", "error=ENOSPC", "error=EIO")
LAYING = """
import sys
from pathlib import Path
from report.deliver.archive import Archive
from report.errors import ReportError
from tests.editions import DAYS, edition, lay
more = {f"templates/{number}": b"%d" % number for number in range(int(sys.argv[2]))}
try:
    lay(Archive(sys.argv[1]), edition(DAYS[2], kept=more))
except ReportError as error:
    sys.exit(str(error))
"""


def begun(root: Path) -> Path:
    """An archive of two days, for a third to be laid into."""
    lay(Archive(str(root)), edition(DAYS[0]), edition(DAYS[1]))
    return root


def swept(tmp_path: Path, more: int, every: int) -> int:
    """Stop the laying at every so manieth point, each time in a fresh archive; gives the number of points tried."""
    if why := stopped.lacking():
        pytest.skip(f"strace: {why}")
    first = begun(tmp_path / "first")
    before = Path(shutil.copytree(first, tmp_path / "before"))
    found = list(stopped.points(stopped.python(LAYING, str(first), str(more)), tmp_path / "log", stopped.ROOT))
    tried = 0
    for fault in FAULTS:
        for point in found[tried % every :: every]:
            root = tmp_path / "a"
            shutil.copytree(before, root)
            done = stopped.run(stopped.python(LAYING, str(root), str(more)), point, fault, stopped.ROOT)
            resumed(root, more, fault, point, done)
            shutil.rmtree(root)
            tried += 1
    return tried


def resumed(root: Path, more: int, fault: str, point: tuple[str, int], done: subprocess.CompletedProcess[str]) -> None:
    """What the stopped run left is either all or nothing; the next run brings it to its end."""
    archive, at = Archive(str(root)), (fault, point, done.stderr)
    there = archive.versions(DAYS[2])
    assert there in ([], [1]), at
    assert all("was stopped" in one.what for one in examine(archive).faults), at
    if fault != "signal=KILL":
        assert "Traceback" not in done.stderr, at
        assert (done.returncode != 0) == (there == []), at
        assert done.returncode == 0 or "the archive cannot be written" in done.stderr, at
    if there == []:
        lay(archive, edition(DAYS[2], kept={f"templates/{number}": b"%d" % number for number in range(more)}))
    lay(archive, edition(DAYS[2].replace(month=4)))
    assert examine(archive).faults == (), at
    assert [path.name for path in root.iterdir() if path.name.startswith(".")] == [], at


def test_a_publish_stopped_at_a_write_leaves_all_or_nothing(tmp_path: Path) -> None:
    assert swept(tmp_path, more=0, every=9) >= 10


@pytest.mark.soak
def test_a_publish_stopped_at_any_write_leaves_all_or_nothing(tmp_path: Path) -> None:
    assert swept(tmp_path, more=70, every=1) >= 500


def test_a_read_only_archive_is_one_message(workspace: Workspace) -> None:
    root = workspace.root / "archive"
    lay(Archive(str(root)), edition(DAYS[0]))
    if not read_only(root):
        pytest.skip("nothing here can make a folder read-only for this user")
    try:
        done = subprocess.run(
            stopped.python("from report.cli import main; main()", "publish", "2024-03-29", "--approver", "示例审核"),
            cwd=workspace.root,
            env=stopped.SURROUNDINGS,
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        writable(root)
    assert done.returncode == 1
    told = [line for line in done.stderr.splitlines() if line.startswith("ribao:")]
    assert len(told) == 1
    assert "the archive cannot be written" in told[0]
    assert "Traceback" not in done.stderr


def read_only(folder: Path) -> bool:
    """Make it so; root needs the file system's own mark."""
    if os.geteuid() == 0:
        return subprocess.run(["chattr", "+i", str(folder)], capture_output=True, check=False).returncode == 0
    folder.chmod(stat.S_IRUSR | stat.S_IXUSR)
    return True


def writable(folder: Path) -> None:
    if os.geteuid() == 0:
        subprocess.run(["chattr", "-i", str(folder)], check=True)
    else:
        folder.chmod(0o755)


def test_of_two_publishes_at_once_one_wins_and_the_other_says_so(workspace: Workspace) -> None:
    command = stopped.python("from report.cli import main; main()", "publish", "2024-03-29", "--approver", "示例审核")
    how = {"cwd": workspace.root, "env": stopped.SURROUNDINGS, "text": True}
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **how) for _ in range(2)]
    ends = [(process.communicate()[1], process.returncode) for process in both]
    assert sorted(status for _, status in ends) in ([0, 0], [0, 1])
    for told, status in ends:
        assert status == 0 or "another ribao publish is at work" in told
    archive = Archive("archive", workspace.root)
    assert archive.versions(DAYS[2]) == [1]
    assert examine(archive).faults == ()
