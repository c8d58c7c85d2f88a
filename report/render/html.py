"""The screen form: one self-contained HTML file that reflows to one column on a telephone."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from report.document import Document
from report.render import page


def render(document: Document, folders: Sequence[Path]) -> bytes:
    """The document as one UTF-8 HTML file that fetches nothing. Raises CatalogError."""
    return page.setting(document, folders, "screen", ("house.css", "screen.css")).encode()
