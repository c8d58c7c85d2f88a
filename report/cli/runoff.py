"""The Fed's runoff: `ribao runoff`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from report import telling
from report.cli.asked import PlaceOption, opened, parse_amount, parse_date
from report.errors import UsageError

if TYPE_CHECKING:
    from report.pipeline.runoff import Table

app = typer.Typer()


@app.command()
def runoff(
    scenario: Annotated[
        str, typer.Option("--scenario", metavar="FILE", help="data/scenarios/ 里的名称，或一个 .toml 文件")
    ] = "2022缩表",
    history: Annotated[
        bool, typer.Option("--history", help="不推情景，看实际：逐周的恒等式、残差与 ON RRP 承接的份额")
    ] = False,
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="与 --history 同用：从这一天起")] = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="与 --history 同用：到这一天止")] = "",
    channels: Annotated[
        str, typer.Option("--channels", metavar="AMOUNT", help="只画五条渠道的 T 形账户，每条这么多")
    ] = "",
    unit: Annotated[str, typer.Option("--unit", help="亿美元、十亿美元、万亿美元")] = "亿美元",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    place: PlaceOption = Path(),
) -> None:
    """美联储缩表：谁来承接，准备金与 ON RRP 的逐月路径，各部门 T 形账户。"""
    from report.pipeline import runoff as walks

    if (since or until) and not history:
        raise UsageError("--since and --until go with --history; add it, or leave them out")
    with opened(place) as (_, house):
        if history:
            first, last = parse_date(since) if since else walks.FIRST, parse_date(until) if until else walks.LAST
            tables, findings = walks.happened(house, first, last, unit)
        elif channels:
            tables, findings = walks.channels(house, parse_amount(channels), unit), ()
        else:
            tables, findings = walks.walked(house, scenario, unit)
    telling.tell(findings)
    tell_tables(tables, as_json)


def tell_tables(tables: Sequence[Table], as_json: bool) -> None:
    """Print tables: on a terminal with their titles, in a pipe as tab-separated lines under a line of headings."""
    if as_json:
        told = [
            {"title": one.title, "rows": [dict(zip(one.headings, row, strict=True)) for row in one.rows]}
            for one in tables
        ]
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for at, one in enumerate(tables):
        if at:
            print()
        if sys.stdout.isatty():
            telling.table(one.headings, one.rows, one.numbers, one.title)
        else:
            print(f"# {one.title}")
            for row in (one.headings, *one.rows):
                print(*row, sep="\t")
