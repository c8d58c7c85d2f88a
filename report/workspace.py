"""A desk's workspace: the folder that holds its inbox, outbox, own data and templates, and the history database."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from report.catalog import packaged
from report.errors import InputError, UsageError

FORM = "日报底稿"


@dataclass(frozen=True, slots=True)
class Workspace:
    """The folders of one desk. The desk's own data/ and templates/ go before the packaged ones, file by file."""

    root: Path

    def inbox(self, report_date: date) -> Path:
        """Where the morning's workbooks are put."""
        return self.root / "inbox" / report_date.isoformat()

    def outbox(self, report_date: date) -> Path:
        """Where the built report is laid."""
        return self.root / "outbox" / report_date.isoformat()

    def folders(self, name: str) -> tuple[Path, ...]:
        """The folders of that name ('data', 'templates', 'data/calendars'), the desk's before the packaged one."""
        top, _, rest = name.partition("/")
        return tuple(folder / rest for folder in (self.root / top, packaged(top)))

    def workbooks(self, report_date: date) -> list[Path]:
        """The morning's workbooks, by name; Excel's lock files (~$…) are no workbooks.

        Raises InputError when there is none.
        """
        folder = self.inbox(report_date)
        found = sorted(path for path in folder.glob("*.xls*") if not path.name.startswith(("~$", ".")))
        if not found:
            raise InputError(
                f"{folder}: no workbook (.xlsx) for the report of {report_date}; "
                f"put the desk's {FORM} there, or make one with: ribao new {report_date}"
            )
        return found

    def report_dates(self) -> list[date]:
        """The dates with an inbox or an outbox folder, oldest first."""
        names = {path.name for part in ("inbox", "outbox") for path in (self.root / part).glob("????-??-??")}
        return sorted(date.fromisoformat(name) for name in names if _is_date(name))


def _is_date(name: str) -> bool:
    try:
        date.fromisoformat(name)
    except ValueError:
        return False
    return True


def find(start: Path) -> Workspace:
    """The workspace that `start` is, or lies in. Raises UsageError where there is none."""
    for folder in (start.resolve(), *start.resolve().parents):
        if (folder / "inbox").is_dir() and (folder / "data" / "settings.toml").is_file():
            return Workspace(folder)
    raise UsageError(f"{start}: not a workspace (no inbox/ and data/settings.toml); make one with: ribao init DIR")


@contextmanager
def fresh(root: Path) -> Iterator[Path]:
    """A new folder that becomes `root` when the block ends well, and is gone when it does not.

    Raises UsageError when `root` is there already and not empty.
    """
    if root.exists() and (not root.is_dir() or any(root.iterdir())):
        raise UsageError(f"{root}: exists and is not empty; name a new folder for the workspace")
    root.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{root.name}.", dir=root.parent))
    try:
        yield draft
        if root.exists():
            root.rmdir()
        draft.chmod(0o755)
        draft.rename(root)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        raise


def lay(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write all files or none: each beside its place first, flushed to disk, then all renamed. Gives their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    drafts: dict[Path, Path] = {}
    try:
        for name, content in files.items():
            handle, draft = tempfile.mkstemp(prefix=".", suffix=".part", dir=folder)
            drafts[folder / name] = Path(draft)
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).chmod(0o644)
        if taken := [path.name for path in drafts if path.is_dir()]:
            raise InputError(f"{folder}: {'、'.join(taken)} is a folder where a file should go; move it away")
        for path, draft_path in drafts.items():
            draft_path.replace(path)
    except OSError as error:
        raise InputError(f"{folder}: cannot be written: {error.strerror}; nothing was changed there") from error
    finally:
        for draft_path in drafts.values():
            draft_path.unlink(missing_ok=True)
    return list(drafts)
