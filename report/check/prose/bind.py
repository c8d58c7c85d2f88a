"""One figure and what was said before and after it -> a claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from report.check.prose.claims import Claim, Subject
from report.check.prose.gap import SIDES, Gap
from report.check.prose.tokens import Token
from report.check.prose.units import TENTHS
from report.check.prose.vocabulary import DirectionWords

AHEAD = 3
BRIEF = 2  # strangers so few are a verb the lexicon lacks: 沪铅劲扬 1.73%
BLIND = ("premium", "absolute")  # kinds whose level may carry a sign of its own


@dataclass(frozen=True)
class Setting:
    """What the clause around the figure says, beside the gap right before it."""

    gap: Gap
    subject: Subject
    ahead: Sequence[Token]
    last: Claim | None
    premium: int | None
    aside: bool  # in brackets, behind another figure
    doubt: int


def bind(token: Token, setting: Setting, frame: Claim) -> Claim:
    """The claim of a figure; frame holds sentence, clause, day and base."""
    gap, subject = _behind(setting.gap, setting.ahead), setting.subject
    aspect, sign, moved, width = _aspect(token, gap, subject, setting)
    written = token.figure.sign if token.figure is not None else None
    if written is not None and sign is not None and _worded(gap, aspect):
        sign *= written
    if subject.kind == "brand" and setting.premium is None and gap.premium is None:
        subject = Subject(subject.key)
    base = frame.base
    if aspect == "ratio" and base is None and setting.last is not None:
        base = setting.last.base
    doubt = max(setting.doubt, frame.doubt)
    bare = aspect == "ratio" and sign is None and not gap.wide
    if bare and not (subject.kind == "close" and subject.sure and gap.strangers <= BRIEF):
        doubt = 2
    if aspect == "level" and token.figure is not None and token.figure.ranged:
        doubt = max(doubt, 1)  # a range is what several quote, of which the fact may be another
    if aspect == "level" and gap.strangers and not (gap.leads or gap.closing or gap.premium or gap.side):
        doubt = max(doubt, 1)  # 现货只肯跟 150 元: a verb the lexicon lacks may tell a change
    if aspect == "difference" and gap.premium is not None and gap.rival is not None and not gap.rival.contract:
        doubt = max(doubt, 1)  # 对盘面贴水 110 元: what is quoted need not be the difference of two printed prices
    if gap.rival is not None and (aspect != "difference" or _apart_moved(gap) or gap.rival.key == subject.key):
        subject = Subject(subject.key)
    rival = gap.rival if aspect == "difference" else None
    side = gap.side if aspect != "difference" or gap.side == "~" else ""
    return replace(
        frame, token=token, subject=subject, aspect=aspect, sign=sign, moved=moved, width=width, base=base,
        side=side, doubt=doubt, rival=rival,
    )  # fmt: skip


def _apart_moved(gap: Gap) -> bool:
    """两者价差缩小 3 元: by how much a difference has moved, which no fact tells."""
    return gap.direction is not None and gap.direction.sign != 0 and not gap.leads


def _worded(gap: Gap, aspect: str) -> bool:
    """Whether words give the sign, so that a written one turns it."""
    if aspect in ("level", "previous"):
        return gap.premium is not None
    return gap.wide or gap.relation is not None or (gap.direction is not None and gap.direction.sign != 0)


def _behind(gap: Gap, ahead: Sequence[Token]) -> Gap:
    """The gap with what stands right behind the figure: 附近, 的涨幅, 的贴水."""
    of = False
    gap = replace(gap, origin=gap.origin or _leaves(gap, ahead))
    for token in ahead[:AHEAD]:
        if token.part != "word":
            break
        roles = token.roles
        side = str(roles.get("approximate", ""))
        if side.endswith("after") and not of:
            gap.side = SIDES[side] if not gap.side or gap.side == "~" else gap.side
        elif "of" in roles:
            of = True
        elif of and "width" in roles:
            told = roles["width"]
            gap.width, gap.wide = (told if isinstance(told, int) else None), True
        elif of and isinstance(told := roles.get("direction"), DirectionWords):
            gap.direction, gap.word, gap.leads = told, token, ""
            break
        elif of and "premium" in roles:
            told = roles["premium"]
            gap.premium = told if isinstance(told, int) else None
        elif not of or "filler" not in roles:
            break
    return gap


def _leaves(gap: Gap, ahead: Sequence[Token]) -> bool:
    """113100 吨减至 112475 吨: a figure that a direction word leads away from at once, to another."""
    if gap.direction is not None or not ahead or "direction" not in ahead[0].roles:
        return False
    for token in ahead[1:3]:
        if token.part == "figure":
            return token is not ahead[1] or "arrives" in ahead[0].roles
        if not {"to", "becomes"} & token.roles.keys():
            return False
    return False


Aspect = tuple[str, int | None, int | None, bool]


def _aspect(token: Token, gap: Gap, subject: Subject, setting: Setting) -> Aspect:
    figure, told = token.figure, gap.direction
    if figure is None:
        raise ValueError(token.text)
    share = figure.kind == "share"
    direction = told.sign if told else None
    moving = told is not None and told.sign != 0 and not gap.leads
    if setting.aside and told is None and not (gap.wide or share or gap.before or gap.leads):
        return "change", figure.sign, None, False
    if gap.relation is not None and gap.rival is None and gap.day is not None:
        return "change", gap.relation or None, None, False
    if gap.wide:
        sign = gap.width if gap.width is not None else direction
        return ("ratio" if share else "change"), sign, None, False
    if gap.relation is not None and gap.rival is not None:
        return "difference", (gap.relation or None), None, False
    if share and (subject.kind != "ratio" or (moving and figure.unit == TENTHS)):
        return "ratio", _ratio_sign(direction, figure.sign, setting.last), None, False
    if gap.varies and not gap.leads:
        return "change", figure.sign, None, False
    if moving and told is not None:
        return _change(told.sign, told.kind == "width", subject, gap, setting)
    if figure.sign is not None and subject.kind not in BLIND and gap.premium is None and not gap.leads:
        return "change", figure.sign, None, False
    return _level(gap, subject, figure.sign, setting)


def _level(gap: Gap, subject: Subject, written: int | None, setting: Setting) -> Aspect:
    told = gap.direction
    sign = gap.premium if gap.premium is not None else written
    if gap.origin or gap.before or (gap.compare and gap.day is not None):
        return "previous", sign, None, False
    if sign is None and gap.leads and subject.kind in (*BLIND, "brand"):
        sign = setting.premium
    return "level", sign, _moved(gap), bool(told and told.kind == "width")


def _moved(gap: Gap) -> int | None:
    """The way a level is said to have come: 降至, 收涨 … 报; None where the word may speak of the day's course."""
    if gap.direction is None or gap.word is None or gap.turns:
        return None
    plain = gap.leads == "to" or "closing" in gap.word.roles
    return gap.direction.sign if plain else None


def _change(sign: int, width: bool, subject: Subject, gap: Gap, setting: Setting) -> Aspect:
    premium = gap.premium if gap.premium is not None else setting.premium
    if width:
        return "change", sign, None, True
    if premium == -1 and subject.kind in (*BLIND, "brand"):
        return "change", None, None, False  # 贴水上调: of the discount or of the price, both are said
    return "change", sign, None, False


def _ratio_sign(direction: int | None, written: int | None, last: Claim | None) -> int | None:
    if direction is not None:
        return direction
    if written is not None:
        return written
    return last.sign if last is not None and last.aspect in ("change", "ratio") else None
