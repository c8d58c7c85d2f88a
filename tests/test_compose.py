"""Facts to a document: drafted sentences, advice, tables, the first page."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal as D

import pytest

from report.compose import KINDS, tables, views
from report.compose.advice import advise
from report.compose.drafting import draft
from report.compose.numbers import Numbers
from report.compose.pictures import heat, spark
from report.document import Advice, Chart, HeatStrip, Number, Overview, Prose, Text, Word
from report.errors import CatalogError
from report.facts import CONTINUOUS, OF_CONTRACT, Fact, Series
from tests.days import BEFORE, CALENDARS, CATALOG, CU, LME_BEFORE, TODAY, day, fact, view

LME_CU = Series("cu", "lme_close", "3个月")
COPPER = [
    fact(CU, TODAY, "72500", "CU2405"),
    fact(CU._replace(basis=OF_CONTRACT), BEFORE, "72090", "CU2405"),
    fact(LME_CU, TODAY, "8872"),
    fact(LME_CU, BEFORE, "8867.5"),
    fact(Series("cu", "spot_price"), TODAY, "71910"),
    fact(Series("cu", "spot_premium"), TODAY, "-210"),
    fact(Series("cu", "lme_stock"), BEFORE, "112475"),
    fact(Series("cu", "lme_stock"), LME_BEFORE, "113100"),
    fact(Series("cu", "lme_warrant_stock"), BEFORE, "97775"),
]


def numbers(facts=COPPER, catalog=CATALOG) -> Numbers:
    return Numbers(day(facts), catalog)


def told(spans) -> str:
    """The spans as characters, numbers with their sign and unit, for reading in an assertion."""
    parts = []
    for span in spans:
        if isinstance(span, Number):
            value = abs(span.value) if span.absolute else span.value
            parts.append(f"{value.quantize(D(1).scaleb(-span.decimals))}{span.unit}")
        else:
            parts.append(span.text)
    return "".join(parts)


def drafted(*sentences: str, facts=COPPER, code: str = "cu") -> str:
    variety = CATALOG.varieties[code]
    variety = variety.model_copy(update={"view": variety.view.model_copy(update={"draft": sentences})})
    return told(draft(variety, numbers(facts)))


def with_sentence(*clauses: str) -> str:
    catalog = replace(CATALOG, sentences={**CATALOG.sentences, "mine": clauses})
    variety = CATALOG.varieties["cu"]
    variety = variety.model_copy(update={"view": variety.view.model_copy(update={"draft": ("mine",)})})
    return told(draft(variety, Numbers(day(COPPER), catalog)))


def test_a_close_is_drafted_with_weekday_contract_change_and_width() -> None:
    assert drafted("close") == "周四沪铜主力 2405 合约收于 72500元/吨，上涨 410元/吨，涨幅 0.57%。"


def test_a_stock_of_another_day_says_which_day() -> None:
    text = drafted("lme_stock")
    assert text == "LME 库存（3月27日） 112475吨，减少 625吨，注销仓单占 13.1%。"


def test_a_discount_is_told_by_its_word_and_not_by_a_minus() -> None:
    assert drafted("spot_premium") == "现货报价 71910元/吨，现货贴水 210元/吨。"


def test_no_change_is_said_as_such_and_never_as_a_rise_of_zero() -> None:
    flat = [fact(CU, TODAY, "72500"), fact(CU, BEFORE, "72500")]
    assert drafted("close", facts=flat) == "周四沪铜主力收于 72500元/吨，持平。"


def test_a_change_too_small_to_print_is_no_change() -> None:
    almost = [fact(CU, TODAY, "72500.2"), fact(CU, BEFORE, "72500")]
    assert drafted("close", facts=almost).endswith("，持平。")


def test_a_fall_takes_the_falling_words() -> None:
    fall = [fact(CU, TODAY, "72090"), fact(CU, BEFORE, "72500")]
    assert drafted("close", facts=fall).endswith("，下跌 410元/吨，跌幅 0.57%。")


def test_a_sentence_without_its_first_number_is_not_written() -> None:
    assert drafted("close", facts=[]) == ""


def test_a_clause_without_its_number_is_left_out() -> None:
    assert drafted("close", facts=[fact(CU, TODAY, "72500")]) == "周四沪铜主力收于 72500元/吨。"


def test_every_drafted_number_and_direction_word_is_bound_to_its_fact() -> None:
    spans = draft(CATALOG.varieties["cu"], numbers())
    assert sum(isinstance(span, Number) for span in spans) >= 8
    for span in spans:
        if isinstance(span, Number | Word):
            assert span.fact is not None
            assert span.fact.cells()


def test_a_direction_word_agrees_with_the_sign_of_its_fact() -> None:
    words = [span for span in draft(CATALOG.varieties["cu"], numbers()) if isinstance(span, Word)]
    assert {word.text for word in words} == {"上涨", "涨幅", "贴水", "减少"}
    for word in words:
        assert (word.fact.value > 0) - (word.fact.value < 0) == word.sign


@pytest.mark.parametrize("slot", ["{nothing}", "{futures_close~sideways}", "{treasury_yield}"])
def test_a_slot_that_means_nothing_is_a_mistake_that_names_the_file(slot: str) -> None:
    with pytest.raises(CatalogError, match=r"data/sentences\.toml: \{"):
        with_sentence(slot)


def test_every_drafted_sentence_of_the_catalogue_can_be_filled() -> None:
    for variety in CATALOG.views:
        draft(variety, numbers([]))


def test_the_analysts_recap_follows_the_draft_or_replaces_it() -> None:
    copper, three = CATALOG.varieties["cu"], numbers()
    follows = views.section(copper, view("cu", recap="分析师的话。"), None, three)
    replaces = views.section(copper, view("cu", recap="分析师的话。", use="替换"), None, three)
    assert [block.role for block in follows.blocks if isinstance(block, Prose)] == ["drafted", "recap"]
    assert [block.role for block in replaces.blocks if isinstance(block, Prose)] == ["recap"]
    assert replaces.blocks[-1].spans == (Text("分析师的话。", "a.xlsx › 观点 › recap"),)


def test_a_paragraph_break_in_the_cell_is_a_paragraph() -> None:
    section = views.section(CATALOG.varieties["macro"], view("macro", outlook="一。\n\n二。"), None, numbers())
    assert [told(block.spans) for block in section.blocks] == ["一。", "二。"]


CONTINUOUS_CU = CU._replace(basis=CONTINUOUS)


def history(value, count: int = 60, series: Series = CONTINUOUS_CU) -> list[Fact]:
    sessions = CALENDARS.between("SHFE", TODAY - timedelta(days=140), BEFORE)[-count:]
    return [fact(series, session, str(value(index))) for index, session in enumerate(sessions)]


def proposed(facts) -> Advice:
    return advise(CATALOG.varieties["cu"], view("cu"), None, day(facts), CATALOG)


def test_a_given_recommendation_takes_stance_entry_and_audience_from_the_vocabulary() -> None:
    advice = advise(CATALOG.varieties["cu"], view("cu", "逢低买入"), None, day([]), CATALOG)
    assert (advice.recommendation, advice.stance, advice.proposed) == ("逢低做多", "多", False)
    assert (advice.entry, advice.audience) == ("回落后买入", "投机客户")


def test_an_empty_recommendation_is_proposed_from_trend_stock_and_premium() -> None:
    stocks = history(lambda n: 120000 - 1000 * n, 7, Series("cu", "lme_stock"))
    rising = [
        *history(lambda n: 70000),
        fact(CU, TODAY, "73000"),
        *stocks,
        fact(Series("cu", "spot_premium"), TODAY, "50"),
    ]
    advice = proposed(rising)
    assert (advice.recommendation, advice.proposed) == ("逢低做多", True)
    assert advice.reasons[0] == "规则「上行、去库、现货升水」"
    assert len(advice.reasons) == 4


def test_a_falling_market_with_growing_stocks_is_proposed_to_be_sold() -> None:
    stocks = history(lambda n: 100000 + 1000 * n, 7, Series("cu", "lme_stock"))
    falling = [
        *history(lambda n: 70000),
        fact(CU, TODAY, "68000"),
        *stocks,
        fact(Series("cu", "spot_premium"), TODAY, "-50"),
    ]
    assert proposed(falling).recommendation == "逢高抛空"


def test_without_history_the_proposal_is_to_wait() -> None:
    assert (proposed([]).recommendation, proposed([]).reasons) == ("观望", ("规则「信号不齐或不同向」",))


def test_the_macro_view_is_given_no_advice() -> None:
    assert advise(CATALOG.varieties["macro"], view("macro"), None, day([]), CATALOG) is None


@pytest.mark.parametrize(
    ("before", "now", "change"), [("观望", "逢低做多", "转"), ("观望", "暂时观望", ""), (None, "观望", "新")]
)
def test_a_turned_stance_is_marked(before, now, change) -> None:
    last = view("cu", before) if before else None
    advice = advise(CATALOG.varieties["cu"], view("cu", now), last, day([]), CATALOG)
    assert advice.change == change


def test_the_heat_strip_runs_from_the_largest_rise_to_the_largest_fall_unknown_last() -> None:
    lead, ore = Series("pb", "futures_close", "主力"), Series("i", "futures_close", "主力")
    facts = [*COPPER, fact(lead, TODAY, "100"), fact(lead, BEFORE, "101"), fact(ore, TODAY, "758")]
    cells = heat([("铁", ore), ("铅", lead), ("铜", CU)], numbers(facts))
    assert [cell.label for cell in cells] == ["铜", "铅", "铁"]


def test_a_sparkline_shows_at_most_60_sessions_and_ends_today() -> None:
    picture = spark(CU, numbers([*history(lambda n: 70000 + n, 80), fact(CU, TODAY, "72500")]))
    assert (len(picture.values), picture.last, picture.values[-1]) == (60, TODAY, 72500.0)


def test_a_picture_never_calls_the_close_of_the_session_before_the_latest() -> None:
    before = [*history(lambda n: 70000 + n, 30), fact(CU, BEFORE, "72090")]
    unprinted = fact(CU._replace(basis=CONTINUOUS), TODAY, "72500")
    for known in (before, [*before, unprinted]):
        picture = spark(CU, numbers(known))
        assert (picture.last, picture.until) == (BEFORE, TODAY)
        assert picture.alt.endswith("最新（3月27日）72,090")
        (drawn,) = [
            block
            for block in views.section(CATALOG.varieties["cu"], None, None, numbers(known)).blocks
            if isinstance(block, Chart)
        ]
        assert drawn.alt.endswith("最新（3月27日）72,090")
        assert (drawn.lines[0].points[-1][0], drawn.lines[0].until) == (BEFORE, TODAY)
    assert spark(CU, numbers([*before, fact(CU, TODAY, "72500")])).alt.endswith("最新 72,500")


def test_the_words_of_a_picture_round_as_the_tables_do() -> None:
    lead = Series("pb", "futures_close", "主力")
    past = [replace(one, variety="pb") for one in history(lambda n: 16000 + n, 30)]
    picture = spark(lead, numbers([*past, fact(lead, TODAY, "16464.5")]))
    assert picture.alt.endswith("最高 16,465，最新 16,465")


def test_too_little_history_draws_no_line() -> None:
    assert spark(CU, numbers(COPPER)).values == ()


def test_table_2_dates_are_generated_and_a_row_of_another_day_is_marked() -> None:
    block = next(block for block in tables.blocks(numbers()) if block.title == "铜")
    assert (block.today, block.previous) == ("3月28日", "3月27日")
    assert {row.label: row.day for row in block.right}["LME 库存"] == "27日"
    assert {row.label: row.day for row in block.left}["SHFE 铜主力"] == ""


def test_a_close_of_another_day_and_a_count_of_the_main_contract_are_marked_in_table_1() -> None:
    lead, lme = Series("pb", "futures_close", "主力"), Series("pb", "lme_close", "3个月")
    monday = day([fact(lead, date(2024, 3, 29), "16500"), fact(lme, TODAY, "2053")], date(2024, 4, 1))
    table = tables.closes(Numbers(monday, CATALOG))
    marks = dict(zip((row[0] for row in table.rows), table.marks, strict=True))
    assert (marks["SHFE 铅"], marks["LME 铅"], marks["SHFE 锡"]) == ("", "28日", "主力")


def test_a_foreign_close_of_another_day_says_so_in_the_draft() -> None:
    lead, lme = Series("pb", "futures_close", "主力"), Series("pb", "lme_close", "3个月")
    monday = day([fact(lead, date(2024, 3, 29), "16500"), fact(lme, TODAY, "2053")], date(2024, 4, 1))
    assert "伦铅3个月（3月28日）收于 2053美元/吨。" in told(draft(CATALOG.varieties["pb"], Numbers(monday, CATALOG)))


def test_a_price_told_in_another_unit_is_printed_in_it() -> None:
    stock = Series("zn", "social_stock")
    three = numbers([fact(stock, TODAY, "199300")])
    shown = three.of(three.standing(stock).today, stock)
    assert (shown.value, shown.unit, shown.decimals) == (D("19.93"), "万吨", 2)


def test_the_whole_document_stands_on_an_empty_day_and_prints_dashes() -> None:
    document = KINDS["daily"](day([]), {}, {}, CATALOG)
    closes = next(section for section in document.sections if section.anchor == "closes").blocks[0]
    assert len(closes.rows) == 22
    assert all(cell.value is None for row in closes.rows for cell in row if isinstance(cell, Number))


def test_the_document_has_first_page_views_tables_and_small_print() -> None:
    document = KINDS["daily"](day(COPPER), {"cu": view("cu", "观望", headline="标题")}, {}, CATALOG)
    first = document.sections[0].blocks
    assert [type(block) for block in first[1:3]] == [HeatStrip, Overview]
    assert len(first[2].rows) == 13
    assert sum(section.level == 2 for section in document.sections) == 13
    assert document.title == "商品日报 20240329"
    assert document.date == date(2024, 3, 29)


def test_a_chart_needs_twenty_sessions() -> None:
    few = views.section(CATALOG.varieties["cu"], None, None, numbers(history(lambda n: n + 1, 10)))
    enough = views.section(
        CATALOG.varieties["cu"], None, None, numbers([*history(lambda n: n + 1, 30), fact(CU, TODAY, "31")])
    )
    assert not [block for block in few.blocks if isinstance(block, Chart)]
    assert [len(block.lines) for block in enough.blocks if isinstance(block, Chart)] == [1]


def test_the_facts_are_to_be_had_as_a_pandas_table() -> None:
    table = day(COPPER).facts.frame()
    copper = table[(table.measure == "futures_close") & (table.contract == "CU2405")].sort_values("session")
    assert list(copper.session) == [BEFORE, TODAY]
    assert list(copper.value) == [D(72090), D(72500)]
    assert copper.source.str.contains("收盘").all()
