"""A sender to be killed: a process that has everything loaded and sends in a child of its own, once that is traced.

Each line on its standard input is a JSON object: the database, the relay's port, recipients and connections. It answers
with the child's number at once, and with its exit status when it has ended: 0 all sent, 1 a ReportError, whose message
goes to standard error.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

STRACE = shutil.which("strace")
TALK = ("connect", "sendto", "recvfrom", "shutdown")
WRITE = ("write", "pwrite64", "fsync", "fdatasync", "ftruncate", "unlink", "openat")
CALLS = (*TALK, *WRITE)


@dataclass
class Sender:
    """The process, asked to send as often as wanted."""

    process: subprocess.Popen[str]
    place: Path

    def send(self, *rules: str, log: Path | None = None, **asked: object) -> tuple[int, str]:
        """Send under strace with these rules; gives the exit status (negative: the signal) and what was said."""
        errors = self.place / "said"
        child = self._ask(asked | {"errors": str(errors)})
        expressions = [part for rule in rules for part in ("-e", rule)]
        command = [str(STRACE), "-f", "-q", "-o", str(log or "/dev/null"), *expressions, "-p", child]
        tracer = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        status = int(self._line())
        _, told = tracer.communicate(timeout=30)
        assert b"Operation not permitted" not in told, told
        return status, errors.read_text(encoding="utf-8")

    def _ask(self, asked: dict[str, object]) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()


@contextmanager
def sender(place: Path) -> Iterator[Sender]:
    """A sender ready to be asked; what it says lies in that folder."""
    pipe = subprocess.PIPE
    home = Path(__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-m", "tests.crashing"], cwd=home, stdin=pipe, stdout=pipe, text=True
    ) as process:
        try:
            yield Sender(process, place)
        finally:
            process.kill()


def _until_traced() -> None:
    while "TracerPid:\t0\n" in Path("/proc/self/status").read_text(encoding="ascii"):
        time.sleep(0.002)


def _send(asked: dict[str, Any]) -> int:
    from report.deliver.ledger import State
    from report.errors import ReportError
    from tests.letters import people, publication, sent, settings

    os.dup2(os.open(asked["errors"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC), 2)
    given = settings(asked["port"], pace={"connections": asked["connections"], "give_up": asked.get("give_up", 5)})
    made, to = publication(), people(asked["recipients"])
    _until_traced()
    try:
        standing, _ = sent(Path(asked["database"]), given, made, to)
    except ReportError as error:
        print(error, file=sys.stderr, flush=True)
        return 1
    return 0 if standing.counts == {State.SENT: len(to)} else 3


def main() -> None:
    """Answer what is asked until the input ends."""
    from tests import letters

    letters.settings(25)
    for line in sys.stdin:
        asked = json.loads(line)
        child = os.fork()
        if not child:
            try:
                os._exit(_send(asked))
            except BaseException as error:
                print(repr(error), file=sys.stderr, flush=True)
                os._exit(2)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
