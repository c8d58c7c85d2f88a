"""A desk's workspace: the folder that holds its inbox, outbox, own data and templates, and the history database."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from report.catalog import packaged
from report.errors import InputError, UsageError

FORM = "日报底稿"
LONGEST = 200  # bytes of a file name, with room for an ending

_UNSEEN = (".", "~$", "thumbs.db", "desktop.ini")
_ENDING = re.compile(r"\.[A-Za-z][A-Za-z0-9]{0,4}")
_NO_NAME = re.compile('[/\\\\:*?"<>|\x00-\x1f\x7f\ud800-\udfff]')


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of one desk. The desk's own data/ and templates/ go before the packaged ones, file by file.

    alone: nothing packaged is looked at; the folders hold all there is.
    """

    root: Path
    alone: bool = False

    def inbox(self, report_date: date) -> Path:
        """Where the morning's workbooks are put."""
        return self.root / "inbox" / report_date.isoformat()

    def outbox(self, report_date: date) -> Path:
        """Where the built report is laid."""
        return self.root / "outbox" / report_date.isoformat()

    def proof(self, report_date: date) -> Path:
        """Where the page of that day's checks is laid; it never leaves the house."""
        return self.root / "proofs" / f"核对稿_{report_date:%Y%m%d}.html"

    def folders(self, name: str) -> tuple[Path, ...]:
        """The folders of that name ('data', 'templates', 'data/calendars'), the desk's before the packaged one."""
        top, _, rest = name.partition("/")
        places = (self.root / top,) if self.alone else (self.root / top, packaged(top))
        return tuple(folder / rest for folder in places)

    def workbooks(self, report_date: date) -> list[Path]:
        """The morning's workbooks, by name; Excel's lock files (~$…) are no workbooks.

        Raises InputError when there is none, or the folder cannot be read.
        """
        found = self.spreadsheets(report_date)
        if not found:
            others = self.leftovers(report_date)
            there = f" (only {'、'.join(others[:5])}{' …' if len(others) > 5 else ''})" if others else ""
            raise InputError(
                f"{self.inbox(report_date)}: no workbook (.xlsx) for the report of {report_date}{there}; "
                f"put the desk's {FORM} there, or make one with: ribao new {report_date}"
            )
        return found

    def spreadsheets(self, report_date: date) -> list[Path]:
        """The same, or none. Raises InputError when the folder cannot be read."""
        return [path for path in _within(self.inbox(report_date)) if _is_workbook(path)]

    def leftovers(self, report_date: date) -> list[str]:
        """The names of what else lies in the inbox: no workbook, and not read. Raises InputError like `workbooks`."""
        return [path.name for path in _within(self.inbox(report_date)) if not _is_workbook(path)]

    def report_dates(self) -> list[date]:
        """The dates with an inbox or an outbox folder, oldest first."""
        names = {path.name for part in ("inbox", "outbox") for path in (self.root / part).glob("????-??-??")}
        return sorted(date.fromisoformat(name) for name in names if _is_date(name))


def _within(folder: Path) -> list[Path]:
    """What lies in a folder, by name, but for hidden files and those that systems leave; nothing where it is not."""
    try:
        return sorted(path for path in folder.iterdir() if not path.name.lower().startswith(_UNSEEN))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise InputError(f"{folder}: cannot be read: {error.strerror}; it must be a folder you may read") from error


def _is_workbook(path: Path) -> bool:
    return path.suffix.lower().startswith(".xls") and not os.path.isdir(path)


