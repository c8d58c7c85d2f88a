"""What the database holds of every letter, and what of it the house works with.

    pending ──claim──► sending ──354──► data ──answer──► sent | failed | retry (not before …)
       ▲                  │ the sender is gone │ the sender is gone
       └──────────────────┘                    └──► doubt ──settled by the relay's log, or by hand──► sent | pending

A letter is marked `data` after the relay asked for it and before its final dot is sent: one that a dead sender left
there may have been accepted, is not sent again by itself, and is listed; it keeps the moment of that mark. One left in
`sending` was not, and is taken up by the next sender.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa

from report.database import Schema

metadata = sa.MetaData()
about = sa.Table("outbox_about", metadata, sa.Column("schema", sa.Integer, nullable=False))
letters = sa.Table(
    "letters",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("report_date", sa.Date, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("recipient", sa.Text, nullable=False, comment="what all spellings of the address have in common"),
    sa.Column("sha256", sa.Text, nullable=False, comment="of the PDF"),
    sa.Column("address", sa.Text, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("message_id", sa.Text, nullable=False, index=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("tries", sa.Integer, nullable=False, default=0),
    sa.Column("not_before", sa.DateTime, nullable=True, comment="UTC"),
    sa.Column("claim", sa.Text, nullable=False, default=""),
    sa.Column("lease", sa.DateTime, nullable=True, comment="UTC; until when the claim holds"),
    sa.Column("answer", sa.Text, nullable=False, default="", comment="the relay's last words, or who settled it"),
    sa.Column("written_at", sa.DateTime, nullable=False, comment="UTC; the letter's own date"),
    sa.Column("changed_at", sa.DateTime, nullable=False, comment="UTC"),
    sa.UniqueConstraint("report_date", "version", "recipient", "sha256", name="one_letter_each"),
    comment="Every letter of every report, once.",
)
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("relay", sa.Text, primary_key=True, comment="host:port"),
    sa.Column("free_at", sa.DateTime, nullable=False, comment="UTC; when the next letter may go there"),
    comment="What keeps all senders together to the letters a minute of a relay.",
)
SCHEMA = Schema(metadata, about, 2, lambda connection, found: metadata.create_all(connection))


class State(StrEnum):
    """Where a letter stands."""

    PENDING = "pending"
    SENDING = "sending"
    DATA = "data"
    RETRY = "retry"
    SENT = "sent"
    FAILED = "failed"
    DOUBT = "doubt"
    WITHDRAWN = "withdrawn"

    @property
    def word(self) -> str:
        """What people call it."""
        return WORDS[self]


WORDS = {
    State.SENT: "已发",
    State.PENDING: "待发",
    State.SENDING: "发送中",
    State.DATA: "发送中（已交给服务器）",
    State.RETRY: "待重试",
    State.DOUBT: "存疑",
    State.FAILED: "失败",
    State.WITHDRAWN: "撤下",
}

WAITING = (State.PENDING, State.RETRY)
UNSENT = (*WAITING, State.SENDING)
RECEIVED = (State.SENT, State.DOUBT, State.DATA)


@dataclass(frozen=True, slots=True)
class Letter:
    """One row of the outbox. Moments are aware, UTC."""

    id: int
    report_date: date
    version: int
    recipient: str
    address: str
    name: str
    message_id: str
    state: State
    tries: int
    answer: str
    written_at: datetime
    changed_at: datetime
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """What happened to a claimed letter. not_before: when it may be tried again."""

    letter: Letter
    state: State
    answer: str = ""
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How many letters stand where, and when the next one that failed for now may be tried again."""

    counts: Mapping[State, int]
    next_try: datetime | None = None

    def __str__(self) -> str:
        known = [f"{state.word} {self.counts[state]}" for state in WORDS if self.counts.get(state)]
        return "，".join(known) or "没有信"

    def of(self, *states: State) -> int:
        """How many letters are in any of these states."""
        return sum(self.counts.get(state, 0) for state in states)


def of_row(row: sa.Row[Any]) -> Letter:
    """The letter a row tells of."""
    told = {name: getattr(row, name) for name in Letter.__slots__}
    moments = {name: told[name] and aware(told[name]) for name in ("written_at", "changed_at", "not_before")}
    return Letter(**(told | moments | {"state": State(row.state)}))


def naive(moment: datetime) -> datetime:
    """A moment as the database keeps it: UTC, without saying so."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def aware(moment: datetime) -> datetime:
    """A moment of the database."""
    return moment.replace(tzinfo=UTC)
