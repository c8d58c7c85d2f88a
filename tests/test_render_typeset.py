"""Han beside Latin: thin spaces, numbers with their units, squeezed punctuation, and nothing else changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.document import Number, Text
from report.render.page import plain_prose, prose
from report.render.typeset import HELD, JOINER, THIN, closed, pieces, spaced, typeset

GAPS = str.maketrans(dict.fromkeys(" \t\n\r\f\v\u00a0" + THIN + HELD + JOINER))
SHOWN = {THIN: "_", HELD: "~", JOINER: "^"}
TEXTS = st.text(st.sampled_from("铜价涨元吨月日合约，。「」（） .-~/0123456789ABλ<&>%"), max_size=40)


def shown(text):
    return "".join(SHOWN.get(character, character) for character in text)


@pytest.mark.parametrize(
    ("typed", "set_"),
    [
        ("沪铜主力 2405 合约收于72500元", "沪铜主力_2405~合^约收于_72500~元"),
        ("涨 4.5 美元/吨", "涨_4.5~美^元^/^吨"),
        ("3 月 28 日", "3~月~28~日"),
        ("3月28日", "3~月~28~日"),
        ("LME 库存", "LME_库存"),
        ("PT AMMAN 公布", "PT AMMAN_公布"),
        ("占比 16.1%，", "占比_16.1%，"),
        ("库存（3月27日） 112 吨， 增", "库存（3~月~27~日）112~吨，增"),
        ("20760～20890", "20760^～^20890"),
        ("他说: \"好\", (对)", "他说: \"好\", (对)"),
    ],
)  # fmt: skip
def test_spaces_beside_han_become_thin_and_numbers_keep_their_units(typed, set_):
    assert shown(spaced(typed)) == set_


@given(TEXTS)
def test_only_spaces_change(text):
    assert spaced(text).translate(GAPS) == text.translate(GAPS)


@given(TEXTS)
def test_setting_twice_is_setting_once(text):
    once = spaced(text).replace(JOINER, "")
    assert spaced(once).replace(JOINER, "") == once


@given(st.lists(TEXTS, max_size=5))
def test_the_parts_of_a_paragraph_are_set_as_one_text(parts):
    assert "".join(pieces(parts)) == closed(spaced("".join(parts)))


def test_punctuation_beside_punctuation_is_set_half_as_wide():
    assert typeset("「好」，对（是）。") == ('「好<span class="half">」</span>，对（是<span class="half">）</span>。')
    assert "half" not in typeset("好，对。")


def test_a_last_line_is_never_one_character_alone():
    assert shown(closed("窄幅震荡。")) == "窄幅震^荡^。"


@given(st.text(max_size=60))
def test_no_text_becomes_markup(text):
    out = str(typeset(text)).replace('<span class="half">', "").replace("</span>", "")
    assert "<" not in out
    assert ">" not in out
    assert '"' not in out


def test_a_figure_in_prose_is_followed_by_its_unit():
    price, share, none = Number(Decimal(72500), "元/吨"), Number(Decimal("0.57"), "%", 2), Number(None, "吨")
    spans = (Text("收于 "), price, Text("，涨幅 "), share, Text("，库存 "), none, Text("。"))
    assert shown(prose(spans, "paper")) == "收于_72,500~元^/^吨，涨幅_0.57%，库存 —。"
    assert plain_prose(spans) == "收于 72,500 元/吨，涨幅 0.57%，库存 —。"


def test_a_figure_on_screen_names_its_source_and_on_paper_is_plain():
    from sample_document import number

    spans = (Text("收于 "), number("72500"), Text(" 元/吨"))
    assert 'title="日报底稿.xlsx › 收盘 › B4"' in prose(spans, "screen")
    assert "<" not in prose(spans, "paper")
    assert "—" in prose((Text("库存 "), Number(None)), "paper")
