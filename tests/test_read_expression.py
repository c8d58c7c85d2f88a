"""Expressions in a note's text: a small grammar, and nothing of them is run."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report import catalog as catalogs
from report.derive.bound import evaluate
from report.facts import Fact, Facts, Series
from report.manuscript import Figure, Quantity
from report.read.expression import NotAnExpression, parse
from report.read.passages import passages

DAY, LATER = date(2022, 5, 4), date(2022, 6, 1)
SERIES = {"a": Series("", "note.a"), "b": Series("", "note.b")}
FACTS = Facts(
    Fact("", f"note.{name}", day, Decimal(value), unit)
    for name, day, value, unit in (
        ("a", DAY, "20", "亿美元"),
        ("a", LATER, "30", "亿美元"),
        ("b", DAY, "4", "十亿美元"),
        ("b", LATER, "1", "十亿美元"),
    )
)
CATALOG = catalogs.load([catalogs.packaged("data")])


def told(text: str) -> tuple[Decimal | None, str]:
    found, findings = evaluate([Figure(parse(text), "here")], SERIES, FACTS, CATALOG)
    assert not findings, findings
    (fact,) = found.values()
    return fact.value, fact.unit


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("a at 2022-05-04", "20", "亿美元"),
        ("a at 2022-05-04 in 十亿美元", "2", "十亿美元"),
        ("a from 2022-05-04 to 2022-06-01", "10", "亿美元"),
        ("a at 2022-05-04 + b at 2022-05-04", "60", "亿美元"),
        ("b at 2022-05-04 - a at 2022-05-04", "2", "十亿美元"),
        ("a from 2022-05-04 to 2022-06-01 over b from 2022-05-04 to 2022-06-01", "-33.33", "%"),
        ("a at 2022-05-04 over a at 2022-05-04 + b at 2022-05-04", "33.33", "%"),
    ],
)
def test_an_expression_comes_to_its_number_in_its_unit(text: str, value: str, unit: str) -> None:
    number, told_in = told(text)
    assert (round(number, 2), told_in) == (Decimal(value), unit)


def test_a_derived_number_knows_the_facts_it_comes_from() -> None:
    found, _ = evaluate([Figure(parse("a from 2022-05-04 to 2022-06-01"), "")], SERIES, FACTS, CATALOG)
    (fact,) = found.values()
    assert [one.session for one in fact.inputs] == [LATER, DAY]
    assert fact.source == "= a from 2022-05-04 to 2022-06-01"


def test_a_plain_level_is_the_fact_itself() -> None:
    found, _ = evaluate([Figure(parse("a at 2022-05-04 places 2 abs"), "")], SERIES, FACTS, CATALOG)
    ((asked, fact),) = found.items()
    assert fact is FACTS.get(SERIES["a"], DAY)
    assert (asked.places, asked.absolute, asked.top) == (2, True, ((1, Quantity("a", DAY)),))


WORDS = st.sampled_from(
    [
        "a",
        "at",
        "from",
        "to",
        "over",
        "in",
        "places",
        "abs",
        "+",
        "-",
        "2022-05-04",
        "2022-13-01",
        "亿美元",
        "2",
        "(",
        "*",
    ]
)


@given(st.one_of(st.text(), st.lists(WORDS, max_size=12).map(" ".join)))
def test_whatever_is_typed_is_an_expression_or_told_to_be_none(text: str) -> None:
    try:
        parsed = parse(text)
    except NotAnExpression:
        return
    assert parsed.top


@given(st.text(alphabet="甲a {}[]#*`^_-1.>\n|<!", max_size=60))
def test_no_text_breaks_the_reader_of_a_note(text: str) -> None:
    parts, findings = passages("正文.md", text)
    assert all(one.where.startswith("正文.md › line ") for one in findings)
    assert isinstance(parts, list)


def test_a_strong_run_may_end_in_a_full_stop_before_a_han_character() -> None:
    ((paragraph,), findings) = passages("正文.md", "**渠道一。**银行用准备金付款。")
    assert [(word.text, word.strong) for word in paragraph.inlines] == [
        ("渠道一。", True),
        ("银行用准备金付款。", False),
    ]
    assert not findings


def test_lines_of_a_paragraph_are_joined_without_a_blank_and_each_knows_its_line() -> None:
    ((paragraph,), _) = passages("正文.md", "一行，\n二行见[](#x)，ON\nRRP。")
    assert "".join(getattr(one, "text", "＊") for one in paragraph.inlines) == "一行，二行见＊，ON RRP。"
    assert paragraph.inlines[2].place == "正文.md › line 2"
