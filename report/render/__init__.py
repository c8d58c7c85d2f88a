"""The room that sets a Document: paper, screen and plain text.

A format is a function `render(document, folders) -> bytes`, where folders are template folders searched in order: the
desk's own first, the packaged ones last. To add one: one module here with such a function, one word in FORMATS. The
module is imported when it is first used, so that the child that runs WeasyPrint carries nothing it does not need.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from report.document import Document
    from report.render.pdf import Attachment

Renderer = Callable[["Document", Sequence[Path]], bytes]


def _format(name: str) -> Renderer:
    def render(document: Document, folders: Sequence[Path]) -> bytes:
        return cast(bytes, import_module(f"report.render.{name}").render(document, folders))

    return render


FORMATS: dict[str, Renderer] = {name: _format(name) for name in ("html", "letter", "pdf", "text")}
ENDINGS = {"text": "txt", "letter": "letter.html"}
"""How a file of a format ends where it is not the format's name."""


def begun(
    name: str,
    document: Document,
    folders: Sequence[Path],
    attached: Callable[[], Sequence[Attachment]] | None = None,
) -> Callable[[], bytes]:
    """What can be done here and now is; the function given does the rest, which another thread may wait for.

    attached: gives the files that travel inside, in a format that can carry any.
    """
    module = import_module(f"report.render.{name}")
    if hasattr(module, "begun"):
        return cast(Callable[[], bytes], module.begun(document, folders, attached or tuple))
    return lambda: FORMATS[name](document, folders)


def break_off() -> None:
    """Give up what is being set on paper; whoever waits for it gets a RenderError."""
    if "report.render.pdf" in sys.modules:
        import_module("report.render.pdf").close()
