"""The form 日报底稿 (.xlsx): which sheets, which columns. The one place its writer and its reader share.

Every sheet but 说明 carries a banner in row 1, `报告日期` with the date in row 2, headings in row 4, data from row 5.
The reader finds rows and columns by their words, so a desk may move them; the writer puts them here.
"""

from __future__ import annotations

from dataclasses import dataclass

DATE_LABEL = "报告日期"
GUIDE = "说明"
BANNER_ROW, DATE_ROW, HEAD_ROW, FIRST_ROW = 1, 2, 4, 5


@dataclass(frozen=True, slots=True)
class Field:
    """A column: its heading, whether a sheet may lack it, whether it is a formula of ours that nobody reads back."""

    heading: str
    optional: bool = False
    computed: bool = False
    width: int = 12


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name and columns, left to right. key: the headings that together name a row."""

    name: str
    fields: tuple[Field, ...]
    key: tuple[str, ...]


CLOSES = Sheet(
    "收盘",
    (
        Field("交易所", width=9),
        Field("品种", width=11),
        Field("合约", width=10),
        Field("收盘价", width=12),
        Field("前收盘价", width=12),
        Field("成交量", width=12),
        Field("持仓量", width=12),
        Field("口径", width=9),
        Field("单位", width=11),
        Field("涨跌", optional=True, computed=True, width=10),
        Field("涨跌幅", optional=True, computed=True, width=10),
    ),
    ("交易所", "品种"),
)

INDUSTRY = Sheet(
    "产业",
    (
        Field("品种", width=10),
        Field("指标", width=24),
        Field("单位", width=11),
        Field("本期", width=13),
        Field("上期", width=13),
        Field("涨跌", optional=True, computed=True, width=11),
        Field("本期日期", optional=True, width=13),
        Field("上期日期", optional=True, width=13),
        Field("备注", optional=True, width=40),
    ),
    ("品种", "指标"),
)

VIEWS = Sheet(
    "观点",
    (
        Field("品种", width=9),
        Field("标题", width=34),
        Field("行情", width=70),
        Field("用法", optional=True, width=8),
        Field("展望", width=60),
        Field("操作建议", width=16),
        Field("分析师", width=14),
    ),
    ("品种",),
)

SHEETS = (CLOSES, INDUSTRY, VIEWS)
