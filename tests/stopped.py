"""Stopping a process at one of its system calls, by strace: killed, or told that the disk is full or broken."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
CALLS = "mkdir,write,pwrite64,fsync,fdatasync,rename,unlink,unlinkat,rmdir,ftruncate,chmod"
SURROUNDINGS = os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(ROOT)}
_CALL = re.compile(r"^(?:\[pid +[0-9]+\] |[0-9]+ +)?([a-z0-9_]+)\(", re.M)


def lacking() -> str:
    """Why processes cannot be stopped here, '' where they can."""
    if shutil.which("strace") is None:
        return "there is no strace; .ci/strace installs it"
    tried = subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False)
    return "" if tried.returncode == 0 else "strace may not trace here"


def points(command: Sequence[str], log: Path, cwd: Path) -> Iterator[tuple[str, int]]:
    """Run the command once; every call it made that writes, as name and ordinal."""
    run = ["strace", "-o", str(log), "-e", f"trace={CALLS}", *command]
    subprocess.run(run, check=True, cwd=cwd, env=SURROUNDINGS, capture_output=True)
    counts: dict[str, int] = {}
    for name in _CALL.findall(log.read_text(errors="replace")):
        counts[name] = counts.get(name, 0) + 1
        yield name, counts[name]


def run(command: Sequence[str], point: tuple[str, int], fault: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """The command, stopped before that call. fault: 'signal=KILL', or 'error=ENOSPC' and its like."""
    name, when = point
    injected = ["strace", "-o", os.devnull, "-e", f"trace={name}", "-e", f"inject={name}:{fault}:when={when}"]
    return subprocess.run([*injected, *command], cwd=cwd, env=SURROUNDINGS, capture_output=True, text=True, check=False)


def python(code: str, *arguments: str) -> list[str]:
    """A Python program as a command."""
    return [sys.executable, "-c", code, *arguments]
