"""What is looked at before a report leaves: `ribao check`, `ribao waive`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from report import telling
from report.cli.asked import AsOfOption, DateArgument, PlaceOption, opened, parse_date, parse_moment
from report.facts import Coverage

app = typer.Typer()


@app.command()
def check(
    day: DateArgument,
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON：发现、豁免、逐个数字的核对结果")] = False,
    as_html: Annotated[bool, typer.Option("--html", help="写出核对稿：全文每个数字标出相符、矛盾、无据")] = False,
    as_of: AsOfOption = "",
    notes: Annotated[bool, typer.Option("--notes", help="逐条列出提示，再多也不合并")] = False,
    place: PlaceOption = Path(),
) -> None:
    """核对当日底稿，不生成报告：表与表、表内、正文与表。有未改正、未豁免的，退出码为 1。"""
    report_date, moment = parse_date(day), parse_moment(as_of)
    with opened(place) as (pipeline, house), telling.progress() as step:
        checked = pipeline.check(house, report_date, datetime.now(UTC), step, as_of=moment)
        page = pipeline.lay_proof(house, checked) if as_html else None
        data = pipeline.as_data(checked)
        titles = {variety.code: variety.view.title for variety in house.catalog.views if variety.view}
    if as_json:
        print(json.dumps(data, ensure_ascii=False, indent=1))
    else:
        telling.tell(checked.findings, notes, checked.waived, sys.stdout)
        tell_coverage(checked.coverage, titles)
        print(f"摘要 {checked.digest}")
    if page is not None:
        telling.say(f"核对稿：{page}")
    if checked.open:
        sys.exit(1)


def tell_coverage(coverage: Sequence[Coverage], titles: Mapping[str, str]) -> None:
    """Print how many numbers of each view were found and held against facts: a table on a terminal, a line a view."""
    if not sys.stdout.isatty():
        for one in coverage:
            print(f"数字 {one}")
        return
    print()
    rows = [
        (titles.get(one.variety, "合计"), one.found, one.bound, one.agrees, one.contradicts, one.unbound)
        for one in coverage
    ]
    telling.table(("观点", "数字", "可核", "相符", "矛盾", "无据"), [tuple(map(str, row)) for row in rows])


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
