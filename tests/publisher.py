"""A publisher to be stopped: a process that has everything loaded and publishes the sample day in a child of its own.

Each line on its standard input is a JSON object: the workspace, the moment, which thread strace is to hold, and
whether the report was read and set before (`made`), so that only what follows is done again. It answers `ready` with
the number of that thread when it has come to it and waits for its tracer, and `ended` with the child's exit status.
What is published is the command itself, `report.cli.main`; the clock alone is given.
"""

from __future__ import annotations

import atexit
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

HOME = Path(__file__).parent.parent
STRACE = shutil.which("strace") or "strace"
COMMAND = ["ribao", "publish", "2024-03-29", "--approver", "示例审核"]
WRITES = ("mkdir", "openat", "write", "pwrite64", "fsync", "fdatasync", "rename", "ftruncate")
CALLS = (*WRITES, "unlink", "unlinkat", "rmdir", "chmod", "fcntl", "flock", "pipe2", "vfork", "clone3")
_CALL = re.compile(r"^([a-z0-9_]+)\((.*)", re.M)


@dataclass(frozen=True)
class Point:
    """A system call: whose (main, thread: the one that talks to the child, worker: that child), its name, which one."""

    at: str
    name: str
    number: int


@dataclass
class Publisher:
    """The process, asked to publish as often as wanted."""

    process: subprocess.Popen[str]
    place: Path

    def publish(
        self, root: Path, moment: datetime, *rules: str, at: str = "main", made: bool = False
    ) -> tuple[int, str, str]:
        """Publish, that thread under strace with these rules; gives exit status, what was said, strace's log."""
        said, log, temporary = (self.place / name for name in ("said", "log", "temporary"))
        temporary.mkdir(exist_ok=True)
        log.write_text("")
        asked = {"root": f"{root}", "moment": f"{moment}", "said": f"{said}", "temporary": f"{temporary}", "made": made}
        command = [STRACE, "-q", "-o", f"{log}", *(part for rule in rules for part in ("-e", rule))]
        traced = at if rules else ""
        self._tell(asked | {"traced": traced, "wrapper": self._wrapper(command) if traced == "worker" else ""})
        tracer = None
        while (answer := self._line())[0] == "ready":
            tracer = subprocess.Popen([*command, "-p", answer[1]], stdin=subprocess.DEVNULL, stderr=subprocess.PIPE)
        if tracer is not None:
            _, told = tracer.communicate(timeout=60)
            assert b"Operation not permitted" not in told, told
        return int(answer[1]), said.read_text("utf-8", "replace"), log.read_text("utf-8", "replace")

    def _wrapper(self, command: list[str]) -> str:
        """A program in Python's place that runs it under strace."""
        path = self.place / "python"
        path.write_text(f'#!/bin/sh\nexec {" ".join(command)} {sys.executable} "$@"\n')
        path.chmod(0o755)
        return f"{path}"

    def _tell(self, asked: dict[str, object]) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()

    def _line(self) -> list[str]:
        assert self.process.stdout is not None
        line = self.process.stdout.readline().split()
        assert line, "the publisher has died"
        return line


@contextmanager
def publisher(sample: Path, place: Path) -> Iterator[Publisher]:
    """A publisher ready to be asked. sample: a workspace, of which it takes a copy into the folder `place`."""
    place.mkdir()
    shutil.copytree(sample, place / "made")
    command = [sys.executable, "-m", "tests.publisher", f"{place / 'made'}"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, cwd=HOME, stdin=pipe, stdout=pipe, text=True) as process:
        try:
            yield Publisher(process, place)
        finally:
            process.kill()


def calls(log: str) -> Iterator[tuple[str, int, str]]:
    """The calls of a log that write: name, which one of that name, arguments. Opening counts where it may create."""
    counts: dict[str, int] = {}
    for name, arguments in _CALL.findall(log):
        counts[name] = counts.get(name, 0) + 1
        if name != "openat" or "O_CREAT" in arguments:
            yield name, counts[name], arguments


def _until_traced(answers: int) -> None:
    """Say that this thread is ready, and wait for its tracer, by no call that is counted."""
    number = threading.get_native_id()
    status = os.open(f"/proc/self/task/{number}/status", os.O_RDONLY)
    os.write(answers, f"ready {number}\n".encode())
    while b"TracerPid:\t0\n" in os.pread(status, 4096, 0):
        time.sleep(0.002)
    os.close(status)


def _clock(moment: datetime) -> Any:
    class At(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return moment

    return At


def _run(asked: dict[str, Any], made: tuple[Any, Any], answers: int) -> int:
    from report.cli import main, published
    from report.pipeline import building, publishing
    from report.render import pdf

    said = os.open(asked["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(said, 1)
    os.dup2(said, 2)
    os.chdir(asked["root"])
    os.environ |= {"TMPDIR": asked["temporary"], "PATH": asked["temporary"]}
    tempfile.tempdir = None
    sys.argv = COMMAND
    published.datetime = _clock(datetime.fromisoformat(asked["moment"]))
    if asked["made"]:
        publishing.building.assemble = lambda *_, **__: made[0]
        publishing.imprint = lambda *_, **__: made[1]
        pdf.start = lambda: None
    if asked["traced"] == "worker":
        sys.executable = asked["wrapper"]
    elif asked["traced"] == "thread":
        building.begun = _traced(building.begun, answers)
    elif asked["traced"]:
        _until_traced(answers)
    try:
        main()
    except SystemExit as end:
        status = int(end.code or 0)
    atexit._run_exitfuncs()
    return status


def _traced(begun: Callable[..., Callable[[], bytes]], answers: int) -> Callable[..., Callable[[], bytes]]:
    def traced(name: str, *more: object) -> Callable[[], bytes]:
        page = begun(name, *more)

        def waits() -> bytes:
            _until_traced(answers)
            return page()

        return waits if name == "pdf" else page

    return traced


def _made(root: Path) -> tuple[Any, Any]:
    """The report of the sample day, read and set."""
    from report import pipeline
    from report.pipeline import building, keeping, publishing
    from report.render import pdf
    from report.workspace import Workspace

    for name in ("cli.published", "deliver.archive", "deliver.witness"):
        import_module(f"report.{name}")
    house = pipeline.open_house(Workspace(root))
    draft = building.assemble(house, pipeline.SAMPLE, datetime.now().astimezone())
    made = publishing.imprint(house, draft, keeping.workbooks(keeping.files(house, pipeline.SAMPLE)))
    house.history.close()
    pdf.close()
    return draft, made


def main() -> None:
    """Answer what is asked until the input ends."""
    made = _made(Path(sys.argv[1]))
    answers = os.dup(1)
    for line in sys.stdin:
        child = os.fork()
        if not child:
            try:
                status = _run(json.loads(line), made, answers)
            except BaseException as error:
                print(f"Traceback: {error!r}", file=sys.stderr, flush=True)
                status = 9
            os._exit(status)
        _, status = os.waitpid(child, 0)
        os.write(answers, f"ended {os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main()
