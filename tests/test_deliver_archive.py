"""The archive: a version is there whole or not at all, and nothing is ever written over."""

from __future__ import annotations

import shutil
import subprocess
import sys
import uuid
from datetime import date
from pathlib import Path

import pytest

from report.deliver.archive import Archive
from report.deliver.fixity import examine
from report.deliver.shelf import Folder
from report.deliver.store import Store
from report.errors import ArchiveError
from tests.editions import DAYS, edition, laid, lay

ROOT = Path(__file__).parent.parent


def store_of_files(folder: Path) -> Archive:
    from fsspec.implementations.local import LocalFileSystem

    archive = Archive("unused", folder)
    archive.shelf = Store(LocalFileSystem(), str(folder / "store"), "store")
    return archive


@pytest.fixture(params=["folder", "file URL", "memory", "store of files"])
def archive(request: pytest.FixtureRequest, tmp_path: Path) -> Archive:
    match request.param:
        case "folder":
            return Archive("我的 archive", tmp_path)
        case "file URL":
            return Archive(f"file://{tmp_path}/a")
        case "memory":
            return Archive(f"memory://{uuid.uuid4()}/a")
        case _:
            return store_of_files(tmp_path)


def test_what_was_laid_is_read_again(archive: Archive) -> None:
    laid(archive)
    newest = archive.publication(DAYS[1])
    first = archive.publication(DAYS[1], 1)
    assert (newest.version, newest.erratum, newest.html, newest.text) == (2, "更正 2", "<p>铜</p>", "铜")
    assert (first.version, first.erratum, first.pdf, first.filename) == (1, "", b"%PDF", "商品日报_20240328.pdf")
    assert archive.versions(DAYS[1]) == [1, 2]
    assert archive.kept(archive.manifest(DAYS[1], 1), "inbox/日报底稿.xlsx") == b"book of 2024-03-28 v1"
    assert examine(archive).faults == ()


def test_a_day_that_is_not_published_says_how_to_publish_it(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="ribao publish 2024-03-29 --approver NAME"):
        archive.publication(DAYS[2])
    laid(archive)
    with pytest.raises(ArchiveError, match="2024-03-29 v2 is not published"):
        archive.publication(DAYS[2], 2)


def test_what_days_share_is_kept_once(archive: Archive) -> None:
    laid(archive)
    kept = [path for path in archive.shelf.files() if "/kept/" in path]
    assert len(kept) == 4 + 2
    for day in DAYS:
        assert archive.kept(archive.manifest(day), "templates/daily.css") == b"p { margin: 0 }\n"


def test_a_version_is_never_written_over(archive: Archive) -> None:
    laid(archive)
    before = {path: archive.shelf.read(path) for path in archive.shelf.files()}
    with pytest.raises(ArchiveError, match="never written over"):
        lay(archive, edition(DAYS[0], pdf=b"other"))
    assert {path: archive.shelf.read(path) for path in before} == before


def test_a_block_that_fails_leaves_nothing(archive: Archive) -> None:
    laid(archive)
    day = date(2024, 4, 1)
    with pytest.raises(RuntimeError), archive.alone(), archive.laying(edition(day)):
        raise RuntimeError
    assert archive.versions(day) == []
    lay(archive, edition(day))
    assert examine(archive).faults == ()


def test_a_damaged_report_is_not_handed_out(tmp_path: Path) -> None:
    archive = laid(Archive("a", tmp_path))
    path = tmp_path / "a/2024/03/2024-03-29/v1/letter.txt"
    path.chmod(0o644)
    path.write_bytes("锡".encode())
    with pytest.raises(ArchiveError, match=r"letter\.txt: has changed since it was laid"):
        archive.publication(DAYS[2])


