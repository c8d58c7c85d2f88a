"""What may be typed: dates, moments, formats, the workspace; each means something or is a UsageError."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer

from report.errors import UsageError

if TYPE_CHECKING:
    from report.pipeline import House

MONEY = (Decimal("0.01"), Decimal(10**9))

DateArgument = Annotated[str, typer.Argument(metavar="DATE", help="报告日期，如 2024-03-29")]
AsOfOption = Annotated[
    str, typer.Option("--as-of", metavar="MOMENT", help="只用历史库当时已知的数，如 2024-03-29T08:00（北京时间）")
]
PlaceOption = Annotated[Path, typer.Option("--workspace", "-w", help="工作区（默认为当前文件夹所在的工作区）")]


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


def parse_amount(text: str) -> Decimal:
    """The amount typed; UsageError for anything but a number from 0.01 to a thousand million, of two places."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal(0)
    if not amount.is_finite() or not MONEY[0] <= amount <= MONEY[1] or amount != round(amount, 2):
        raise UsageError(
            f"'{text}' is no amount; type a number of two places from {MONEY[0]} to {MONEY[1]}, such as 600"
        )
    return amount


def parse_formats(text: str) -> list[str]:
    """The formats typed, each once; UsageError names the known ones."""
    from report.render import FORMATS

    names = list(dict.fromkeys(name.strip() for name in text.split(",") if name.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise UsageError(f"--format {text}: known formats are {', '.join(FORMATS)}")
    return names
