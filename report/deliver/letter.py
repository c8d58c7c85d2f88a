"""A letter of one's own for every recipient, made so that 5,000 of them cost little more than one.

What is the same for all (subject, bodies, PDF) is put together once. What differs (whom to, the Message-ID, how to
unsubscribe) is a head of a few lines before it, of which every part is either checked or encoded: no name or address
can add a line to it. The same letter is the same bytes.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP, Policy
from email.utils import format_datetime
from functools import cached_property
from hashlib import sha256
from html import escape
from urllib.parse import quote

from report.deliver.publication import Publication
from report.delivery import LetterWords

_ADDRESS = re.compile(r"[!#-'*+\-./0-9=?A-Z^-~]+@[A-Za-z0-9.-]+")
_PLAIN = re.compile(r"[A-Za-z0-9]+( [A-Za-z0-9]+)*")
_BODY = re.compile(r"<body[^>]*>")
HEAD = 4096  # bytes a head has at most
WORD = 45  # bytes of an encoded word, so that a line stays under 78


class Folded(str):
    """A header's value that is on lines already; the policy asks its name and how it folds."""

    name: str

    @classmethod
    def of(cls, name: str, value: str) -> Folded:
        """The value of the header of that name. Raises ValueError for what a line of a head may not hold."""
        if not value.isascii() or re.search(r"[^\x20-\x7e]", value.replace("\r\n ", "")):
            raise ValueError(f"{name}: {value!r} cannot stand in a header")
        made = cls(value)
        made.name = name
        return made

    def fold(self, *, policy: Policy) -> str:
        """The whole header."""
        return f"{self.name}: {self}{policy.linesep}"


def words(text: str) -> str:
    """Any text as a header may hold it: plain letters as they are, the rest in encoded words (RFC 2047).

    Characters without a shape (controls, line ends, marks of direction) are left out.
    """
    shown = "".join(each for each in text if each.isprintable())
    if len(shown) <= WORD and (_PLAIN.fullmatch(shown) or not shown):
        return shown
    pieces, size = [""], 0
    for each in shown:
        size += len(each.encode())
        if size > WORD:
            pieces.append("")
            size = len(each.encode())
        pieces[-1] += each
    return "\r\n ".join(f"=?utf-8?B?{b64encode(piece.encode()).decode('ascii')}?=" for piece in pieces)


def address(name: str, at: str) -> str:
    """A name and an address, or the address alone. Raises ValueError for an address that is not plain ASCII."""
    if not _ADDRESS.fullmatch(at):
        raise ValueError(f"{at!r} is no address a letter can be sent to")
    shown = words(name)
    return f"{shown}\r\n <{at}>" if shown else at


