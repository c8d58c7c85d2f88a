"""核对稿 on the screen: one self-contained HTML file, every number with what it was held against beside it.

The templates of the blocks are those of the report; only how a number is written differs. The one script is named by
its digest in the page's own policy, so that nothing else can run or be fetched, whatever a text holds.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path

from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from report.document import Document, Mark, Number, Span, Text
from report.render import format, page, typeset

SHEETS = ("house.css", "screen.css", "proof.css")
SCRIPT = "proof.js"


def render(document: Document, folders: Sequence[Path]) -> bytes:
    """The proof as one UTF-8 HTML file that fetches nothing. Raises CatalogError."""
    style = Markup("\n".join(page.sheet(folders, name) for name in SHEETS))
    script = page.sheet(folders, SCRIPT)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    given = {"document": document, "medium": "proof", "style": style, "script": Markup(script), "digest": digest}
    return page.filled(_templates(folders), "proof.html.j2", **given).encode()


def _templates(folders: Sequence[Path]) -> SandboxedEnvironment:
    made = page.environment(folders, escaping=True)

    def marked(mark: Mark | None, text: str) -> str:
        if mark is None:
            return text
        return Markup(page.filled(made, "blocks/_mark.html.j2", mark=mark, text=text).strip())

    def prose(spans: Sequence[Span], _medium: str) -> Markup:
        texts = map(typeset.squeezed, typeset.pieces([page.plain_prose([span]) for span in spans]))
        marks = (span.mark if isinstance(span, Text | Number) else None for span in spans)
        return Markup("").join(marked(mark, text) for mark, text in zip(marks, texts, strict=True))

    def aligned(number: Number, most: int, room: int = 99) -> str:
        return marked(number.mark, format.aligned(number, most, room))

    made.filters.update(prose=prose, aligned=aligned)
    return made
