"""Han beside Latin letters and digits: thin unstretched spaces, numbers that keep their units, squeezed punctuation.

Only spaces change. A blank beside full-width punctuation is dropped; one typed between a Han character and a Latin
one becomes a thin space (U+2009, 0.2 em in our fonts). Where a line must not end (「4.5 美元」「3 月 28 日」) the thin
space is U+202F and a word joiner (U+2060) holds the unit together. Every other character is left as typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from markupsafe import Markup, escape

THIN = "\u2009"
HELD = "\u202f"
JOINER = "\u2060"

HAN = "\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LATIN = "0-9A-Za-z\u00c0-\u024f\u0370-\u03ff%‰°℃$€£+\u2212#@"
FULL = "\u3001\u3002\u3008-\u3011\u3014-\u3017\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
SIDES = f"(?:(?<=[{HAN}])[ \u00a0\u2009\u202f]*(?=[{LATIN}])|(?<=[{LATIN}])[ \u00a0\u2009\u202f]*(?=[{HAN}]))"
BORDER = re.compile(SIDES)
BESIDE = re.compile(f"(?<=[{FULL}])[ \u00a0]+(?=\\S)|(?<=\\S)[ \u00a0]+(?=[{FULL}])")
BLANKS = re.compile(r"[ \t\r\n\f\v]+")

MEASURES = (
    "个百分点|个基点|基点|个交易日|交易日|个月|人民币|亿美元|万美元|美元|美分|欧元|英镑|日元|亿元|万元|元|"
    "万盎司|金衡盎司|盎司|千克|公斤|万吨|亿吨|万手|干吨|湿吨|金吨|公吨|短吨|千吨|吨|手|克|桶|磅|"
    "合约|年|月|日|号|时|点|倍|成|家|座|台|个|周|天|人|次|期|届|季度|万|亿|级|档|月份|日均|年度"
)
RATE = "金衡盎司|短吨|千吨|吨|千克|公斤|克|盎司|手|湿吨|干吨|金吨|公吨|桶|度|磅|平方米|片|瓦|日|天|月|年|周|季度"
NUMBER = "[0-9][0-9,.]*"
KEPT = re.compile(f"({NUMBER})({THIN}?)((?:{MEASURES})(?:[/\uff0f](?:{RATE}))?)")
DATED = re.compile(f"([0-9]{THIN}?[年月]){THIN}?(?=[0-9])")
RANGE = re.compile(r"(?<=[0-9%])([\uff5e\u2013\u2014])(?=[0-9])")

TAIL = re.compile(f"[{HAN}]{{2}}[\u3002\uff01\uff1f\uff1b]?$")

OPENING = "「『（《〈【〔“‘"
CLOSING = "」』）》〉】〕”’，。、；：！？"
FULL_CLOSING = "」』）》〉】〕”’，。、；："
FULL_OPENING = "「『（《〈【〔“‘"
SQUEEZED = re.compile(f"([{FULL_CLOSING}])(?=[{OPENING}{CLOSING}])|(?<=[{OPENING}])([{FULL_OPENING}])")


def _held(match: re.Match[str]) -> str:
    number, gap, unit = match.groups()
    return number + (HELD if gap else JOINER) + JOINER.join(unit)


def _dated(match: re.Match[str]) -> str:
    return match[1].replace(THIN, HELD) + HELD


@lru_cache(maxsize=4096)
def spaced(text: str) -> str:
    """The text with its thin spaces and joiners set: still plain characters, nothing escaped."""
    text = BORDER.sub(THIN, BESIDE.sub("", BLANKS.sub(" ", text)))
    text = DATED.sub(_dated, text)
    return RANGE.sub(f"{JOINER}\\1{JOINER}", KEPT.sub(_held, text))


def squeezed(text: str) -> Markup:
    """The text escaped, with full-width punctuation that stands next to punctuation set half as wide (class 'half')."""
    pieces: list[str | Markup] = []
    at = 0
    for match in SQUEEZED.finditer(text):
        pieces += [escape(text[at : match.start()]), Markup('<span class="half">{}</span>').format(match[0])]
        at = match.end()
    pieces.append(escape(text[at:]))
    return Markup("").join(pieces)


def typeset(text: str) -> Markup:
    """Text set for paper and screen: spaced, squeezed, escaped."""
    return squeezed(spaced(text))


def closed(text: str) -> str:
    """The end of a spaced paragraph held together, so that no last line is one lonely character and its full stop."""
    return TAIL.sub(lambda match: JOINER.join(match[0]), text)


def pieces(parts: Sequence[str]) -> Iterator[str]:
    """The parts of one paragraph, spaced and closed as one text and given back part by part.

    A gap or joiner set between two parts goes to the end of the earlier one.
    """
    whole = closed(spaced("".join(parts)))
    at = 0
    for number, part in enumerate(parts):
        wanted = len(_bare(part))
        start = at
        while wanted and at < len(whole):
            wanted -= whole[at] not in _SET
            at += 1
        while at < len(whole) and whole[at] in _SET:
            at += 1
        yield whole[start : at if number < len(parts) - 1 else len(whole)]


_SET = frozenset(" \u00a0\u2009\u202f\u2060")
_UNSET = {ord(blank): None for blank in (*_SET, *"\t\r\n\f\v")}


def _bare(text: str) -> str:
    return text.translate(_UNSET)