def workbook_name(name: str) -> str:
    """The file name that a workbook is given, .xlsx added where no ending is typed.

    Raises UsageError for anything but a bare name: a path, another ending, a name that `workbooks` would pass over.
    """
    bare = name.strip()
    stem, ending = os.path.splitext(bare)
    if not _ENDING.fullmatch(ending):
        stem, ending = bare, ".xlsx"
    example = f"type a file name such as {FORM}-甲.xlsx"
    if ending.lower() != ".xlsx":
        raise UsageError(f"--name {name}: the ending {ending} is not .xlsx; {example}")
    if not stem.strip(". ") or _NO_NAME.search(stem) or stem.lower().startswith(_UNSEEN):
        raise UsageError(f"--name {name}: not the bare name of a file; {example}")
    if len(stem.encode()) > LONGEST:
        raise UsageError(f"--name {name}: longer than a file name may be; {example}")
    return f"{stem}.xlsx"


def _is_date(name: str) -> bool:
    try:
        date.fromisoformat(name)
    except ValueError:
        return False
    return True


def find(start: Path) -> Workspace:
    """The workspace that `start` is, or lies in. Raises UsageError where there is none."""
    try:
        for folder in (start.resolve(), *start.resolve().parents):
            if (folder / "inbox").is_dir() and (folder / "data" / "settings.toml").is_file():
                return Workspace(folder)
    except OSError as error:
        place = error.filename or start
        raise UsageError(f"{place}: cannot be looked into: {error.strerror}; see who may read it") from error
    raise UsageError(f"{start}: not a workspace (no inbox/ and data/settings.toml); make one with: ribao init DIR")


@contextmanager
def fresh(root: Path) -> Iterator[Path]:
    """A new folder that becomes `root` when the block ends well, and is gone when it does not.

    Raises UsageError when `root` is there already and not empty or cannot be made, InputError when the disk gives out.
    """
    try:
        if root.exists() and (not root.is_dir() or any(root.iterdir())):
            raise UsageError(f"{root}: exists and is not empty; name a new folder for the workspace")
        root.parent.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
    except OSError as error:
        mend = "name a folder for the workspace where you may write"
        raise UsageError(f"{root}: cannot be made: {_reason(root.parent, error)}; {mend}") from error
    try:
        yield draft
        if root.exists():
            root.rmdir()
        draft.chmod(0o755)
        draft.rename(root)
    except OSError as error:
        if not error.strerror:
            raise
        place = f" ({error.filename})" if error.filename else ""
        reason = f"{error.strerror}{place}; nothing is left there"
        raise InputError(f"{root}: cannot be made: {reason}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _reason(folder: Path, error: OSError) -> str:
    """Why a folder cannot be made or written into: a file that stands where it or a folder around it should go."""
    for place in (folder, *folder.parents):
        if os.path.exists(place):
            return f"{error.strerror}" if os.path.isdir(place) else f"{place} is a file where a folder should go"
    return f"{error.strerror}"


def lay(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write all files or none, and give their paths. Raises InputError where that cannot be."""
    with laying(folder, files) as paths:
        return paths


@contextmanager
def laying(folder: Path, files: Mapping[str, bytes]) -> Iterator[list[Path]]:
    """Write all files beside their places and flush them to disk; when the block ends well they are renamed, all.

    When it does not, nothing has changed. Raises InputError where they cannot be written.
    """
    drafts: dict[Path, Path] = {}
    try:
        with _told_of(folder):
            folder.mkdir(parents=True, exist_ok=True)
            for name, content in files.items():
                drafts[folder / name] = _draft(folder, content)
        if taken := [path.name for path in drafts if path.is_dir()]:
            raise InputError(f"{folder}: {'、'.join(taken)} is a folder where a file should go; move it away")
        yield list(drafts)
        with _told_of(folder):
            for path, draft in drafts.items():
                draft.replace(path)
    finally:
        for draft in drafts.values():
            with suppress(OSError):
                draft.unlink(missing_ok=True)


def _draft(folder: Path, content: bytes) -> Path:
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
    with os.fdopen(handle, "wb") as file:
        try:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    Path(name).chmod(0o644)
    return Path(name)


@contextmanager
def _told_of(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        reason = f"{_reason(folder, error)}; nothing was changed there"
        raise InputError(f"{folder}: cannot be written: {reason}, put it right and run again") from error
