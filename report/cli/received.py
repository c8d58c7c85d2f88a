"""Files received and what history makes of them: `ribao ingest`, `ribao history`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from report import telling
from report.cli.asked import AsOfOption, PlaceOption, opened, parse_date, parse_moment
from report.errors import UsageError
from report.facts import Severity

if TYPE_CHECKING:
    from report.intake import Ingested

app = typer.Typer()


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH…", help="收到的文件；文件夹则连同其中所有文件")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会收进什么，不入库")] = False,
    place: PlaceOption = Path(),
) -> None:
    """收进各方发来的文件：认出表样，读数，入库。"""
    with opened(place) as (pipeline, house), telling.progress("读取") as step:
        done = pipeline.ingest(house, paths, datetime.now(UTC), dry_run, step)
    telling.tell([finding for one in done for finding in one.findings if finding.severity > Severity.NOTE])
    tell_files([one for one in done if not one.problem])
    failed = [one for one in done if one.problem]
    for one in failed:
        telling.say(f"ribao: {one.problem}")
    if not done:
        raise UsageError(f"{'、'.join(map(str, paths))}: no file there")
    if failed:
        telling.say(f"ribao: {len(failed)} of {len(done)} files could not be read")
        sys.exit(1)


@app.command(name="history")
def history_of(
    words: Annotated[list[str], typer.Argument(metavar="SERIES", help="品种与指标：铜 LME库存，或 cu.lme_stock")],
    since: Annotated[str, typer.Option("--since", metavar="DATE", help="从这一交易日起")] = "",
    until: Annotated[str, typer.Option("--until", metavar="DATE", help="到这一交易日止")] = "",
    last: Annotated[int, typer.Option("--last", min=0, help="只列最近几个交易日；0 为全部")] = 0,
    contract: Annotated[str, typer.Option("--contract", help="某一合约，如 CU2405")] = "",
    as_of: AsOfOption = "",
    as_json: Annotated[bool, typer.Option("--json", help="输出 JSON")] = False,
    place: PlaceOption = Path(),
) -> None:
    """列出一个序列的历史：每个数的来源、何时得知、历次修订。"""
    from report import lookback

    limits = {"since": parse_date(since) if since else date.min, "until": parse_date(until) if until else date.max}
    moment = parse_moment(as_of)
    with opened(place) as (_, house):
        told = lookback.series(
            house.history, house.catalog, words, **limits, as_of=moment, contract=contract, last=last
        )
    if as_json:
        print(lookback.as_json(told))
    elif sys.stdout.isatty():
        telling.table(lookback.HEADINGS, [list(lookback.cells(one)) for one in told])
    else:
        for one in told:
            print(*lookback.cells(one), sep="\t")


def tell_files(done: Sequence[Ingested]) -> None:
    """Print what each file brought on standard output: a table on a terminal, tab-separated lines in a pipe."""
    lines = [
        (
            one.path.name,
            one.layout,
            *map(str, (one.kept.new, one.kept.same, one.kept.revised)),
            f"{one.first} … {one.last}" if one.first else "",
            "；".join(finding.message for finding in one.unclaimed),
        )
        for one in done
    ]
    if sys.stdout.isatty() and lines:
        telling.table(
            ("文件", "表样", "新", "同", "改", "起止", "无人认领"),
            [(*parts, others if len(others) <= 60 else f"{others[:59]}…") for *parts, others in lines],
        )
        return
    for line in lines:
        print("\t".join(telling.visible(" ".join(part.split())) for part in line))
