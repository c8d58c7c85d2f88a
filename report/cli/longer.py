"""Research notes: `ribao note build`, `ribao note list`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from report import telling
from report.cli.asked import PlaceOption, opened, parse_formats
from report.errors import GateClosed

app = typer.Typer()
note = typer.Typer(no_args_is_help=True, help="研究专题：从 data/notes/ 里的正文与图表数据生成。")
app.add_typer(note, name="note")


@note.command()
def build(
    name: Annotated[str, typer.Argument(metavar="NAME", help="专题的名字，即 data/notes/ 下的文件夹名")],
    formats: Annotated[str, typer.Option("--format", "-f", help="逗号分隔：pdf,html,text")] = "pdf",
    notes: Annotated[bool, typer.Option("--notes", help="逐条列出提示，再多也不合并")] = False,
    place: PlaceOption = Path(),
) -> None:
    """读正文与图表数据、核对、编号，生成专题。"""
    asked = parse_formats(formats)
    from report.render import pdf

    if "pdf" in asked:
        pdf.start()
    from report.pipeline import noting

    try:
        with opened(place) as (_, house), telling.progress() as step:
            built = noting.build(house, name, asked, step)
    except GateClosed as error:
        telling.tell(error.findings, notes)
        raise
    telling.tell(built.findings, notes)
    for path in built.files:
        print(path)


@note.command(name="list")
def list_notes(place: PlaceOption = Path()) -> None:
    """列出可以生成的专题。"""
    from report.pipeline import noting

    with opened(place) as (_, house):
        for name in noting.known(house):
            print(name)
