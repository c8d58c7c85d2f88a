"""The door `ribao`: what is typed becomes a call of the corridor, what comes back is told. No logic here.

Exit status: 0 done, 1 the user must act, 2 wrong usage.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from report import __version__, telling
from report.errors import GateClosed, UsageError
from report.facts import Severity

if TYPE_CHECKING:
    from report.intake import Ingested
    from report.pipeline import House

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="报告日期，如 2024-03-29")]
AsOfOption = Annotated[
    str, typer.Option("--as-of", metavar="MOMENT", help="只用历史库当时已知的数，如 2024-03-29T08:00（北京时间）")
]
PlaceOption = Annotated[Path, typer.Option("--workspace", "-w", help="工作区（默认为当前文件夹所在的工作区）")]


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


@app.command()
def init(folder: Annotated[Path, typer.Argument(metavar="DIR", help="新工作区的文件夹")]) -> None:
    """新建工作区，内含样例日（2024-03-29）与其历史数据。"""
    from report import pipeline

    place = pipeline.init(folder)
    print(f"工作区已建好：{place.root}")
    print(f"接下来：cd {_quoted(place.root)} && ribao build {pipeline.SAMPLE}")


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
    formats: Annotated[str, typer.Option("--format", "-f", help="逗号分隔：pdf,html,text")] = "pdf",
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
        telling.tell(error.findings, notes)
        raise
    telling.tell(built.findings, notes)
    for path in built.files:
        print(path)


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


@app.command(name="list")
def list_reports(place: PlaceOption = Path()) -> None:
    """列出各日的底稿与已生成的报告。"""
    with opened(place) as (pipeline, house):
        for report_date, workbooks, built in pipeline.listing(house):
            print(f"{report_date}  底稿 {workbooks} 份  {'、'.join(built) or '未生成'}")


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


@contextmanager
def opened(place: Path) -> Iterator[tuple[ModuleType, House]]:
    """The corridor and the open workspace; its history is closed at the end."""
    from report import pipeline, workspace

    house = pipeline.open_house(workspace.find(place))
    try:
        yield pipeline, house
    finally:
        house.history.close()


def parse_date(text: str) -> date:
    """The date typed; UsageError for anything else than YYYY-MM-DD or YYYYMMDD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"'{text}' is no date; type it as 2024-03-29") from None


def parse_moment(text: str) -> datetime | None:
    """The moment typed, of Beijing where no zone is told; None for nothing. UsageError for anything else."""
    if not text:
        return None
    from report.lookback import BEIJING

    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or len(text) <= len("2024-03-29"):
        raise UsageError(f"'{text}' is no moment; type it as 2024-03-29T08:00 (Beijing), or with its zone: …T08:00Z")
    return moment if moment.tzinfo else moment.replace(tzinfo=BEIJING)


def parse_formats(text: str) -> list[str]:
    """The formats typed, each once; UsageError names the known ones."""
    from report.render import FORMATS

    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise UsageError(f"--format {text}: known formats are {', '.join(FORMATS)}")
    return names


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
        print("\t".join(" ".join(part.split()) for part in line))


def _quoted(path: Path) -> str:
    import shlex

    return shlex.quote(str(path))
