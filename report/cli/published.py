"""What leaves the house and stays in it: `ribao publish`, `ribao archive list|show|verify|rebuild`."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from report import telling
from report.cli.asked import DateArgument, PlaceOption, opened, parse_date
from report.errors import GateClosed

app = typer.Typer()
archive = typer.Typer(no_args_is_help=True, help="归档：列出、查看、核验、重做已发布的报告。")
app.add_typer(archive, name="archive")

VersionOption = Annotated[int, typer.Option("--version", "-v", min=0, help="第几版（0 为最新一版）")]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON")]
HEADINGS = ("日期", "版", "审核", "发布于（北京时间）", "状态", "发送", "封印")


@app.command()
def publish(
    day: DateArgument,
    approver: Annotated[str, typer.Option("--approver", metavar="NAME", help="审核并放行本报告的人")] = "",
    erratum: Annotated[bool, typer.Option("--erratum", help="已发布过而有改动：作为更正发布下一版")] = False,
    notes: Annotated[bool, typer.Option("--notes", help="逐条列出提示，再多也不合并")] = False,
    place: PlaceOption = Path(),
) -> None:
    """放行并归档当日报告：无错误、警告都已豁免才行；归档后不再改动，有错以更正发布。"""
    report_date = parse_date(day)
    from report.render import pdf

    pdf.start()
    try:
        with opened(place) as (_, house), telling.progress() as step:
            from report.pipeline import publishing

            done = publishing.publish(house, report_date, approver, datetime.now(UTC), step, erratum=erratum)
    except GateClosed as error:
        telling.tell(error.findings, notes, error.waived)
        raise
    telling.tell(done.findings, notes, done.waived)
    one = done.manifest
    if not done.fresh:
        telling.say(f"{report_date} 已发布过：v{one.version}，审核 {one.approver}；印出的内容没有改动")
    for remark in one.remarks:
        telling.say(f"提示 {remark}")
    print(f"{done.archive}/{one.place}/{one.pdf}")
    print(f"封印 {done.seal}")


@archive.command(name="list")
def list_archive(as_json: JsonOption = False, place: PlaceOption = Path()) -> None:
    """列出归档的各日各版：审核人、是否已被更正取代、发送情况。"""
    with opened(place) as (_, house):
        from report.pipeline import sending, trail

        sent = {(day, version): str(stand) for day, version, stand in sending.standings(house, datetime.now(UTC))}
        unread: list[str] = []
        entries = trail.listing(house, lambda day, version: sent.get((day, version), ""), unread)
        rows = [trail.cells(one) for one in entries]
        there = {(one.manifest.report_date, one.manifest.version) for one in entries}
        unread += [f"{day} v{version}: {trail.UNLAID}" for day, version in sent.keys() - there]
    if as_json:
        print(trail.as_json(entries))
    elif sys.stdout.isatty():
        telling.table(HEADINGS, rows)
    else:
        for row in rows:
            print(*row, sep="\t")
    for line in sorted(unread):
        telling.say(line)
    if unread:
        sys.exit(1)


@archive.command()
def show(
    day: DateArgument, version: VersionOption = 0, as_json: JsonOption = False, place: PlaceOption = Path()
) -> None:
    """查看一版的留痕：何时、由谁、据何、查出什么、谁放行。"""
    report_date = parse_date(day)
    with opened(place) as (_, house):
        from report.pipeline import trail

        found, _ = trail.shown(house, report_date, version or None)
    if as_json:
        print(found.written().decode(), end="")
        return
    rows = trail.told(found)
    if sys.stdout.isatty():
        telling.table(("", ""), rows)
    else:
        for row in rows:
            print(*row, sep="\t")


@archive.command()
def verify(
    seal: Annotated[str, typer.Option("--seal", metavar="SEAL", help="另处记下的封印，须在链上")] = "",
    as_json: JsonOption = False,
    place: PlaceOption = Path(),
) -> None:
    """通读归档，逐字节核验；有改动、缺失、多出的，说出是哪一日哪个文件。"""
    with opened(place) as (_, house), telling.progress("核验归档"):
        from report.pipeline import trail

        found = trail.verify(house, seal)
    if as_json:
        print(trail.examined_as_json(found))
    else:
        for fault in found.faults:
            print(fault.day or "—", fault.file, fault.what, sep="\t")
        telling.say(f"{found.versions} 版，{found.files} 个文件，{len(found.faults)} 处不符")
        telling.say(f"最新封印 {found.seal or '—'}；请另处保存，归档被整体退回旧状时凭它才看得出")
    if found.faults:
        sys.exit(1)


@archive.command()
def rebuild(
    day: DateArgument,
    version: VersionOption = 0,
    to: Annotated[Path | None, typer.Option("--to", metavar="DIR", help="把重做的文件写到这里")] = None,
    place: PlaceOption = Path(),
) -> None:
    """只用归档里留存的底稿、数值、模板与字体，重做一版，与归档逐字节比较。"""
    report_date = parse_date(day)
    from report.render import pdf

    pdf.start()
    with opened(place) as (_, house), telling.progress() as step:
        from report import workspace
        from report.pipeline import trail

        done, files = trail.rebuild(house, report_date, version or None, step)
        if to is not None:
            workspace.lay(to, files)
    for name, (then, now) in done.otherwise.items():
        telling.say(f"提示 {name}: {then} then, {now} now")
    for name in done.differing:
        print(f"{done.manifest.place}/{name}: made again, its bytes are others")
    if done.differing:
        sys.exit(1)
    print(f"{done.manifest.place}: 重做与归档逐字节相同")
