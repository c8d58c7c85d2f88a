"""The first sheet of the desk workbook, 说明: sessions spoken of, how to fill it, colours, vocabulary."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from openpyxl.worksheet.worksheet import Worksheet

from report.catalog import Catalog
from report.read import form, paper
from report.read.paper import Entry

WIDTHS = (20, 16, 18, 24, 44)
COLUMNS = len(WIDTHS)
STEPS = (
    "先填「收盘」和「产业」的浅黄格，再写「观点」。涨跌、涨跌幅、比价、价差、基差由公式算出，不必填写。",
    "前收盘价、上期已按历史预填（浅灰格，批注写明出处）。主力换月时改写合约，前收盘价填同一合约前一交易日的收盘价。",
    "缺数留空或填「—」，不要填 0，也不要抄前一日的数。周度指标当周没有新数时，本期和本期日期都留空。",
    "口径写明成交量、持仓量是「全合约」合计，还是「主力」一个合约。",
    "「用法」为替换时，「行情」代替系统草稿；为接后时，接在草稿之后。操作建议留空，则由系统按规则提出。",
    "各表已保护，未设密码：要加行、移列时，在「审阅」里撤销工作表保护。读表时按表头的字找列，行列可以移动。",
)
COLOURS = (
    (paper.INPUT, "必填：当日的数值与文字"),
    (paper.KNOWN, "已按历史或品种表预填，核对即可；换月或更正时可改写"),
    (paper.STALE, "合约改了，前收盘价还是旧合约的：请改填新合约前一交易日的收盘价"),
    (paper.FREE, "选填，可以留空"),
    (paper.FORMULA, "公式，自动算出，已锁定"),
    (paper.LABEL, "表头、品种与指标名称，已锁定"),
)


def write(
    sheet: Worksheet, report_date: date, title: str, sessions: Sequence[tuple[str, date, date, str]], catalog: Catalog
) -> str:
    """Write the sheet and give the range its vocabulary stands in.

    sessions: who, the session spoken of, the one before, a remark.
    """
    paper.banner(sheet, title, report_date, COLUMNS)
    author = catalog.settings.house
    row = _title(sheet, form.HEAD_ROW, "一、各市场所述的交易日")
    row = _table(sheet, row, ("市场或指标", "所述交易日", "前一交易日", "说明"), _days(sessions), author)
    row = _title(sheet, row + 1, "二、怎样填")
    for number, step in enumerate(STEPS, start=1):
        paper.say(sheet.cell(row, 1), f"{number}. {step}")
        row += 1
    row = _title(sheet, row + 1, "三、颜色")
    for look, meaning in COLOURS:
        paper.put(sheet.cell(row, 1), Entry(look.name, look), author)
        paper.say(sheet.cell(row, 2), meaning)
        row += 1
    row = first = _title(sheet, row + 1, "四、操作建议的词汇")
    rows = [
        (Entry(one.name, paper.NAME), *map(Entry, (one.stance, one.entry, one.audience, "、".join(one.aliases))))
        for one in catalog.recommendations.recommendation
    ]
    row = _table(sheet, row, ("操作建议", "方向", "进场", "适用客户", "也可写作"), rows, author)
    paper.settle(sheet, WIDTHS)
    for number in range(form.HEAD_ROW, row):
        sheet.row_dimensions[number].height = 20
    return f"'{sheet.title}'!$A${first + 1}:$A${row - 1}"


def _days(sessions: Sequence[tuple[str, date, date, str]]) -> list[tuple[Entry, ...]]:
    format_ = 'yyyy"年"m"月"d"日"'
    return [
        (Entry(who, paper.NAME), Entry(day, format=format_), Entry(before, format=format_), Entry(remark))
        for who, day, before, remark in sessions
    ]


def _title(sheet: Worksheet, row: int, words: str) -> int:
    paper.say(sheet.cell(row, 1), words, size=12, bold=True, colour=paper.ACCENT)
    return row + 1


def _table(sheet: Worksheet, row: int, headings: Sequence[str], rows: Sequence[Sequence[Entry]], author: str) -> int:
    paper.head(sheet, row, headings)
    for number, entries in enumerate(rows, start=row + 1):
        for at, entry in enumerate(entries, start=1):
            paper.put(sheet.cell(number, at), entry, author)
    return row + 1 + len(rows)
