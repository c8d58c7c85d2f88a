"""Which characters the printing fonts have, and where a document holds one they lack."""

from __future__ import annotations

import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path

from report.document import Advice, Document, Section, Text
from report.errors import CatalogError, MissingGlyph
from report.facts import Finding, Severity
from report.render.page import found
from report.render.typeset import JOINER

FONTS = ("fonts/RibaoSans-Regular.ttf", "fonts/RibaoSans-Bold.ttf")
NEEDS_NO_GLYPH = frozenset("\n\r\t\f\v" + JOINER)
MOST = 5  # characters told of one passage
VIEWS = "观点 › "
NAMES = {"title": "标题", "kicker": "标题", "recommendation": "操作建议", "analyst": "分析师", "reasons": "依据"}


def findings(document: Document, folders: Sequence[Path], settings: Iterable[tuple[str, str]] = ()) -> list[Finding]:
    """One finding (C710, ERROR) for every passage that holds characters the fonts lack, or that nobody can see.

    settings: the house's own texts and their places; a character of theirs is told there, not where it is printed.
    Raises CatalogError where a font is missing or unreadable.
    """
    have = known(folders) | NEEDS_NO_GLYPH
    best = [(where, text, lacking) for where, text in _best(document) if (lacking := _lacking(text, have))]
    own = [(text, where) for text, where in settings if _lacking(text, have)]
    printed = [one for one in own if any(one[0] in text for _, text, _ in best)]
    found = [Finding("C710", Severity.ERROR, where, _message(_lacking(text, have), text)) for text, where in printed]
    for where, text, lacking in best:
        told = {each for one, _ in printed if one in text for each in one}
        if rest := [each for each in lacking if each not in told]:
            found.append(Finding("C710", Severity.ERROR, _shown(where), _message(rest, text)))
    return found


def _lacking(text: str, have: Collection[str]) -> list[str]:
    return [each for each in dict.fromkeys(text) if each not in have]


def check(document: Document, page: str, folders: Sequence[Path]) -> None:
    """The last guard: raise MissingGlyph, naming the passages, where the page (HTML) has a character a font lacks."""
    missing = set(page) - known(folders) - NEEDS_NO_GLYPH
    if missing:
        told = [f"{each.where}: {each.message}" for each in findings(document, folders)]
        raise MissingGlyph("\n".join(told) or f"templates: {_message(sorted(missing), '')}")


def _message(lacking: Sequence[str], text: str) -> str:
    told = ", ".join(_told(each, text) for each in lacking[:MOST])
    more = f" and {len(lacking) - MOST} more" if len(lacking) > MOST else ""
    if all(map(_unseen, lacking)):
        return f"holds {told}{more}, which nobody can see; delete it, or type the passage anew"
    return (
        f"the fonts have no {told}{more}; write it another way, or add it to templates/fonts/cut.py and run make fonts"
    )


def _told(character: str, text: str) -> str:
    shown = repr(character)[1:-1] if _unseen(character) else character
    at = text.find(character)
    around = f", in 「{_shown(text[max(0, at - 8) : at + 9])}」" if at >= 0 else ""
    return f"'{shown}' (U+{ord(character):04X}){around}"


def _unseen(character: str) -> bool:
    return not character.isprintable()


def _shown(text: str) -> str:
    return "".join("\ufffd" if _unseen(each) else each for each in text)


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


def passages(part: object, where: str = "") -> Iterator[tuple[str, str]]:
    """Every text of a document with where it stands: its cell where that is known, else the headings above it.

    What stands in a view is named as the desk's own sheet names it: 观点 › 铜 › 标题.
    """
    if isinstance(part, Text):
        yield part.source or where, part.text
    elif isinstance(part, str):
        yield where, part
    elif isinstance(part, tuple):
        for each in part:
            yield from passages(each, where)
    elif is_dataclass(part) and not isinstance(part, type):
        inner = _place(part, where)
        for field in fields(part):
            if field.name != "fact":
                name = NAMES.get(field.name, "")
                below = f"{inner} › {name}" if name and isinstance(part, Section | Advice) else inner
                yield from passages(getattr(part, field.name), below)


def _place(part: object, where: str) -> str:
    if isinstance(part, Section) and part.kicker:
        return VIEWS + part.kicker
    title = str(getattr(part, "title", "") or getattr(part, "label", ""))
    return " › ".join(each for each in (where, title) if each)


def _best(document: Document) -> Iterator[tuple[str, str]]:
    """The passages, each once. Words of a view, a view's page or a cell are not told again where they are repeated."""
    found = list(dict.fromkeys(passages(document)))
    ranks = {where: _rank(where, document) for where, _ in found}
    best: dict[str, int] = {}
    for where, text in found:
        best[text] = max(best.get(text, 0), ranks[where])
    return ((where, text) for where, text in found if ranks[where] == best[text])


def _rank(where: str, document: Document) -> int:
    return 2 if not where.startswith((VIEWS, document.title)) else int(where.startswith(VIEWS))
