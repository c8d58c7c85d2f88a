"""`ribao publish` killed, or its disk full or broken, at every call that writes or talks; then run again.

What it leaves on the disk is held against what it left at other calls: each state is gone on from once. Where nothing
but the archive was touched by then, the report that is set again is the one set at the start; else all is done anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import queue
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from report.deliver.archive import Archive
from report.deliver.fixity import examine
from report.pipeline import SAMPLE
from tests import stopped
from tests.publisher import CALLS, WRITES, Point, Publisher, calls, publisher

KILL, FULL, BROKEN = "signal=KILL", "error=ENOSPC", "error=EIO"
LATER = timedelta(minutes=7)
AT_ONCE = 2


@dataclass
class Sweep:
    """The publishers at work, an undisturbed publishing to hold all against, the states gone on from so far."""

    sample: Path
    place: Path
    free: queue.Queue[Publisher]
    moment: datetime
    clean: tuple[object, object] = ((), ())
    known: dict[str, str] = field(default_factory=dict)
    told: Counter[str] = field(default_factory=Counter)

    def fresh(self, one: Publisher) -> Path:
        """The sample's workspace, as it was."""
        root = one.place / "w"
        shutil.rmtree(root, ignore_errors=True)
        return Path(shutil.copytree(self.sample, root))

    def points(self, at: str, made: bool) -> list[Point]:
        """Every call that writes or talks of one thread."""
        one = self.free.get()
        root = self.fresh(one)
        status, said, log = one.publish(root, self.moment, f"trace={','.join(CALLS)}", at=at, made=made)
        assert status == 0, said
        found = list(calls(log))
        if at == "main" and not made:
            found = found[: next(number for number, (*_, told) in enumerate(found) if ".part-" in told)]
            self.clean = standing(root)
        self.free.put(one)
        return [Point(at, name, number) for name, number, _ in found]

    def stop(self, point: Point, fault: str, made: bool) -> None:
        """Publish in a fresh workspace and be stopped there; then see to the end of it."""
        one = self.free.get()
        try:
            root, name = self.fresh(one), point.name
            rules = (f"trace={name}", f"inject={name}:{fault}:when={point.number}")
            status, said, _ = one.publish(root, self.moment, *rules, at=point.at, made=made)
            self.judged(one, root, (point, fault, said), status, said)
        finally:
            self.free.put(one)

    def judged(self, one: Publisher, root: Path, at: object, status: int, said: str) -> None:
        archive = Archive("archive", root)
        there = archive.versions(SAMPLE)
        assert there in ([], [1]), at
        assert all("was stopped" in fault.what for fault in examine(archive).faults), at
        assert "Traceback" not in said, at
        told = "killed" if status == -9 else "told" if status else "went on"
        self.told[told] += 1
        if told == "told":
            assert said.count("ribao: ") == 1, at
        elif told == "went on":
            assert there == [1], at
        state = state_of(root)
        if state not in self.known:
            self.known[state] = told
            self.again(one, root, at)

    def again(self, one: Publisher, root: Path, at: object) -> None:
        """The next publishing brings it to the end that an undisturbed one has."""
        bare = not (root / "history.sqlite-journal").exists() and kept(root) == kept(self.sample)
        status, said, _ = one.publish(root, self.moment + LATER, made=bare)
        assert status == 0, (at, said)
        assert examine(Archive("archive", root)).faults == (), at
        assert standing(root) == self.clean, at
        self.told["gone on from" if bare else "gone on from, report set anew"] += 1


def state_of(root: Path) -> str:
    """A digest of all that lies in a workspace."""
    held = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        held.update(f"{path.relative_to(root)}\n".encode())
        if path.is_file():
            held.update(hashlib.sha256(path.read_bytes()).digest())
    return held.hexdigest()


def standing(root: Path) -> tuple[object, object]:
    """What a publishing comes to, but for its moments: files of the archive, rows of the database."""
    files: dict[str, object] = {}
    for path in sorted((root / "archive").rglob("*")):
        name = path.relative_to(root / "archive").as_posix()
        if path.name == "manifest.json":
            told = json.loads(path.read_bytes())
            files[name] = {key: value for key, value in told.items() if key not in ("known_at", "published_at")}
        elif path.name not in ("manifest.sha256", "head.json"):
            files[name] = path.is_file() and path.read_bytes()
    return files, rows(root / "history.sqlite")


def rows(database: Path) -> dict[str, Counter[tuple[object, ...]]]:
    with sqlite3.connect(database) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
        names = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        found = {}
        for table in sorted(names):
            columns = [row[1] for row in connection.execute(f"pragma table_info('{table}')")]
            lasting = [f'"{name}"' for name in columns if name not in ("id", "known_at", "read_at", "kept_at")]
            found[table] = Counter(connection.execute(f"select {','.join(lasting)} from '{table}'"))
    connection.close()
    return found


def kept(root: Path) -> dict[str, Counter[tuple[object, ...]]]:
    """What the history of a workspace holds."""
    found = rows(root / "history.sqlite")
    return {name: told for name, told in found.items() if name not in ("letters", "outbox_about")}


@pytest.fixture
def sweep(sample_workspace: Path, tmp_path: Path) -> Iterator[Sweep]:
    if why := stopped.lacking():
        pytest.skip(f"strace: {why}")
    with ExitStack() as held:
        free: queue.Queue[Publisher] = queue.Queue()
        for number in range(AT_ONCE):
            free.put(held.enter_context(publisher(sample_workspace, tmp_path / f"{number}")))
        yield Sweep(sample_workspace, tmp_path, free, datetime.now(UTC))


def swept(sweep: Sweep, faults: tuple[str, ...], tell: Callable[[str], None]) -> int:
    """Stop at every point of every part, by each fault; RIBAO_POINTS: at so many of them only. Gives how many."""
    parts = (("main", False), ("thread", False), ("worker", False), ("main", True))
    found = [(point, made) for at, made in parts for point in sweep.points(at, made)]
    wanted = [
        (point, fault, made) for fault in faults for point, made in found if fault == KILL or point.name in WRITES
    ]
    most = int(os.environ.get("RIBAO_POINTS", "0"))
    wanted = wanted[:: max(1, len(wanted) // most)] if most else wanted
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in pool.map(lambda each: sweep.stop(*each), wanted):
            pass
    tell(f"{len(wanted)} points: {dict(sweep.told)}, {len(sweep.known)} states of the disk")
    return len(wanted)


@pytest.mark.soak
@pytest.mark.parametrize(("faults", "least"), [((KILL,), 500), ((FULL, BROKEN), 500)])
def test_the_command_stopped_at_any_call_is_brought_to_its_end_by_running_it_again(
    sweep: Sweep, faults: tuple[str, ...], least: int, capsys: pytest.CaptureFixture[str]
) -> None:
    def tell(line: str) -> None:
        with capsys.disabled():
            print(f"\n{' and '.join(faults)}: {line}")

    done = swept(sweep, faults, tell)
    assert done >= least or "RIBAO_POINTS" in os.environ
