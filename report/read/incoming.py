"""One file as it was received: opened lazily, and each form of it only once."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from report.errors import InputError
from report.facts import Finding
from report.read import sheets, sniff
from report.read.sheets import Sheet

Parsed: TypeAlias = Any  # whatever the JSON holds: dict, list, str, int, Decimal, bool, None
SPREADSHEETS = ("xlsx", "xls", "ods", "csv")


class Incoming:
    """A file and what it holds. Everything but `path` and `name` may raise InputError, one message, when asked for."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.name = path.name

    @cached_property
    def data(self) -> bytes:
        """The bytes, at most 50 MB."""
        return sniff.content(self.path)

    @cached_property
    def kind(self) -> str:
        """xlsx, xls, ods, csv, json, html or text, told from the bytes."""
        return sniff.kind(self.name, self.data)

    @cached_property
    def text(self) -> str:
        """The text of a file that is one: by its byte order mark, UTF-8, or GB18030."""
        if self.kind in ("xlsx", "xls", "ods"):
            raise InputError(f"{self.name}: a workbook (.{self.kind}), not a text")
        return sniff.decoded(self.name, self.data)

    @cached_property
    def json(self) -> Parsed:
        """The parsed JSON. Numbers with a point are `Decimal`s, exactly as written."""
        return _parsed(self.name, self.text)

    @cached_property
    def _opened(self) -> tuple[list[Sheet], tuple[Finding, ...]]:
        return sheets.opened(self.name, self.kind, self.data)

    @property
    def sheets(self) -> list[Sheet]:
        """The sheets of a spreadsheet, in their order; a .csv is one sheet called as the file. Of other kinds: none."""
        return self._opened[0]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What opening the file had to say: external links, macros, hidden sheets."""
        return self._opened[1]


def _parsed(name: str, text: str) -> Parsed:
    try:
        return json.loads(text, parse_float=Decimal, parse_constant=_refused)
    except json.JSONDecodeError as error:
        place = f"{name} › line {error.lineno} › column {error.colno}"
        raise InputError(f"{place}: not JSON ({error.msg}); fetch the file again") from error
    except (RecursionError, ValueError) as error:
        raise InputError(f"{name}: JSON that no exchange writes ({error}); fetch the file again") from error


def _refused(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no number")
