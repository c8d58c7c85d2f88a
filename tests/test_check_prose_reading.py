"""Numbers, days and contracts are found in a sentence, and the labelled sentences are read as well as was promised."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from report.check.prose.judge import judged
from report.check.prose.tokens import Token, scanner
from report.check.prose.vocabulary import lexicon
from report.facts import Passage, View
from tests import accuracy, prose_mutations
from tests.days import CATALOG, REPORT
from tests.prose_days import evidence_of, sample_day


def tokens(text: str) -> list[Token]:
    return scanner(lexicon(CATALOG.folders)).tokens(text)


def figures(text: str) -> list[tuple[str, str, str, str]]:
    told = [(token, token.figure) for token in tokens(text) if token.part == "figure"]
    return [(str(f.low), str(f.high), f.unit, str(f.scale)) for _, f in told if f is not None]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("收于 72,500 元/吨", ("72500", "72500", "元/吨", "1")),
        ("库存 11.2 万吨", ("11.2", "11.2", "吨", "10000")),
        ("主流成交 20760～20890 元/吨", ("20760", "20890", "元/吨", "1")),
        ("减产 5%－10%", ("5", "10", "%", "1")),
        ("减少三成", ("3", "3", "TENTH", "1")),
        ("七万二以上", ("72000", "72000", "", "1")),
        ("收益率 ４.２０％", ("4.20", "4.20", "%", "1")),
    ],
)
def test_a_number_is_found_with_its_range_unit_and_scale(text: str, wanted: tuple[str, str, str, str]) -> None:
    assert figures(text) == [wanted]


def test_signs_are_told_from_ranges_and_hyphens() -> None:
    (token,) = [token for token in tokens("总库存-72 万吨") if token.figure]
    assert token.figure is not None
    assert token.figure.sign == -1
    assert figures("PB 粉-超特粉价差 160 元") == [("160", "160", "元", "1")]


def test_after_a_direction_word_another_number_is_the_level_and_no_range() -> None:
    assert [one[:2] for one in figures("上涨 5 美元/吨至 1110 美元/吨")] == [("5", "5"), ("1110", "1110")]


@pytest.mark.parametrize(
    "text",
    [
        "2024 年",
        "3 月 28 日",
        "第 7 阶段",
        "553# 现货",
        "A00 铝",
        "62%Fe",
        "RB2410 合约",
        "主力 2405 合约",
        "检修 1-2 个月",
        "（5.5%-6.0%）",
    ],
)
def test_years_days_phases_grades_and_contracts_are_no_figures_to_check(text: str) -> None:
    assert figures(text) == []


def test_a_token_stands_where_it_was_typed() -> None:
    text = "ＬＭＥ 库存　270875 吨。"
    (token,) = [token for token in tokens(text) if token.figure]
    assert text[token.start : token.end] == "270875 吨"
    assert token.figure is not None
    assert token.figure.low == Decimal(270875)


@pytest.mark.parametrize("name", ["written", "varied", "loose", "frozen", "another_hand", "third_hand", "fourth_hand"])
def test_the_sentences_the_rules_were_tried_on_are_read_right(name: str) -> None:
    result = accuracy.score(accuracy.FOLDER / f"{name}.toml")
    assert result.precision >= 0.98, result.misses
    assert result.recall >= 0.95, result.misses


def test_at_least_three_hundred_sentences_are_labelled_over_all_views() -> None:
    told = [one for path in accuracy.FOLDER.glob("*.toml") for one in accuracy.sentences(path)]
    assert len(told) >= 360
    assert {variety for _, variety, _ in told} >= {view.code for view in CATALOG.views}


def test_a_change_at_a_checked_number_is_caught_at_that_number() -> None:
    caught, missed = prose_mutations.run(100)
    assert caught >= 95, missed


@pytest.mark.soak
def test_of_two_thousand_changes_at_checked_numbers_97_in_100_are_caught() -> None:
    caught, missed = prose_mutations.run(2000)
    assert caught >= 1940, missed


def test_the_vocabulary_names_only_what_the_catalogue_has() -> None:
    vocabulary = lexicon(CATALOG.folders).vocabulary
    measures = {one.partition("@")[0] for noun in vocabulary.noun for told in noun.measures.values() for one in told}
    assert measures <= set(CATALOG.measures)
    codes = {one.code for one in vocabulary.variety} | {noun.variety for noun in vocabulary.noun if noun.variety}
    assert codes <= set(CATALOG.varieties)


@pytest.mark.parametrize("seed", range(40))
def test_no_text_however_odd_breaks_the_reading(seed: int) -> None:
    dice = random.Random(seed)
    words = [
        *lexicon(CATALOG.folders).roles,
        "0",
        "12.5",
        "2405",
        "%",
        "万吨",
        "元/吨",
        "-",
        "~",
        "，",
        "。",
        "（",
        "）",
        "某",
        " ",
        "\n",
    ]
    for _ in range(20):
        text = "".join(dice.choices(words, k=dice.randint(1, 40)))
        view = View("cu", REPORT, recap=Passage(text, "a.xlsx › 观点 › C5"))
        for passage in judged(evidence_of(sample_day(), [view])):
            figures_found = [token for token in passage.tokens if token.part == "figure"]
            assert [r.claim.token for r in passage.readings if r.claim.aspect != "trend"] == figures_found
            assert all(0 <= token.start < token.end <= len(text) for token in passage.tokens)
