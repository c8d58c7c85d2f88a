"""A right report, spoilt at one typed number of its tables: a digit, the sign or the unit changed.

    python -m tests.table_mutations [COUNT]

prints the share caught by a finding that stands at the cell or names it. The report is the sample's, on a desk that
printed one the day before: history has the bars and stock reports of the session, and what the desk typed then.
`form`: what follows from other numbers is a formula, as in our form; `printed`: it is typed too, as in a table that is
handed in whole.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from report.check import CHECKS, Evidence
from report.derive.derivation import derive
from report.facts import Fact, Facts, Finding, Retold
from report.read.retold import step
from tests.days import CALENDARS, CATALOG, FORMULAS, REPORT
from tests.prose_days import history, sample_day, typed
from tests.table_days import TABLES, again

KINDS = ("form", "printed")
UNITS = [Decimal(text) for text in ("10000", "0.0001", "1000", "0.001")]
Cell = Fact | Retold


@lru_cache(maxsize=1)
def known() -> Facts:
    """The history of that morning: files, and the previous numbers as the last report's workbook told them."""
    days = sample_day().standings
    before = [
        replace(fact, source=f"2024-03-28/{fact.source}")
        for fact in typed()
        if fact.series in days and fact.session < days[fact.series].session
    ]
    return Facts([*before, *history()])


@lru_cache(maxsize=2)
def right(kind: str) -> tuple[tuple[Fact, ...], tuple[Retold, ...]]:
    """The typed facts of the right report, and what is typed beside them."""
    printed = tuple(again(sample_day(), Facts(typed()))) if kind == "printed" else ()
    return typed(), printed


def found(facts: Sequence[Fact], printed: Sequence[Retold]) -> set[Finding]:
    """What the checks of the tables say of the report."""
    cells = {fact.source: fact for fact in facts}
    told = [replace(one, beside=tuple(cells.get(two.source, two) for two in one.beside)) for one in printed]
    day, _ = derive(Facts([*known(), *facts]), CATALOG, CALENDARS, REPORT)
    evidence = Evidence(day, Facts(facts), known(), {}, CATALOG, retold=tuple(told), formulas=FORMULAS)
    return {finding for code in TABLES for finding in CHECKS[code](evidence)}


@lru_cache(maxsize=2)
def quiet(kind: str) -> frozenset[Finding]:
    """What is said of the right report."""
    return frozenset(found(*right(kind)))


def spoilt(at: Cell, dice: random.Random) -> tuple[str, Decimal] | None:
    """The number with one thing changed, and what; None where that would change nothing."""
    entry, factor = CATALOG.entry(at.series), Decimal(1)
    if isinstance(at, Fact) and entry.shown_in:
        factor = CATALOG.factor(entry.shown_in, CATALOG.unit(at.series)) or factor
    value = at.value / factor
    what = dice.choice(("digit", "sign", "unit"))
    if what == "sign":
        return (what, -at.value) if value else None
    if what == "unit":
        return (what, at.value * dice.choice(UNITS)) if value else None
    text = f"{value.normalize():f}"
    place = dice.choice([place for place, char in enumerate(text) if char.isdigit()])
    digit = dice.choice([digit for digit in "0123456789" if digit != text[place]])
    return f"digit {len(text) - place}", Decimal(text[:place] + digit + text[place + 1 :]) * factor


def caught(kind: str, at: Cell, value: Decimal) -> bool:
    """Whether a finding that the right report has not stands at the spoilt cell, or names it."""
    facts, printed = right(kind)
    facts = tuple(replace(one, value=value) if one is at else one for one in facts)
    printed = tuple(replace(one, value=value, step=min(one.step, step(value))) if one is at else one for one in printed)
    new = found(facts, printed) - quiet(kind)
    return any(one.severity > 1 and (one.where == at.source or at.source in one.message) for one in new)


def run(kind: str, count: int, seed: int = 7) -> tuple[Counter[str], Counter[str], list[str]]:
    """How many changes of each sort were made, how many were caught, and those that were not."""
    dice, made, hit, missed = random.Random(seed), Counter(), Counter(), []
    cells: list[Cell] = [*right(kind)[0], *right(kind)[1]]
    while made.total() < count:
        at = dice.choice(cells)
        if (change := spoilt(at, dice)) is None:
            continue
        what, value = change
        sort = what.split(" ")[0]
        made[sort] += 1
        if caught(kind, at, value):
            hit[sort] += 1
        else:
            missed.append(f"{at.series} {what}: {at.value} -> {value}")
    return made, hit, missed


def main() -> int:
    """Print the figures, and with -v what was missed."""
    count = int(next((word for word in sys.argv[1:] if word.isdigit()), "500"))
    for kind in KINDS:
        made, hit, missed = run(kind, count)
        shares = ", ".join(f"{sort} {hit[sort]}/{made[sort]}" for sort in sorted(made))
        print(f"{kind}: {hit.total()} of {made.total()} caught ({hit.total() / made.total():.1%}); {shares}")
        if "-v" in sys.argv:
            print(*sorted(missed), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
