"""The other end of a terminal."""

from __future__ import annotations

import os


def seen(end: int, until: str = "") -> str:
    """All that a process writes to a pseudo-terminal until it is gone; the descriptor is closed.

    until: read no further than these words, if they come, and leave it open.
    """
    told = b""
    while not until or until.encode() not in told:
        try:
            piece = os.read(end, 65536)
        except OSError:
            break
        if not piece:
            break
        told += piece
    else:
        return told.decode("utf-8", "replace")
    os.close(end)
    return told.decode("utf-8", "replace")
