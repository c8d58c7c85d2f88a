"""One of every block of long documents, in a document of its own; its links lead to the section `here`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from report.document import Block, Call, Chart, Document, Figures, Line, Link, Number, Prose, Section, Text
from report.document import Column as Head
from report.facts import TAccount
from report.longform import Box, Contents, Cover, Endnotes, Entry, Exhibit, Flow, Items, Lead, Signature, TAccounts

ONE = Decimal(1)
SPANS = (
    Text("甲"),
    Text("要点", strong=True),
    Link("图 1", "here"),
    Text("之后"),
    Call(1, (Text("注。"),)),
    Text("。"),
)
ACCOUNTS = TAccounts(
    (TAccount("货币基金", (("ON RRP", -ONE), ("回购贷款", ONE)), ()), TAccount("美联储", (), (("准备金", 0 * ONE),))),
    "资产",
    "负债",
    "两个账户",
)
FLOW = Flow(
    (Box(("甲", "一"), 0, 0, True), Box(("乙",), 1, 0), Box(("丙",), 1, 1)), ((0, 1, "去"), (2, 0, "来")), "流程"
)


def months(*values: float) -> tuple[tuple[date, float], ...]:
    return tuple((date(2024, at, 1), value) for at, value in enumerate(values, start=1))


def chart(*styles: tuple[str, str, bool], wide: bool = True) -> Chart:
    """A chart with one line of every (style, axis, stacked)."""
    lines = (
        Line(f"线{at}", "亿", months(4.0, -2.0, 3.0 + at), style, axis, stacked=stacked)
        for at, (style, axis, stacked) in enumerate(styles)
    )
    return Chart("图", tuple(lines), "", "图的话", wide)


def blocks() -> tuple[Block, ...]:
    """One of every block."""
    lead = Lead("要点", (Prose(SPANS[:2]),))
    signed = (Signature("分析师", "示例分析师甲", ("编号 1", "a@example.com")),)
    large = ((Number(ONE, "亿元"), "一个数"),)
    drawn = chart(("bar", "left", True), ("bar", "left", True), ("line", "right", False))
    table = Figures((Head("项", "text"), Head("数")), (("甲", Number(ONE)),))
    return (
        Cover(
            "题", "副题", "系列（一）", "2024年3月29日", "示例期货研究所", (lead,), signed, "相关", ("一",), "印", large
        ),
        Contents((Entry("1", "一章", "here"), Entry("1.1", "一节", "here", 2))),
        Items((SPANS[:1], SPANS[:2]), True),
        ACCOUNTS,
        FLOW,
        Exhibit("图 1", "一图", "fig", drawn, "单位：亿", "资料来源：示例", ("一注",)),
        Exhibit("表 1", "一表", "tab", table, "", "资料来源：示例"),
        Exhibit("图 2", "账", "acc", ACCOUNTS, "", "资料来源：示例"),
        Prose(SPANS),
        Endnotes("脚注", ((1, (Text("注。"),)),)),
    )


def document() -> Document:
    """All of them in one note."""
    return Document("note", "题", date(2024, 3, 29), "示例期货研究所", (Section("一章", "here", blocks(), number="1"),))
