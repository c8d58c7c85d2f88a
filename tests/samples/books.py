"""The sample's desk workbooks, made from the reviewed figures and sentences beside this file.

    python -m tests.samples.books

writes data/samples/<report date>/日报底稿.xlsx: the whole form for 2024-03-29, the views alone for 2024-03-28. The same
input gives the same bytes, so a test can hold the workbooks against the figures.
"""

from __future__ import annotations

import csv
import tomllib
from datetime import date
from decimal import Decimal
from pathlib import Path

from report import catalog as catalogs
from report import sessions
from report.read import blank

HERE = Path(__file__).parent
SAMPLES = catalogs.packaged("data") / "samples"
NUMBERS = ("收盘价", "前收盘价", "成交量", "持仓量", "本期", "上期")
DATES = ("本期日期", "上期日期")
IMPLIED = ("2024-03-28", "2024-03-27")
FIELDS = {
    "标题": "headline",
    "行情": "recap",
    "用法": "use",
    "展望": "outlook",
    "操作建议": "recommendation",
    "分析师": "analyst",
}


def rows(name: str, *key: str) -> dict[tuple[str, ...], dict[str, object]]:
    """The rows of a CSV of figures by their key columns; empty cells are None, numbers exact, dates real."""
    with (HERE / name).open(encoding="utf-8") as file:
        return {
            tuple(row[column] for column in key): {heading: value(heading, text) for heading, text in row.items()}
            for row in csv.DictReader(file)
        }


def value(heading: str, text: str) -> object:
    if not text:
        return None
    if heading in NUMBERS:
        return Decimal(text)
    return date.fromisoformat(text) if heading in DATES else text


def undated(row: dict[str, object]) -> dict[str, object]:
    """The row without its dates where they are the session's and the one before, which the form implies."""
    days = tuple(str(row[heading]) for heading in DATES)
    return row | dict.fromkeys(DATES) if days == IMPLIED else row


def views(name: str) -> dict[str, dict[str, object]]:
    written = tomllib.loads((HERE / name).read_text(encoding="utf-8"))["view"]
    return {
        view["variety"]: {"品种": view["variety"]}
        | {heading: view.get(field) or None for heading, field in FIELDS.items()}
        for view in written
    }


def books() -> dict[Path, bytes]:
    """Path under data/samples -> workbook."""
    data = catalogs.packaged("data")
    catalog, calendars = catalogs.load([data]), sessions.load([data / "calendars"])
    closes = rows("closes.csv", "交易所", "品种")
    industry = {key: undated(row) for key, row in rows("industry.csv", "品种", "指标").items()}
    return {
        Path("2024-03-28", "日报底稿.xlsx"): blank.write(
            date(2024, 3, 28), catalog, calendars, views=views("previous_views.toml")
        ),
        Path("2024-03-29", "日报底稿.xlsx"): blank.write(
            date(2024, 3, 29), catalog, calendars, closes=closes, industry=industry, views=views("views.toml")
        ),
    }


if __name__ == "__main__":
    for place, content in books().items():
        path = SAMPLES / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        print(path.relative_to(SAMPLES.parent.parent))
