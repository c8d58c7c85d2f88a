"""A right report, spoilt at one checked number: a digit, a sign, a unit or a direction word changed."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from report.check.prose import crosswise, findings
from report.check.prose.judge import judged
from report.compose.drafting import draft
from report.compose.numbers import Numbers
from report.document import Number
from report.facts import Finding, Passage, View
from report.render.format import written
from tests.days import CATALOG
from tests.prose_days import evidence_of, sample_day, views

OPPOSITES = [
    "上涨:下跌",
    "增加:减少",
    "扩大:收窄",
    "涨幅:跌幅",
    "走高:走低",
    "上升:回落",
    "高:低",
    "上调:下调",
    "增:减",
    "涨:跌",
    "升水:贴水",
    "增幅:降幅",
]
FLIPS = {one: other for pair in OPPOSITES for one, other in (pair.split(":"), pair.split(":")[::-1])}
UNITS = [
    "美元/吨:元/吨",
    "元/吨:美元/吨",
    "万吨:吨",
    "吨:万吨",
    "美元/盎司:元/盎司",
    "元/克:元/千克",
    "元/千克:元/克",
    "万手:手",
    "手:万手",
    "美元:元",
    "元:美元",
    "%:个基点",
]
CHECKS = (findings.value, findings.inner, findings.direction, findings.unit, findings.weekday, crosswise.crosswise)
NUMBER = re.compile(r"[\d,]+(?:\.\d+)?")


@dataclass(frozen=True)
class Spoilt:
    """A view with one thing changed, what was changed, and where the number begins."""

    view: View
    what: str
    role: str
    start: int

    def caught(self) -> bool:
        """Whether a finding stands at the number."""
        evidence = evidence_of(sample_day(), [self.view])
        passage = getattr(self.view, self.role)
        where = f"{passage.source} › character {self.start + 1}"
        found: Iterator[Finding] = (finding for check in CHECKS for finding in check(evidence))
        return any(finding.where == where for finding in found)


@lru_cache(maxsize=1)
def report() -> dict[str, View]:
    """The sample's views, each recap preceded by the drafted sentences where the analyst did not replace them."""
    numbers = Numbers(sample_day(), CATALOG)
    found = {}
    for code, view in views().items():
        spans = draft(CATALOG.varieties[code], numbers) if view.use != "替换" else ()
        text = "".join(f"{written(s)} {s.unit}" if isinstance(s, Number) else s.text for s in spans)
        own = view.recap.text if view.recap else ""
        recap = Passage("\n".join(one for one in (text, own) if one), view.recap.source if view.recap else "观点")
        found[code] = replace(view, recap=recap)
    return found


def checked() -> list[tuple[View, str, object]]:
    """View, role and reading of every number that agrees with its fact."""
    evidence = evidence_of(sample_day(), report().values())
    return [
        (passage.view, passage.role, reading)
        for passage in judged(evidence)
        for reading in passage.readings
        if reading.status == "agrees" and reading.claim.token.figure is not None
    ]


def spoil(view: View, role: str, reading, dice: random.Random) -> Spoilt | None:
    """One random change at the number, or None where that kind of change has nothing to change."""
    token = reading.claim.token
    passage = getattr(view, role)
    kinds = {"digit": _digit, "unit": _unit, "direction": _direction, "sign": _sign}
    kind = dice.choice(list(kinds))
    changed = kinds[kind](passage.text, token.start, token.end, dice)
    if changed is None:
        return None
    text, start, what = changed
    return Spoilt(replace(view, **{role: Passage(text, passage.source)}), f"{kind}: {what}", role, start)


def _digit(text: str, start: int, end: int, dice: random.Random):
    places = [place for place in range(start, end) if text[place].isdigit()]
    number = NUMBER.search(text, start)
    if not places or number is None:
        return None
    place = dice.choice([place for place in places if place < number.end()] or places)
    digit = dice.choice([one for one in "0123456789" if one != text[place]])
    return (
        text[:place] + digit + text[place + 1 :],
        start,
        f"{text[max(0, start - 8) : end]} -> {digit} at {place - start}",
    )


def _unit(text: str, start: int, end: int, dice: random.Random):
    for pair in UNITS:
        old, new = pair.split(":")
        if text[start:end].endswith(old):
            changed = text[: end - len(old)] + new + text[end:]
            return changed, start, f"{text[max(0, start - 8) : end]} -> {new}"
    return None


def _direction(text: str, start: int, end: int, dice: random.Random):
    before = text[max(0, start - 8) : start]
    clause = re.split(r"[，。；、：\n\d]", before)[-1]
    hits = [(clause.rfind(word), len(word), word) for word in FLIPS if word in clause]
    if not hits:
        return None
    at, length, word = max(hits)
    if any(other[0] <= at < other[0] + other[1] and other[1] > length for other in hits):
        at, length, word = max(hits, key=lambda hit: (hit[0] + hit[1], hit[1]))
    place = start - len(clause) + at
    new = FLIPS[word]
    return text[:place] + new + text[place + length :], start + len(new) - length, f"{clause}{text[start:end]} -> {new}"


def _sign(text: str, start: int, end: int, dice: random.Random):
    if text[start] in "-−":
        return text[:start] + text[start + 1 :], start, f"{text[start:end]} without sign"
    if text[start : start + 1].isdigit():
        return text[:start] + "-" + text[start:], start, f"{text[max(0, start - 8) : end]} with a minus"
    return None


def run(count: int, seed: int = 7) -> tuple[int, list[str]]:
    """How many of `count` changes were caught, and those that were not."""
    dice, missed, done = random.Random(seed), [], 0
    numbers = checked()
    while done < count:
        spoilt = spoil(*dice.choice(numbers), dice)
        if spoilt is None:
            continue
        done += 1
        if not spoilt.caught():
            missed.append(f"{spoilt.view.variety} {spoilt.what}")
    return count - len(missed), missed


if __name__ == "__main__":
    caught, missed = run(2000)
    print(caught, len(checked()))
    for one in sorted(set(missed)):
        print(one, missed.count(one))
