"""The other end of a terminal."""

from __future__ import annotations

import os


def seen(end: int) -> str:
    """All that a process writes to a pseudo-terminal until it is gone; the descriptor is closed."""
    told = b""
    while True:
        try:
            piece = os.read(end, 65536)
        except OSError:
            break
        if not piece:
            break
        told += piece
    os.close(end)
    return told.decode("utf-8", "replace")
