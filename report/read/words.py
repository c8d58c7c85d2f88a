"""Comparing names as people type them: full-width or half-width, with or without spaces and line breaks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from report import errors

_UNSEEN = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
_DASHES = re.compile("[\u2010-\u2015\u2212\ufe58\uff0d]")

_SPACE = re.compile(r"\s")
NAME = 200  # characters a name has at most: what is asked for again and again and is worth remembering


def bare(text: str) -> str:
    """The text without spaces of any width at its ends, and without characters of no width anywhere."""
    return _UNSEEN.sub("", text).strip()


def narrow(text: str) -> str:
    """The bare text in half-width characters, every dash and minus an ASCII one."""
    return unicodedata.normalize("NFKC", _DASHES.sub("-", bare(text))).strip()


def folded(text: str) -> str:
    """What two spellings of one name have in common: narrow, without any space, in small letters."""
    return _name(text) if len(text) < NAME else _name.__wrapped__(text)


@lru_cache(maxsize=8192)
def _name(text: str) -> str:
    return _SPACE.sub("", narrow(text)).casefold()


def shown(found: object) -> str:
    """The thing found, quoted for a message and cut where it is long."""
    text = str(found)
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


def nearest(name: str, known: Iterable[str]) -> str:
    """The known names nearest to `name` in any spelling, for the end of a message; all of them where none is near."""
    return errors.nearest(name, known, folded)
