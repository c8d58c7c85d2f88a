"""Who lets a report go, and what exactly: a name, and the digest of all the report is made of and prints.

Times of files say nothing (a copy keeps the old one, a server's clock is ahead), so an approval names the content.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from report.document import Document
from report.errors import InputError, UsageError
from report.pipeline import keeping
from report.pipeline.house import House
from report.pipeline.imprint import as_printed

LENGTH = 12  # characters of a digest that a person copies


def digest(files: Mapping[str, bytes], document: Document) -> str:
    """What an approval of that document must name. files: those of `keeping`, but for what is only a list of names."""
    held = hashlib.sha256(as_printed(document))
    for name, data in sorted(files.items()):
        if name != keeping.OTHERS:
            held.update(f"\n{name}\n{hashlib.sha256(data).hexdigest()}".encode())
    return held.hexdigest()[:LENGTH]


def named(name: str, where: str) -> str:
    """The name of who approves, '' for none. Raises UsageError where it holds what nobody can see."""
    bare = " ".join(name.split())
    if not bare.isprintable():
        hidden = next(each for each in bare if not each.isprintable())
        raise UsageError(f"{where}: {bare!a} holds an invisible character (U+{ord(hidden):04X}); type the name anew")
    return bare


def approval(house: House, report_date: date, name: str, wanted: str) -> str:
    """Who approved, by the day's file of that name, what `wanted` is the digest of.

    Raises InputError that says what the file lacks, also where there is none.
    """
    path = house.workspace.inbox(report_date) / name
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError(
            f"nobody has approved it; put your name into {path}, and {wanted} on the line below, "
            "or run with --approver NAME"
        ) from None
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}; see who may read it") from error
    lines = [line.strip() for line in _text(path, data).splitlines() if line.strip()]
    try:
        who = named(lines[0], str(path)) if lines else ""
    except UsageError as error:
        raise InputError(str(error)) from error
    if not who or who.casefold() == wanted:
        raise InputError(f"nobody has approved it; {path} must have your name in its first line, then {wanted}")
    if wanted not in (word.casefold() for line in lines[1:] for word in line.split()):
        raise InputError(
            f"nobody has approved it as it is now; {path} is of another state or names none: "
            f"read the report, then put {wanted} on the line below the name"
        )
    return who


def _text(path: Path, data: bytes) -> str:
    """A small file as an editor in China saves it: UTF-8, UTF-16 with its mark, or GB 18030."""
    marked = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ("utf-16",) if marked else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path}: its encoding is not known; save it as UTF-8")
