"""Make the small workbooks beside this file anew; their truths are the .txt files.

python -m tests.golden.read.samples
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import xlsxwriter

DAYS = (date(2024, 3, 26), date(2024, 3, 27))
BARS = ("日期", "开盘价", "最高价", "最低价", "收盘价", "结算价", "成交量", "持仓量")
FED = (
    "日期",
    *("总资产（百万美元）", "国债（百万美元）", "MBS（百万美元）", "准备金（百万美元）", "准备金周均（百万美元）"),
    *("财政部一般账户（百万美元）", "供给准备金的因素（百万美元）", "吸收准备金的因素（百万美元）"),
)
SAMPLES = {
    "主力连续日线": {
        "铜": [
            BARS,
            (DAYS[0], 72270, 72470, 72110, 72130, 72290, 68061, 197339),
            (DAYS[1], 72080, 72220, 71880, 72090, 72070, 74406, 194410),
        ],
        "原油": [
            BARS,
            (DAYS[0], 634.9, 637.9, 629.6, 630.4, 633.8, 113322, 31386),
            (DAYS[1], 627.2, 630, 621.7, "", "—", 120211, 30171),
        ],
    },
    "LME库存": {
        "铜": [
            ("日期", "库存", "仓单", "注销仓单"),
            (DAYS[0], 113100, 97725, 15375),
            (DAYS[1], 112475, 97775, 14700),
        ],
        "铅": [("日期", "库存", "仓单", "注销仓单"), (DAYS[1], 267850, 256875, 10975)],
    },
    "伦敦金银": {
        "黄金": [("日期", "价格"), (DAYS[0], 2172.05), (DAYS[1], 2192.7)],
        "白银": [("日期", "价格"), (DAYS[1], 24.535)],
    },
    "黄金ETF": {"黄金": [("日期", "吨"), (DAYS[0], 830.15), (DAYS[1], 830.15)]},
    "美债收益率": {"宏观": [("日期", "美债10年收益率"), (DAYS[0], 4.24), (DAYS[1], 4.2)]},
    "美联储资产负债": {
        "宏观": [
            FED,
            (date(2023, 3, 22), 8733787, 5328976, 2605235, 3369986, 3425075, 199856, 8783807, 5413821),
            (DAYS[1], 7484739, 4618082, 2388435, "", 3496121, 772260),
        ]
    },
    "隔夜逆回购": {"宏观": [("日期", "隔夜逆回购（十亿美元）"), (DAYS[0], 496.062), (DAYS[1], 518.357)]},
}


def make(path: Path, sheets: dict[str, list[tuple[object, ...]]]) -> None:
    """Write one workbook; the same sheets give the same bytes."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": datetime(2024, 3, 29)})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    if isinstance(value, date):
                        sheet.write_datetime(row, column, value, day)
                    elif value != "":
                        sheet.write(row, column, value)


if __name__ == "__main__":
    for name, sheets in SAMPLES.items():
        make(Path(__file__).parent / f"{name}.xlsx", sheets)
