"""How a number is written."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.document import Number
from report.render.columns import columns, width
from report.render.format import aligned, places, tone, written

VALUES = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12)
NUMBERS = st.builds(Number, VALUES, decimals=st.integers(0, 4), signed=st.booleans(), absolute=st.booleans())


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (Number(Decimal("72500")), "72,500"),
        (Number(Decimal("1.2"), decimals=2, signed=True), "+1.20"),
        (Number(Decimal("-0.48"), decimals=2), "\u22120.48"),
        (Number(Decimal("-0.004"), decimals=2, signed=True), "0.00"),
        (Number(Decimal("0"), signed=True), "0"),
        (Number(Decimal("-16"), absolute=True), "16"),
        (Number(None, decimals=2, signed=True), "—"),
        (Number(Decimal("NaN")), "—"),
        (Number(Decimal("2.5")), "3"),
        (Number(Decimal("-2.5")), "\u22123"),
        (Number(Decimal("0.125"), decimals=2), "0.13"),
        (Number(Decimal("1e30")), "1,000,000,000,000,000,000,000,000,000,000"),
    ],
)
def test_a_number_is_written_by_one_rule(number, text):
    assert written(number) == text


@given(NUMBERS)
def test_what_is_written_reads_back_as_the_rounded_value(number):
    text = written(number).replace(",", "").replace("\u2212", "-").replace("+", "")
    value = number.rounded
    assert Decimal(text) == (abs(value) if number.absolute else value)
    assert abs(value - number.value) <= Decimal("0.5").scaleb(-number.decimals)


@given(NUMBERS)
def test_zero_never_carries_a_sign_and_a_rise_wears_a_plus_only_where_asked(number):
    text, value = written(number), number.rounded
    if value == 0 or number.absolute:
        assert text[0].isdigit()
    else:
        assert (text[0] == "\u2212") == (value < 0)
        assert (text[0] == "+") == (value > 0 and number.signed)


def test_colour_follows_what_is_printed():
    assert tone(Number(Decimal("-0.004"), decimals=2, coloured=True)) == "flat"
    assert tone(Number(Decimal("-0.005"), decimals=2, coloured=True)) == "down"
    assert tone(Number(Decimal("3"), absolute=True, coloured=True)) == "up"
    assert tone(Number(Decimal("3"))) == ""
    assert tone(Number(None, coloured=True)) == "flat"


def test_decimal_points_stand_under_each_other():
    column = [Number(Decimal(text), decimals=at) for text, at in (("72500", 0), ("8867.5", 1), ("-0.25", 2))]
    texts = [aligned(number, places(column)) for number in column]
    assert len({len(text) - len(text.rstrip("0123456789\u2007").rstrip(".\u2008")) for text in texts}) == 1
    assert aligned(column[0], 2, room=7) == "72,500\u2008"


def test_plain_columns_count_a_han_character_twice():
    assert width("铜ab") == 4
    assert columns([("品种", "收盘"), ("铜", "72,500"), ("氧化铝", "3,287")], "lr") == (
        "品种      收盘\n铜      72,500\n氧化铝   3,287"
    )
