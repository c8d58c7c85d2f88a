"""What the archive writes down of one version of one day's report: `manifest.json`, and the seal beside it.

The seal is the SHA-256 of the manifest's bytes. Every manifest names the one laid before it and its seal, so the seals
are a chain over all days: whoever knows a seal can tell whether anything laid up to then is what it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, ValidationError

MANIFEST, SEAL = "manifest.json", "manifest.sha256"
FORM = 1


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Item(_Entry):
    """One file: its digest in hexadecimal, its size in bytes, and the folder of the archive it lies in."""

    sha256: str
    size: int
    within: str


class Link(_Entry):
    """Another version laid earlier, by its day, its number and the seal of its manifest."""

    report_date: date
    version: int
    seal: str


class Head(_Entry):
    """The version laid last; coming: the one that is being laid, which counts as soon as its manifest is there."""

    newest: Link | None = None
    coming: Link | None = None

    def written(self) -> bytes:
        """The bytes of head.json."""
        return _json(self)


class Noted(_Entry):
    """A finding of the report, as the checks told it; waived: who let it stand, and why."""

    code: str
    severity: str
    where: str
    message: str
    waived: str = ""


class Manifest(_Entry):
    """What is archived of one version, how it came about, and who answers for it.

    sequence counts everything ever laid, from 1. files lie in the version's own folder; kept, by the name each had in
    the house, is all it was made of, which may lie in an earlier version's folder. unsigned is the PDF before anybody
    signed it: the first bytes of the file. known_at is the moment the workbooks were read, facts the digest of
    all facts, versions those of the programs that made it.
    """

    form: int = FORM
    sequence: int
    report_date: date
    version: int
    title: str
    pdf: str
    approver: str
    analysts: tuple[str, ...]
    remarks: tuple[str, ...]
    known_at: datetime
    published_at: datetime
    previous: Link | None
    supersedes: Link | None
    erratum: str
    facts: str
    findings: tuple[Noted, ...]
    versions: Mapping[str, str]
    unsigned: Item
    files: Mapping[str, Item]
    kept: Mapping[str, Item]

    @property
    def place(self) -> str:
        """Its folder in the archive: 2024/03/2024-03-29/v1."""
        return place(self.report_date, self.version)

    def items(self) -> dict[str, Item]:
        """Path in the archive -> what lies there, of all files in its own folder but manifest and seal."""
        own = {f"{self.place}/{name}": item for name, item in self.files.items()}
        return own | {path_of(item): item for item in self.kept.values() if item.within == self.place}

    def written(self) -> bytes:
        """The bytes of manifest.json."""
        return _json(self)

    def seal(self) -> bytes:
        """The bytes of manifest.sha256."""
        return f"{digest(self.written())}\n".encode()


def _json(entry: BaseModel) -> bytes:
    return (entry.model_dump_json(indent=1) + "\n").encode()


def place(report_date: date, version: int) -> str:
    """The folder of one version."""
    return f"{report_date:%Y/%m/%Y-%m-%d}/v{version}"


def path_of(kept: Item) -> str:
    """Where something kept by its content lies in the archive."""
    return f"{kept.within}/kept/{kept.sha256}"


def digest(data: bytes) -> str:
    """The SHA-256 of the bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def item(data: bytes, within: str) -> Item:
    """The bytes as a manifest names them."""
    return Item(sha256=digest(data), size=len(data), within=within)


def read(data: bytes) -> Manifest:
    """The manifest of these bytes. Raises ValueError where they are none, or of a later form."""
    try:
        return Manifest.model_validate_json(data)
    except ValidationError as error:
        raise ValueError(f"not a manifest this version reads: {error.errors()[0]['msg']}") from error
