"""Which characters the printing fonts have, and where a document holds one they lack."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path

from report.document import Document, Text
from report.errors import CatalogError, MissingGlyph
from report.render.page import found
from report.render.typeset import JOINER

FONTS = ("fonts/RibaoSans-Regular.ttf", "fonts/RibaoSans-Bold.ttf")
NEEDS_NO_GLYPH = frozenset("\n\r\t" + JOINER)


def check(document: Document, page: str, folders: Sequence[Path]) -> None:
    """Raise MissingGlyph for the first character of the page (HTML) that a font lacks, naming its passage."""
    missing = set(page) - known(folders) - NEEDS_NO_GLYPH
    if not missing:
        return
    for where, text in passages(document, document.title):
        for at, character in enumerate(text):
            if character in missing:
                raise MissingGlyph(_message(where, character, text[max(0, at - 8) : at + 9]))
    raise MissingGlyph(_message("templates", min(missing), ""))


def _message(where: str, character: str, around: str) -> str:
    shown = repr(character)[1:-1] if not character.isprintable() else character
    inside = f", in 「{''.join(each if each.isprintable() else '�' for each in around)}」" if around else ""
    return (
        f"{where}: the fonts have no '{shown}' (U+{ord(character):04X}){inside}; "
        "write it another way, or add it to templates/fonts/cut.py and run make fonts"
    )


def known(folders: Sequence[Path]) -> frozenset[str]:
    """The characters every printing font has. Raises CatalogError where a font is missing or unreadable."""
    sets = [_known(path, path.stat().st_mtime_ns) for path in (found(folders, name) for name in FONTS)]
    return sets[0].intersection(*sets[1:])


@lru_cache(maxsize=8)
def _known(path: Path, _changed: int) -> frozenset[str]:
    try:
        return frozenset(map(chr, characters(path)))
    except (struct.error, ValueError, IndexError) as error:
        raise CatalogError(f"{path}: not a TrueType font we can read ({error}); put the packaged one back") from error


def characters(path: Path) -> set[int]:
    """The code points of a TrueType font's Unicode map (cmap format 12, or 4 where there is no other)."""
    with path.open("rb") as file:
        count = struct.unpack(">4xH6x", file.read(12))[0]
        tables = {tag: (start, size) for tag, _, start, size in struct.iter_unpack(">4sLLL", file.read(16 * count))}
        file.seek(tables[b"cmap"][0])
        cmap = file.read(tables[b"cmap"][1])
    number = struct.unpack_from(">2xH", cmap)[0]
    maps = {
        struct.unpack_from(">H", cmap, at)[0]: at for _, _, at in struct.iter_unpack(">HHL", cmap[4 : 4 + 8 * number])
    }
    if 12 in maps:
        start = maps[12]
        groups = struct.unpack_from(">L", cmap, start + 12)[0]
        spans = struct.iter_unpack(">LLL", cmap[start + 16 : start + 16 + 12 * groups])
        return {code for first, last, _ in spans for code in range(first, last + 1)}
    return _segments(cmap, maps[4])


def _segments(cmap: bytes, start: int) -> set[int]:
    double = struct.unpack_from(">6xH", cmap, start)[0]
    ends = struct.unpack_from(f">{double // 2}H", cmap, start + 14)
    starts = struct.unpack_from(f">{double // 2}H", cmap, start + 16 + double)
    return {code for first, last in zip(starts, ends, strict=True) for code in range(first, last + 1) if code != 0xFFFF}


def passages(part: object, where: str) -> Iterator[tuple[str, str]]:
    """Every text of a document with where it stands: its cell where that is known, else the headings above it."""
    if isinstance(part, Text):
        yield part.source or where, part.text
    elif isinstance(part, str):
        yield where, part
    elif isinstance(part, tuple):
        for each in part:
            yield from passages(each, where)
    elif is_dataclass(part) and not isinstance(part, type):
        title = str(getattr(part, "kicker", "") or getattr(part, "title", "") or getattr(part, "label", ""))
        inner = where if not title or title == where else f"{where} › {title}"
        for field in fields(part):
            if field.name != "fact":
                yield from passages(getattr(part, field.name), inner)
