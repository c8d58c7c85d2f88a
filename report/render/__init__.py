"""The room that sets a Document: paper, screen and plain text.

A format is a function `render(document, folders) -> bytes`, where folders are template folders searched in order: the
desk's own first, the packaged ones last. To add one: one module here, one line in FORMATS.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from report.document import Document
from report.render import html, pdf, text

Renderer = Callable[[Document, Sequence[Path]], bytes]

FORMATS: dict[str, Renderer] = {"html": html.render, "pdf": pdf.render, "text": text.render}
