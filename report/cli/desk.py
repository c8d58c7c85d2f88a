"""The desk's day: `ribao init`, `new`, `build`, `list`."""

from __future__ import annotations

import shlex
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from report import telling
from report.cli.asked import AsOfOption, DateArgument, PlaceOption, opened, parse_date, parse_formats, parse_moment
from report.errors import GateClosed

app = typer.Typer()


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="新工作区的文件夹")]) -> None:
    """新建工作区，内含样例日（2024-03-29）与其历史数据。"""
    from report import pipeline

    place = pipeline.init(folder)
    print(f"工作区已建好：{place.root}")
    print(f"接下来：cd {shlex.quote(str(place.root))} && ribao build {pipeline.SAMPLE}")


@app.command()
def new(
    day: DateArgument,
    name: Annotated[str, typer.Option("--name", help="文件名；几位分析师各写一份时各取一名")] = "日报底稿.xlsx",
    place: PlaceOption = Path(),
) -> None:
    """写出当日空白底稿（.xlsx），前值由历史填好。"""
    from report import workspace

    report_date = parse_date(day)
    with opened(place) as (pipeline, house):
        print(pipeline.new(house, report_date, name=workspace.workbook_name(name)))


@app.command()
def build(
    day: DateArgument,
    formats: Annotated[str, typer.Option("--format", "-f", help="逗号分隔：pdf,html,text,letter")] = "pdf",
    as_of: AsOfOption = "",
    notes: Annotated[bool, typer.Option("--notes", help="逐条列出提示，再多也不合并")] = False,
    place: PlaceOption = Path(),
) -> None:
    """读底稿、推算、核对，生成当日报告。"""
    report_date, moment = parse_date(day), parse_moment(as_of)
    asked = parse_formats(formats)
    from report.render import pdf

    if "pdf" in asked:
        pdf.start()
    try:
        with opened(place) as (pipeline, house), telling.progress() as step:
            built = pipeline.build(house, report_date, asked, datetime.now(UTC), step, as_of=moment)
    except GateClosed as error:
        telling.tell(error.findings, notes, error.waived)
        raise
    telling.tell(built.findings, notes, built.waived)
    if built.open:
        telling.say(f"{len(built.open)} 条警告待改正或豁免；逐处查看用 ribao check {report_date} --html")
    for path in built.files:
        print(path)


@app.command(name="list")
def list_reports(place: PlaceOption = Path()) -> None:
    """列出各日的底稿与已生成的报告。"""
    with opened(place) as (pipeline, house):
        for report_date, workbooks, built in pipeline.listing(house):
            print(f"{report_date}  底稿 {workbooks} 份  {'、'.join(built) or '未生成'}")
