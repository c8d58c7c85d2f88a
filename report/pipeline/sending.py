"""From the archive to the clients: every letter through the outbox, once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from report import catalog as catalogs
from report import workspace
from report.delivery import Clock, Delivery, Recipient
from report.errors import InputError, UsageError
from report.facts import Finding, Severity
from report.pipeline.house import House, Progress, database, open_archive

if TYPE_CHECKING:
    from report.deliver.ledger import Letter as Letter
    from report.deliver.ledger import Standing, State
    from report.deliver.outbox import Outbox
    from report.deliver.publication import Publication


@dataclass(frozen=True, slots=True)
class Sent:
    """How a sending ended: where the letters stand, what was found in the list of recipients, why it ended early."""

    publication: Publication
    standing: Standing
    findings: tuple[Finding, ...] = ()
    trouble: str = ""

    @property
    def done(self) -> bool:
        """Whether everybody has a letter, and every row of the list could be used."""
        from report.deliver.ledger import State

        left = self.standing.of(*State) - self.standing.of(State.SENT, State.WITHDRAWN)
        return not (left or self.trouble or any(one.severity is Severity.ERROR for one in self.findings))


def settings(house: House) -> Delivery:
    """data/delivery.toml. Raises CatalogError with every mistake in it."""
    return catalogs.entry(house.workspace.folders("data"), "delivery.toml", Delivery)


def published(house: House, report_date: date) -> Publication:
    """The newest version published of that day. Raises ArchiveError where there is none, or it is damaged."""
    return open_archive(house).publication(report_date)


@contextmanager
def outbox(house: House) -> Iterator[Outbox]:
    """The outbox of the workspace, in the same database as its history. Raises HistoryError."""
    from report.deliver.outbox import Outbox

    opened = Outbox(database(house.workspace, house.catalog))
    try:
        yield opened
    finally:
        opened.close()


def send(
    house: House,
    publication: Publication,
    clock: Clock,
    progress: Progress = lambda _: None,
    *,
    group: str = "",
    again: bool = False,
) -> Sent:
    """Send the publication to every recipient who has not got it: to those of a group; again: to those it failed for.

    Raises CatalogError, InputError, UsageError, MailError, HistoryError.
    """
    from report.deliver.credentials import credentials, unsubscribe_key
    from report.deliver.dispatch import Dispatch
    from report.deliver.letter import Letters

    given = settings(house)
    from report.pipeline.publishing import unsent

    unsent(house, publication)
    people, findings = _recipients(house, given, group, sample=False)
    letters = Letters(publication, given.letter, unsubscribe_key(given))
    progress("准备信件")
    with outbox(house) as box:
        if group and publication.version > 1:
            raise UsageError("--to: 更正 goes to everyone at once; leave --to out")
        now = clock.moment()
        box.free(now)
        if again:
            wanted: Collection[str] = box.reopen(publication, people, now)
        else:
            wanted = box.prepare(publication, people, letters.message_id, now, only=bool(group))
        run = Dispatch(box, letters, given, credentials(given), clock, progress, wanted if group or again else None)
        standing = run.run()
    return Sent(publication, standing, tuple(findings), run.trouble)


def write_letters(
    house: House, publication: Publication, folder: Path, now: datetime, progress: Progress, *, group: str = ""
) -> tuple[int, tuple[Finding, ...]]:
    """Write the letters into a new folder as .eml files, one a recipient, and give how many; nothing is sent or kept.

    Raises UsageError where the folder is there and not empty.
    """
    from report.deliver.credentials import unsubscribe_key
    from report.deliver.letter import Letters

    given = settings(house)
    people, findings = _recipients(house, given, group, sample=True)
    letters = Letters(publication, given.letter, unsubscribe_key(given))
    if publication.version > 1:
        with outbox(house) as box:
            people = list({one.key: one for one in (*box.received(publication), *people)}.values())
    with workspace.fresh(folder) as draft:
        for number, one in enumerate(people, start=1):
            name = f"{number:05d}-{''.join(each if each.isalnum() or each in '@.-' else '_' for each in one.key)}.eml"
            (draft / name).write_bytes(letters.whole(one.key, one.name, one.address, now))
            progress(f"{number}/{len(people)}")
    return len(people), tuple(findings)


def _recipients(house: House, given: Delivery, group: str, *, sample: bool) -> tuple[list[Recipient], list[Finding]]:
    """The active recipients of the group, or all; the packaged list may only be used where `sample` says so."""
    from report.read import recipients

    folders = house.workspace.folders("data")
    path = recipients.found(folders)
    if not sample and path.parent == folders[-1]:
        wanted = folders[0] / "recipients.xlsx"
        raise InputError(
            f"{wanted}: not there, nor a .csv; put the list of recipients there "
            "(the packaged one is a sample, for --dry-run only)"
        )
    people, findings = recipients.read(path, given.recipients)
    active = [one for one in people if one.active]
    chosen = [one for one in active if not group or group in one.groups]
    if group and not chosen:
        known = "、".join(sorted({name for one in active for name in one.groups})) or "none"
        raise UsageError(f"--to {group}: no active recipient of that group; known groups are {known}")
    if not active:
        raise InputError(f"{path}: no active recipient in it; see the list of recipients")
    return chosen, findings


def tell_desk(given: Delivery, subject: str, text: str, now: datetime) -> None:
    """Tell the desk by mail. Raises MailError where somebody could not be told."""
    from report.deliver import notice
    from report.deliver.credentials import credentials

    notice.tell(given, credentials(given), given.morning.desk, subject, text, now)


def letters(house: House, report_date: date | None, now: datetime) -> list[Letter]:
    """Who has what: the letters of a date, or of all; those of senders that are gone are in doubt by now."""
    with outbox(house) as box:
        box.free(now)
        return box.letters(report_date)


def standings(house: House, now: datetime) -> list[tuple[date, int, Standing]]:
    """Every version of every report there are letters of, and how many stand where; the newest last."""
    from report.deliver.ledger import Standing

    counts: dict[tuple[date, int], Counter[State]] = {}
    for one in letters(house, None, now):
        counts.setdefault((one.report_date, one.version), Counter())[one.state] += 1
    return [(day, version, Standing(states)) for (day, version), states in counts.items()]


def settle(
    house: House,
    now: datetime,
    log: Path | None = None,
    *,
    complete: bool = False,
    by_hand: Sequence[tuple[str, bool]] = (),
    report_date: date | None = None,
) -> tuple[int, list[Letter]]:
    """Settle letters in doubt by the relay's log, or by hand as (address, whether it was sent).

    Gives how many were settled, and the letters still in doubt. Raises UsageError for an address in doubt on several
    days where none is named, InputError for a log that cannot be read or is called complete and is not, HistoryError.
    """
    from report.deliver import settle
    from report.deliver.ledger import State

    with outbox(house) as box:
        box.free(now)
        doubted = box.letters(report_date, (State.DOUBT,))
        decided = []
        for address, sent in by_hand:
            mine = [one for one in doubted if address.casefold() in (one.recipient, one.address.casefold())]
            if not mine:
                raise UsageError(f"{address}: no letter to this address is in doubt; see them with: ribao outbox")
            if len(days := sorted({str(one.report_date) for one in mine})) > 1:
                raise UsageError(f"{address}: in doubt on {', '.join(days)}; say which, with --date")
            state, said = (State.SENT, "sent") if sent else (State.PENDING, "not sent")
            decided += [(one, state, f"settled by hand: {said}") for one in mine]
        if log is not None:
            if complete:
                settle.check_complete(log, doubted, box.letters(report_date))
            found = settle.traces(log, [one.message_id for one in doubted])
            decided += settle.settled(doubted, found, log.name, complete=complete)
        count = box.settle(decided, now)
        return count, box.letters(report_date, (State.DOUBT,))
