"""A sentence's own arithmetic: level, change and percentage of one subject must fit, known to a table or not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from report.check.prose.compare import CONTRADICTS, Reading, bounds
from report.check.prose.figures import Figure

HUNDRED = Decimal(100)


def fitted(readings: Sequence[Reading]) -> Iterator[Reading]:
    """The readings; a percentage that level and change before it do not make contradicts (fault inner)."""
    for place, reading in enumerate(readings):
        level, change = (readings[place - 2], readings[place - 1]) if place > 1 else (None, None)
        if level is not None and change is not None and _triple(level, change, reading):
            share = _share(level, change)
            if share is not None and not _meet(share, reading):
                middle = (share[0] + share[1]) / 2
                yield replace(reading, status=CONTRADICTS, expected=middle, fault="inner")
                continue
        yield reading


def _triple(level: Reading, change: Reading, ratio: Reading) -> bool:
    kinds = tuple(one.claim.aspect for one in (level, change, ratio))
    if kinds != ("level", "change", "ratio") or CONTRADICTS in (level.status, change.status, ratio.status):
        return False
    one, two, three = level.claim, change.claim, ratio.claim
    same = one.subject.key == two.subject.key == three.subject.key and one.sentence == two.sentence == three.sentence
    near = three.clause - two.clause <= 1 and two.clause - one.clause <= 1
    plain = not (one.side or two.side or three.side or two.width)
    return (
        same and near and plain and two.sign is not None and two.base == three.base and _money(one.figure, two.figure)
    )


def _money(level: Figure, change: Figure) -> bool:
    """Whether the two are told in one unit: the bare 元 of a change goes with the 元/吨 of its level."""
    head = level.unit.partition("/")[0]
    return not level.ranged and (change.unit in ("", level.unit, head) or change.kind == level.kind == "amount")


def _share(level: Reading, change: Reading) -> tuple[Decimal, Decimal] | None:
    one, two = level.claim.figure, change.claim.figure
    if one.unit != two.unit and one.kind == "amount":
        return None
    scale = two.scale / one.scale
    sign = change.claim.sign or 1
    (least, most), (small, large) = bounds(one), bounds(two)
    shares = []
    for whole in (least, most):
        for part in (small * scale * sign, large * scale * sign):
            if whole - part <= 0:
                return None
            shares.append(part / (whole - part) * HUNDRED)
    return min(shares), max(shares)


def _meet(share: tuple[Decimal, Decimal], ratio: Reading) -> bool:
    low, high = bounds(ratio.claim.figure)
    sign = ratio.claim.sign
    if sign is None:
        return any(low <= abs(end) <= high for end in share) or share[0] <= low <= share[1]
    least, most = sorted((low * sign, high * sign))
    return least <= share[1] and share[0] <= most
