"""Letters a second against a bare smtplib loop to the same relay: `python -m tests.bench_send`, part of `make bench`.

The relay is a few processes that read and answer, and take letters faster than any client gives them (Postfix's own
smtp-sink, one process that looks at every character, stops at some 350 a second). The bare loop has its letters ready
and keeps no outbox; ours waits for the disk with every letter, so a disk that others keep busy shows: TMPDIR names
another. Rounds are run in turn, and the medians are compared. Memory is that of a process of its own for each number of
recipients.
"""

from __future__ import annotations

import json
import os
import resource
import smtplib
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from report.deliver.ledger import Mark, State
from report.deliver.letter import Letters
from report.deliver.outbox import Outbox
from tests.letters import CLOCK, people, publication, sent, settings

ROUNDS = int(os.environ.get("RIBAO_ROUNDS", "5"))
LETTERS = int(os.environ.get("RIBAO_LETTERS", "300"))
SIZE = int(os.environ.get("RIBAO_PDF", "500000"))
CONNECTIONS = (4, 8)  # as packaged, and as many as most relays let one client have
FEW, MANY = 100, int(os.environ.get("RIBAO_RECIPIENTS", "5000"))
HOME = Path(__file__).parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ribao-bench-") as name, sink() as port:
        print(f"{LETTERS} letters with a PDF of {SIZE // 1000} kB")
        rates: dict[int, list[float]] = {0: [], **{many: [] for many in (1, *CONNECTIONS)}}
        for at in range(ROUNDS):
            rates[0].append(LETTERS / bare(port))
            for many in (1, *CONNECTIONS):
                rates[many].append(LETTERS / ours(Path(name) / f"{many}-{at}", port, many))
        told(rates)
        print(f"a mark in the outbox, flushed to this disk, takes {marking(Path(name)):.2f} ms alone")
        few, many = (memory(Path(name), port, count) for count in (FEW, MANY))
        print(
            f"memory for {FEW} recipients {few / 1e6:6.1f} MB, for {MANY} {many / 1e6:6.1f} MB: ratio {many / few:5.2f}"
        )


def told(rates: dict[int, list[float]]) -> None:
    """Print the medians and their ratios beside what is promised. 0 connections: the bare loop."""
    median = {many: statistics.median(found) for many, found in rates.items()}
    for many, found in rates.items():
        label = f"{many} connection{'s' if many > 1 else ''}" if many else "bare smtplib loop"
        print(f"{label:>18}: {median[many]:7.1f} letters/s   ({min(found):.0f} - {max(found):.0f})")
    for many in (1, *CONNECTIONS):
        promised = 0.9 if many == 1 else 2.5
        print(f"{many} against the bare loop: {median[many] / median[0]:5.2f}   promise: >= {promised}")


def bare(port: int) -> float:
    """Seconds of a loop over smtplib's sendmail."""
    given = settings(port)
    letters = Letters(publication(size=SIZE), given.letter)
    to, now = people(LETTERS), CLOCK.moment()
    assert letters.body
    started = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port, "localhost") as session:
        for one in to:
            session.sendmail(given.letter.sender, [one.address], letters.whole(one.key, one.name, one.address, now))
    return time.perf_counter() - started


def ours(place: Path, port: int, connections: int, count: int = LETTERS) -> float:
    """Seconds of a whole sending: letters made, outbox written, all sent."""
    made, to = publication(size=SIZE), people(count)
    given = settings(port, pace={"connections": connections, "give_up": 600}, server={"timeout": 60, "patience": 60})
    started = time.perf_counter()
    standing, _ = sent(place.with_suffix(".sqlite"), given, made, to)
    seconds = time.perf_counter() - started
    assert standing.counts == {State.SENT: count}, standing
    return seconds


def marking(folder: Path) -> float:
    """Milliseconds of one mark written down, the median of many."""
    outbox, made = Outbox(folder / "marks.sqlite"), publication()
    outbox.prepare(made, people(LETTERS), str, CLOCK.moment())
    times = []
    for letter in outbox.claim(made, "bench 1 1 1", LETTERS, CLOCK.moment()):
        started = time.perf_counter()
        outbox.mark("bench 1 1 1", [Mark(letter, State.DATA)], CLOCK.moment())
        times.append(time.perf_counter() - started)
    outbox.close()
    return statistics.median(times) * 1000


def memory(folder: Path, port: int, count: int) -> int:
    """The most memory, in bytes, a process uses that sends so many letters."""
    command = [sys.executable, "-m", "tests.bench_send", str(folder / f"memory-{count}"), str(port), str(count)]
    done = subprocess.run(command, cwd=HOME, capture_output=True, text=True, check=True)
    return int(json.loads(done.stdout))


@contextmanager
def sink() -> Iterator[int]:
    """A relay that takes everything; gives its port."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    command = [sys.executable, "-c", OWN, str(port)]
    process = subprocess.Popen(command, cwd=HOME, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL)
    try:
        _awaited(port)
        yield port
    finally:
        process.kill()
        process.communicate()


OWN = """
import os, socket, sys, threading
server = socket.create_server(("127.0.0.1", int(sys.argv[1])), backlog=100)
for _ in range(3):
    if not os.fork():
        break
threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()
def serve(connection):
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    connection.sendall(b"220 sink\\r\\n")
    given, within = b"", False
    buffer = bytearray(1 << 20)
    while size := connection.recv_into(buffer):
        given = (given[-8:] if within else given) + bytes(buffer[:size])
        if within:
            if given.endswith(b"\\r\\n.\\r\\n"):
                within, given = False, b""
                connection.sendall(b"250 kept\\r\\n")
        elif given.endswith(b"\\r\\n"):
            within = given[:4].upper() == b"DATA"
            answer = {b"DATA": b"354 go on", b"QUIT": b"221 bye"}.get(given[:4].upper(), b"250 ok")
            connection.sendall(answer + b"\\r\\n")
            given = b""
while True:
    connection, _ = server.accept()
    threading.Thread(target=serve, args=(connection,), daemon=True).start()
"""


def _awaited(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise TimeoutError("the sink does not answer")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        ours(Path(sys.argv[1]), int(sys.argv[2]), CONNECTIONS[0], int(sys.argv[3]))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
    else:
        main()