@dataclass(frozen=True)
class Letters:
    """The letters of one publication. key: what the tokens of unsubscribing are made with, b'' for none."""

    publication: Publication
    settings: LetterWords
    key: bytes = b""

    @cached_property
    def body(self) -> bytes:
        """What all letters share: the head's last lines, the two bodies, the PDF. Lines end in CRLF."""
        given, mail = self.publication, EmailMessage(policy=SMTP)
        mail["From"] = Folded.of("From", address(self.settings.name, self.settings.sender))
        if self.settings.reply_to:
            mail["Reply-To"] = Folded.of("Reply-To", address("", self.settings.reply_to))
        mail["Subject"] = Folded.of("Subject", words(self.subject))
        mail["Auto-Submitted"] = "auto-generated"
        first = self.first_line
        mail.set_content(f"{first}\n\n{given.text}" if first else given.text, cte="base64")
        mail.add_alternative(_begun(given.html, first), subtype="html", cte="base64")
        mail.add_attachment(given.pdf, maintype="application", subtype="pdf")
        *_, pdf = mail.iter_attachments()
        for header, value in self._attached().items():
            del pdf[header]
            pdf[header] = Folded.of(header, value)
        self._bounded(mail)
        whole = mail.as_bytes().rstrip(b"\r\n") + b"\r\n"
        assert b"\n." not in whole, "base64, headers and boundaries begin no line with a dot"
        return whole

    @property
    def size(self) -> int:
        """Bytes of the largest letter, or somewhat more."""
        return len(self.body) + HEAD

    @property
    def subject(self) -> str:
        """更正 stands before the title of an erratum."""
        return self._filled(self.settings.erratum_subject if self._erratum else self.settings.subject)

    @property
    def first_line(self) -> str:
        """What an erratum's bodies begin with: what was wrong; '' for a report."""
        return self._filled(self.settings.erratum) if self._erratum else ""

    @property
    def _erratum(self) -> bool:
        return self.publication.version > 1

    def _filled(self, pattern: str) -> str:
        given = self.publication
        parts = {"title": given.title, "date": f"{given.report_date:%Y%m%d}", "version": str(given.version)}
        return re.sub(r"\{(\w+)\}", lambda match: (parts | {"erratum": given.erratum}).get(match[1], match[0]), pattern)

    def _attached(self) -> dict[str, str]:
        """The PDF's name in three ways: RFC 2231, RFC 2047 for older programs, and in ASCII for the oldest."""
        name, plain = self.publication.filename, self._filled(self.settings.filename)
        told = quote(name, safe="", encoding="utf-8", errors="replace")
        return {
            "Content-Type": f'application/pdf;\r\n name="{words(name)}"',
            "Content-Disposition": f"attachment;\r\n filename*=UTF-8''{told};\r\n filename=\"{plain}\"",
        }

    def _bounded(self, mail: EmailMessage) -> None:
        """Boundaries that depend on the publication only; a base64 line cannot hold their '_'."""
        for number, part in enumerate(part for part in mail.walk() if part.is_multipart()):
            part.set_boundary(f"_ribao_{number}_{self.publication.sha256[:32]}")

    def head(self, key: str, name: str, at: str, moment: datetime) -> bytes:
        """The first lines of one recipient's letter. key: what the spellings of the address have in common.

        Raises ValueError for an address that could not stand there; recipients were checked when they were read.
        """
        headers = {
            "Date": format_datetime(moment),
            "To": address(name, at),
            "Message-ID": self.message_id(key),
            **self._unsubscribe(key),
        }
        return "".join(Folded.of(header, value).fold(policy=SMTP) for header, value in headers.items()).encode("ascii")

    def message_id(self, key: str) -> str:
        """The letter's name for ever: of the report's date and version, the PDF and the recipient."""
        given = self.publication
        told = f"{given.report_date}\n{given.version}\n{given.sha256}\n{key}"
        domain = self.settings.sender.rpartition("@")[2]
        return f"<{given.report_date:%Y%m%d}.v{given.version}.{sha256(told.encode()).hexdigest()[:40]}@{domain}>"

    def _unsubscribe(self, key: str) -> dict[str, str]:
        """RFC 2369 and, with an address on the web, RFC 8058."""
        ways = []
        if self.settings.unsubscribe_url:
            ways.append(f"<{self.settings.unsubscribe_url.replace('{token}', token(self.key, key))}>")
        if self.settings.unsubscribe_mail:
            ways.append(f"<mailto:{self.settings.unsubscribe_mail}?subject=unsubscribe>")
        told = {"List-Unsubscribe": ",\r\n ".join(ways)} if ways else {}
        return told | ({"List-Unsubscribe-Post": "List-Unsubscribe=One-Click"} if self.settings.unsubscribe_url else {})

    def whole(self, key: str, name: str, at: str, moment: datetime) -> bytes:
        """One recipient's letter from its first line to its last."""
        return self.head(key, name, at, moment) + self.body


def token(secret: bytes, key: str) -> str:
    """What stands in a recipient's unsubscribe link: nobody can make another's from it."""
    return hmac.new(secret, key.encode(), "sha256").hexdigest()[:40]


def _begun(html: str, first: str) -> str:
    """The HTML body with its first line set before everything else in it."""
    if not first:
        return html
    line = f'<p style="font-size:15px;color:#b3261e;font-weight:bold;margin:12px">{escape(first)}</p>'
    found = _BODY.search(html)
    return html[: found.end()] + line + html[found.end() :] if found else line + html
