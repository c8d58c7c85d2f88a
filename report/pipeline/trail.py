"""留痕: what the archive shows years later: who published what, that it is whole, that it can be made again."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime

from report.deliver import fixity
from report.deliver.archive import HTML, TEXT, Archive
from report.deliver.fixity import Examined, Fault
from report.deliver.manifest import MANIFEST, Manifest, Noted, digest, place
from report.deliver.witness import lettered
from report.errors import ArchiveError, ReportError
from report.lookback import BEIJING
from report.pipeline import building, keeping
from report.pipeline.house import House, Progress, database, open_archive
from report.pipeline.imprint import Imprint, imprint
from report.pipeline.inputs import read_workbooks
from report.pipeline.publishing import superseded_of, versions

UNLAID = "has letters in the outbox, and is not in the archive"

Sending = Callable[[date, int], str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the archive: a version, the number of the one that superseded it (0: none), how far it is sent."""

    manifest: Manifest
    superseded: int
    sending: str


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """A report made again: the files whose bytes are others than those archived, and what made it otherwise.

    otherwise: program -> (its version then, its version now), of those that differ.
    """

    manifest: Manifest
    differing: tuple[str, ...]
    otherwise: dict[str, tuple[str, str]]


def listing(house: House, sending: Sending = lambda *_: "", unread: list[str] | None = None) -> list[Entry]:
    """Every version in the archive, by day and number. sending: how far the letters of one are, in a word or two.

    unread: takes what is wrong with a version that cannot be read. Raises ArchiveError, without it also for such.
    """
    archive = open_archive(house)
    return [
        Entry(one, newer, sending(one.report_date, one.version))
        for day in archive.days()
        for one, newer in _of(archive, day, unread)
    ]


def _of(archive: Archive, day: date, unread: list[str] | None) -> Iterator[tuple[Manifest, int]]:
    found = []
    for number in archive.versions(day):
        try:
            found.append(archive.manifest(day, number))
        except ArchiveError as error:
            if unread is None:
                raise
            unread.append(str(error))
    yield from zip(found, [*(one.version for one in found[1:]), 0], strict=True)


def shown(house: House, report_date: date, version: int | None = None) -> tuple[Manifest, str]:
    """The manifest of a version, of the newest where none is named, and its seal. Raises ArchiveError."""
    found = open_archive(house).manifest(report_date, version)
    return found, digest(found.written())


def verify(house: House, seal: str = "") -> Examined:
    """Read every byte of the archive; `seal`, written down earlier, must be in its chain.

    What letters were written of must be there too, and be what they carried. Raises ArchiveError, HistoryError.
    """
    archive = open_archive(house)
    found = fixity.examine(archive, seal.strip().lower())
    known = {one.file for one in found.faults}
    return replace(found, faults=(*found.faults, *(one for one in _lettered(house, archive) if one.file not in known)))


def _lettered(house: House, archive: Archive) -> Iterator[Fault]:
    """The versions letters were written of that are not in the archive, or are others than those."""
    for (day, version), pdfs in lettered(database(house.workspace, house.catalog)).items():
        file = f"{place(day, version)}/{MANIFEST}"
        try:
            found = archive.manifest(day, version)
        except ArchiveError:
            yield Fault(str(day), file, UNLAID)
            continue
        if pdfs - {found.files[found.pdf].sha256}:
            yield Fault(str(day), file, "the outbox has letters with another PDF than this version's")


