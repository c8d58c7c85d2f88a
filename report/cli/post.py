"""The post: `ribao send`, `ribao outbox` with its `settle` and `resend`, and `ribao morning`."""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from report import telling
from report.cli.asked import DateArgument, PlaceOption, opened, parse_date
from report.errors import UsageError

if TYPE_CHECKING:
    from report.delivery import Clock
    from report.pipeline.sending import Letter, Sent


DAYS = ("日期", "版", "信件")
LETTERS = ("版", "收件人", "姓名", "状态", "次数", "何时", "答复", "Message-ID")


class _Dated(TyperGroup):
    """A group whose commands may be left out: `ribao outbox 2024-03-29` shows that day."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401
        """Put `show` before what is no command."""
        if not args or (args[0] not in self.commands and args[0] not in ("--help",)):
            args = ["show", *args]
        return super().parse_args(ctx, args)


app = typer.Typer()
box = typer.Typer(cls=_Dated, help="发件箱：谁收到了什么；存疑的信如何了结；重发失败的信。")
app.add_typer(box, name="outbox")


@app.command()
def send(
    day: DateArgument,
    group: Annotated[str, typer.Option("--to", metavar="GROUP", help="只发给这一组")] = "",
    dry_run: Annotated[
        Path | None, typer.Option("--dry-run", metavar="DIR", help="不发信，把 .eml 写进新文件夹")
    ] = None,
    place: PlaceOption = Path(),
) -> None:
    """把已存档的报告发给客户，每人一封。"""
    report_date = parse_date(day)
    with opened(place) as (_, house), telling.progress() as step:
        from report.pipeline import sending

        publication = sending.published(house, report_date)
        if dry_run is not None:
            count, findings = sending.write_letters(house, publication, dry_run, now(), step, group=group)
        else:
            sent = sending.send(house, publication, clock(), step, group=group)
    if dry_run is not None:
        telling.tell(findings)
        print(f"{dry_run}：{count} 封 .eml，均未发出")
        return
    _told(sent)


def clock() -> Clock:
    """The time, and how to let some of it pass."""
    from report.delivery import Clock

    return Clock(now, time.sleep)


def _told(sent: Sent) -> None:
    """Say how the sending ended; exit status 1 where somebody has no letter."""
    telling.tell(sent.findings)
    print(f"{sent.publication.report_date} v{sent.publication.version}：{sent.standing}")
    if sent.trouble:
        telling.say(f"ribao: {sent.trouble}; run the same command again, it goes on where this one ended")
    if not sent.done:
        sys.exit(1)


@app.command()
def morning(
    day: Annotated[str, typer.Argument(metavar="[DATE]", help="报告日期；不写则为北京时间的今天")] = "",
    approver: Annotated[
        str, typer.Option("--approver", metavar="NAME", help="审核并放行的人；不写则等收件箱里的批准文件")
    ] = "",
    place: PlaceOption = Path(),
) -> None:
    """每日一条命令（cron、systemd）：等底稿齐备并获批准，核对、发布、发信；重复运行不重做；休市日无事。"""
    from report.lookback import BEIJING

    report_date = parse_date(day) if day else now().astimezone(BEIJING).date()
    with opened(place) as (_, house), telling.progress() as step:
        from report.pipeline import morning as walk

        gone = walk.morning(house, report_date, clock(), step, approver=approver)
    if gone.sent is None:
        print(f"{report_date} 无日报：{gone.holiday}")
        return
    _told(gone.sent)


@box.command()
def show(
    day: Annotated[str, typer.Argument(metavar="[DATE]", help="报告日期；不写则列出各日合计")] = "",
    place: PlaceOption = Path(),
) -> None:
    """谁收到了什么：每封信的状态、次数、对方服务器最后的答复。"""
    report_date = parse_date(day) if day else None
    with opened(place) as (_, house):
        from report.pipeline import sending

        rows: list[tuple[str, ...]]
        if report_date is None:
            rows = [(str(one), f"v{version}", str(how)) for one, version, how in sending.standings(house, now())]
        else:
            rows = [_row(one) for one in sending.letters(house, report_date, now())]
    if sys.stdout.isatty() and rows:
        telling.table(DAYS if report_date is None else LETTERS, rows)
        return
    for row in rows:
        print(*row, sep="\t")


def _row(one: Letter) -> tuple[str, ...]:
    from report.lookback import BEIJING

    moment = f"{one.changed_at.astimezone(BEIJING):%Y-%m-%d %H:%M:%S}"
    return f"v{one.version}", one.address, one.name, one.state.word, str(one.tries), moment, one.answer, one.message_id


@box.command()
def resend(day: DateArgument, place: PlaceOption = Path()) -> None:
    """重发当日失败的信；其余的不动。"""
    report_date = parse_date(day)
    with opened(place) as (_, house), telling.progress() as step:
        from report.pipeline import sending

        sent = sending.send(house, sending.published(house, report_date), clock(), step, again=True)
    _told(sent)


@box.command()
def settle(
    log: Annotated[Path | None, typer.Argument(metavar="[LOGFILE]", help="Postfix 的邮件日志，可为 .gz")] = None,
    complete: Annotated[bool, typer.Option("--complete", help="日志完整：其中没有的信即未被接收，可以再发")] = False,
    sent: Annotated[list[str] | None, typer.Option("--sent", metavar="ADDRESS", help="已收到，不再发")] = None,
    not_sent: Annotated[
        list[str] | None, typer.Option("--not-sent", metavar="ADDRESS", help="未收到，可以再发")
    ] = None,
    day: Annotated[str, typer.Option("--date", metavar="DATE", help="只看这一日")] = "",
    place: PlaceOption = Path(),
) -> None:
    """了结存疑的信：按 Message-ID 查中继日志，或逐个指明。"""
    if log is None and not (sent or not_sent):
        raise UsageError("nothing to settle by: name the relay's log, or --sent ADDRESS, or --not-sent ADDRESS")
    by_hand = [*((one, True) for one in sent or ()), *((one, False) for one in not_sent or ())]
    report_date = parse_date(day) if day else None
    with opened(place) as (_, house):
        from report.pipeline import sending

        settled, left = sending.settle(house, now(), log, complete=complete, by_hand=by_hand, report_date=report_date)
    print(f"了结 {settled} 封，仍存疑 {len(left)} 封")
    for one in left:
        print(one.report_date, *_row(one), sep="\t")
    if left:
        sys.exit(1)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)
