"""A publication, recipients and settings made by hand, and a run of sending to a relay of the test's own."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from report import catalog
from report.deliver.dispatch import Dispatch
from report.deliver.ledger import Letter, Standing
from report.deliver.letter import Letters
from report.deliver.outbox import Outbox
from report.deliver.publication import Publication
from report.deliver.smtp import Credentials
from report.delivery import Clock, Delivery, Recipient

DAY = date(2024, 3, 29)
CLOCK = Clock(lambda: datetime.now(UTC), time.sleep)
DATA = catalog.packaged("data")


def publication(version: int = 1, size: int = 2000, erratum: str = "") -> Publication:
    return Publication(
        DAY,
        version,
        "商品日报 20240329",
        "商品日报_20240329.pdf",
        b"%PDF-1.7\n" + bytes(range(256)) * (size // 256),
        '<!DOCTYPE html>\n<html><body style="margin:0"><p>铜 72,500</p></body></html>\n',
        "铜 72,500\n",
        erratum or ("铜收盘价应为 72,500" if version > 1 else ""),
    )


def people(count: int, domain: str = "example.com") -> list[Recipient]:
    return [Recipient(f"c{n:04d}@{domain}", f"c{n:04d}@{domain}", f"示例客户{n}") for n in range(count)]


def settings(port: int, **changes: dict[str, Any]) -> Delivery:
    """The packaged settings with a plain relay at that port and waits of hundredths; changes go before, by section."""
    usual = catalog.entry([DATA], "delivery.toml", Delivery).model_dump()
    usual["server"] |= {"host": "127.0.0.1", "port": port, "security": "plain", "timeout": 3, "patience": 3}
    usual["pace"] |= {"connections": 1, "first_wait": 0.02, "longest_wait": 0.1, "give_up": 10}
    for section, keys in changes.items():
        usual[section] |= keys
    return Delivery.model_validate(usual)


def sent(
    place: str | Path, given: Delivery, publication: Publication, to: Sequence[Recipient], clock: Clock = CLOCK
) -> tuple[Standing, str]:
    """Send; gives where the letters stand, and the trouble."""
    outbox = Outbox(place)
    try:
        letters = Letters(publication, given.letter)
        outbox.free(clock.moment())
        outbox.prepare(publication, to, letters.message_id, clock.moment())
        run = Dispatch(outbox, letters, given, Credentials(), clock)
        return run.run(), run.trouble
    finally:
        outbox.close()


def outbox_of(place: str | Path) -> list[Letter]:
    outbox = Outbox(place)
    try:
        return outbox.letters()
    finally:
        outbox.close()
