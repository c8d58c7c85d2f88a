"""Desk workbooks for tests, written with openpyxl, or with XlsxWriter where a formula needs a saved value."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from openpyxl import Workbook

from report.facts import Finding, Severity
from report.read import Reading, desk, form
from tests.days import CALENDARS, CATALOG, REPORT

NAME = "日报底稿.xlsx"
KNOWN_AT = datetime(2024, 3, 29, 0, 5, tzinfo=UTC)
Row = Mapping[str, object]

COPPER: Row = {
    "交易所": "SHFE",
    "品种": "铜",
    "合约": "CU2405",
    "收盘价": 72500,
    "前收盘价": 72090,
    "成交量": 217587,
    "持仓量": 537374,
    "口径": "全合约",
    "单位": "元/吨",
}
LONDON: Row = {
    "交易所": "LME",
    "品种": "铜",
    "合约": "3个月",
    "收盘价": 8872,
    "前收盘价": 8867.5,
    "单位": "美元/吨",
}
SPOT: Row = {"品种": "铜", "指标": "沪铜现货报价", "单位": "元/吨", "本期": 71910, "上期": 71595}
STOCK: Row = {"品种": "铜", "指标": "LME 库存", "单位": "吨", "本期": 112475, "上期": 113100}
SOCIAL: Row = {
    "品种": "锌",
    "指标": "锌锭社会库存",
    "单位": "万吨",
    "本期": 19.93,
    "上期": 20.36,
    "本期日期": date(2024, 3, 28),
    "上期日期": date(2024, 3, 25),
}
VIEW: Row = {
    "品种": "铜",
    "标题": "铜价偏强",
    "行情": "沪铜走高。",
    "展望": "观望为宜。",
    "操作建议": "观望",
    "分析师": "示例分析师甲",
}


@dataclass(frozen=True)
class Formula:
    """A formula and the value a spreadsheet program saved with it; None: never calculated (openpyxl writes none)."""

    text: str
    value: object = None


@dataclass(frozen=True)
class Shown:
    """A value and the number format it is shown in."""

    value: object
    format: str


def write(
    folder: Path,
    closes: Iterable[Row] | None = None,
    industry: Iterable[Row] | None = None,
    views: Iterable[Row] | None = None,
    *,
    day: object = REPORT,
    name: str = NAME,
    change: Callable[[Workbook], object] | None = None,
) -> Path:
    """Write the sheets that are given; `change` is handed the workbook before it is saved."""
    book = Workbook()
    book.remove(book.active)
    for shape, rows in zip(form.SHEETS, (closes, industry, views), strict=True):
        if rows is not None:
            sheet = book.create_sheet(shape.name)
            for (row, column), value in cells(shape, rows, day):
                if isinstance(value, Shown):
                    sheet.cell(row, column, value.value).number_format = value.format
                else:
                    sheet.cell(row, column, value.text if isinstance(value, Formula) else value)
    if change:
        change(book)
    book.save(folder / name)
    return folder / name


def calculated(
    folder: Path, closes: Iterable[Row] = (), industry: Iterable[Row] = (), views: Iterable[Row] = ()
) -> Path:
    """Write the three sheets with XlsxWriter, each Formula with its saved value."""
    with xlsxwriter.Workbook(folder / NAME) as book:
        dates = book.add_format({"num_format": "yyyy-mm-dd"})
        for shape, rows in zip(form.SHEETS, (closes, industry, views), strict=True):
            sheet = book.add_worksheet(shape.name)
            for (row, column), value in cells(shape, rows, REPORT):
                if isinstance(value, Formula):
                    sheet.write_formula(row - 1, column - 1, value.text, None, value.value)
                elif isinstance(value, date):
                    sheet.write_datetime(row - 1, column - 1, datetime(value.year, value.month, value.day), dates)
                else:
                    sheet.write(row - 1, column - 1, value)
    return folder / NAME


def cells(shape: form.Sheet, rows: Iterable[Row], day: object):
    """Give every cell of a sheet that holds something, with its place."""
    yield (form.BANNER_ROW, 1), shape.name
    yield (form.DATE_ROW, 1), form.DATE_LABEL
    yield (form.DATE_ROW, 2), day
    headings = [field.heading for field in shape.fields]
    yield from (((form.HEAD_ROW, at), heading) for at, heading in enumerate(headings, start=1))
    for number, row in enumerate(rows, start=form.FIRST_ROW):
        for heading, value in row.items():
            if value is not None:
                yield (number, headings.index(heading) + 1), value


def read(path: Path) -> Reading:
    """Read the workbook for the report of 2024-03-29."""
    return desk.read(path, CATALOG, CALENDARS, REPORT, KNOWN_AT)


def told(reading: Reading, least: Severity = Severity.NOTE) -> list[str]:
    """Give the findings as people see them."""
    return [str(finding) for finding in reading.findings if finding.severity >= least]


def only(reading: Reading) -> Finding:
    """Give the one finding there must be."""
    (finding,) = reading.findings
    return finding


def rewritten(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """Change one part of the archive as it lies on disk."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {part: b"", **parts}.items():
            archive.writestr(name, change(content) if name == part else content)
    return path
