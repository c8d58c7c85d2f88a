"""The published report's two tables as a desk's workbook: every figure as it was printed, typed over our formulas.

Its close rows and its blocks name the house's rows by place, as tests/test_sample_day.py holds them against each other.
The sheet 收盘 has what Table 1 prints; the previous close, which it does not print, is Table 2's where the two agree,
else the close less the printed change. A row of Table 2 about a close is typed on 产业 too, below the form's rows; one
that Table 1 lacks stands on 收盘 alone. Heading dates are typed where they differ from the sessions'.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from report.facts import Series
from report.read import blank
from tests.days import CALENDARS, CATALOG, REPORT
from tests.prose_days import SAMPLES

IN_TEN_THOUSANDS = ("碳酸锂主力", "电碳现货", "工碳现货")
PRINTED_DAYS = ("3月28日", "3月27日")
FIRST = {"收盘价": "收盘价", "涨跌": "涨跌", "涨跌幅": "涨跌幅/%", "成交量": "总成交量/手", "持仓量": "总持仓量/手"}
Key = tuple[str, str, str, str]
Row = Mapping[str, object]


def rows(name: str) -> list[dict[str, str]]:
    with (SAMPLES / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def second() -> Iterator[tuple[Series, dict[str, str]]]:
    """Every row of Table 2 with the house's series that stands in its place."""
    places = {
        (variety.block.title, side, str(place)): CATALOG.series(variety, name)
        for variety in CATALOG.blocks
        for side, names in (("左", variety.block.left), ("右", variety.block.right))
        for place, name in enumerate(names, 1)
    }
    for row in rows("printed_industry.csv"):
        yield places[row["区块"], row["列"], row["行"]], row


def number(text: str, unit: str = "") -> float | int | None:
    if not text:
        return None
    value = Decimal(text.replace(",", "")) * (10_000 if unit == "万元/吨" else 1)
    return int(value) if value == value.to_integral_value() else float(value)


def day(text: str) -> date:
    month, _, rest = text.partition("月")
    return date(REPORT.year, int(month), int(rest.removesuffix("日")))


@dataclass(frozen=True)
class Workbook:
    """The workbook written, and the cell of every printed figure by (table, block, row, column) of the print."""

    path: Path
    cells: dict[tuple[str, str, str, str], str]


def workbook(
    folder: Path, *, dates: bool = True, names: bool = False, views: Mapping[str, Row] | None = None
) -> Workbook:
    """Write the workbook; dates: with the printed heading dates where they are not the sessions'; names: as printed."""
    book = load_workbook(BytesIO(blank.write(REPORT, CATALOG, CALENDARS, views=views)))
    path = folder / "日报底稿.xlsx"
    cells = {}
    for key, place in (*_closes(book["收盘"]), *_industry(book["产业"], dates, names)):
        cells[key] = f"{path.name} › {place}"
    book.save(path)
    return Workbook(path, cells)


def _columns(sheet: Worksheet) -> dict[str, int]:
    return {cell.value: cell.column for cell in sheet[4] if cell.value}


def _put(sheet: Worksheet, row: int, heading: str, value: object) -> str:
    cell = sheet.cell(row, _columns(sheet)[heading])
    if value is not None:
        cell.value, cell.number_format = value, "General"
    return f"{sheet.title} › {cell.coordinate}"


def _closes(sheet: Worksheet) -> Iterator[tuple[Key, str]]:
    columns = _columns(sheet)
    lines = {
        (sheet.cell(row, columns["交易所"]).value, sheet.cell(row, columns["品种"]).value): row
        for row in range(5, sheet.max_row + 1)
    }
    second_told = {series: row for series, row in second() if CATALOG.instrument(series)}
    first_told = {row["合约"]: row for row in rows("printed_closes.csv")}
    for variety, instrument in CATALOG.instruments:
        line = lines.get((instrument.exchange, instrument.product))
        if line is None:
            continue
        sheet.cell(line, columns["口径"]).value = None
        first = first_told.get(instrument.label)
        again = second_told.get(Series(variety.code, instrument.measure, instrument.basis))
        if first:
            yield from _first(sheet, line, first, again)
        elif again:
            unit = "万元/吨" if again["指标"] in IN_TEN_THOUSANDS else ""
            for heading, column in (("收盘价", "本期"), ("前收盘价", "上期"), ("涨跌", "涨跌")):
                key = ("2", again["区块"], again["指标"], column)
                yield key, _put(sheet, line, heading, number(again[column], unit))


def _first(sheet: Worksheet, line: int, row: dict[str, str], again: dict[str, str] | None) -> Iterator[tuple[Key, str]]:
    for heading, printed in FIRST.items():
        yield ("1", "", row["合约"], printed), _put(sheet, line, heading, number(row[printed]))
    change = Decimal(row["涨跌"].replace(",", ""))
    before = Decimal(row["收盘价"].replace(",", "")) - change
    if again and abs(Decimal(again["上期"].replace(",", "")) - before) * 2 <= Decimal(1).scaleb(
        change.as_tuple().exponent
    ):
        before = Decimal(again["上期"].replace(",", ""))
    yield ("1", "", row["合约"], "前收盘价"), _put(sheet, line, "前收盘价", float(before))
    if row["总成交量/手"]:
        _put(sheet, line, "口径", "全合约")
        yield ("1", "", row["合约"], "口径"), f"{sheet.title} › F{line}"


def _industry(sheet: Worksheet, dates: bool, names: bool) -> Iterator[tuple[Key, str]]:
    columns = _columns(sheet)
    lines = {
        (sheet.cell(row, columns["品种"]).value, sheet.cell(row, columns["指标"]).value): row
        for row in range(5, sheet.max_row + 1)
    }
    last = sheet.max_row
    labels = {row["合约"] for row in rows("printed_closes.csv")}
    for series, row in second():
        instrument = CATALOG.instrument(series)
        if instrument is not None and instrument.label not in labels and not names:
            continue
        variety = CATALOG.varieties[series.variety]
        name = CATALOG.entry(series).name
        line = lines.get((variety.name, name))
        if line is None:
            line = last = last + 1
            _put(sheet, line, "品种", variety.name)
            _put(sheet, line, "单位", CATALOG.unit(series) or None)
        place = _put(sheet, line, "指标", row["指标"] if names else name)
        yield ("2", row["区块"], row["指标"], "指标"), place
        if row["指标"] in IN_TEN_THOUSANDS:
            _put(sheet, line, "单位", "万元/吨")
        for heading in ("本期", "上期", "涨跌"):
            yield ("2", row["区块"], row["指标"], heading), _put(sheet, line, heading, number(row[heading]))
        behind = CATALOG.measures[series.measure].behind
        printed = (row["本期日期"], row["上期日期"])
        for heading, text in zip(("本期日期", "上期日期"), printed, strict=True):
            told = dates and (printed != PRINTED_DAYS or behind)
            sheet.cell(line, columns[heading]).value = day(text) if told else None
            yield (
                ("2", row["区块"], row["指标"], heading),
                f"{sheet.title} › {sheet.cell(line, columns[heading]).coordinate}",
            )
