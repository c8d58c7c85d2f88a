"""What the post is told: data/delivery.toml, the recipients, and the clock it goes by.

The keys of the file are the fields of `Delivery`; unknown ones are mistakes. Seconds may have a fraction.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from ipaddress import ip_address
from typing import Annotated, Literal

from pydantic import Field, model_validator

from report.entries import Entry

Mailbox = Annotated[str, Field(pattern=r"^[!#-'*+./0-9=?A-Z^-~-]+@[A-Za-z0-9.-]+$", max_length=254)]
LOCAL = ("localhost", "localhost.localdomain")


class Server(Entry):
    """The relay. security: 'starttls' and 'tls' verify its certificate (ca_file: the house's own authority).

    'plain' is for a relay on this machine; over_network = true says that it is meant for another one too.
    timeout: seconds for a reply; patience: seconds for the last one, after the letter (RFC 5321 asks for 600).
    """

    host: str = Field(min_length=1)
    port: int = Field(ge=1, le=65535)
    security: Literal["starttls", "tls", "plain"] = "starttls"
    over_network: bool = False
    ca_file: str = ""
    user: str = ""
    timeout: float = Field(default=60, gt=0)
    patience: float = Field(default=600, gt=0)

    @property
    def local(self) -> bool:
        """Whether the relay is this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host.lower() in LOCAL

    @model_validator(mode="after")
    def _guarded(self) -> Server:
        if self.security == "plain" and not (self.local or self.over_network):
            raise ValueError(
                f"security = 'plain' would send letters in the clear to {self.host}; "
                "take 'starttls' or 'tls', or say over_network = true"
            )
        return self


class Pace(Entry):
    """How fast, and how long. per_minute: letters, 0 for no limit. The waits before another try double.

    doubts: after so many letters in a row that no answer came to, the rest waits. Those that several connections had in
    hand when the relay was lost count as one.
    """

    connections: int = Field(default=4, ge=1, le=50)
    per_minute: float = Field(default=0, ge=0)
    first_wait: float = Field(default=30, gt=0)
    longest_wait: float = Field(default=900, gt=0)
    give_up: float = Field(default=3600, ge=0)
    doubts: int = Field(default=3, ge=1)


class LetterWords(Entry):
    """Who writes, and the house's words. {title}, {date}, {version} and {erratum} are filled in."""

    sender: Mailbox
    name: str
    reply_to: Mailbox | None = None
    subject: str
    erratum_subject: str
    erratum: str
    filename: str = Field(pattern=r"^[A-Za-z0-9{}._-]+$")
    unsubscribe_mail: Mailbox | None = None
    unsubscribe_url: str = Field(default="", pattern=r"^$|^https://[!-;=?-~]*\{token\}[!-;=?-~]*$")


class RecipientWords(Entry):
    """The headings of the list of recipients, and what its cells may say. ignored: headings of no consequence here."""

    name: tuple[str, ...]
    address: tuple[str, ...]
    groups: tuple[str, ...]
    active: tuple[str, ...]
    ignored: tuple[str, ...] = ()
    yes: tuple[str, ...]
    no: tuple[str, ...]


class Morning(Entry):
    """`ribao morning`: until when the inputs are waited for (Beijing), how often they are looked at, who is told."""

    deadline: time
    poll: float = Field(default=20, gt=0)
    approval: str = Field(min_length=1, pattern=r"^[^/\\]+$")
    desk: tuple[Mailbox, ...] = ()
    failed: str


class Delivery(Entry):
    """data/delivery.toml."""

    server: Server
    pace: Pace
    letter: LetterWords
    recipients: RecipientWords
    morning: Morning


@dataclass(frozen=True, slots=True)
class Recipient:
    """One client. address is what the relay is told (ASCII); key what all its spellings have in common."""

    key: str
    address: str
    name: str = ""
    groups: tuple[str, ...] = ()
    active: bool = True
    source: str = ""


@dataclass(frozen=True, slots=True)
class Clock:
    """The time (aware) and a way to let some of it pass: both are the door's."""

    moment: Callable[[], datetime]
    sleep: Callable[[float], object]
