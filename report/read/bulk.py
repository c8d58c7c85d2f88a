"""Workbooks read by calamine in a process of its own, which may die or hang without harm to ours.

The process is kept and reused, so that forty files cost one start; it is started again when it died, and killed when a
file takes longer than `SECONDS`.
"""

from __future__ import annotations

import atexit
import gc
import marshal
import os
import pickle
import select
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, NamedTuple, TypeAlias

from report.errors import InputError
from report.read import worker
from report.read.sniff import LOCKED
from report.read.worker import LENGTH

Given: TypeAlias = Any  # what the child made of a file: its sheets, or a text
SECONDS = 10.0
WIDE = 1 << 20  # bytes
_AGAIN = "open it in Excel, save it, and hand it in again"
_lock = threading.Lock()
_child: subprocess.Popen[bytes] | None = None


class Table(NamedTuple):
    """A sheet as calamine gives it. merged: ranges as ((row, column), (row, column)), from 0; rows begin at A1."""

    title: str
    visible: bool
    merged: list[tuple[tuple[int, int], tuple[int, int]]]
    rows: list[list[object]]


def read(name: str, data: bytes) -> list[Table]:
    """The sheets of a workbook (.xlsx, .xls, .ods). Raises InputError where calamine cannot, dies or takes too long."""
    with begun(name, data) as finish:
        return finish()


@contextmanager
def begun(name: str, data: bytes) -> Iterator[Callable[[], list[Table]]]:
    """Have a workbook read while the block looks at it by other means; the function given is `read` from there on.

    A reading that the block does not ask for, or leaves by an error, is broken off.
    """
    with _lock:
        child, until, answered = _started(), time.monotonic() + SECONDS, False

        def finish() -> list[Table]:
            nonlocal answered
            said, given = _answer(name, child, until)
            answered = True
            return _tables(name, said, given)

        try:
            with suppress(OSError):  # a child that is gone gives no answer, and that is told
                _give(child, data)
            yield finish
        finally:
            if not answered:
                stop()


def _tables(name: str, said: str, given: Given) -> list[Table]:
    if said == "locked":
        raise InputError(f"{name}: {LOCKED}")
    if said == "failed":
        raise InputError(f"{name}: cannot be opened as a workbook ({given}); {_AGAIN}")
    return [Table(*one) for one in given]


def _answer(name: str, child: subprocess.Popen[bytes], until: float) -> tuple[str, Given]:
    try:
        (size,) = LENGTH.unpack(_take(child, LENGTH.size, until))
        body = _take(child, size, until)
    except EOFError:
        died = "it asks for more memory than a report's workbook may, or is built to do so"
        raise InputError(f"{name}: the reader gave up on this file ({died}); {_AGAIN}") from None
    except TimeoutError:
        raise InputError(f"{name}: the reader took longer than {SECONDS:.0f} s; {_AGAIN}") from None
    with uncollected():
        loads = marshal.loads if body[:1] == worker.PLAIN else pickle.loads
        answer: tuple[str, Given] = loads(memoryview(body)[1:])
    return answer


def _started() -> subprocess.Popen[bytes]:
    global _child
    if _child is None or _child.poll() is not None:
        stop()
        script = Path(__file__).with_name("worker.py")
        pipe = subprocess.PIPE
        command = [sys.executable, "-I", str(script)]
        _child = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, bufsize=0)
        _widen(_child)
    return _child


def _widen(child: subprocess.Popen[bytes]) -> None:
    """Have pipes that hold a whole workbook, where the system gives them, so that giving one needs no waiting."""
    with suppress(ImportError, AttributeError, OSError):
        import fcntl

        for stream in (child.stdin, child.stdout):
            fcntl.fcntl(_pipe(stream), fcntl.F_SETPIPE_SZ, WIDE)


@atexit.register
def stop() -> None:
    """End the child, if there is one; the next workbook starts another."""
    global _child
    if _child is not None:
        _child.kill()
        _child.wait()
        for stream in (_child.stdin, _child.stdout):
            if stream:
                stream.close()
        _child = None


def _give(child: subprocess.Popen[bytes], data: bytes) -> None:
    stream = _pipe(child.stdin)
    for part in (LENGTH.pack(len(data)), data):
        rest = memoryview(part)
        while rest:
            rest = rest[stream.write(rest) :]


def _take(child: subprocess.Popen[bytes], size: int, until: float) -> bytearray:
    place = _pipe(child.stdout).fileno()
    found = bytearray(size)
    rest = memoryview(found)
    while rest:
        ready, _, _ = select.select([place], [], [], max(until - time.monotonic(), 0))
        if not ready:
            raise TimeoutError
        if not (taken := os.readv(place, [rest])):
            raise EOFError
        rest = rest[taken:]
    return found


def _pipe(stream: IO[bytes] | None) -> IO[bytes]:
    if stream is None:
        raise EOFError
    return stream


@contextmanager
def uncollected() -> Iterator[None]:
    """Without the collector, which would look at every new row again and again."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
