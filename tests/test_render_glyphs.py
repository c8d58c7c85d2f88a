"""Characters the fonts lack, or that nobody can see: all of them told at once, each with its passage."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from sample_document import document

from report.document import Advice, Notice, Number, Office, Offices, Overview, OverviewRow, Prose, Section, Spark, Text
from report.errors import MissingGlyph
from report.facts import Severity
from report.render import glyphs, page

PAPER = Path(__file__).parent.parent / "templates"
ADVICE = Advice("观望𬻿", "中性", analyst="甲\u202e乙", reasons=("均线𬻿",))
EMPTY = Number(None)
ROW = OverviewRow("铜", EMPTY, EMPTY, EMPTY, Spark(()), "", ADVICE)
RECAP = Prose((Text("收于𬻿元，涨\ufffe跌", "底稿.xlsx › 观点 › C7"),), "recap")
SMALL = Notice("免责", ("第一段", "第\x07二段"))
BROKEN = replace(
    document(),
    authors=("甲\u202e乙",),
    sections=(
        Section("", "", (Overview((ROW,)),)),
        Section("标题𬻿里", "copper", (RECAP, ADVICE), 2, "铜"),
        Section("联系我们", "ending", (SMALL, Offices((Office("总部\ue000", "某路"),)))),
    ),
)


def test_a_clean_document_has_none():
    assert glyphs.findings(document(), [PAPER]) == []


def test_every_passage_is_told_once_by_its_cell_or_its_headings():
    found = glyphs.findings(BROKEN, [PAPER])
    assert {(each.code, each.severity) for each in found} == {("C710", Severity.ERROR)}
    told = {each.where: each.message for each in found}
    assert len(told) == len(found)
    assert list(told) == [
        "观点 › 铜 › 标题",
        "底稿.xlsx › 观点 › C7",
        "观点 › 铜 › 操作建议",
        "观点 › 铜 › 依据",
        "观点 › 铜 › 分析师",
        "商品日报 2024-03-29 › 联系我们 › 免责",
        "商品日报 2024-03-29 › 联系我们 › 总部\ufffd",
    ]
    assert "'𬻿' (U+2CEFF), in 「标题𬻿里」" in told["观点 › 铜 › 标题"]
    assert "U+2CEFF" in told["底稿.xlsx › 观点 › C7"]
    assert "U+FFFE" in told["底稿.xlsx › 观点 › C7"]
    assert "'\\u202e' (U+202E), in 「甲\ufffd乙」, which nobody can see; delete it" in told["观点 › 铜 › 分析师"]


def test_whatever_the_findings_say_can_be_printed():
    assert all(str(each).isprintable() for each in glyphs.findings(BROKEN, [PAPER]))


def test_a_character_of_the_houses_own_settings_is_told_once_at_its_key():
    house = "㐂公司𬻿"
    given = replace(document(), house=house, keywords=(f"{house}日报",), authors=("㐂",))
    own = [("夜𬻿未印", "data/settings.toml › motto"), (house, "data/settings.toml › house")]
    first, other = glyphs.findings(given, [PAPER], own)
    assert first.where == "data/settings.toml › house"
    assert "'㐂' (U+3402), in 「㐂公司𬻿」, '𬻿' (U+2CEFF), in 「㐂公司𬻿」; write it another way" in first.message
    assert "'㐂' (U+3402), in 「㐂」" in other.message
    assert "settings" not in other.where


def test_a_passage_of_many_such_characters_names_a_few():
    many = "".join(map(chr, range(0x2CE00, 0x2CE00 + 9)))
    section = Section("", "", (Prose((Text(many, "底稿.xlsx › 观点 › C7"),), "recap"),))
    (found,) = glyphs.findings(replace(document(), sections=(section,)), [PAPER])
    assert found.message.count("U+") == glyphs.MOST
    assert "and 4 more" in found.message


def test_the_last_guard_tells_all_of_them_and_lets_pass_what_has_none():
    with pytest.raises(MissingGlyph) as raised:
        glyphs.check(BROKEN, page.setting(BROKEN, [PAPER], "paper", ()), [PAPER])
    assert str(raised.value).count("U+") == 8
    glyphs.check(document(), page.setting(document(), [PAPER], "paper", ()), [PAPER])


@pytest.mark.parametrize("blank", ["\n", "\t", "\v", "\f", "\r\n"])
def test_a_blank_of_any_kind_is_no_finding(blank):
    section = Section(f"沪铜{blank}整理", "", (Prose((Text(f"涨{blank}跌"),), "recap"),))
    given = replace(document(), sections=(section,))
    assert glyphs.findings(given, [PAPER]) == []
    glyphs.check(given, page.setting(given, [PAPER], "paper", ()), [PAPER])
