"""What does not fit: long runs break, torn lines part a figure from its unit, what is missing is said."""

from __future__ import annotations

import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from sample_document import document

from report.document import Advice, Figures, Office, Offices, Overview, Prose, Section, Spark, Text
from report.render import html, justify, page, pdf, text
from report.render.typeset import HELD, JOINER, THIN

PAPER = Path(__file__).parent.parent / "templates"
RUN = "A" * 200


def block(kind):
    return next(each for section in document().sections for each in section.blocks if isinstance(each, kind))


def alone(*blocks, title="", kicker=""):
    return replace(document(), sections=(Section(title, "", blocks, 2 if kicker else 1, kicker),))


def boxes(data):
    done = subprocess.run(["pdftotext", "-bbox-layout", "-", "-"], input=data, capture_output=True, check=True)
    found = re.findall(r'<word xMin="[\d.]+" yMin="[\d.]+" xMax="([\d.]+)"[^>]*>([^<]*)<', done.stdout.decode())
    return [(float(right), word) for right, word in found]


@pytest.mark.parametrize(
    "given",
    [
        alone(title=f"标题{RUN}", kicker="铜"),
        alone(title=RUN),
        alone(Prose((Text(f"前{RUN}后"),), "recap")),
        alone(Advice(RUN, "多", analyst=RUN)),
        alone(Offices((Office("总部", RUN, (RUN,)),))),
    ],
)
def test_letters_without_a_blank_stay_on_the_page(given):
    found = boxes(pdf.render(given, [PAPER]))
    assert sum(word.count("A") for _, word in found) >= len(RUN)
    assert max(right for right, _ in found) <= (210 - 18) / 25.4 * 72 + 1.5


def test_a_short_name_is_held_together_and_a_long_one_may_break():
    short, long = (
        page.setting(alone(Advice("观望", "中性", analyst=name)), [PAPER], "paper", ())
        for name in ("示例分析师甲", RUN)
    )
    assert '<span class="aside held">示例分析师甲</span>' in short
    assert "held" not in long


def test_a_telephone_number_is_held_together():
    given = alone(Offices((Office("总部", "某路", ("电话 000-0000-0001", "传真 000-0000-0002")),)))
    assert page.setting(given, [PAPER], "paper", ()).count(' held">') == 2


def test_source_and_notes_stand_on_lines_of_their_own():
    given = alone(replace(block(Figures), source="来源甲", notes=("注乙", "注丙")))
    assert "来源甲<br>注乙<br>注丙</p>" in page.setting(given, [PAPER], "paper", ())


def test_a_row_of_a_table_may_wear_a_mark():
    table = block(Figures)
    marks = ("27日", "主力") + ("",) * (len(table.rows) - 2)
    given = alone(replace(table, marks=marks))
    shown = page.setting(given, [PAPER], "paper", ())
    assert shown.count("<small>") == 2
    assert f"{table.rows[1][0].split()[-1]}<small>主力</small></td>" in shown
    lines = text.render(given, [PAPER]).decode()
    assert f"{table.rows[0][0]} 27日" in lines
    assert f"{table.rows[1][0]} 主力" in lines


def test_a_row_of_the_first_page_may_wear_a_day_and_a_missing_line_is_a_dash():
    overview = block(Overview)
    row = replace(overview.rows[0], day="27日", spark=Spark(()))
    given = alone(replace(overview, rows=(row, *overview.rows[1:])))
    for shown in (page.setting(given, [PAPER], "paper", ()), html.render(given, [PAPER]).decode()):
        assert shown.count(f"<small>27{HELD}日</small>") == 1
        assert shown.count('<td class="s flat">—</td>') == 1
    assert f"{row.label} 27日" in text.render(given, [PAPER]).decode()


def cut(typed, fits, room):
    """WeasyPrint's cut of a line, played: the text ends at `fits` unless a break was let in behind it."""

    def split(given, style, context, max_width):
        at = max([fits, *(given.index(each) + 1 for each in (THIN, justify.BREAK) if each in given)])
        return None, 0, len(given[:at].encode()), at * 10.0, 0, 0

    style = {"text_align_all": "justify", "font_size": 10.0}
    found = justify._loosened(split)(typed, style, None, room)
    return typed.encode()[: found[2]].decode()


@pytest.mark.parametrize("gap", [HELD, JOINER])
def test_a_unit_goes_to_the_next_line_only_where_the_line_would_be_torn(gap):
    typed = f"沪银主力收于6385{gap}元/千克"
    assert cut(typed, 6, 100.0) == f"沪银主力收于6385{gap}"
    assert cut(typed, 6, 65.0) == "沪银主力收于"


def test_a_date_is_never_parted():
    assert cut(f"沪银主力收于28{HELD}日的价", 6, 100.0) == "沪银主力收于"


def test_marks_between_sentences_and_thin_spaces_widen_twice_as_much():
    assert justify._count("铜价") == 2
    assert justify._count(f"，{THIN}") == 4
    assert justify._count("LME 112,475") == 0


def test_a_line_beside_a_float_asks_for_one_character_and_all_else_is_measured():
    from types import SimpleNamespace

    least = justify._eager(lambda context, box, skip_stack=None, first_line=False: 99.0)
    box = SimpleNamespace(style={"font_size": 12.0})
    assert least(None, box, skip_stack=None, first_line=True) == 12.0
    assert least(None, box) == 99.0
