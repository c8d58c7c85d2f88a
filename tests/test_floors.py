"""Who may import whom, and which library enters through which room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "report"
ROOMS = ("read", "check", "derive", "compose", "render", "deliver")
GROUND = {"errors", "facts", "document", "longform"}
SHELVES = GROUND | {"catalog", "entries", "sessions", "scenarios", "delivery", "frontpage", "manuscript"}
MAY_IMPORT = {
    "addresses": set(),
    "errors": {"facts"},
    "facts": {"errors"},
    "document": {"facts", "errors"},
    "longform": {"document", "facts"},
    "frontpage": {"entries"},
    "manuscript": {"facts", "frontpage"},
    "sessions": {"errors"},
    "entries": {"errors"},
    "delivery": {"entries"},
    "catalog": GROUND | {"entries"},
    "scenarios": GROUND | {"catalog", "entries"},
    "database": {"addresses", "errors"},
    "history": GROUND | {"database"},
    "workspace": GROUND | {"catalog"},
    "waivers": GROUND | {"catalog", "entries"},
    **dict.fromkeys(ROOMS, SHELVES),
    "deliver": SHELVES | {"addresses", "database"},  # the outbox
    "lookback": SHELVES | {"history", "read", "derive"},
    "intake": SHELVES | {"history", "read"},
    "pipeline": SHELVES | {"addresses", "history", "intake", "lookback", "waivers", "workspace"} | set(ROOMS),
    "telling": {"errors", "facts"},
    # the door wakes the renderer's child first, so that its start overlaps with everything else
    "cli": {
        "errors",
        "facts",
        "telling",
        "intake",
        "pipeline",
        "lookback",
        "history",
        "workspace",
        "render",
        "delivery",
    },
    "__main__": {"cli"},
    "__init__": set(),
}
ENTERS = {
    "openpyxl": {"read"},
    "python_calamine": {"read"},
    "markdown_it": {"read"},
    "mdit_py_plugins": {"read"},
    "weasyprint": {"render"},
    "fontTools": {"render"},
    "jinja2": {"render"},
    "markupsafe": {"render"},
    "sqlalchemy": {"database", "history", "deliver"},
    "smtplib": {"deliver"},
    "typer": {"cli"},
    "rich": {"telling"},
    "pydantic": {"catalog", "entries", "delivery", "read", "deliver", "scenarios", "frontpage"},
    "email_validator": {"read"},
    "email": {"deliver"},
    "keyring": {"deliver"},
    "fsspec": {"deliver"},
    "xlsxwriter": {"deliver"},
    "pyhanko": {"deliver"},
    "pandas": {"facts", "read"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def place(path: Path) -> str:
    inside = path.relative_to(PACKAGE)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module == "report":
            yield from (f"report.{name.name}" for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_module_imports_only_from_the_floors_below(path: Path) -> None:
    own = place(path)
    used = {name.split(".")[1] for name in imports(path) if name.startswith("report.")} - {own, "__version__"}
    assert used <= MAY_IMPORT[own], f"{own} may not import {sorted(used - MAY_IMPORT[own])}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_library_enters_through_its_own_room(path: Path) -> None:
    for library in {name.split(".")[0] for name in imports(path)} & set(ENTERS):
        assert place(path) in ENTERS[library], f"{library} may not enter through {place(path)}"


def test_the_clock_stands_only_in_the_doors() -> None:
    for path in modules():
        text = path.read_text(encoding="utf-8")
        if place(path) != "cli":
            assert not any(call in text for call in (".now(", ".today(", "time.time(", "utcnow(")), path
