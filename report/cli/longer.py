"""Research notes: `ribao note build`, `check`, `waive`, `list`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from report import telling
from report.cli.asked import PlaceOption, opened, parse_formats
from report.errors import GateClosed

app = typer.Typer()
note = typer.Typer(no_args_is_help=True, help="研究专题：从 data/notes/ 里的正文与图表数据生成。")
app.add_typer(note, name="note")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="专题的名字，即 data/notes/ 下的文件夹名")]
NotesOption = Annotated[bool, typer.Option("--notes", help="逐条列出提示，再多也不合并")]


@note.command()
def build(
    name: NameArgument,
    formats: Annotated[str, typer.Option("--format", "-f", help="逗号分隔：pdf,html,text")] = "pdf",
    notes: NotesOption = False,
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
        telling.tell(error.findings, notes, error.waived)
        raise
    telling.tell(built.findings, notes, built.waived)
    telling.say(f"数字 {built.coverage}")
    if built.open:
        telling.say(f"{len(built.open)} 条警告待改正或豁免（ribao note waive {name} …）")
    for path in built.files:
        print(path)


@note.command()
def check(
    name: NameArgument,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON：发现、豁免、逐个数字的核对结果")] = False,
    notes: NotesOption = False,
    place: PlaceOption = Path(),
) -> None:
    """核对专题的图表数据与文字，不生成。有未改正、未豁免的，退出码为 1。"""
    from report.pipeline import checking, noting

    with opened(place) as (_, house), telling.progress() as step:
        draft = noting.draft(house, name, step)
    if as_json:
        told = checking.told_as_data(draft.findings, draft.waived, (draft.coverage,), draft.verdicts)
        print(json.dumps({"note": name, **told}, ensure_ascii=False, indent=1))
    else:
        telling.tell(draft.findings, notes, draft.waived, sys.stdout)
        print(f"数字 {draft.coverage}")
    if draft.open:
        sys.exit(1)


@note.command()
def waive(
    name: NameArgument,
    code: Annotated[str, typer.Argument(metavar="CODE", help="警告的代码，如 N109")],
    where: Annotated[str, typer.Argument(metavar="WHERE", help="警告的位置，照抄：正文.md › line 5")],
    reason: Annotated[str, typer.Option("--reason", help="为何放行")],
    by: Annotated[str, typer.Option("--by", help="何人放行")],
    place: PlaceOption = Path(),
) -> None:
    """豁免专题的一条警告：写明理由与何人，记入 data/waivers/notes/NAME.toml；那一段改动后失效，错误不可豁免。"""
    from report.pipeline import waiving

    with opened(place) as (_, house), telling.progress() as step:
        path, granted = waiving.waive_note(house, name, code, where, reason=reason, by=by, progress=step)
    for waiver in granted:
        telling.say(f"已豁免 {waiver.where}: {waiver.says} [{waiver.code}]")
    print(path)


@note.command(name="list")
def list_notes(place: PlaceOption = Path()) -> None:
    """列出可以生成的专题。"""
    from report.pipeline import noting

    with opened(place) as (_, house):
        for name in noting.known(house):
            print(name)
