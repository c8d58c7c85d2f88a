"""A report set for publishing: the PDF with all its sources inside, the letters, the records kept beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from report.compose import erratum as errata
from report.compose import printed
from report.deliver import enclosures
from report.deliver.manifest import Noted, digest
from report.deliver.publication import Publication
from report.document import Correction, Document, Erratum, Section
from report.facts import Finding, Waiver
from report.lookback import BEIJING
from report.pipeline import building, gate
from report.pipeline.building import Draft
from report.pipeline.house import House, Progress
from report.render import FORMATS, glyphs, letter

if TYPE_CHECKING:
    from report.render.pdf import Attachment

PRINTED, CORRECTIONS = "printed.json", "erratum.json"


@dataclass(frozen=True, slots=True)
class Superseded:
    """The version an erratum follows: its number, the day it was published, all that it printed."""

    version: int
    published: date
    printed: tuple[printed.Printed, ...]


@dataclass(frozen=True, slots=True)
class Imprint:
    """A report set, not signed: publication, findings and those waived, files kept beside it, digest of its facts."""

    publication: Publication
    findings: tuple[Finding, ...]
    waived: Mapping[Finding, Waiver]
    records: Mapping[str, bytes]
    facts: str


def imprint(
    house: House,
    draft: Draft,
    workbooks: Mapping[str, bytes],
    superseded: Superseded | None = None,
    progress: Progress = lambda _: None,
) -> Imprint:
    """Set the report on paper and as letters, everything attached. The same inputs give the same bytes.

    workbooks: the desk's, by name. Raises GateClosed for an ERROR or a WARNING that nobody waived, and RenderError.
    """
    templates = house.workspace.folders("templates")
    rows = enclosures.facts(draft.evidence.day, house.catalog)
    records = {enclosures.FACTS: enclosures.as_json(rows), PRINTED: as_printed(draft.document)}
    document = replace(draft.document, facts=digest(records[enclosures.FACTS]))
    if superseded is not None:
        found = errata.corrections(superseded.printed, printed.printed(draft.document))
        document = errata.noted(document, found, superseded.version + 1, superseded.published)
        records[CORRECTIONS] = enclosures.as_json([_told(one) for one in found])
    attached: Future[Sequence[Attachment]] = Future()
    unprintable = glyphs.findings(document, templates, house.catalog.settings.texts())
    formats = () if unprintable else ("pdf", "letter")
    with building.setting(document, formats, templates, progress, attached) as pages:
        findings, waived = building.told(draft, unprintable)
        gate.closed_by_warnings(document.date, findings, waived)
        records[enclosures.FINDINGS] = enclosures.as_json([one.model_dump() for one in noted(findings, waived)])
        sheet = enclosures.as_sheet(rows, house.catalog.words.columns, document.title, _morning(document.date))
        attached.set_result(_attachments(workbooks, {**records, enclosures.SHEET: sheet}, house))
        contents = pages()
    html, text = contents["letter"].decode(), letter.plain(document, templates).decode()
    about = (document.date, document.version, document.title, _filename(house, document))
    publication = Publication(*about, contents["pdf"], html, text, _note(document, house))
    return Imprint(publication, findings, waived, records, document.facts)


def noted(findings: Sequence[Finding], waived: Mapping[Finding, Waiver]) -> tuple[Noted, ...]:
    """The findings as a manifest and the PDF carry them."""
    return tuple(
        Noted(
            code=one.code,
            severity=one.severity.name,
            where=one.where,
            message=one.message,
            waived=f"{waived[one].reason} — {waived[one].by}" if one in waived else "",
        )
        for one in findings
    )


def as_printed(document: Document) -> bytes:
    """printed.json: what the document says, place by place."""
    return enclosures.as_json([one.as_row() for one in printed.printed(document)])


def _told(one: Correction) -> dict[str, object]:
    return asdict(one) | {"before": printed.rows(one.before), "after": printed.rows(one.after)}


def _attachments(workbooks: Mapping[str, bytes], records: Mapping[str, bytes], house: House) -> list[Attachment]:
    from report.render.pdf import Attachment

    told = house.catalog.words.attached
    carried = [Attachment(name, data, told.workbook, "Source") for name, data in workbooks.items()]
    for name, data in records.items():
        if name != PRINTED:
            kind = "Data" if name in (enclosures.FACTS, enclosures.SHEET) else "Supplement"
            carried.append(Attachment(apart(name, workbooks), data, getattr(told, name.partition(".")[0]), kind))
    return carried


def apart(name: str, taken: Mapping[str, bytes]) -> str:
    """The name, with a mark before it where a workbook is called the same."""
    return name if name not in taken else apart(f"_{name}", taken)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(7), BEIJING)


def _filename(house: House, document: Document) -> str:
    mark = f"_v{document.version}" if document.version > 1 else ""
    return f"{house.catalog.settings.title}_{document.date:%Y%m%d}{mark}.pdf"


def _note(document: Document, house: House) -> str:
    """The note of an erratum as plain text, '' where the document is none."""
    notes = tuple(block for section in document.sections for block in section.blocks if isinstance(block, Erratum))
    if not notes:
        return ""
    alone = replace(document, sections=(Section("", "erratum", notes),), foot="")
    return FORMATS["text"](alone, house.workspace.folders("templates")).decode().strip()
