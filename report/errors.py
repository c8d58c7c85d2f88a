"""Every mistake a user can make, as one tree. Anything outside it is a bug of ours and keeps its traceback.

    ReportError                 the message says where, what was found, what to do
    ├── UsageError              the command line cannot mean anything (exit 2)
    │   └── NoSession           the date asked for is no trading day
    ├── CatalogError            a file under data/ or templates/ is wrong; file and key are named
    │   ├── CalendarEnds        no calendar file covers the date; the file to add is named
    │   └── Unbalanced          an operation whose entries do not balance; sector or claim, and by how much, are named
    ├── InputError              an input file cannot be used, or is not there
    ├── HistoryError            the database cannot be opened, or is not ours
    ├── ArchiveError            the archive cannot be read or written, lacks what is asked for, or is not whole
    │   └── ArchiveBusy         somebody else is publishing into it at this moment
    ├── SigningError            the report cannot be signed with the house's certificate
    ├── MailError               the relay does not take our letters as things are set
    ├── MorningFailed           the morning's report did not go out; one line says what is missing
    ├── GateClosed              findings of severity ERROR stop the report
    └── RenderError             the document cannot be set
        └── MissingGlyph        the fonts lack a character; the character is named

Problems *in the data* are not exceptions but `report.facts.Finding` values: a run collects and shows all of them.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from report.facts import Finding, Waiver


def nearest(name: str, known: Iterable[str], alike: Callable[[str], str] = str) -> str:
    """The known names nearest to `name`, for the end of a message; all of them where none is near.

    alike: what two spellings of one name have in common.
    """
    names = {alike(one): one for one in known}
    close = difflib.get_close_matches(alike(name), names, n=3, cutoff=0.5)
    if close:
        return f"nearest: {', '.join(names[one] for one in close)}"
    some = list(names.values())
    return f"known: {', '.join(some[:12])}{' …' if len(some) > 12 else ''}" if some else "none is known"


class ReportError(Exception):
    """A mistake the user can mend. `str(error)` is the whole message, ready to print."""

    exit_code = 1


class UsageError(ReportError):
    """The command line cannot mean anything."""

    exit_code = 2


class NoSession(UsageError):
    """The date asked for is no trading day of the exchange named in the message."""


class CatalogError(ReportError):
    """A file under data/ or templates/ is wrong. The message names the file and the key."""


class CalendarEnds(CatalogError):
    """No calendar file covers the date. The message names the file to add."""


class Unbalanced(CatalogError):
    """An operation that double entry forbids. The message names the sector or the claim, and what does not agree."""


class InputError(ReportError):
    """An input file cannot be used, or is not there."""


class HistoryError(ReportError):
    """The database cannot be opened, or is not one of ours."""


class ArchiveError(ReportError):
    """The archive cannot be read or written, lacks what is asked for, or does not hold what was laid into it."""


class ArchiveBusy(ArchiveError):
    """Somebody else is publishing into the archive at this moment."""


class SigningError(ReportError):
    """The report cannot be signed: certificate, key or passphrase are missing or do not fit."""


class MailError(ReportError):
    """The relay does not take our letters as things are set: its certificate, a password, the sender, a size."""


class MorningFailed(ReportError):
    """The morning's report did not go out. The message is one line that says what is missing."""


class GateClosed(ReportError):
    """Findings stop the report; `findings` holds all findings of the run, `waived` those that were waived."""

    def __init__(
        self, message: str, findings: Sequence[Finding], waived: Mapping[Finding, Waiver] | None = None
    ) -> None:
        super().__init__(message)
        self.findings = tuple(findings)
        self.waived = dict(waived or {})


class RenderError(ReportError):
    """The document cannot be set."""


class MissingGlyph(RenderError):
    """The fonts lack a character. The message names the character and where it stands."""
