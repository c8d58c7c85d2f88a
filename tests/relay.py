"""A mail relay of the tests' own, on the loopback: takes letters down, and misbehaves where it is told to.

A plan is asked at every stage of every session what to do there: nothing ('' – the usual answer), 'drop' the
connection, 'hang', or any answer such as '450 later'. The stages, in order:

    greet ehlo (auth) mail rcpt data body dot kept quit

`body` is the first piece of a letter, `dot` all of it before it is kept, `kept` after it is kept and before the answer.
"""

from __future__ import annotations

import re
import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import cast

STAGES = ("greet", "ehlo", "mail", "rcpt", "data", "body", "dot", "kept", "quit")
USUAL = {
    "greet": "220 relay",
    "mail": "250 ok",
    "rcpt": "250 ok",
    "data": "354 go on",
    "kept": "250 kept",
    "quit": "221 bye",
}
Plan = Callable[["Session", str], str]


@dataclass(frozen=True, slots=True)
class Taken:
    """A letter as the relay took it: whom it was announced for, and its bytes (the head alone where that is enough)."""

    sender: str
    recipients: tuple[str, ...]
    data: bytes
    size: int

    @property
    def mail(self) -> EmailMessage:
        return cast(EmailMessage, message_from_bytes(self.data, policy=policy.default))


@dataclass
class Session:
    """One connection: its number from 0, the commands it gave, and the letter it is at."""

    number: int
    letters: int = 0
    sender: str = ""
    recipients: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)


class Relay:
    """`with Relay(plan) as relay:` – it listens at relay.port; what it took is in relay.taken."""

    def __init__(self, plan: Plan = lambda session, stage: "", extensions: tuple[str, ...] = (), whole: bool = True):
        self.plan, self.extensions, self.whole = plan, extensions, whole
        self.taken: list[Taken] = []
        self.sessions: list[Session] = []
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self._socket.getsockname()[1]

    def __enter__(self) -> Relay:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def counts(self) -> Counter[str]:
        """How many letters each recipient has."""
        return Counter(recipient for one in self.taken for recipient in one.recipients)

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            session = Session(len(self.sessions))
            self.sessions.append(session)
            threading.Thread(target=self._serve, args=(connection, session), daemon=True).start()

    def _serve(self, connection: socket.socket, session: Session) -> None:
        with connection, suppress(OSError, EOFError):
            self._talk(connection, session)

    def _talk(self, connection: socket.socket, session: Session) -> None:
        self._answer(connection, session, "greet")
        rest = b""
        while True:
            line, rest = _line(connection, rest)
            verb, _, words = line.partition(" ")
            session.said.append(line)
            verb = verb.lower()
            if verb == "ehlo":
                told = self.plan(session, "ehlo")
                lines = ["relay", *self.extensions]
                usual = "\r\n".join(f"250{' ' if at == len(lines) - 1 else '-'}{one}" for at, one in enumerate(lines))
                self._say(connection, told or usual)
            elif verb == "mail":
                session.sender, session.recipients = _between(words), []
                self._answer(connection, session, "mail")
            elif verb == "rcpt":
                session.recipients.append(_between(words))
                self._answer(connection, session, "rcpt")
            elif verb == "data":
                if self._answer(connection, session, "data").startswith("354"):
                    self._take(connection, session)
            elif verb == "quit":
                self._answer(connection, session, "quit")
                return
            elif verb == "auth":
                self._answer(connection, session, "auth")
            else:
                self._say(connection, "250 ok")

    def _take(self, connection: socket.socket, session: Session) -> None:
        data = bytearray()
        first = True
        while not data.endswith(b"\r\n.\r\n"):
            piece = connection.recv(1 << 20)
            if not piece:
                raise EOFError
            data += piece
            if first:
                first = False
                self._perhaps(connection, session, "body")
        told = self._perhaps(connection, session, "dot")
        if told:
            self._say(connection, told)
            return
        kept = bytes(data[:-3]) if self.whole else bytes(data[: data.index(b"\r\n\r\n") + 4])
        self.taken.append(Taken(session.sender, tuple(session.recipients), kept, len(data)))
        session.letters += 1
        self._answer(connection, session, "kept")

    def _answer(self, connection: socket.socket, session: Session, stage: str) -> str:
        told = self._perhaps(connection, session, stage) or USUAL[stage]
        self._say(connection, told)
        return told

    def _perhaps(self, connection: socket.socket, session: Session, stage: str) -> str:
        told = self.plan(session, stage)
        if told == "hang":
            self._over.wait(30)
            raise EOFError
        if told == "drop":
            raise EOFError
        return told

    def _say(self, connection: socket.socket, text: str) -> None:
        if text == "drop":
            raise EOFError
        if text == "hang":
            self._over.wait(30)
            raise EOFError
        connection.sendall(text.encode() + b"\r\n")
        if text.startswith("421"):
            raise EOFError


def _line(connection: socket.socket, rest: bytes) -> tuple[str, bytes]:
    while b"\r\n" not in rest:
        piece = connection.recv(65536)
        if not piece:
            raise EOFError
        rest += piece
    line, _, rest = rest.partition(b"\r\n")
    return line.decode(), rest


def _between(words: str) -> str:
    found = re.search(r"<([^>]*)>", words)
    assert found, words
    return found[1]
