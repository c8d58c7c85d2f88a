"""Small pictures: scales of round numbers, stable coordinates, words for those who cannot see them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.document import Chart, Line, Spark
from report.render import ink
from report.render.axes import SMALL, axis
from report.render.chart import chart, spark

DAY = date(2024, 1, 2)
FLOATS = st.floats(-1e9, 1e9, allow_subnormal=False)


def line(values, **more):
    return Line("价", "元/吨", tuple((DAY + timedelta(at), value) for at, value in enumerate(values)), **more)


@pytest.mark.parametrize(
    ("values", "ticks"),
    [
        ((72090, 72500), ["72,000", "72,200", "72,400", "72,600"]),
        ((8.1, 8.2), ["8.08", "8.12", "8.16", "8.20"]),
        ((-210, -100), ["\u2212250", "\u2212200", "\u2212150", "\u2212100"]),
        ((5, 5), ["4.95", "5.00", "5.05", "5.10"]),
    ],
)  # fmt: skip
def test_an_axis_has_round_ticks(values, ticks):
    assert axis([line(values)]).ticks() == ticks


@given(st.lists(FLOATS, min_size=1, max_size=20))
def test_an_axis_holds_every_value(values):
    scale = axis([line(values)])
    slack = 1e-6 * max(1.0, *map(abs, values))
    assert scale.low <= min(values) + slack
    assert scale.low + scale.step * SMALL.intervals >= max(values) - slack


def test_bars_stand_on_zero():
    assert axis([line((5, 8), style="bar")]).low == 0


def test_a_chart_keeps_inside_its_frame_and_can_be_read_aloud():
    block = Chart("铜", (line((1, 2, 3)), line((9, 7, 8), style="area", axis="right")), "", "铜价<走高>")
    picture = ET.fromstring(str(chart(block)))
    assert picture.find("title").text == "铜价<走高>"
    for element in picture.iter():
        assert "class" not in element.attrib or element is picture
        for x, y in re.findall(r"[ML](-?[\d.]+) (-?[\d.]+)", element.get("d", "")):
            assert 0 <= float(x) <= SMALL.width
            assert 0 <= float(y) <= SMALL.height


def test_a_series_too_short_to_draw_is_left_out():
    assert chart(Chart("铜", (line((1,)),), "", "")) == ""
    assert spark(Spark((1.0,))) == ""
    assert "nan" not in spark(Spark((1.0, float("nan"), 2.0)))


def test_a_sparkline_ends_in_the_colour_of_the_change():
    drawn = spark(Spark((1.0, 3.0, 2.0), alt="铜"), "down")
    assert ink.DOWN in drawn
    assert "<title>铜</title>" in drawn
    assert spark(Spark((2.0, 2.0)), "", "平") == spark(replace(Spark((5.0, 5.0)), alt="平"))


def test_a_line_without_the_sessions_number_ends_before_the_edge_in_a_ring():
    whole = Spark((1.0, 3.0, 2.0), DAY, DAY + timedelta(2), until=DAY + timedelta(2))
    behind = replace(whole, until=DAY + timedelta(4))
    (at, open_at) = (re.search('<circle cx="([0-9.]+)"[^>]*fill="([^"]+)"', str(spark(one))) for one in (whole, behind))
    assert (at.groups(), open_at.groups()) == (("96.0", ink.TONES[""]), ("49.0", "#ffffff"))
    prices = line((1, 2, 3), until=DAY + timedelta(2))
    full, short = (
        re.search('<circle cx="([0-9.]+)"[^>]*fill="([^"]+)"', str(chart(Chart("铜", (one,), "", ""))))
        for one in (prices, replace(prices, until=DAY + timedelta(3)))
    )
    assert float(short[1]) < float(full[1])
    assert (full[2] != "#ffffff", short[2]) == (True, "#ffffff")
    assert "01-05" in chart(Chart("铜", (replace(prices, until=DAY + timedelta(3)),), "", ""))


@pytest.mark.parametrize("percent", [None, 0, 0.05, 0.7, 1.4, 3, -0.05, -0.7, -1.4, -9])
def test_letters_on_a_heat_cell_have_enough_contrast(percent):
    ground, letters = ink.heat(percent, 1.5)
    assert ink.contrast(ground, letters) >= 4.5


def test_the_pictures_wear_the_colours_of_the_style_sheet():
    style = (Path(__file__).parent.parent / "templates" / "house.css").read_text(encoding="utf-8")
    for name in ("ink", "accent", "up", "down", "flat", "hair"):
        assert f"--{name}: {getattr(ink, name.upper())};" in style
