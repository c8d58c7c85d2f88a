"""The outbox: which letter was sent to whom, in the house's database; a crash or a second sender changes nothing.

Every step of a letter (`ledger` draws them) is one transaction, and names the claim it is made under, so that a sender
that slept cannot follow up on a letter that is another's by now.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from report.database import Database
from report.deliver import claims, roll
from report.deliver.ledger import (
    SCHEMA,
    UNSENT,
    Letter,
    Mark,
    Standing,
    State,
    aware,
    letters,
    naive,
    of_row,
    turns,
)
from report.deliver.publication import Publication
from report.delivery import Recipient
from report.errors import UsageError

LEASE = timedelta(minutes=20)
FARTHEST = 1000  # letters that may be waiting for their turns at once
_c = letters.c


class Outbox:
    """The letters in a database. Raises HistoryError where it cannot be opened, or a step cannot be stored."""

    def __init__(self, place: str | Path) -> None:
        self._database = Database(place, SCHEMA)
        self._lasting = datetime.min.replace(tzinfo=UTC)  # until when the leases of what is claimed hold

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def prepare(
        self,
        publication: Publication,
        recipients: Iterable[Recipient],
        message_id: Callable[[str], str],
        now: datetime,
        *,
        only: bool = False,
    ) -> frozenset[str]:
        """See that every recipient has a letter of this publication; gives the keys of those who are to have one.

        Those who received an earlier version, or may have, are recipients too: a correction goes with what they hold.
        Letters of earlier versions still waiting are withdrawn. So are waiting and failed ones of this version to
        somebody who is not among the recipients (any more), unless these are `only` some of them. Raises UsageError
        where a later version has letters.
        """
        with self._database.writing() as connection:
            if roll.overtaken(connection, publication, now):
                told = f"{publication.report_date} v{publication.version}"
                raise UsageError(
                    f"{told}: letters of a later version are written; run the command again, it sends those"
                )
            unsent = roll.earlier(publication) & _c.state.in_(UNSENT)
            roll.withdraw(connection, unsent, f"v{publication.version} goes out instead", now)
            given = {one.key: one for one in (*roll.received(connection, publication), *recipients)}
            roll.add(connection, publication, given, message_id, now)
            if not only:
                roll.forget(connection, publication, given, now)
        return frozenset(given)

    def received(self, publication: Publication) -> list[Recipient]:
        """Those who received an earlier version, or may have."""
        with self._database.reading() as connection:
            return roll.received(connection, publication)

    def claim(
        self, publication: Publication, claim: str, most: int, now: datetime, wanted: Collection[str] | None = None
    ) -> list[Letter]:
        """Take some letters that are waiting and due; nobody else sends them while the claim holds.

        Nothing is taken where a later version of the day has letters: those of this one are withdrawn.
        """
        due = (_c.state == State.PENDING) | ((_c.state == State.RETRY) & (_c.not_before <= naive(now)))
        query = sa.select(letters).where(roll.of(publication), due).order_by(_c.id).limit(most)
        if wanted is not None:
            query = query.where(_c.recipient.in_(sorted(wanted)))
        with self._database.writing() as connection:
            if roll.overtaken(connection, publication, now):
                return []
            found = [of_row(row) for row in connection.execute(query)]
            if found:
                taken = letters.update().where(_c.id.in_([one.id for one in found]))
                connection.execute(taken.values(state=State.SENDING, claim=claim, lease=naive(now + LEASE)))
                self._lasting = min(self._lasting, now + LEASE)
        return found

    def mark(self, claim: str, marks: Iterable[Mark], now: datetime) -> set[int]:
        """Write down what happened to letters of a claim, all or nothing.

        Gives the numbers of the letters marked `data`; what is the claim's no more is not among them.
        """
        begun, answers = [], []
        for mark in marks:
            begun.append(mark.letter.id) if mark.state is State.DATA else answers.append(_answered(claim, mark, now))
        with self._database.writing() as connection:
            if self._lasting - now < LEASE / 2:
                lasting = letters.update().where(_c.claim == claim, _c.state == State.SENDING)
                connection.execute(lasting.values(lease=naive(now + LEASE)))
                self._lasting = now + LEASE
            if answers:
                connection.execute(_ANSWERED, answers)
            told = {"ones": begun, "by": claim, "at": naive(now)}
            return set(connection.execute(_BEGUN, told).scalars()) if begun else set()

    def turn(self, relay: str, gap: timedelta, now: datetime) -> datetime:
        """When the next letter may go to the relay, whoever sends it; the one after it goes a gap later."""
        mine = turns.c.relay == relay
        with self._database.writing() as connection:
            kept = connection.execute(sa.select(turns.c.free_at).where(mine)).scalar_one_or_none()
            due = max(now, aware(kept)) if kept else now
            if due - now > FARTHEST * gap:  # the clock was set back
                due = now
            told = {"free_at": naive(due + gap)}
            connection.execute(
                turns.update().where(mine).values(told) if kept else turns.insert().values(relay=relay, **told)
            )
        return due

    def give_back(self, claim: str) -> None:
        """Let others have the letters of a claim that were not begun."""
        with self._database.writing() as connection:
            mine = letters.update().where(_c.claim == claim, _c.state == State.SENDING)
            connection.execute(mine.values(state=State.PENDING, claim="", lease=None))

    def free(self, now: datetime) -> None:
        """Take the letters away from senders that are gone: those not begun wait again, the others are in doubt."""
        with self._database.writing() as connection:
            held = _c.state.in_((State.SENDING, State.DATA))
            for claim, lease in connection.execute(sa.select(_c.claim, _c.lease).where(held).distinct()).all():
                if claims.gone(claim) or lease < naive(now):
                    theirs = letters.update().where(_c.claim == claim)
                    begun = theirs.where(_c.state == State.DATA)
                    connection.execute(begun.values(state=State.DOUBT, answer="the sender was gone"))
                    rest = theirs.where(_c.state == State.SENDING)
                    connection.execute(rest.values(state=State.PENDING, claim="", lease=None))

    def letters(self, report_date: date | None = None, states: Collection[State] = tuple(State)) -> list[Letter]:
        """The letters of a date or of all, in those states; by date, version and address."""
        query = sa.select(letters).where(_c.state.in_(list(states)))
        if report_date is not None:
            query = query.where(_c.report_date == report_date)
        with self._database.reading() as connection:
            found = connection.execute(query.order_by(_c.report_date, _c.version, _c.recipient)).all()
        return [of_row(row) for row in found]

    def standing(self, publication: Publication, wanted: Collection[str] | None = None) -> Standing:
        """How many letters of the publication stand where."""
        columns = (_c.recipient, _c.state, _c.not_before)
        with self._database.reading() as connection:
            rows = connection.execute(sa.select(*columns).where(roll.of(publication))).all()
        mine = [row for row in rows if wanted is None or row.recipient in wanted]
        waits = [aware(row.not_before) for row in mine if row.state == State.RETRY and row.not_before]
        return Standing(Counter(State(row.state) for row in mine), min(waits, default=None))

    def settle(self, settled: Iterable[tuple[Letter, State, str]], now: datetime) -> int:
        """Put letters in doubt where they belong, and who said so; gives how many were still in doubt."""
        with self._database.writing() as connection:
            done = 0
            for letter, state, answer in settled:
                doubted = letters.update().where(_c.id == letter.id, _c.state == State.DOUBT)
                values = {"state": state, "answer": answer, "claim": "", "lease": None, "changed_at": naive(now)}
                done += connection.execute(doubted.values(values)).rowcount
            return done

    def reopen(self, publication: Publication, recipients: Iterable[Recipient], now: datetime) -> frozenset[str]:
        """Let the letters that failed for good wait again; gives the keys of their recipients.

        Those to somebody who is not among the recipients any more are withdrawn, unless it is a correction.
        """
        failed = roll.of(publication) & (_c.state == State.FAILED)
        with self._database.writing() as connection:
            given = {one.key for one in (*roll.received(connection, publication), *recipients)}
            roll.forget(connection, publication, given, now)
            keys = connection.execute(sa.select(_c.recipient).where(failed)).scalars().all()
            again = letters.update().where(failed)
            connection.execute(again.values(state=State.PENDING, tries=0, claim="", changed_at=naive(now)))
        return frozenset(keys)


_BEGUN = (
    letters.update()
    .where(_c.id.in_(sa.bindparam("ones", expanding=True)), _c.claim == sa.bindparam("by"), _c.state == State.SENDING)
    .values(state=State.DATA, tries=_c.tries + 1, changed_at=sa.bindparam("at"))
    .returning(_c.id)
)
_HELD = sa.or_(*(_c.state == state for state in (State.SENDING, State.DATA, State.DOUBT)))  # executemany knows no IN
_ANSWERED = (
    letters.update()
    .where(_c.id == sa.bindparam("one"), _c.claim == sa.bindparam("by"), _HELD)
    .values(
        state=sa.bindparam("stands"),
        answer=sa.bindparam("said"),
        not_before=sa.bindparam("later"),
        tries=sa.case((_c.state == State.SENDING, _c.tries + 1), else_=_c.tries),
        claim=sa.bindparam("held"),
        changed_at=sa.case((sa.bindparam("doubtful", type_=sa.Boolean), _c.changed_at), else_=sa.bindparam("at")),
    )
)


def _answered(claim: str, mark: Mark, now: datetime) -> dict[str, object]:
    """An answer follows on whatever the claim still holds; a letter in doubt keeps the moment it was handed over."""
    doubtful = mark.state is State.DOUBT
    return {
        "one": mark.letter.id,
        "by": claim,
        "at": naive(now),
        "stands": mark.state.value,
        "said": mark.answer,
        "held": claim if doubtful else "",
        "doubtful": doubtful,
        "later": mark.not_before and naive(mark.not_before),
    }
