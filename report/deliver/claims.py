"""Who sends: a name for one run of sending that no other has, and whether the process of such a name is gone."""

from __future__ import annotations

import os
import socket
from itertools import count
from pathlib import Path

_runs = count(1)
_BOOT = Path("/proc/sys/kernel/random/boot_id")


def own() -> str:
    """A new name: machine, process, when it was started since which start of the machine, and which run of it."""
    return f"{_machine()} {os.getpid()} {_started(os.getpid())} {next(_runs)}"


def gone(name: str) -> bool:
    """Whether the process is known to have ended; of another machine's nothing is known."""
    machine, number, started, _ = name.rsplit(" ", 3)
    if machine != _machine():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    return started != _started(int(number))


def _machine() -> str:
    return socket.gethostname()


def _started(number: int) -> str:
    """When a process was started, in ticks since the machine's start; '?' where the system does not tell."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
        ticks, state = stat.rpartition(")")[2].split()[19], stat.rpartition(")")[2].split()[0]
        boot = _BOOT.read_text(encoding="ascii").strip()
    except (OSError, IndexError):
        return "?"
    return f"{boot}/{ticks}" if state != "Z" else "zombie"
