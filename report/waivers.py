"""豁免: what data/waivers/DATE.toml lets pass, whether it still does, and one more written into it.

A file counts on the report of its own date and on no other, so that a waiver ends with its day.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from report import catalog as catalogs
from report.entries import WaiversFile
from report.errors import UsageError
from report.facts import Finding, Severity, Waiver

FOLDER = "waivers"
FIELDS = ("code", "where", "says", "reason", "by")


def name_of(report_date: date) -> str:
    """The file of that date, inside data/."""
    return f"{FOLDER}/{report_date}.toml"


def load(folders: Sequence[Path], report_date: date) -> tuple[Waiver, ...]:
    """The waivers of that date, none where there is no file. Raises CatalogError naming file and key."""
    name = name_of(report_date)
    if name not in catalogs.files(folders, name):
        return ()
    read = catalogs.entry(folders, name, WaiversFile)
    return tuple(
        Waiver(entry.code, entry.where, entry.says, entry.reason, entry.by, f"data/{name} › waiver {number}")
        for number, entry in enumerate(read.waiver, 1)
    )


def applied(findings: Sequence[Finding], waivers: Sequence[Waiver]) -> tuple[dict[Finding, Waiver], list[Finding]]:
    """The warnings that are waived, each with its waiver; and the waivers that waive nothing, as findings.

    W801: it names no warning of this run: NOTE. W802: it names an error, which nobody can waive: WARNING.
    """
    waived: dict[Finding, Waiver] = {}
    idle: list[Finding] = []
    for waiver in waivers:
        named = [finding for finding in findings if waiver.names(finding)]
        warnings = [finding for finding in named if finding.severity is Severity.WARNING]
        if not warnings:
            idle.append(_idle(waiver, named, findings))
        for finding in warnings:
            waived.setdefault(finding, waiver)
    return waived, idle


def _idle(waiver: Waiver, named: Sequence[Finding], findings: Sequence[Finding]) -> Finding:
    if any(finding.severity is Severity.ERROR for finding in named):
        message = (
            f"{waiver.code} at {waiver.where} is an error, which cannot be waived; mend it, and take the waiver out"
        )
        return Finding("W802", Severity.WARNING, waiver.source, message)
    there = [one for one in findings if (one.code, one.where.split()) == (waiver.code, waiver.where.split())]
    now = f"it now says: {there[0].message}" if there else "nothing of the kind was found there"
    message = f"waives {waiver.code} at {waiver.where}, but {now}; take the waiver out"
    return Finding("W801", Severity.NOTE, waiver.source, message)


def added(text: str, waivers: Sequence[Waiver]) -> str:
    """The text of a file of waivers with more of them at its end, what stood there unchanged.

    Raises UsageError where the file lists its waivers in a way that nothing can follow.
    """
    blocks = (
        "[[waiver]]\n" + "".join(f"{field} = {_quoted(getattr(one, field))}\n" for field in FIELDS) for one in waivers
    )
    told = "\n".join([text.rstrip("\r\n") + "\n" if text.strip() else "", *blocks]).lstrip("\n")
    try:
        WaiversFile.model_validate(tomllib.loads(told))
    except ValueError as error:
        raise UsageError(f"the file of waivers cannot be added to: {error}; write each waiver as [[waiver]]") from error
    return told


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for the one control character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
