"""A few words to the desk itself, outside the outbox: one letter to each, tried once."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256

from report.deliver.letter import Folded, address, words
from report.deliver.smtp import Connection, Credentials, Fate, Lost
from report.delivery import Delivery
from report.errors import MailError


def tell(given: Delivery, credentials: Credentials, to: Iterable[str], subject: str, text: str, now: datetime) -> None:
    """Send the words to each. Raises MailError where somebody could not be told."""
    untold = []
    for one in to:
        data = _letter(given, one, subject, text, now)
        try:
            connection = Connection(given.server, credentials, len(data))
            reply = connection.deliver(given.letter.sender, one, data, b"", _nothing_to_mark)
            connection.close()
        except Lost as error:
            untold.append(f"{one}: {error}")
            continue
        if reply.fate is not Fate.SENT:
            untold.append(f"{one}: {reply.answer}")
    if untold:
        raise MailError("; ".join(untold))


def _letter(given: Delivery, to: str, subject: str, text: str, now: datetime) -> bytes:
    mail = EmailMessage(policy=SMTP)
    name = sha256(f"{now.isoformat()}\n{to}\n{text}".encode()).hexdigest()[:40]
    domain = given.letter.sender.rpartition("@")[2]
    for header, value in {
        "Date": format_datetime(now),
        "From": address(given.letter.name, given.letter.sender),
        "To": address("", to),
        "Message-ID": f"<desk.{name}@{domain}>",
        "Subject": words(subject),
    }.items():
        mail[header] = Folded.of(header, value)
    mail.set_content(f"{text}\n", cte="base64")
    return mail.as_bytes()


def _nothing_to_mark() -> Callable[[], None]:
    return lambda: None
