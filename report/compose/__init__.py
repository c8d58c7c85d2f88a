"""compose: what is known and what was written become a Document; one file a document kind, one word in KINDS.

A kind is a module with a function `compose`; what it takes is the kind's own. It is imported when it is first used, so
that the morning's report carries nothing it does not need.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from report.document import Document


def _kind(name: str) -> Callable[..., Document]:
    def compose(*given: object) -> Document:
        return cast("Document", import_module(f"report.compose.{name}").compose(*given))

    return compose


KINDS: dict[str, Callable[..., Document]] = {name: _kind(name) for name in ("daily", "note")}
