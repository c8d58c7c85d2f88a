"""From the approved report to the archive: gated more strictly, set with all its sources inside, laid for good.

One publisher is at work at a time. Everything is made before anything is written; what is written appears at once.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from report import __version__
from report.compose import erratum as errata
from report.compose import printed
from report.deliver import signature
from report.deliver.archive import Archive, Edition
from report.deliver.manifest import Manifest, digest
from report.deliver.publication import Publication
from report.deliver.signature import Seal
from report.document import Correction
from report.errors import ArchiveError, InputError, SigningError, UsageError
from report.facts import Finding, Waiver
from report.pipeline import approving, building, keeping
from report.pipeline.building import Draft
from report.pipeline.house import House, Progress, database, open_archive
from report.pipeline.imprint import PRINTED, Imprint, Superseded, imprint, noted

ALONE = "approved by the only analyst who wrote it; nobody else looked at it"


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing gave: the manifest and its seal, whether it is new, the archive's name, findings, worst first."""

    manifest: Manifest
    seal: str
    fresh: bool
    archive: str
    findings: tuple[Finding, ...] = ()
    waived: Mapping[Finding, Waiver] = field(default_factory=dict)


def signing(house: House) -> Seal | None:
    """What the house signs with, None where its settings do not ask for it. Raises SigningError."""
    asked = house.catalog.settings.signing
    if asked is None:
        return None
    key = os.environ.get("RIBAO_SIGNING_KEY", "")
    if not key:
        raise SigningError(
            "data/settings.toml › signing asks for a signature, and no key is named; "
            "put the path of the private key into $RIBAO_SIGNING_KEY, and its passphrase into $RIBAO_SIGNING_PASSPHRASE"
        )
    root, passphrase = house.workspace.root, os.environ.get("RIBAO_SIGNING_PASSPHRASE")
    chain = tuple(root / name for name in asked.chain)
    return Seal(root / asked.certificate, chain, Path(key), passphrase, asked.reason)


def publish(
    house: House,
    report_date: date,
    approver: str,
    now: datetime,
    progress: Progress = lambda _: None,
    *,
    erratum: bool = False,
    approved: str = "",
) -> Published:
    """Archive the report of that date, which `approver` lets go. Published before with the same print, nothing is new.

    erratum: what is printed otherwise since is published as the next version. now: when this happens.
    approved: the digest of what was approved ('' for whatever is there); anything else is an InputError.
    Raises UsageError, NoSession, InputError, GateClosed, RenderError, ArchiveError; nothing is then archived.
    """
    approver = approving.named(approver, "--approver")
    if not approver:
        raise UsageError("--approver: nobody is named; type the name of who has read the report and lets it go")
    seal = signing(house)
    archive = open_archive(house)
    with archive.alone():
        files = keeping.files(house, report_date)
        keeping.without_passwords(files)
        draft = building.assemble(house, report_date, now, progress)
        if approved and approving.digest(files, draft.document) != approved:
            raise InputError(f"{report_date}: a file changed after it was approved; look at it and approve it again")
        kept = files | keeping.history(draft.evidence.known, draft.evidence.last)
        superseded = None
        if there := archive.versions(report_date):
            before = archive.linked(report_date, there[-1])
            changes = _changes(archive, before, draft) if _otherwise(before, kept) else ()
            if not changes:
                return Published(before, digest(before.written()), False, archive.shelf.name)
            if not erratum:
                raise InputError(_unannounced(before, changes))
            kept[keeping.BEFORE] = keeping.before(before, archive.file(before, PRINTED))
            superseded = superseded_of(kept[keeping.BEFORE])
        made = imprint(house, draft, keeping.workbooks(files), superseded, progress)
        if files != keeping.files(house, report_date):
            raise InputError(f"{report_date}: a file changed while the report was made; run ribao publish again")
        progress("归档")
        unsigned = made.publication.pdf
        one = replace(made.publication, pdf=signature.signed(unsigned, seal)) if seal else made.publication
        unsent(house, one)
        edition = Edition(one, len(unsigned), made.records, kept, _about(approver, draft, made, now))
        with archive.laying(edition) as manifest:
            building.keep(house, draft, now)
    return Published(manifest, digest(manifest.written()), True, archive.shelf.name, made.findings, made.waived)


def unsent(house: House, publication: Publication) -> None:
    """See that no letter was ever written of another report with this date and version. Raises ArchiveError."""
    from report.deliver.witness import lettered

    day, version = publication.report_date, publication.version
    known = lettered(database(house.workspace, house.catalog), day).get((day, version), frozenset())
    if known - {publication.sha256}:
        raise ArchiveError(
            f"{open_archive(house).shelf.name}: letters of another {day} v{version} are in the outbox already, and the "
            "archive does not hold it: it may not be mounted, or was moved; see `archive` in data/settings.toml"
        )


def _otherwise(before: Manifest, kept: Mapping[str, bytes]) -> bool:
    """Whether the report would be made of anything else than the version before."""
    was = {name: item.sha256 for name, item in before.kept.items() if name != keeping.BEFORE}
    return was != {name: digest(data) for name, data in kept.items()}


def _changes(archive: Archive, before: Manifest, draft: Draft) -> tuple[Correction, ...]:
    was = [printed.of_row(row) for row in json.loads(archive.file(before, PRINTED))]
    return errata.corrections(was, printed.printed(draft.document))


def _unannounced(before: Manifest, changes: tuple[Correction, ...]) -> str:
    places = "; ".join(" ".join(filter(None, (one.place, one.label, one.column))) for one in changes[:5])
    more = f" and {len(changes) - 5} more" if len(changes) > 5 else ""
    day, version = before.report_date, before.version
    return (
        f"{day} is published as v{version}, and would now be printed otherwise: {places}{more}; "
        f"put the inputs back, or publish the change as v{version + 1} with --erratum"
    )


def superseded_of(kept: bytes) -> Superseded:
    """The version an erratum follows, from what the archive keeps of it."""
    row = json.loads(kept)
    told = tuple(printed.of_row(one) for one in row["printed"])
    return Superseded(row["version"], date.fromisoformat(row["published"]), told)


def _about(approver: str, draft: Draft, made: Imprint, now: datetime) -> dict[str, Any]:
    """What the manifest says beside files: who answers, when, what was found, which programs."""
    analysts = draft.document.authors
    return {
        "approver": approver,
        "analysts": analysts,
        "remarks": remarks(analysts, approver),
        "known_at": now,
        "published_at": now,
        "facts": made.facts,
        "findings": noted(made.findings, made.waived),
        "versions": versions(),
    }


def remarks(analysts: Sequence[str], approver: str) -> tuple[str, ...]:
    """What a reader of the trail should know of who approved."""
    return (ALONE,) if set(analysts) == {approver} else ()


def versions() -> dict[str, str]:
    """The programs that a report's bytes hang on; code is a digest of this package's own files."""
    from report.render import pdf

    return {"ribao": __version__, "code": _code(), **pdf.versions()}


@lru_cache(maxsize=1)
def _code() -> str:
    home = Path(__file__).parent.parent
    held = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        held.update(f"{path.relative_to(home).as_posix()}\n".encode() + path.read_bytes())
    return held.hexdigest()[:16]
