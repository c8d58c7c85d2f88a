"""豁免: what data/waivers/DATE.toml lets pass, whether it still does, and one more written into it.

A file counts on the report of its own date and on no other, so that a waiver ends with its day. Those of a research
note are data/waivers/notes/NAME.toml; each ends when the passage it was granted for is changed, and moves with it.
"""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from report import catalog as catalogs
from report.entries import WaiversFile
from report.errors import UsageError
from report.facts import Finding, Severity, Waiver

FOLDER = "waivers"
FIELDS = ("code", "where", "says", "reason", "by", "passage")
PLACE = re.compile(r"(.+ › line )([0-9]+)(.*)", re.S)
FENCE = "```"


def name_of(report: date | str) -> str:
    """The file of a report of that date, or of a note of that name, inside data/."""
    return f"{FOLDER}/{report}.toml" if isinstance(report, date) else f"{FOLDER}/notes/{report}.toml"


def load(folders: Sequence[Path], report: date | str) -> tuple[Waiver, ...]:
    """The waivers of that date or note, none where there is no file. Raises CatalogError naming file and key."""
    name = name_of(report)
    if name not in catalogs.files(folders, name):
        return ()
    read = catalogs.entry(folders, name, WaiversFile)
    return tuple(
        Waiver(
            *(entry.code, entry.where, entry.says, entry.reason, entry.by, f"data/{name} › waiver {number}"),
            entry.passage,
        )
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
        "[[waiver]]\n" + "".join(f"{field} = {_quoted(told)}\n" for field in FIELDS if (told := getattr(one, field)))
        for one in waivers
    )
    told = "\n".join([text.rstrip("\r\n") + "\n" if text.strip() else "", *blocks]).lstrip("\n")
    try:
        WaiversFile.model_validate(tomllib.loads(told))
    except ValueError as error:
        raise UsageError(f"the file of waivers cannot be added to: {error}; write each waiver as [[waiver]]") from error
    return told


def passage_at(where: str, texts: Mapping[str, str]) -> str:
    """What names the passage a place of a text stands in: a digest of it, and the line within; '' for no such place."""
    told = PLACE.fullmatch(where)
    file = told[1].removesuffix(" › line ") if told else ""
    for first, last, digest in _passages(texts.get(file, "")):
        if told and first <= int(told[2]) <= last:
            return f"{digest}+{int(told[2]) - first}"
    return ""


def followed(waivers: Sequence[Waiver], texts: Mapping[str, str]) -> tuple[list[Waiver], list[Finding]]:
    """The waivers of a note at the lines where their passages stand now; and those whose passage is gone (W801: NOTE).

    texts: the note's files by name.
    """
    live, ended = [], []
    for waiver in waivers:
        told = PLACE.fullmatch(waiver.where)
        file = told[1].removesuffix(" › line ") if told else ""
        if told is None or file not in texts:
            live.append(waiver)
            continue
        digest, _, within = waiver.passage.partition("+")
        lines = [first + int(within) for first, _, own in _passages(texts[file]) if own == digest]
        if lines:
            line = min(lines, key=lambda one: abs(one - int(told[2])))
            live.append(replace(waiver, where=f"{told[1]}{line}{told[3]}"))
        else:
            message = f"waives {waiver.code} at {waiver.where}, but the passage was changed since; take the waiver out"
            ended.append(Finding("W801", Severity.NOTE, waiver.source, message))
    return live, ended


def _passages(text: str) -> Iterator[tuple[int, int, str]]:
    """First line, last line and digest of every passage: what stands between empty lines, and a fenced block whole."""
    run: list[str] = []
    fenced, lines = False, text.splitlines()
    for number, line in enumerate([*lines, ""], start=1):
        fenced = fenced is not line.lstrip().startswith(FENCE)
        if line.strip() or (fenced and number <= len(lines)):
            run.append(line.rstrip())
        elif run:
            digest = hashlib.sha256("\n".join(run).encode()).hexdigest()[:12]
            yield number - len(run), number - 1, digest
            run = []


def _quoted(text: str) -> str:
    """A TOML string: JSON's escapes are TOML's, but for the one control character that JSON leaves as it is."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
