"""Whether an archive is what was laid into it: every byte of every file, and the chain over all days.

What cannot be seen from inside: an archive cut back to an earlier state as a whole, head.json with it. Whoever keeps
the newest seal elsewhere can see that too: `examine(archive, seal)` wants it to be in the chain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from report.deliver.archive import HEAD, Archive
from report.deliver.manifest import MANIFEST, SEAL, Item, Link, Manifest, digest, path_of, place
from report.deliver.shelf import PART
from report.errors import ArchiveError

_PLACE = re.compile(r"[0-9]{4}/[0-9]{2}/([0-9]{4}-[0-9]{2}-[0-9]{2})/(v[1-9][0-9]*)/")

SHORTEST = 12  # characters of a seal that are enough to know it by
_DAY = re.compile(r"(?:^|/)([0-9]{4}-[0-9]{2}-[0-9]{2})/")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was laid: the day it is of ('' for none), the file, and what is wrong with it."""

    day: str
    file: str
    what: str


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found: how many versions and files stand, the newest seal ('' in an empty archive), all faults."""

    versions: int
    files: int
    seal: str
    faults: tuple[Fault, ...]


def examine(archive: Archive, seal: str = "") -> Examined:
    """Read the whole archive. seal: one written down earlier, or its beginning, which must be in the chain.

    Raises ArchiveError.
    """
    return _Examination(archive).examined(seal)


class _Examination:
    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        self.there = set(archive.shelf.files())
        self.links = set(archive.shelf.links())
        self.faults: list[Fault] = []
        self.sound: dict[str, tuple[Manifest, str]] = {}
        self.broken: set[str] = set()

    def examined(self, seal: str) -> Examined:
        self._manifests()
        accounted = {HEAD, *(f"{where}/{name}" for where in self.sound for name in (MANIFEST, SEAL))}
        for told, _ in self.sound.values():
            for path, expected in told.items().items():
                accounted.add(path)
                self._bytes(path, expected)
        self._borrowed()
        for path in sorted(self.links):
            self._fault(path, "is a link: what is archived is a file of its own")
        for path in sorted(self.there - accounted - self.links):
            if not any(path.startswith(f"{where}/") for where in self.broken):
                self._fault(path, self._stranger(path))
        newest = self._chain()
        if seal and not (len(seal) >= SHORTEST and any(known.startswith(seal) for _, known in self.sound.values())):
            self._fault(HEAD, f"no version has the seal {seal}: days that were laid are missing, or were laid anew")
        return Examined(len(self.sound), len(self.there), newest, tuple(self.faults))

    def _fault(self, path: str, what: str, day: str = "") -> None:
        found = _DAY.search(path)
        self.faults.append(Fault(day or (found[1] if found else ""), path, what))

    def _manifests(self) -> None:
        """Read every manifest; of one that is not what its seal says nothing else can be told."""
        folders = {found[0].rstrip("/") for path in self.there if (found := _PLACE.match(path))}
        for where in sorted(folders):
            try:
                told, seal = self.archive.sealed(where)
            except ArchiveError:
                self.broken.add(where)
                self._fault(f"{where}/{MANIFEST}", self._unsealed(where))
                continue
            if told.place != where:
                self.broken.add(where)
                self._fault(f"{where}/{MANIFEST}", f"is that of {told.report_date} v{told.version}")
                continue
            self.sound[where] = told, seal

    def _unsealed(self, where: str) -> str:
        for name in (MANIFEST, SEAL):
            if f"{where}/{name}" not in self.there:
                return f"{name} is missing"
        return "manifest and seal do not agree: one of them has changed"

    def _bytes(self, path: str, expected: Item) -> None:
        if path in self.links:
            return  # a fault by itself, whatever it leads to
        if path not in self.there:
            self._fault(path, "is missing")
            return
        try:
            data = self.archive.shelf.read(path)
        except ArchiveError as error:
            self._fault(path, str(error))
            return
        if len(data) != expected.size:
            self._fault(path, f"has changed: {len(data)} bytes, laid with {expected.size}")
        elif digest(data) != expected.sha256:
            self._fault(path, "has changed")

    def _borrowed(self) -> None:
        """What lies in the folder of a version whose own manifest cannot be read is known from those that use it."""
        owned = {path for told, _ in self.sound.values() for path in told.items()}
        borrowed = {path_of(kept): kept for told, _ in self.sound.values() for kept in told.kept.values()}
        for path in sorted(set(borrowed) - owned):
            self._bytes(path, borrowed[path])

    def _stranger(self, path: str) -> str:
        if path.startswith(PART):
            return "left by a ribao publish that was stopped; the next one clears it away"
        return "was added: no manifest knows it"

    def _chain(self) -> str:
        """Follow the chain from the first version to head.json; give the newest seal."""
        before: Link | None = None
        for told, seal in sorted(self.sound.values(), key=lambda one: one[0].sequence):
            if told.previous != before:
                self._parted(told, told.previous)
            if told.supersedes is not None and not self._holds(told.supersedes):
                self._gap(told.supersedes, f"{told.report_date} v{told.version} supersedes it")
            before = Link(report_date=told.report_date, version=told.version, seal=seal)
        self._end(before)
        return before.seal if before else ""

    def _parted(self, told: Manifest, previous: Link | None) -> None:
        where = f"{told.place}/{MANIFEST}"
        if previous is None:
            self._fault(where, "calls itself the first of the archive and is not")
        elif self._holds(previous):
            self._fault(
                where, f"follows {previous.report_date} v{previous.version}, as another does: laid side by side"
            )
        else:
            self._gap(previous, f"{told.report_date} v{told.version} was laid after it")

    def _holds(self, link: Link) -> bool:
        return self.sound.get(place(link.report_date, link.version), (None, ""))[1] == link.seal

    def _gap(self, link: Link, why: str) -> None:
        where = place(link.report_date, link.version)
        if where in self.broken:
            return
        what = "is another than the one that was laid" if where in self.sound else "is missing"
        fault = Fault(str(link.report_date), f"{where}/{MANIFEST}", f"{what}: {why}")
        if fault not in self.faults:
            self.faults.append(fault)

    def _end(self, last: Link | None) -> None:
        """head.json must name the last version; one publish that was stopped may lie between them."""
        day = str(last.report_date) if last else ""
        if HEAD not in self.there:
            if last or self.broken:
                self._fault(HEAD, "is missing", day)
            return
        try:
            head = self.archive.head()
        except ArchiveError:
            self._fault(HEAD, "is not what ribao writes", day)
            return
        told = head.coming if head.coming and head.coming == last else head.newest
        if self.archive.shelf.read(HEAD) != head.written():
            self._fault(HEAD, "has changed", day)
        elif told is not None and not self._holds(told):
            self._gap(told, f"{HEAD} names it")
        elif told != last and not self.broken:
            self._fault(HEAD, "does not name the version laid last", day)
