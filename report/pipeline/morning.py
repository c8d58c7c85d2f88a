"""The whole morning, unattended: wait for the desk, check, publish what somebody approved, send.

Every step does nothing where it is done already, so that a second run does the first one's work once. The approval is a
name: that of who runs the command and answers for it, or the first line of a file in the day's inbox, put there after
the last workbook and waiver was saved. A workbook saved later asks for a new approval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from report.delivery import Clock, Morning
from report.errors import ArchiveError, GateClosed, InputError, MailError, MorningFailed, NoSession, ReportError
from report.facts import Finding
from report.lookback import BEIJING
from report.pipeline import publishing, sending
from report.pipeline.checking import check
from report.pipeline.house import House, Progress, open_archive
from report.pipeline.sending import Sent

MOST = 5  # things missing that are named


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
        missing, name = _missing(house, report_date, given, clock, approver)
        if not missing:
            try:
                publishing.publish(house, report_date, name, clock.moment(), progress)
                return
            except (ArchiveError, GateClosed) as error:
                if open_archive(house).versions(report_date):
                    return  # another run was faster
                missing = _line(error)
        if clock.moment() >= until:
            raise InputError(missing)
        progress(f"等待：{missing}")
        clock.sleep(given.poll)


def _missing(house: House, report_date: date, given: Morning, clock: Clock, approver: str) -> tuple[str, str]:
    """What keeps the report from being published, '' for nothing; and who approves it."""
    try:
        open_ = check(house, report_date, clock.moment()).open
    except InputError as error:
        return _line(error), ""
    if open_:
        return _told(open_), ""
    name = approver or _approval(house, report_date, given.approval)
    wanted = house.workspace.inbox(report_date) / given.approval
    return ("" if name else f"nobody has approved it; put your name into {wanted}, or run with --approver NAME"), name


def _approval(house: House, report_date: date, name: str) -> str:
    """Who approved the workbooks and waivers as they are now; '' for nobody."""
    path = house.workspace.inbox(report_date) / name
    waivers = house.workspace.root / "data" / "waivers" / f"{report_date}.toml"
    try:
        lines = path.read_text(encoding="utf-8-sig").split("\n")
        changed = [one.stat().st_mtime_ns for one in (*house.workspace.workbooks(report_date), waivers) if one.exists()]
        if path.stat().st_mtime_ns < max(changed):
            return ""
    except (FileNotFoundError, UnicodeDecodeError):
        return ""
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; see who may read it") from error
    return " ".join(next((line for line in lines if line.strip()), "").split())


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
