from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parents[1] / "templates" / "fonts"
STYLES = ("Regular", "Bold")
SIGNS = "–—―‘’“”…·•‰′″※→←↑↓▲▼△▽■□●○◆◇★☆±×÷−≈≠≤≥∞∑√℃№™¥£€￥²³₂①⑳ⅠⅫΑΩαω，。、；：？！（）《》【】〇％＋－＝～"
SPACES = "\u0020\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"
NAMES = "镕喆龘𬒈堃"


def path(style: str) -> Path:
    return FONTS / f"RibaoSans-{style}.ttf"


@pytest.fixture(scope="module", params=STYLES)
def font(request):
    with TTFont(path(request.param)) as opened:
        yield opened


def standard_characters() -> list[str]:
    lines = (FONTS / "tgh-2013.txt").read_text(encoding="utf-8").splitlines()
    return [character for line in lines if not line.startswith("#") for character in line]


def gb2312_characters() -> str:
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return "".join(pair.decode("gb2312", errors="ignore") for pair in pairs)


def missing(font: TTFont, characters) -> list[str]:
    known = font.getBestCmap()
    return [f"{character} U+{ord(character):04X}" for character in characters if ord(character) not in known]


def test_the_list_of_standard_characters_holds_8105_different_ones():
    characters = standard_characters()
    assert (len(characters), len(set(characters))) == (8105, 8105)


def test_every_standard_character_can_be_printed(font):
    assert missing(font, standard_characters()) == []


def test_every_character_of_gb2312_can_be_printed(font):
    characters = gb2312_characters()
    assert len(characters) == 7445
    assert missing(font, characters) == []


@pytest.mark.parametrize("characters", [SIGNS, SPACES, NAMES], ids=["signs", "spaces", "names"])
def test_the_signs_of_the_trade_can_be_printed(font, characters):
    assert missing(font, characters) == []


def test_no_printed_character_but_a_space_is_an_empty_glyph(font):
    known, outlines = font.getBestCmap(), font["glyf"]
    printed = [*standard_characters(), *SIGNS, *NAMES]
    assert [c for c in printed if outlines[known[ord(c)]].numberOfContours == 0] == []


def test_both_weights_cover_the_same_characters():
    covers = []
    for style in STYLES:
        with TTFont(path(style)) as opened:
            covers.append(set(opened.getBestCmap()))
    assert covers[0] == covers[1]


def test_no_installed_font_can_stand_in_for_the_family(font):
    names = font["name"]
    assert {names.getDebugName(number) for number in (1, 16)} == {"Ribao Sans"}
    shown = [record.toUnicode() for record in names.names if record.nameID in (1, 3, 4, 6, 16)]
    assert [text for text in shown if "Noto" in text or "Source" in text] == []


def test_copyright_and_licence_travel_with_the_font(font):
    names = font["name"]
    assert "Reserved Font Name 'Source'" in names.getDebugName(0)
    assert "SIL Open Font License, Version 1.1" in names.getDebugName(13)
    assert "SIL OPEN FONT LICENSE Version 1.1" in (FONTS / "OFL.txt").read_text(encoding="utf-8")


def test_all_digits_have_one_width(font):
    known, widths = font.getBestCmap(), font["hmtx"]
    assert len({widths[known[ord(digit)]][0] for digit in "0123456789"}) == 1


@pytest.mark.parametrize(("space", "width"), [("\u2009", 200), ("\u202f", 200), ("\u200a", 100), ("\u3000", 1000)])
def test_a_space_is_as_wide_as_its_name_says(font, space, width):
    assert font["hmtx"][font.getBestCmap()[ord(space)]][0] == width


@pytest.mark.parametrize("style", STYLES)
def test_a_weight_stays_under_four_megabytes(style):
    assert path(style).stat().st_size < 4_000_000
