"""The plain text form: what a reader gets in a mail without HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from report.document import Document
from report.render import page


def render(document: Document, folders: Sequence[Path]) -> bytes:
    """The document as UTF-8 text, lines ended by a newline, never two empty lines in a row. Raises CatalogError."""
    return tidied(page.plain(document, folders))


def tidied(text: str) -> bytes:
    """Plain text as bytes: no empty lines at its ends, never two in a row, one newline at the end."""
    return (re.sub(r"\n{3,}", "\n\n", text).strip("\n") + "\n").encode()
