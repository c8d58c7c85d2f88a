"""Who is to have a letter of a publication: the steps of a transaction that add letters and withdraw them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from report.deliver.ledger import RECEIVED, UNSENT, State, letters, naive
from report.deliver.publication import Publication
from report.delivery import Recipient

_c = letters.c


def of(publication: Publication) -> sa.ColumnElement[bool]:
    """The letters of the publication."""
    return sa.and_(
        _c.report_date == publication.report_date,
        _c.version == publication.version,
        _c.sha256 == publication.sha256,
    )


def earlier(publication: Publication) -> sa.ColumnElement[bool]:
    """The letters of earlier versions of its day."""
    return sa.and_(_c.report_date == publication.report_date, _c.version < publication.version)


def received(connection: sa.Connection, publication: Publication) -> list[Recipient]:
    """Those who received an earlier version of the day, or may have."""
    query = sa.select(_c.recipient, _c.address, _c.name).where(earlier(publication), _c.state.in_(RECEIVED))
    rows = connection.execute(query.order_by(_c.version, _c.id)).all()
    return [Recipient(row.recipient, row.address, row.name) for row in {row.recipient: row for row in rows}.values()]


def overtaken(connection: sa.Connection, publication: Publication, now: datetime) -> bool:
    """Whether a later version of the day has letters; what waits of this one is withdrawn then."""
    later = (_c.report_date == publication.report_date) & (_c.version > publication.version)
    newest = connection.execute(sa.select(sa.func.max(_c.version)).where(later)).scalar_one()
    if newest is not None:
        withdraw(connection, of(publication) & _c.state.in_(UNSENT), f"v{newest} goes out instead", now)
    return newest is not None


def forget(connection: sa.Connection, publication: Publication, kept: Collection[str], now: datetime) -> None:
    """Withdraw what waits or failed for anybody else."""
    gone = of(publication) & _c.state.in_((*UNSENT, State.FAILED)) & _c.recipient.not_in(list(kept))
    withdraw(connection, gone, "no longer among the recipients", now)


def withdraw(connection: sa.Connection, where: sa.ColumnElement[bool], why: str, now: datetime) -> None:
    """See that these letters are sent to nobody."""
    values = {"state": State.WITHDRAWN, "answer": why, "claim": "", "lease": None, "changed_at": naive(now)}
    connection.execute(letters.update().where(where).values(values))


def add(
    connection: sa.Connection,
    publication: Publication,
    given: Mapping[str, Recipient],
    message_id: Callable[[str], str],
    now: datetime,
) -> None:
    """Add the letters that are not there; one that was withdrawn waits again."""
    rows = connection.execute(sa.select(_c.recipient, _c.state).where(of(publication)))
    known = {key: state for key, state in rows}  # noqa: C416
    moment = naive(now)
    shared = {"report_date": publication.report_date, "version": publication.version, "sha256": publication.sha256}
    shared |= {"state": State.PENDING, "written_at": moment, "changed_at": moment}
    fresh = [
        {"recipient": key, "address": one.address, "name": one.name, "message_id": message_id(key)} | shared
        for key, one in given.items()
        if key not in known
    ]
    if fresh:
        connection.execute(letters.insert(), fresh)
    if again := [key for key in given if known.get(key) == State.WITHDRAWN]:
        back = letters.update().where(of(publication), _c.recipient.in_(again))
        connection.execute(back.values(state=State.PENDING, answer="", changed_at=moment))
