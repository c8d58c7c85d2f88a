"""One connection to the relay, and what it says to one letter.

smtplib's own `sendmail` cannot tell the moment from which on a letter may have been accepted: here the letter is given
to the relay up to its final dot, and the dot only once the caller has written down that it is about to be sent.
"""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from report.deliver.session import Open, Safe, own_name, reason
from report.delivery import Server
from report.errors import MailError

LONGEST = 300  # characters of an answer that are kept
_MAILMAX = re.compile(r"\bMAILMAX=([1-9][0-9]{0,8})\b")


class Fate(Enum):
    """What became of a letter handed to the relay."""

    SENT = "sent"
    REFUSED = "refused for good"
    LATER = "refused for now"
    DOUBT = "nobody knows"


@dataclass(frozen=True, slots=True)
class Reply:
    """A letter's fate, and the relay's words.

    slow: the relay asks for patience. gone: the connection is. early: it was before the letter was begun.
    """

    fate: Fate
    answer: str
    slow: bool = False
    gone: bool = False
    early: bool = False


class Lost(Exception):
    """The connection gave out, or the relay would not have it; `str()` says why. Another one may be tried."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """A user's name and password, '' for none. They are shown by nothing."""

    user: str = ""
    password: str = ""

    def __repr__(self) -> str:
        return "Credentials(…)"

    def hidden(self, text: str) -> str:
        """The text without the password, as it is or as it is sent, should a relay echo it."""
        if not self.password:
            return text
        sent = (f"\0{self.user}\0{self.password}", self.password)
        for secret in (*(b64encode(one.encode()).decode("ascii") for one in sent), self.password):
            text = text.replace(secret, "…")
        return text


