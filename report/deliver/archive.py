"""The archive: every version of every published report, whole and for good.

head.json                          the newest manifest and its seal
2024/03/2024-03-29/v1/             one version: appears at once, never changes
    商品日报_20240329.pdf  letter.html  letter.txt  facts.json  printed.json
    kept/<sha256>                  what it was made of, by content; what an earlier version keeps is not kept again
    manifest.json  manifest.sha256
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from report.deliver import manifest as manifests
from report.deliver.manifest import MANIFEST, SEAL, Head, Item, Link, Manifest, digest, item, path_of, place
from report.deliver.publication import Publication
from report.deliver.shelf import Shelf, shelf
from report.errors import ArchiveError

HEAD = "head.json"
_OF_DAY = re.compile(rf"\d{{4}}/\d{{2}}/(\d{{4}}-\d{{2}}-\d{{2}})/v[1-9]\d*/{re.escape(MANIFEST)}")
HTML, TEXT = "letter.html", "letter.txt"


@dataclass(frozen=True)
class Edition:
    """A publication to be laid, its records (facts.json …), and all it was made of, by the name each has in the house.

    unsigned: how many of the PDF's bytes were there before it was signed. about: what else the manifest says
    (approver, analysts, remarks, known_at, published_at, facts, findings, versions).
    """

    publication: Publication
    unsigned: int
    records: Mapping[str, bytes]
    kept: Mapping[str, bytes]
    about: Mapping[str, Any]


class Archive:
    """The published reports of one desk. `where` is a folder, relative to `root`, or an fsspec URL."""

    def __init__(self, where: str = "archive", root: Path = Path()) -> None:
        self.shelf: Shelf = shelf(where, root)

    def days(self) -> list[date]:
        """The days something was published of, oldest first. Raises ArchiveError."""
        found = (_OF_DAY.fullmatch(path) for path in self.shelf.files())
        return sorted({day for one in found if one and (day := _day(one[1]))})

    def versions(self, report_date: date) -> list[int]:
        """The numbers of the versions published of that day, oldest first. Raises ArchiveError."""
        day = place(report_date, 1).rpartition("/")[0]
        found = (path.split("/")[3:] for path in self.shelf.files(day))
        return sorted(int(parts[0][1:]) for parts in found if parts[1:] == [MANIFEST] and parts[0][1:].isdecimal())

    def manifest(self, report_date: date, version: int | None = None) -> Manifest:
        """The manifest of a version, of the newest where none is named.

        Raises ArchiveError where it was not published, or is not what its seal says.
        """
        there = self.versions(report_date)
        if not there or (version is not None and version not in there):
            asked = f"{report_date}" + (f" v{version}" if version else "")
            raise ArchiveError(
                f"{asked} is not published; publish it with: ribao publish {report_date} --approver NAME"
            )
        return self.sealed(place(report_date, version or there[-1]))[0]

    def sealed(self, where: str) -> tuple[Manifest, str]:
        """The manifest in a folder of the archive, and its seal. Raises ArchiveError where they do not agree."""
        try:
            data, seal = (self.shelf.read(f"{where}/{name}") for name in (MANIFEST, SEAL))
            if f"{digest(data)}\n".encode() != seal:
                raise ValueError("it is not what its seal says")
            return manifests.read(data), digest(data)
        except (FileNotFoundError, ValueError) as error:
            raise ArchiveError(f"{self.shelf.name}/{where}/{MANIFEST}: {error}; see: ribao archive verify") from error

    def linked(self, report_date: date, version: int | None = None) -> Manifest:
        """The same manifest, seen to be one of the chain that head.json ends: not put there by somebody else.

        Raises ArchiveError also where it is none, or what was laid after it cannot be read.
        """
        found = self.manifest(report_date, version)
        at = self.newest()
        while at is not None:
            told, _ = self.sealed(place(at.report_date, at.version))
            if told == found:
                return found
            at = told.previous if told.sequence > found.sequence else None
        raise ArchiveError(
            f"{self.shelf.name}/{found.place}/{MANIFEST}: is not in the chain of what was laid here; "
            "see who has put it there, and: ribao archive verify"
        )

    def publication(self, report_date: date, version: int | None = None) -> Publication:
        """What was published of that day, the newest version where none is named, every byte checked.

        Raises ArchiveError where it was not published, is damaged, or was not laid here.
        """
        found = self.linked(report_date, version)
        pdf, html, text = (self.file(found, name) for name in (found.pdf, HTML, TEXT))
        return Publication(
            found.report_date, found.version, found.title, found.pdf, pdf, html.decode(), text.decode(), found.erratum
        )

    def file(self, found: Manifest, name: str) -> bytes:
        """One of the files of a version, checked. Raises ArchiveError."""
        return self._checked(f"{found.place}/{name}", found.files[name])

    def kept(self, found: Manifest, name: str) -> bytes:
        """Something the version was made of, by the name it had in the house, checked. Raises ArchiveError."""
        return self._checked(path_of(found.kept[name]), found.kept[name])

    def _checked(self, path: str, expected: Item) -> bytes:
        try:
            data = self.shelf.read(path)
        except FileNotFoundError:
            data = None
        if data is None or digest(data) != expected.sha256:
            what = "is missing" if data is None else "has changed since it was laid"
            raise ArchiveError(f"{self.shelf.name}/{path}: {what}; see: ribao archive verify")
        return data

    @contextmanager
    def laying(self, edition: Edition) -> Iterator[Manifest]:
        """Write the edition down as its version of its day; it is there when the block ends well.

        When it does not, nothing has changed. To be called within `alone`. Raises ArchiveError.
        """
        newest = self.newest()
        told = self._told(edition, newest)
        data = told.written()
        link = Link(report_date=told.report_date, version=told.version, seal=digest(data))
        files = {told.pdf: edition.publication.pdf, **_letters(edition.publication), **edition.records}
        content = {digest(each): each for each in edition.kept.values()}
        files |= {f"kept/{one.sha256}": content[one.sha256] for one in told.kept.values() if one.within == told.place}
        files |= {SEAL: told.seal(), MANIFEST: data}
        with self.shelf.lying(told.place, files, MANIFEST):
            yield told
            self._put_head(Head(newest=newest, coming=link))
        with suppress(ArchiveError):  # the head names it already, as the one that is coming
            self._put_head(Head(newest=link))

    def alone(self) -> AbstractContextManager[None]:
        """A context in which nobody else publishes, where the shelf can see to that. Raises ArchiveError."""
        return self.shelf.alone()

    def newest(self) -> Link | None:
        """The version laid last, None in an empty archive. Raises ArchiveError."""
        head = self.head()
        if head.coming and self._there(head.coming):
            return head.coming
        return head.newest

    def head(self) -> Head:
        """What head.json says. Raises ArchiveError."""
        try:
            return Head.model_validate_json(self.shelf.read(HEAD))
        except FileNotFoundError:
            return Head()
        except ValidationError as error:
            message = f"{self.shelf.name}/{HEAD}: not what ribao writes; see: ribao archive verify"
            raise ArchiveError(message) from error

    def _there(self, link: Link) -> bool:
        try:
            return self.sealed(place(link.report_date, link.version))[1] == link.seal
        except ArchiveError:
            return False

    def _put_head(self, head: Head) -> None:
        self.shelf.put(HEAD, head.written())

    def _told(self, edition: Edition, newest: Link | None) -> Manifest:
        one = edition.publication
        where = place(one.report_date, one.version)
        before = self.sealed(place(newest.report_date, newest.version))[0] if newest else None
        known = {each.sha256: each for each in before.kept.values()} if before else {}
        kept = {name: item(data, where) for name, data in sorted(edition.kept.items())}
        files = {one.filename: one.pdf, **_letters(one), **edition.records}
        return Manifest(
            sequence=before.sequence + 1 if before else 1,
            report_date=one.report_date,
            version=one.version,
            title=one.title,
            pdf=one.filename,
            previous=newest,
            supersedes=self._link(one.report_date, one.version - 1) if one.version > 1 else None,
            erratum=one.erratum,
            unsigned=item(one.pdf[: edition.unsigned], where),
            files={name: item(data, where) for name, data in sorted(files.items())},
            kept={name: known.get(each.sha256, each) for name, each in kept.items()},
            **edition.about,
        )

    def _link(self, report_date: date, version: int) -> Link:
        seal = self.sealed(place(report_date, version))[1]
        return Link(report_date=report_date, version=version, seal=seal)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name)
    except ValueError:
        return None


def _letters(publication: Publication) -> dict[str, bytes]:
    return {HTML: publication.html.encode(), TEXT: publication.text.encode()}