def rebuild(
    house: House, report_date: date, version: int | None = None, progress: Progress = lambda _: None
) -> tuple[Rebuilt, dict[str, bytes]]:
    """Make a version again from what the archive kept of it and nothing else; gives the files made too, by name.

    A signed PDF is compared up to its signature. Raises ArchiveError, also where this version of ribao cannot.
    """
    archive = open_archive(house)
    found = archive.manifest(report_date, version)
    kept = {name: archive.kept(found, name) for name in found.kept}
    try:
        made = _again(found, kept, progress)
    except ReportError as error:
        made_by, this = (f"ribao {told['ribao']} ({told['code']})" for told in (found.versions, versions()))
        message = f"{found.place}: cannot be made again: {error}\nit was made by {made_by}, this is {this}"
        raise ArchiveError(message) from error
    one = made.publication
    files = {found.pdf: one.pdf, HTML: one.html.encode(), TEXT: one.text.encode(), **made.records}
    expected = {name: item.sha256 for name, item in found.files.items()} | {found.pdf: found.unsigned.sha256}
    differing = tuple(name for name in expected if name not in files or digest(files[name]) != expected[name])
    now = versions()
    names = sorted({*now, *found.versions})
    then = [(name, found.versions.get(name, "—"), now.get(name, "—")) for name in names]
    return Rebuilt(found, differing, {name: (old, new) for name, old, new in then if old != new}), files


def _again(found: Manifest, kept: Mapping[str, bytes], progress: Progress) -> Imprint:
    report_date = found.report_date
    with keeping.restored(report_date, kept) as alone:
        known, last = keeping.known_of(kept[keeping.KNOWN]), keeping.views_of(kept[keeping.VIEWS])
        progress("读取归档的底稿")
        reading = read_workbooks(alone, report_date, found.known_at)
        draft = building.drafted(alone, report_date, reading, known, last)
        earlier = superseded_of(kept[keeping.BEFORE]) if keeping.BEFORE in kept else None
        return imprint(alone, draft, keeping.workbooks(kept), earlier, progress)


def cells(entry: Entry) -> tuple[str, ...]:
    """An entry as one line of a table."""
    one = entry.manifest
    state = f"已由 v{entry.superseded} 取代" if entry.superseded else "有效"
    head = (str(one.report_date), f"v{one.version}", one.approver, _moment(one.published_at))
    return (*head, state, entry.sending, digest(one.written())[:12])


def as_json(entries: Sequence[Entry]) -> str:
    """The entries as a JSON list, one object a line."""
    rows = [
        {
            "report_date": str(one.manifest.report_date),
            "version": one.manifest.version,
            "approver": one.manifest.approver,
            "published_at": one.manifest.published_at.isoformat(),
            "superseded_by": one.superseded or None,
            "sending": one.sending,
            "pdf": f"{one.manifest.place}/{one.manifest.pdf}",
            "seal": digest(one.manifest.written()),
        }
        for one in entries
    ]
    return "[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n]"


def told(found: Manifest) -> list[tuple[str, str]]:
    """A manifest for people: a name and what it says, line by line."""
    lines = [
        ("报告", f"{found.title}（v{found.version}，归档第 {found.sequence} 份）"),
        ("审核", found.approver),
        ("分析师", "、".join(found.analysts)),
        ("发布于", f"{_moment(found.published_at)}（北京时间）"),
        ("取代", f"v{found.supersedes.version}" if found.supersedes else ""),
        *(("附记", remark) for remark in found.remarks),
        *(("更正", line) for line in found.erratum.splitlines()),
        ("数值摘要", found.facts),
        *(("程序", f"{name} {version}") for name, version in found.versions.items()),
        *(("核对", f"{one.severity} {one.where}: {one.message} [{one.code}]{_waived(one)}") for one in found.findings),
        *(("文件", f"{name}  {item.size}  {item.sha256}") for name, item in found.files.items()),
        *(("所据", f"{name}  {item.size}  {item.sha256}") for name, item in found.kept.items()),
        ("封印", digest(found.written())),
    ]
    return [line for line in lines if line[1]]


def _waived(one: Noted) -> str:
    return f"；豁免：{one.waived}" if one.waived else ""


def _moment(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")


def examined_as_json(found: Examined) -> str:
    """What verifying found, as JSON."""
    return json.dumps(asdict(found), ensure_ascii=False, indent=1)
