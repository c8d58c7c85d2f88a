"""smtplib's client, but an answer that breaks off, or is none, is no answer.

smtplib takes `25` for a code where the connection died within `250`; after the final dot of a letter that would be a
guess about what became of it.
"""

from __future__ import annotations

import re
import smtplib
import socket
from typing import Any

_ANSWER = re.compile(rb"[2-5][0-9]{2}(?:[ -][^\n]*)?\r?\n")
_NAME = re.compile(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


class _Strict:
    """What smtplib's client takes for an answer: whole lines that begin with a code, and nothing else."""

    file: Any
    sock: Any

    def getreply(self) -> tuple[int, bytes]:
        """The code and the text of the next answer. Raises SMTPServerDisconnected where there is none."""
        if self.file is None:
            self.file = self.sock.makefile("rb")
        told = []
        while True:
            try:
                line = self.file.readline(8193)
            except OSError as error:
                self.close()
                raise smtplib.SMTPServerDisconnected(f"no answer ({reason(error)})") from error
            if not _ANSWER.fullmatch(line):
                self.close()
                found = f"an answer that is none ({line[:60]!r})" if line else "the connection was closed"
                raise smtplib.SMTPServerDisconnected(found)
            told.append(line[4:].strip())
            if line[3:4] != b"-":
                return int(line[:3]), b"\n".join(told)

    def close(self) -> None:
        """Left to smtplib."""
        super().close()  # type: ignore[misc]


class Open(_Strict, smtplib.SMTP):
    """A session that begins in the clear."""


class Safe(_Strict, smtplib.SMTP_SSL):
    """A session that is encrypted from its first byte."""


def own_name() -> str:
    """This machine's name for the greeting; asking the network for a full one may take long."""
    name = socket.gethostname()
    return name if _NAME.fullmatch(name) else "localhost"


def reason(error: BaseException) -> str:
    """What an error says, without its number."""
    return str(getattr(error, "strerror", None) or error or type(error).__name__)
