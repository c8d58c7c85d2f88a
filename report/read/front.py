"""The front page of a note, 扉页.toml, and where in a TOML text a key is set."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from report.entries import mistake
from report.errors import InputError
from report.frontpage import FRONT, TEXT, FrontPage


def text(path: Path) -> str:
    """The text of a file of a note. Raises InputError where it is not there or cannot be read."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError(f"{path}: not there; a note's folder holds {FRONT}, {TEXT} and its spreadsheets") from None
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: cannot be read ({error}); save it as UTF-8 text") from error


def read(path: Path) -> tuple[FrontPage, list[str]]:
    """The front page and its lines. Raises InputError with every mistake and its line."""
    written = text(path)
    try:
        return FrontPage.model_validate(tomllib.loads(written)), written.splitlines()
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: not readable as TOML: {error}; mend that line") from error
    except ValidationError as error:
        lines = written.splitlines()
        told = (
            f"{path} › line {line_of(one['loc'], lines)} › {key(one)}: {mistake(one, FrontPage)}"
            for one in error.errors()
        )
        raise InputError("\n".join(told)) from error


def line_of(loc: Sequence[object], lines: Sequence[str]) -> int:
    """The line of a TOML text that sets the key, or the table that should; from 1."""
    for name in reversed([str(part) for part in loc if isinstance(part, str)]):
        word = re.escape(name)
        pattern = re.compile(rf"\s*{word}\s*=|\s*\[\[?([^\]]*\.)?{word}(\.[^\]]*)?\]|.*[{{,]\s*{word}\s*=")
        for at, line in enumerate(lines, start=1):
            if pattern.match(line):
                return at
    return 1


def key(error: Mapping[str, Any]) -> str:
    """The key a mistake of pydantic's is about."""
    return ".".join(map(str, error["loc"])) or "(file)"