def test_what_a_killed_publisher_left_is_told_and_cleared_by_the_next(tmp_path: Path) -> None:
    archive = laid(Archive("a", tmp_path))
    left = tmp_path / "a/.part-2024-04-01-v1"
    left.mkdir()
    (left / "manifest.json").write_text("{}")
    (fault,) = examine(archive).faults
    assert "was stopped" in fault.what
    lay(archive, edition(date(2024, 4, 1)))
    assert not left.exists()
    assert examine(archive).faults == ()


def test_a_publisher_stopped_between_the_version_and_the_head_is_followed_up(archive: Archive) -> None:
    laid(archive)
    before = archive.shelf.read("head.json")
    lay(archive, edition(date(2024, 4, 1)))
    coming = archive.head().newest
    assert coming is not None
    head = type(archive.head())(newest=Archive.newest(archive), coming=coming)
    interrupted = head.model_copy(update={"newest": type(archive.head()).model_validate_json(before).newest})
    archive.shelf.put("head.json", interrupted.written())
    assert examine(archive).faults == ()
    lay(archive, edition(date(2024, 4, 2)))
    assert examine(archive).faults == ()
    assert archive.manifest(date(2024, 4, 2)).previous == coming


def test_of_two_publishers_one_is_told_of_the_other(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from report.deliver.archive import Archive\n"
        "with Archive('a', Path(sys.argv[1])).alone(): print('in', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        with pytest.raises(ArchiveError, match="another ribao publish is at work"), Archive("a", tmp_path).alone():
            pass
        other.communicate()
    lay(Archive("a", tmp_path), edition(DAYS[0]))


def test_two_publishers_on_a_store_are_told_apart_at_the_manifest() -> None:
    archive = Archive(f"memory://{uuid.uuid4()}/a")
    with pytest.raises(ArchiveError, match="somebody else has just published this"), archive.laying(edition(DAYS[0])):
        lay(archive, edition(DAYS[0]))
    assert examine(archive).faults == ()


def test_an_archive_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a file in the way")
    with pytest.raises(ArchiveError, match="cannot be written"):
        lay(Archive("a", tmp_path), edition(DAYS[0]))


def test_a_store_nobody_knows_is_one_message() -> None:
    with pytest.raises(ArchiveError, match="cannot be opened"):
        Archive("nosuch://user:secret@x/a")


def test_an_archive_moved_as_a_whole_is_still_whole(tmp_path: Path) -> None:
    laid(Archive("a", tmp_path))
    shutil.move(tmp_path / "a", tmp_path / "b")
    assert examine(Archive("b", tmp_path)).faults == ()
    assert isinstance(Archive("b", tmp_path).shelf, Folder)


def test_a_link_is_a_fault_whatever_it_leads_to(tmp_path) -> None:
    archive = laid(Archive(root=tmp_path))
    name = next(path for path in archive.shelf.files() if path.endswith(".html"))
    path = tmp_path / "archive" / name
    path.rename(tmp_path / "same")
    path.symlink_to(tmp_path / "same")
    (tmp_path / "archive" / "lost").symlink_to(tmp_path / "nowhere")
    (tmp_path / "archive" / ".hidden").write_text("x")
    told = {fault.file: fault.what for fault in examine(archive).faults}
    assert set(told) == {name, "lost", ".hidden"}
    assert "is a link" in told[name]
    assert "is a link" in told["lost"]
    assert "was added" in told[".hidden"]


def test_a_store_that_cannot_be_reached_is_told_without_its_password() -> None:
    with pytest.raises(ArchiveError, match="cannot be") as caught:
        Archive("ftp://desk:secret@127.0.0.1:9/archive").days()
    assert "secret" not in str(caught.value)


def test_a_bad_entry_hides_no_other_day(tmp_path) -> None:
    archive = laid(Archive(root=tmp_path))
    days = archive.days()
    strange = tmp_path / "archive" / "a" / "b" / "foo" / "v1"
    strange.mkdir(parents=True)
    (strange / "manifest.json").write_text("{}")
    assert archive.days() == days
