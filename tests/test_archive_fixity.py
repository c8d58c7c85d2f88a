"""Whatever is changed, taken away or put into an archive is seen, and the day it is of is named."""

from __future__ import annotations

import random
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from report.deliver.archive import Archive
from report.deliver.fixity import examine
from report.deliver.manifest import Head
from tests.editions import DAYS, laid

NEWEST = "2024-03-28"  # the day of the version laid last: an erratum
TIMES = 400


def day_of(path: str) -> str:
    found = re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", path)
    return found[0] if found else NEWEST if path == "head.json" else ""


def turned(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + bytes([data[at] ^ (1 << rng.randrange(8))]) + data[at + 1 :]


def taken(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data))
    return data[:at] + data[at + 1 :]


def added(data: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.randrange(256)]) + data[at:]


def cut(data: bytes, rng: random.Random) -> bytes:
    return data[: rng.randrange(len(data))]


CHANGES: tuple[Callable[[bytes, random.Random], bytes], ...] = (turned, taken, added, cut)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("fixity") / "a"
    laid(Archive(str(root)))
    for path in root.rglob("*"):
        path.chmod(0o755)
    return root


def days(root: Path) -> set[str]:
    return {fault.day for fault in examine(Archive(str(root))).faults}


def test_any_byte_of_any_file_changed_taken_or_added_is_seen_with_its_day(whole: Path) -> None:
    rng = random.Random(20240329)
    files = sorted(path for path in whole.rglob("*") if path.is_file())
    missed = []
    for _ in range(TIMES):
        path = rng.choice(files)
        data, change = path.read_bytes(), rng.choice(CHANGES)
        path.write_bytes(change(data, rng))
        if day_of(str(path.relative_to(whole))) not in days(whole):
            missed.append((str(path), change.__name__))
        path.write_bytes(data)
    assert missed == []
    assert days(whole) == set()


def test_every_file_taken_away_is_seen_with_its_day(whole: Path) -> None:
    for path in sorted(path for path in whole.rglob("*") if path.is_file()):
        data = path.read_bytes()
        path.unlink()
        assert day_of(str(path.relative_to(whole))) in days(whole), path
        path.write_bytes(data)
    assert days(whole) == set()


@pytest.mark.parametrize("name", ["x", ".hidden", "v1", "manifest.json", "v9/manifest.json"])
def test_a_file_added_anywhere_is_seen_with_its_day(whole: Path, name: str) -> None:
    for folder in sorted(path for path in (whole, *whole.rglob("*")) if path.is_dir()):
        path = folder / name
        if path.exists() or (folder / "v9").exists():
            continue
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"{}")
        expected = day_of(str(path.relative_to(whole)))
        assert expected in days(whole), path
        path.unlink()
        if path.parent != folder:
            path.parent.rmdir()
    assert days(whole) == set()


@pytest.mark.parametrize("version", ["2024-03-27/v1", "2024-03-28/v1", "2024-03-29/v1", "2024-03-28/v2"])
def test_a_whole_version_taken_away_is_seen_with_its_day(whole: Path, tmp_path: Path, version: str) -> None:
    root = Path(shutil.copytree(whole, tmp_path / "a"))
    shutil.rmtree(root / "2024/03" / version)
    faults = examine(Archive(str(root))).faults
    assert any(fault.day == version[:10] and "is missing" in fault.what for fault in faults)


def test_a_version_that_was_laid_anew_is_seen(whole: Path, tmp_path: Path) -> None:
    """Somebody makes a wholly consistent other version of a day in the middle: the chain does not fit."""
    root = Path(shutil.copytree(whole, tmp_path / "a"))
    place = root / "2024/03/2024-03-28/v1"
    archive = Archive(str(root))
    told, _ = archive.sealed("2024/03/2024-03-28/v1")
    forged = told.model_copy(update={"approver": "别人"})
    (place / "manifest.json").write_bytes(forged.written())
    (place / "manifest.sha256").write_bytes(forged.seal())
    faults = examine(archive).faults
    assert {fault.day for fault in faults} == {"2024-03-28"}
    assert all("another than the one that was laid" in fault.what for fault in faults)


def test_an_archive_cut_back_as_a_whole_is_seen_by_a_seal_kept_elsewhere(whole: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(whole, tmp_path / "a"))
    archive = Archive(str(root))
    seal = examine(archive).seal
    last, _ = archive.sealed("2024/03/2024-03-28/v2")
    shutil.rmtree(root / last.place)
    (root / "head.json").write_bytes(Head(newest=last.previous).written())
    assert examine(archive).faults == ()
    (fault,) = examine(archive, seal).faults
    assert "missing, or were laid anew" in fault.what


def test_two_laid_side_by_side_are_seen(whole: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(whole, tmp_path / "a"))
    archive = Archive(str(root))
    third, _ = archive.sealed(f"2024/03/{DAYS[2]}/v1")
    beside = {"sequence": 9, "report_date": DAYS[2].replace(month=4), "files": {}, "kept": {}}
    other = third.model_copy(update=beside)
    place = root / other.place
    place.mkdir(parents=True)
    (place / "manifest.json").write_bytes(other.written())
    (place / "manifest.sha256").write_bytes(other.seal())
    assert any("side by side" in fault.what for fault in examine(archive).faults)