class Connection:
    """A session with the relay, ready for letters; close it when done.

    Raises Lost where another attempt may help, MailError where only a changed setting does.
    """

    def __init__(self, server: Server, credentials: Credentials, size: int) -> None:
        """size: bytes of the largest letter to come."""
        self._server, self._credentials, self.used = server, credentials, 0
        try:
            self._session = self._opened()
        except smtplib.SMTPResponseException as error:
            raise self._said(error.smtp_code, _text(error.smtp_error)) from None
        except smtplib.SMTPServerDisconnected as error:
            raise self._lost(str(error)) from None
        except smtplib.SMTPException as error:
            raise self._problem(str(error), "see [server] in data/delivery.toml") from None
        except ssl.SSLError as error:
            mend = "see ca_file and security in data/delivery.toml"
            raise self._problem(f"no safe connection ({reason(error)})", mend) from None
        except OSError as error:
            raise self._lost(f"no connection ({reason(error)})") from None
        features = self._session.esmtp_features
        self._sized = "size" in features
        self._most = next((int(one) for one in _MAILMAX.findall(features.get("limits", "").upper())), 0)
        self._check_size(features.get("size", ""), size)

    def _opened(self) -> smtplib.SMTP:
        """A session that is safe and known to the relay. A certificate that is not verified is an SSLError."""
        server, name = self._server, own_name()
        context = self._context()
        if server.security == "tls":
            session: smtplib.SMTP = Safe(server.host, server.port, name, timeout=server.timeout, context=context)
        else:
            session = Open(server.host, server.port, name, timeout=server.timeout)
        try:
            # the final dot must not wait until the relay has acknowledged what came before it
            session.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]
            session.ehlo_or_helo_if_needed()
            if server.security == "starttls":
                session.starttls(context=context)
                session.ehlo_or_helo_if_needed()
            if self._credentials.user:
                self._log_in(session)
        except BaseException:
            session.close()
            raise
        return session

    def _context(self) -> ssl.SSLContext | None:
        if self._server.security == "plain":
            return None
        try:
            return ssl.create_default_context(cafile=self._server.ca_file or None)
        except OSError as error:
            mend = "see ca_file in data/delivery.toml"
            raise self._problem(f"{self._server.ca_file} gives no certificates ({reason(error)})", mend) from None

    def _log_in(self, session: smtplib.SMTP) -> None:
        if self._server.security == "plain" and not self._server.local:
            raise self._problem("a password is not sent in the clear", "take security = 'starttls' or 'tls'")
        session.login(self._credentials.user, self._credentials.password)

    def _check_size(self, told: str, size: int) -> None:
        if told.isdecimal() and 0 < int(told) < size:
            self.close()
            found = f"takes letters of up to {int(told) // 1000:,} kB, and this one has {size // 1000:,} kB"
            raise self._problem(found, "ask for a higher limit, or send a smaller PDF")

    @property
    def full(self) -> bool:
        """Whether the relay takes no more letters on this connection (RFC 9422)."""
        return 0 < self._most <= self.used

    def deliver(
        self, sender: str, to: str, head: bytes, body: bytes, about_to: Callable[[], Callable[[], None]]
    ) -> Reply:
        """Hand over one letter, no line of which begins with a dot; its addresses were checked when its head was made.

        about_to is called once the relay is ready for the letter (354), and what it gives once the letter is there but
        for its final dot; what either raises goes through, and no dot is sent. Raises MailError where the relay refuses
        the sender.
        """
        self.used += 1
        try:
            early = self._announced(sender, to, len(head) + len(body))
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            return Reply(Fate.LATER, self._hidden(reason(error)), gone=True, early=True)
        if early:
            return early
        try:
            settled = about_to()
            try:
                self._given(head, body)
            except OSError as error:
                self._session.close()
                settled()
                return Reply(Fate.LATER, self._hidden(f"broken off in the letter ({reason(error)})"), gone=True)
            settled()
        except BaseException:
            self._session.close()
            raise
        return self._dotted()

    def _announced(self, sender: str, to: str, size: int) -> Reply | None:
        """Say from whom and to whom; None where the relay waits for the letter now."""
        session = self._session
        code, text = session.docmd("MAIL", f"FROM:<{sender}>" + (f" SIZE={size}" if self._sized else ""))
        if code >= 500:
            raise self._problem(f"refuses {sender} as the sender ({code} {_text(text)})", "see [letter] sender")
        if code >= 400:
            return self._refused(code, text, slow=True)
        code, text = session.docmd("RCPT", f"TO:<{to}>")
        if code >= 400:
            return self._refused(code, text)
        code, text = session.docmd("DATA")
        return None if code == 354 else self._refused(code, text)

    def _refused(self, code: int, text: bytes, slow: bool = False) -> Reply:
        gone = code == 421
        if not gone:
            self._session.docmd("RSET")
        fate = Fate.REFUSED if code >= 500 else Fate.LATER
        return Reply(fate, self._hidden(f"{code} {_text(text)}"), slow or gone, gone)

    def _given(self, *parts: bytes) -> None:
        """Send all of it, as much at once as the connection takes; each time within the time for an answer."""
        send = self._session.sock.send  # type: ignore[union-attr]
        for part in parts:
            view = memoryview(part)
            while view:
                view = view[send(view) :]

    def _dotted(self) -> Reply:
        """Send the final dot; from here on only the relay's answer tells what became of the letter."""
        session = self._session
        try:
            session.sock.settimeout(self._server.patience)  # type: ignore[union-attr]
            self._given(b".\r\n")
            code, text = session.getreply()
            session.sock.settimeout(self._server.timeout)  # type: ignore[union-attr]
        except (smtplib.SMTPServerDisconnected, OSError) as error:
            session.close()
            return Reply(Fate.DOUBT, self._hidden(f"no answer after the letter ({reason(error)})"), gone=True)
        if code // 100 == 3:
            session.close()
            return Reply(Fate.DOUBT, self._hidden(f"{code} {_text(text)}"), gone=True)
        fate = {2: Fate.SENT, 4: Fate.LATER, 5: Fate.REFUSED}[code // 100]
        return Reply(fate, self._hidden(f"{code} {_text(text)}"), code == 421, code == 421)

    def close(self) -> None:
        """Take leave of the relay, if it is still there."""
        with suppress(smtplib.SMTPException, OSError):
            if self._session.sock is not None:
                self._session.sock.settimeout(5)
                self._session.quit()
        self._session.close()

    def _said(self, code: int, text: str) -> Exception:
        told = f"{code} {text}"
        return self._problem(told, "see [server] in data/delivery.toml") if code >= 500 else self._lost(told)

    def _lost(self, found: str) -> Lost:
        return Lost(self._hidden(f"{self._server.host}:{self._server.port}: {found}"))

    def _problem(self, found: str, mend: str) -> MailError:
        return MailError(self._hidden(f"{self._server.host}:{self._server.port}: {found}; {mend}"))

    def _hidden(self, text: str) -> str:
        return self._credentials.hidden(text)


def _text(said: bytes | str) -> str:
    """The relay's words on one line, without characters that could move a terminal's cursor."""
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    return "".join(each if each.isprintable() else " " for each in text)[:LONGEST]
