"""Letters in doubt held against the relay's log: what Postfix wrote of their Message-IDs.

    … postfix/cleanup[71]: 4VXk2L0tYz: message-id=<20240329.v1.…@example.com>     the letter began to arrive
    … postfix/qmgr[70]: 4VXk2L0tYz: from=<…>, size=…, nrcpt=1 (queue active)      it arrived, and is the relay's
    … postfix/smtp[75]: 4VXk2L0tYz: to=<…>, …, status=sent (250 …)                it was passed on

A message-id alone says nothing: it is written before the final dot. Queue numbers are used again; a new message-id
under one begins another letter.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from report.deliver.ledger import Letter, State
from report.errors import InputError

_STAMP = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)?|[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d) "
)
_SECOND = timedelta(seconds=1)
_LINE = re.compile(r"postfix[^ ]*/(\w[\w-]*)\[\d+\]: ([0-9A-Za-z]{6,}): (.*)")
_ID = re.compile(r"(?:resent-)?message-id=(<[^>]*>)")
_TO = re.compile(r"to=<([^>]*)>,.*\bstatus=(\w+) \((.*)\)\s*$")


@dataclass(slots=True)
class Trace:
    """What a log tells of one letter: whether the relay took it, and the last state of passing it on."""

    taken: bool = False
    status: str = ""
    words: str = ""


def traces(path: Path, wanted: Iterable[str]) -> dict[str, Trace]:
    """What the log tells of the wanted Message-IDs; those it does not name are left out.

    A log may be packed (.gz). Raises InputError where it cannot be read.
    """
    known, found, queued = set(wanted), dict[str, Trace](), dict[str, str]()
    with _lines(path) as log:
        for line in log:
            if match := _LINE.search(line):
                _note(match[1], match[2], match[3], known, found, queued)
    return found


@contextmanager
def _lines(path: Path) -> Iterator[Iterable[str]]:
    try:
        with gzip.open(path, "rt", errors="replace") if path.suffix == ".gz" else path.open(errors="replace") as log:
            yield log
    except (OSError, EOFError) as error:
        raise InputError(f"{path}: cannot be read ({error}); name the relay's mail log") from error


def check_complete(path: Path, doubted: Sequence[Letter], letters: Iterable[Letter]) -> None:
    """Raise InputError where the log cannot tell of all the relay was given when it was given the letters in doubt.

    It must name one of the letters of every day in question, and begin before and end after those in doubt were handed
    over. letters: all of those days.
    """
    days, named = {one.message_id: one.report_date for one in letters}, set()
    first = last = ""
    with _lines(path) as log:
        for line in log:
            if stamp := _STAMP.match(line):
                first, last = first or stamp[1], stamp[1]
            named |= {days[one] for one in _ID.findall(line) if one in days}
    mend = "--complete needs the whole log of that time; or settle by hand, with --sent and --not-sent"
    for one in doubted:
        if one.report_date not in named:
            raise InputError(f"{path}: names no letter of {one.report_date}; {mend}")
        begin, end = (_moment(text, one.changed_at) for text in (first, last))
        if begin is None or end is None or begin > one.changed_at or end + _SECOND < one.changed_at:
            told = f"{first} to {last}" if first else "no times"
            raise InputError(f"{path}: tells of {told}, and {one.address} was at {one.changed_at:%F %T} UTC; {mend}")


def _moment(stamp: str, near: datetime) -> datetime | None:
    """The moment of a log's line; one without a year is of the year that brings it nearest, in this machine's time."""
    if "T" in stamp:
        return datetime.fromisoformat(stamp).astimezone()
    found = []
    for year in (near.year - 1, near.year, near.year + 1):
        try:
            found.append(datetime.strptime(f"{year} {stamp}", "%Y %b %d %H:%M:%S").astimezone())
        except ValueError:  # 29 February
            continue
    return min(found, key=lambda one: abs(one - near), default=None)


def _note(
    program: str, number: str, words: str, known: set[str], found: dict[str, Trace], queued: dict[str, str]
) -> None:
    if begun := _ID.match(words):
        queued.pop(number, None)
        if begun[1] in known:
            queued[number] = begun[1]
            found.setdefault(begun[1], Trace())
        return
    if number not in queued:
        return
    trace = found[queued[number]]
    if program == "qmgr" and "(queue active)" in words:
        trace.taken = True
    elif told := _TO.match(words):
        trace.taken, trace.status, trace.words = True, told[2], told[3]


def settled(
    letters: Iterable[Letter], traces: Mapping[str, Trace], log: str, *, complete: bool = False
) -> list[tuple[Letter, State, str]]:
    """What the log decides: sent where the relay took the letter, failed where it came back.

    complete: the log tells of everything the relay was given, so that what it did not take was not accepted.
    """
    decided = []
    for letter in letters:
        trace = traces.get(letter.message_id)
        if trace and trace.taken:
            state = State.FAILED if trace.status in ("bounced", "expired") else State.SENT
            said = f"{trace.status} ({trace.words})" if trace.status else "in the relay's queue"
            decided.append((letter, state, f"{log}: {said}"))
        elif complete:
            decided.append((letter, State.PENDING, f"{log}: not taken by the relay"))
    return decided
