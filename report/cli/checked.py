"""What is looked at before a report leaves: `ribao waive`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from report import telling
from report.cli.asked import DateArgument, PlaceOption, opened, parse_date

app = typer.Typer()


@app.command()
def waive(
    day: DateArgument,
    code: Annotated[str, typer.Argument(metavar="CODE", help="警告的代码，如 C301")],
    where: Annotated[str, typer.Argument(metavar="WHERE", help="警告的位置，照抄：日报底稿.xlsx › 收盘 › E23")],
    reason: Annotated[str, typer.Option("--reason", help="为何放行")],
    by: Annotated[str, typer.Option("--by", help="何人放行")],
    place: PlaceOption = Path(),
) -> None:
    """豁免当日一条警告：写明理由与何人，记入 data/waivers/DATE.toml；次日失效，错误不可豁免。"""
    report_date = parse_date(day)
    with opened(place) as (pipeline, house), telling.progress() as step:
        path, granted = pipeline.waive(
            house, report_date, code, where, reason=reason, by=by, now=datetime.now(UTC), progress=step
        )
    for waiver in granted:
        telling.say(f"已豁免 {waiver.where}: {waiver.says} [{waiver.code}]")
    print(path)
