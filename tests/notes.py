"""A small note of a test's own: a folder with front page, text and one spreadsheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

FRONT = """\
title = "小专题"
date = 2024-03-29
people = [{ role = "分析师", name = "示例分析师甲" }]

[bound.on_rrp]
measure = "overnight_reverse_repo"
sheet = "逆回购"
column = "余额"
unit = "十亿美元"

[bound.own]
sheet = "逆回购"
column = "另一列"
unit = "个"
"""
HEAD = "# 一章 {#first}\n\n"
RISK = "\n\n# 风险提示\n\n- 示例风险。\n"
FIGURE = """\
```图 rrp
title = "逆回购余额"
unit = "十亿美元"
kind = "line"
sheet = "逆回购"
columns = ["余额"]
source = "示例来源"
```
"""
FIRST = date(2022, 5, 2)


ROWS = tuple((FIRST + timedelta(days=at), 1800 + at, 3 * at, None) for at in range(6))


def laid(
    root: Path, text: str, front: str = FRONT, name: str = "mine", rows: Sequence[Sequence[object]] = ROWS
) -> Path:
    """The folder of a note, laid into a workspace."""
    folder = root / "data" / "notes" / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "扉页.toml").write_text(front, encoding="utf-8")
    (folder / "正文.md").write_text(text, encoding="utf-8")
    book = Workbook()
    sheet = book.active
    sheet.title = "逆回购"
    sheet.append(["日期", "余额", "另一列", "空列"])
    for row in rows:
        sheet.append(row)
    book.save(folder / "数据.xlsx")
    return folder
