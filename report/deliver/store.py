"""An archive in a store that fsspec knows: S3, OSS, WebDAV, SFTP, the memory of this process.

Such a store has no rename of a folder and no lock. A version's other files are written first and its manifest last, as
a new object where the store can promise that; what a stopped publisher left has no manifest, does not count, and is
cleared away by the next one. Two publishers at once must be kept apart by whoever starts them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from report import addresses
from report.errors import ArchiveError

Foreign: TypeAlias = Any  # a thing of fsspec, which has no types


class Store:
    """An archive under a folder of an fsspec file system."""

    def __init__(self, system: Foreign, root: str, name: str) -> None:
        self.system, self.root, self.name = system, root.rstrip("/"), name

    @classmethod
    def at(cls, url: str) -> Store:
        """The store of a URL. Raises ArchiveError where fsspec does not know it or lacks a package for it."""
        from fsspec.core import url_to_fs

        try:
            system, root = url_to_fs(url)
        except Exception as error:  # every package behind fsspec has errors of its own
            shown, reason = url.partition("://")[0] + "://…", addresses.shown(str(error))
            raise ArchiveError(f"{shown}: the archive cannot be opened: {reason}; see `archive` in settings") from error
        return cls(system, str(root), addresses.shown(url.partition("?")[0]))

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileNotFoundError, ArchiveError."""
        with self._told_of("read"):
            return bytes(self.system.cat_file(self._at(path)))

    def files(self, under: str = "") -> list[str]:
        """The names of all files under a folder. Raises ArchiveError."""
        with self._told_of("read"):
            self.system.invalidate_cache()
            found = self.system.find(self._at(under))
        return sorted(str(path)[len(self.root) :].lstrip("/") for path in found)

    def links(self) -> list[str]:
        """None: a store has no links."""
        return []

    @contextmanager
    def lying(self, place: str, files: Mapping[str, bytes], last: str) -> Iterator[None]:
        """Write all but the last file, and that one when the block ends well. Raises ArchiveError."""
        there = self.files(place)
        if f"{place}/{last}" in there:
            raise ArchiveError(f"{self.name}/{place}: is there already, and what is archived is never written over")
        with self._told_of("written"):
            for path in there:
                self.system.rm_file(self._at(path))
            for name in (name for name in files if name != last):
                self._pipe(f"{place}/{name}", files[name])
        yield
        with self._told_of("written"):
            self._create(f"{place}/{last}", files[last])

    def put(self, path: str, data: bytes) -> None:
        """Write one file; a store shows it whole or not yet. Raises ArchiveError."""
        with self._told_of("written"):
            self._pipe(path, data)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nothing is held: a store has no lock."""
        yield

    def _at(self, path: str) -> str:
        return f"{self.root}/{path}".rstrip("/")

    def _pipe(self, path: str, data: bytes, mode: str = "overwrite") -> None:
        self.system.makedirs(self._at(path).rpartition("/")[0], exist_ok=True)
        self.system.pipe_file(self._at(path), data, mode=mode)

    def _create(self, path: str, data: bytes) -> None:
        try:
            self._pipe(path, data, mode="create")
        except FileExistsError:
            message = f"{self.name}/{path}: somebody else has just published this; look at it with: ribao archive list"
            raise ArchiveError(message) from None

    @contextmanager
    def _told_of(self, done: str) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, FileExistsError):
            raise
        except ArchiveError:
            raise
        except Exception as error:  # every package behind fsspec has errors of its own
            reason = addresses.shown(str(getattr(error, "strerror", None) or error))
            raise ArchiveError(
                f"{self.name}: the archive cannot be {done}: {reason}; put it right and run again"
            ) from error
