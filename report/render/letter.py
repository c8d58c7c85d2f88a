"""The letter's two bodies: the first page for a mail program that knows tables and inline styles only, and plain text.

No picture, style sheet or link to anywhere: Outlook sets with Word, Gmail drops style elements, Foxmail what it likes.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from report.document import Document
from report.render import page, text


def render(document: Document, folders: Sequence[Path]) -> bytes:
    """The letter as UTF-8 HTML through letter.html.j2. Raises CatalogError."""
    return page.letter(document, folders).encode()


def plain(document: Document, folders: Sequence[Path]) -> bytes:
    """The same as UTF-8 text through letter.txt.j2, never two empty lines in a row. Raises CatalogError."""
    return text.tidied(page.plain(document, folders, "letter.txt.j2"))
