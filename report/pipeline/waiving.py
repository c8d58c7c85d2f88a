"""One more waiver in the file of a day or a note: the finding is looked for as the checks tell it now.

It is named by all it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from report import waivers, workspace
from report.errors import UsageError
from report.facts import Finding, Severity, Waiver
from report.pipeline.checking import check
from report.pipeline.house import House, Progress

NAMED = 6  # so many places are named to one who named none of them


def waive(
    house: House,
    report_date: date,
    code: str,
    where: str,
    *,
    reason: str,
    by: str,
    now: datetime,
    progress: Progress = lambda _: None,
) -> tuple[Path, tuple[Waiver, ...]]:
    """Write waivers of the warnings with that code at that place into data/waivers/DATE.toml; gives file and waivers.

    where may be typed with '>' for '›'. Raises UsageError for no reason or name, for an error, for what is waived
    already, and for a place where no such warning is told.
    """
    said(reason, by)
    checked = check(house, report_date, now, progress)
    granted = granting(checked.findings, checked.waived, code, where, reason, by)
    return written(house, report_date, granted), granted


def waive_note(
    house: House, name: str, code: str, where: str, *, reason: str, by: str, progress: Progress = lambda _: None
) -> tuple[Path, tuple[Waiver, ...]]:
    """The same for a research note, into data/waivers/notes/NAME.toml; ends when the passage is changed."""
    from report.pipeline import noting

    said(reason, by)
    draft = noting.draft(house, name, progress)
    granted = granting(draft.findings, draft.waived, code, where, reason, by)
    placed = tuple(replace(one, passage=waivers.passage_at(one.where, draft.texts)) for one in granted)
    return written(house, name, placed), placed


def said(reason: str, by: str) -> None:
    """Raise UsageError where reason or name is not said in one line of words."""
    for option, text in (("--reason", reason), ("--by", by)):
        if not text.strip() or not text.isprintable():
            raise UsageError(f"{option}: say it in one line of words; a waiver without reason and name is none")


def granting(
    findings: Sequence[Finding], waived: Mapping[Finding, Waiver], code: str, where: str, reason: str, by: str
) -> tuple[Waiver, ...]:
    """Waivers of the open warnings with that code at that place. Raises UsageError where there is none, saying why."""
    named = [one for one in findings if one.code == code.upper() and _same_place(one.where, where)]
    granted = tuple(
        Waiver(one.code, one.where, one.message, reason.strip(), by.strip())
        for one in named
        if one.severity is Severity.WARNING and one not in waived
    )
    if not granted:
        raise UsageError(_refused(code, where, named, findings))
    return granted


def written(house: House, report: date | str, granted: Sequence[Waiver]) -> Path:
    """Write the waivers into the file of a date or a note; gives it."""
    path = house.workspace.root / "data" / waivers.name_of(report)
    text = waivers.added(_there(house, report), granted)
    workspace.lay(path.parent, {path.name: text.encode()})
    return path


def _there(house: House, report: date | str) -> str:
    """The file as it is: the desk's own, or the packaged one, which the desk's will hide."""
    for folder in house.workspace.folders("data"):
        path = folder / waivers.name_of(report)
        if path.is_file():
            return path.read_bytes().decode("utf-8-sig")
    return ""


def _same_place(told: str, typed: str) -> bool:
    return _steps(told) == _steps(typed)


def _steps(where: str) -> list[str]:
    return ["".join(step.split()) for step in where.replace(">", "›").split("›")]


def _refused(code: str, where: str, named: Sequence[Finding], findings: Sequence[Finding]) -> str:
    if any(one.severity is Severity.ERROR for one in named):
        return f"{code} at {where} is an error, which cannot be waived; mend it"
    if any(one.severity is Severity.WARNING for one in named):
        return f"{code} at {where} is waived already"
    if named:
        return f"{code} at {where} is a note, and needs no waiver"
    places = [one.where for one in findings if one.code == code.upper() and one.severity is Severity.WARNING]
    known = (
        f"{code} is told of {'、'.join(places[:NAMED])}{' …' if len(places) > NAMED else ''}"
        if places
        else (f"nothing is told with {code}; ribao check lists what is")
    )
    return f"{where}: no warning {code} there; {known}"
