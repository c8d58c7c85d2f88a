"""The whole morning, unattended: wait for the desk, check, publish what somebody approved, send.

Every step does nothing where it is done already, so that a second run does the first one's work once. The approval is a
name: that of who runs the command and answers for it, or the first line of a file in the day's inbox, and below it the
digest of what was approved. Whatever changes later, workbook, waiver, setting or template, asks for a new approval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from report.delivery import Clock, Morning
from report.errors import (
    ArchiveBusy,
    ArchiveError,
    CatalogError,
    GateClosed,
    InputError,
    MailError,
    MorningFailed,
    NoSession,
    ReportError,
)
from report.facts import Finding
from report.lookback import BEIJING
from report.pipeline import approving, publishing, sending
from report.pipeline.checking import check
from report.pipeline.house import House, Progress, open_archive, reread
from report.pipeline.sending import Sent

MOST = 5  # things missing that are named
GLANCE = 5.0  # seconds between looks at another run that is publishing


@dataclass(frozen=True, slots=True)
class Gone:
    """How a morning ended: what was sent, or why there was nothing to do that day."""

    sent: Sent | None = None
    holiday: str = ""


def morning(
    house: House, report_date: date, clock: Clock, progress: Progress = lambda _: None, *, approver: str = ""
) -> Gone:
    """See the report of that date to the clients: wait, check, publish, send.

    Raises MorningFailed with one line that says what is missing; the desk is told by mail where its settings say so.
    """
    try:
        house.calendars.check_report_date(report_date)
    except NoSession as error:
        return Gone(holiday=str(error))
    given = sending.settings(house)
    try:
        if not open_archive(house).versions(report_date):
            _published(house, report_date, given.morning, clock, progress, approver)
        sent = sending.send(house, sending.published(house, report_date), clock, progress)
    except ReportError as error:
        raise _failed(house, report_date, clock, _line(error)) from error
    if not sent.done:
        rows = [str(one) for one in sent.findings]
        raise _failed(house, report_date, clock, "; ".join(filter(None, [str(sent.standing), sent.trouble, *rows])))
    return Gone(sent)


def _published(
    house: House, report_date: date, given: Morning, clock: Clock, progress: Progress, approver: str
) -> None:
    """Publish as soon as nothing is missing. Raises InputError, at the deadline, naming what is."""
    until = datetime.combine(report_date, given.deadline, BEIJING)
    while True:
        try:
            _try(house, report_date, given, clock, progress, approver)
            return
        except ArchiveBusy as error:
            progress(f"等待：{_line(error)}")
            clock.sleep(min(given.poll, GLANCE))  # it ends or dies, and either lets go
            continue
        except (ArchiveError, CatalogError, GateClosed, InputError) as error:
            if open_archive(house).versions(report_date):
                return  # another run was faster
            missing = _line(error)
        if clock.moment() >= until:
            raise InputError(missing)
        progress(f"等待：{missing}")
        clock.sleep(given.poll)


def _try(house: House, report_date: date, given: Morning, clock: Clock, progress: Progress, approver: str) -> None:
    """Publish what is there now. Raises InputError, CatalogError, GateClosed, ArchiveError with what keeps it."""
    if open_archive(house).versions(report_date):
        return  # another run has
    house = reread(house)
    checked = check(house, report_date, clock.moment())
    if checked.open:
        raise InputError(_told(checked.open))
    name = approver or approving.approval(house, report_date, given.approval, checked.digest)
    publishing.publish(house, report_date, name, clock.moment(), progress, approved=checked.digest)


def _told(findings: Sequence[Finding]) -> str:
    more = f"; and {len(findings) - MOST} more" if len(findings) > MOST else ""
    return "; ".join(_line(one) for one in findings[:MOST]) + more


def _line(what: object) -> str:
    return " ".join(str(what).split())


def _failed(house: House, report_date: date, clock: Clock, what: str) -> MorningFailed:
    """The failure to be raised; the desk is told of it first."""
    given, title = sending.settings(house), house.catalog.settings.title
    line = f"{title} {report_date}: {what}"
    if given.morning.desk:
        subject = given.morning.failed.replace("{title}", title).replace("{date}", f"{report_date}")
        try:
            sending.tell_desk(given, subject, line, clock.moment())
        except MailError as error:
            line = f"{line} (and the desk could not be told: {_line(error)})"
    return MorningFailed(line)
