"""The workbooks of one day as one reading: what they agree on once, what they contradict each other on as an ERROR."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from report.facts import Fact, Finding, Passage, View
from report.read import Reading, codes, form, joined
from report.read.closes import COUNTS, SAME_CONTRACT
from report.read.words import narrow, shown

Slot = tuple[str, str, str, str, date]
PASSAGES = ("headline", "recap", "outlook", "recommendation", "analyst")


def merge(readings: Sequence[Reading]) -> Reading:
    """Join the workbooks of a day.

    An equal number or text is kept once, a number takes the place of a missing one (whose NOTE goes), and of two that
    differ the first is kept beside an ERROR naming both cells. A sheet no workbook has is an ERROR too.
    """
    whole = joined(readings)
    facts, answered, conflicts = _facts(whole.facts)
    views, disputes = _views(whole.views)
    kept = [one for one in whole.findings if one.code != codes.MISSING.name or one.where not in answered]
    findings = (*kept, *conflicts, *disputes, *complete(readings))
    return replace(whole, facts=tuple(facts), views=tuple(views), findings=findings)


def complete(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Say which sheets of the form none of the workbooks read has."""
    there = {sheet for reading in readings for sheet in reading.sheets}
    files = ", ".join(dict.fromkeys(reading.file for reading in readings))
    for shape in form.SHEETS:
        if readings and shape.name not in there:
            message = f"no workbook has the sheet {shape.name}; looked at {files}; add the sheet to one of them"
            yield codes.ABSENT_SHEET.at("日报底稿", message)


def _slot(fact: Fact) -> Slot:
    """What may be known only once: one basis has one contract a day, except where the basis is the contract itself."""
    contract = fact.contract if fact.basis == SAME_CONTRACT else ""
    return (fact.variety, fact.measure, fact.basis, contract, fact.session)


def _facts(facts: Sequence[Fact]) -> tuple[list[Fact], set[str], list[Finding]]:
    """The facts kept, the cells of missing numbers that another cell has, and the contradictions."""
    kept: dict[Slot, Fact] = {}
    conflicts: list[Finding] = []
    numbers = [fact for fact in facts if fact.value is not None]
    for fact in numbers:
        first = kept.setdefault(_slot(fact), fact)
        if first.value != fact.value or (first.contract and fact.contract and first.contract != fact.contract):
            conflicts.append(_conflict(first, fact))
        elif fact.contract and not first.contract:
            kept[_slot(fact)] = fact
    answered: set[str] = set()
    known = _known(kept.values())
    for fact in facts:
        if fact.value is None:
            if known & _answers(fact):
                answered.add(fact.source)
            else:
                kept.setdefault(_slot(fact), fact)
    return list(kept.values()), answered, conflicts


def _known(facts: object) -> set[tuple[str, ...]]:
    return set()


def _conflict(first: Fact, other: Fact) -> Finding:
    told = [f"{fact.contract} {fact.value:f}".strip() for fact in (first, other)]
    message = f"{other.series} of {other.session} is {told[1]} here and {told[0]} in {first.source}; make the two agree"
    return codes.CONFLICT.at(other.source, message)
