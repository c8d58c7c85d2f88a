"""Where an archive lies: a folder of this machine, or any store that fsspec knows, by its URL.

In a folder a version appears by one rename, after every byte of it has been flushed to the disk, and one publisher
works at a time. A store has neither: there all other files are written first and the manifest last, and what has no
manifest is not there.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Protocol

from report.errors import ArchiveBusy, ArchiveError

PART = ".part-"


class Shelf(Protocol):
    """Files under relative names, with '/' between folders."""

    name: str

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError, and ArchiveError for any other trouble."""

    def files(self, under: str = "") -> list[str]:
        """The names of all files under a folder, sorted; none where it is not. Raises ArchiveError."""

    def links(self) -> list[str]:
        """The names of what is no file but a link to one or to a folder, sorted. Raises ArchiveError."""

    def lying(self, place: str, files: Mapping[str, bytes], last: str) -> AbstractContextManager[None]:
        """A context: the files are written, and stand in the new folder `place` when the block ends well.

        last: the file that makes the others count. Raises ArchiveError, and nothing of them counts.
        """

    def put(self, path: str, data: bytes) -> None:
        """Write one file at once, in place of what was there. Raises ArchiveError."""

    def alone(self) -> AbstractContextManager[None]:
        """A context in which nobody else writes. Raises ArchiveError where somebody does."""


def shelf(url: str, root: Path) -> Shelf:
    """The shelf of a setting: a folder, relative to `root`, or a URL such as s3://bucket/archive.

    Raises ArchiveError.
    """
    if "://" not in url:
        return Folder(root / url)
    if url.startswith("file://"):
        return Folder(Path(url.removeprefix("file://")))
    from report.deliver.store import Store

    return Store.at(url)


class Folder:
    """An archive in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self.root, self.name = root, str(root)

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError, ArchiveError."""
        with _told_of(self.name, "read"):
            return (self.root / path).read_bytes()

    def files(self, under: str = "") -> list[str]:
        """All that lies there and is no folder, links included. Raises ArchiveError."""
        found = []
        with _told_of(self.name, "read"):
            for folder, folders, names in os.walk(self.root / under, onerror=_unless_missing):
                links = [name for name in folders if os.path.islink(os.path.join(folder, name))]
                found += [Path(folder, name).relative_to(self.root).as_posix() for name in (*names, *links)]
        return sorted(found)

    def links(self) -> list[str]:
        """The links among them. Raises ArchiveError."""
        return [path for path in self.files() if (self.root / path).is_symlink()]

    @contextmanager
    def lying(self, place: str, files: Mapping[str, bytes], last: str) -> Iterator[None]:
        """Write into a folder beside, flush, and rename it when the block ends well. Raises ArchiveError."""
        target = self.root / place
        if target.exists():
            raise ArchiveError(f"{target}: is there already, and what is archived is never written over")
        draft = self.root / f"{PART}{target.parent.name}-{target.name}"
        try:
            with _told_of(self.name, "written"):
                _drafted(draft, files)
            yield
            with _told_of(self.name, "written"):
                _made(target.parent)
                draft.rename(target)
                try:
                    _flushed(target.parent)
                except OSError:  # not sure to be on the disk: then it is not there
                    target.rename(draft)
                    raise
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def put(self, path: str, data: bytes) -> None:
        """Write beside, flush, rename. Raises ArchiveError."""
        draft = self.root / f"{PART}{path}"
        with _told_of(self.name, "written"):
            try:
                _laid(draft, data)
                draft.replace(self.root / path)
                _flushed(self.root)
            finally:
                draft.unlink(missing_ok=True)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Lock the folder, and clear away what a publisher who was killed has left. Raises ArchiveError."""
        with _told_of(self.name, "written"):
            _made(self.root)
            handle = os.open(self.root, os.O_RDONLY)
        try:
            _locked(handle, self.name)
            with _told_of(self.name, "written"):
                for left in self.root.glob(f"{PART}*"):
                    shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
            yield
        finally:
            os.close(handle)


def _drafted(draft: Path, files: Mapping[str, bytes]) -> None:
    """A folder with the files in it, all of it on the disk."""
    draft.mkdir()
    folders = {draft}
    for name, data in files.items():
        path = draft / PurePosixPath(name)
        if path.parent not in folders:
            path.parent.mkdir()
            folders.add(path.parent)
        _laid(path, data)
    for folder in folders:
        _flushed(folder)


def _laid(path: Path, data: bytes) -> None:
    """A new file, to be read only, flushed."""
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o444), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _made(folder: Path) -> None:
    """The folder, and those it lies in, each flushed into the one around it."""
    if not folder.is_dir():
        _made(folder.parent)
        folder.mkdir(exist_ok=True)
        _flushed(folder.parent)


def _flushed(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _locked(handle: int, name: str) -> None:
    """Hold the folder for this process alone; its end, however it comes, lets go. Systems without such locks pass."""
    with suppress(ImportError):
        import fcntl

        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = f"{name}: another ribao publish is at work there; wait for it, then run again"
            raise ArchiveBusy(message) from None


def _unless_missing(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


@contextmanager
def _told_of(name: str, done: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except OSError as error:
        place = f" ({error.filename})" if error.filename and str(error.filename) != name else ""
        mend = "nothing of it counts; put it right and run again" if done == "written" else "see who may read it"
        raise ArchiveError(f"{name}: the archive cannot be {done}: {error.strerror}{place}; {mend}") from error
