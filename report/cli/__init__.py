"""The door `ribao`: what is typed becomes a call of the corridor, what comes back is told. No logic here.

Exit status: 0 done, 1 the user must act, 2 wrong usage. A command is a function in a module here; its module stands in
`MODULES`.
"""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from report import __version__, telling
from report.cli import checked, desk, longer, post, published, received, runoff

MODULES = (desk, checked, received, published, post, runoff, longer)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in MODULES:
    app.add_typer(module.app)


def main() -> None:
    """Run the command line; a user's mistake is told in one message, without a traceback."""
    sys.exit(telling.spoken(app))


@app.callback()
def door(
    version: Annotated[
        bool, typer.Option("--version", help="版本", is_eager=True, callback=lambda asked: _version(asked))
    ] = False,
) -> None:
    """商品日报：从底稿到当日 PDF，每个数都能追到单元格。"""


def _version(asked: bool) -> None:
    if asked:
        print(f"ribao {__version__}")
        raise typer.Exit
