"""Killed, or out of disk, at any system call that writes or talks: then sent again, and everybody counted.

The whole sweep is `make soak`; a few points of it run with every test. strace stops the sender at the call.
"""

from __future__ import annotations

import re
import sqlite3
import subprocess
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from report.deliver.ledger import State
from tests import crashing
from tests.crashing import CALLS, Sender, sender
from tests.letters import outbox_of, people, publication, sent, settings
from tests.relay import Relay

HOME = Path(__file__).parent.parent
pytestmark = pytest.mark.skipif(crashing.STRACE is None, reason="strace is not installed")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sender]:
    with sender(tmp_path_factory.mktemp("sender")) as made:
        yield made


def points(killed: Sender, folder: Path, calls: tuple[str, ...], many: int, connections: int) -> list[tuple[str, int]]:
    """Every call of a sending, as its name and how often a thread has made it by then."""
    log = folder / "log"
    with Relay() as relay:
        asked = {
            "database": str(folder / "clean.sqlite"),
            "port": relay.port,
            "recipients": many,
            "connections": connections,
        }
        status, said = killed.send(f"trace={','.join(calls)}", log=log, **asked)
    assert (status, said) == (0, "")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        if match := re.match(r"(\d+) +(\w+)\(", line):
            counts[match[2]][match[1]] += 1
    return [(name, number) for name in calls for number in range(1, max(counts[name].values(), default=0) + 1)]


def told(place: Path, relay: Relay, many: int) -> Counter[State]:
    """Where everybody stands after the sending that followed; nobody has two, nobody is left out."""
    letters, found = outbox_of(place), relay.counts()
    assert len(letters) == many
    assert max(found.values(), default=0) == 1, found
    for one in letters:
        assert one.state in (State.SENT, State.DOUBT), one
        assert one.state is State.DOUBT or found[one.address] == 1, one
    with sqlite3.connect(place) as connection:
        assert connection.execute("pragma integrity_check").fetchone() == ("ok",)
    connection.close()
    return Counter(one.state for one in letters)


def survives(killed: Sender, folder: Path, rule: str, many: int, connections: int) -> tuple[int, str, Counter[State]]:
    """Send under that rule, then once more without; gives status, what was said, and where everybody stands."""
    place = folder / "o.sqlite"
    place.unlink(missing_ok=True)
    Path(f"{place}-journal").unlink(missing_ok=True)
    name = rule.partition(":")[0]
    with Relay() as relay:
        asked = {"database": str(place), "port": relay.port, "recipients": many, "connections": connections}
        status, said = killed.send(f"trace={name}", f"inject={rule}", **asked)
        sent(place, settings(relay.port), publication(), people(many))
        return status, said, told(place, relay, many)


def killing(killed: Sender, folder: Path, many: int, connections: int, every: int = 1) -> tuple[int, int]:
    """Kill at every so-manieth point; gives how many there were, and how many letters came to be in doubt."""
    done = doubted = 0
    for name, number in points(killed, folder, CALLS, many, connections)[::every]:
        status, _, states = survives(killed, folder, f"{name}:signal=KILL:when={number}", many, connections)
        assert status in (-9, 0), (name, number, status)
        assert states[State.DOUBT] <= connections, (name, number, states)
        done += status == -9
        doubted += states[State.DOUBT]
    return done, doubted


def failing(killed: Sender, folder: Path, many: int, every: int = 1) -> int:
    """No space, and a broken disk, at every so-manieth point that writes; gives how many ended in a message."""
    done = 0
    for name, number in points(killed, folder, ("pwrite64", "fsync", "fdatasync", "ftruncate"), many, 1)[::every]:
        for error in ("ENOSPC", "EIO"):
            status, said, states = survives(killed, folder, f"{name}:error={error}:when={number}", many, 1)
            assert status in (0, 1), (name, number, error, said)
            assert (status == 1) == bool(said), said
            assert said.count("\n") <= 1
            assert "Traceback" not in said
            assert states[State.DOUBT] <= 2
            done += status
    return done


def test_killed_at_some_calls_nobody_gets_two_letters_or_none(killed: Sender, tmp_path: Path) -> None:
    done, _ = killing(killed, tmp_path, 3, 1, every=12)
    assert done > 5


def test_out_of_disk_at_some_calls_the_rest_is_sent_the_next_time(killed: Sender, tmp_path: Path) -> None:
    assert failing(killed, tmp_path, 3, every=12) > 3


@pytest.mark.soak
@pytest.mark.parametrize(("many", "connections"), [(16, 1), (24, 3)])
def test_killed_at_every_call_nobody_gets_two_letters_or_none(
    killed: Sender, tmp_path: Path, many: int, connections: int, capsys: pytest.CaptureFixture[str]
) -> None:
    done, doubted = killing(killed, tmp_path, many, connections)
    with capsys.disabled():
        print(
            f"\nkilled at {done} points, {connections} connections: {doubted} letters in doubt, none twice, none lost"
        )
    assert done > 200


@pytest.mark.soak
def test_out_of_disk_at_every_call_the_rest_is_sent_the_next_time(
    killed: Sender, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done = failing(killed, tmp_path, 5)
    with capsys.disabled():
        print(f"\n{done} failures of the disk told in one message each")
    assert done > 100


SENDING = """
import os, sys
from pathlib import Path
from tests.letters import people, publication, sent, settings
given = settings(int(sys.argv[2]), pace={"connections": 2, "give_up": 120})
made, to = publication(), people(int(sys.argv[3]))
children = []
for _ in range(int(sys.argv[4])):
    child = os.fork()
    if not child:
        standing, _ = sent(Path(sys.argv[1]), given, made, to)
        os.write(1, f"{standing}\\n".encode())
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
"""


def at_once(place: Path, many: int, senders: int) -> tuple[Relay, list[str]]:
    """Processes that begin to send together; gives the relay, and what each said."""
    with Relay() as relay:
        command = [sys.executable, "-c", SENDING, str(place), str(relay.port), str(many), str(senders)]
        done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    return relay, done.stdout.splitlines()


def test_eight_senders_at_once_send_each_letter_once(tmp_path: Path) -> None:
    relay, said = at_once(tmp_path / "o.sqlite", 40, 8)
    assert relay.counts() == {one.address: 1 for one in people(40)}
    assert said == ["已发 40"] * 8


@pytest.mark.soak
def test_eight_senders_at_once_send_a_thousand_letters_once(tmp_path: Path) -> None:
    started = time.monotonic()
    relay, said = at_once(tmp_path / "o.sqlite", 1000, 8)
    assert relay.counts() == {one.address: 1 for one in people(1000)}
    assert said == ["已发 1000"] * 8
    assert time.monotonic() - started < 100
