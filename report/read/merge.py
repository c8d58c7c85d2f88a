"""The workbooks of one day as one reading: what they agree on once, what they contradict each other on as an ERROR."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from report.facts import OF_CONTRACT, Fact, Facts, Finding, Passage, View
from report.read import Reading, Said, codes, form, joined
from report.read.closes import COUNTS
from report.read.words import narrow, shown

Slot = tuple[str, str, str, str, date]


def merge(readings: Sequence[Reading]) -> Reading:
    """Join the workbooks of a day.

    An equal number or text is kept once, a number takes the place of a missing one (whose NOTE goes), and of two that
    differ the first is kept beside an ERROR naming both cells. A sheet no workbook has is an ERROR too, and refused.
    """
    whole = joined(readings)
    facts, answered, conflicts = _facts(whole.facts)
    views, disputes = _views(whole.views)
    kept = [one for one in whole.findings if one.code != codes.MISSING.name or one.where not in answered]
    told = {one.where for one in conflicts}
    quarrels = [one for one in _cells(whole.said) if one.where not in told]
    findings = (*kept, *conflicts, *quarrels, *disputes, *complete(readings))
    absent = [shape.name for shape in form.SHEETS if readings and shape.name not in whole.sheets]
    refused = tuple(dict.fromkeys((*whole.refused, *absent)))
    return replace(whole, facts=tuple(facts), views=tuple(views), findings=findings, refused=refused)


def complete(readings: Sequence[Reading]) -> Iterator[Finding]:
    """Say which sheets of the form none of the workbooks read has."""
    there = {sheet for reading in readings for sheet in reading.sheets}
    files = ", ".join(dict.fromkeys(reading.file for reading in readings))
    for shape in form.SHEETS:
        if readings and shape.name not in there:
            message = f"no workbook has the sheet {shape.name}; looked at {files}; add the sheet to one of them"
            yield codes.ABSENT_SHEET.at("日报底稿", message)


def rowless(merged: Reading) -> tuple[Fact, ...]:
    """No number, at the first sheet that lacks the row, for what none of the workbooks read has a row for."""
    there = {fact.series for fact in merged.facts}
    return tuple(fact for fact in Facts(reversed(merged.absent)) if fact.series not in there)


def aside(names: Iterable[str]) -> Iterator[Finding]:
    """Say what lies beside the day's workbooks and is none."""
    for name in names:
        yield codes.NO_WORKBOOK.at(name, "no workbook (.xlsx, .xlsm), not read; save it as .xlsx if numbers are in it")


def _slot(fact: Fact) -> Slot:
    """What may be known only once: one basis has one contract a day, except where the basis is the contract itself.

    Volume and open interest are told once, on whatever basis.
    """
    basis = "" if fact.measure in COUNTS.values() else fact.basis
    contract = fact.contract if fact.basis == OF_CONTRACT else ""
    return (fact.variety, fact.measure, basis, contract, fact.session)


def _facts(facts: Sequence[Fact]) -> tuple[list[Fact], set[str], list[Finding]]:
    """The facts kept, the cells of missing numbers that another cell has, and the contradictions."""
    facts = list(_of_contract(facts))
    kept, conflicts = _numbers(facts)
    answered: set[str] = set()
    for fact in facts:
        if fact.value is None:
            first = kept.get(_slot(fact), fact)
            if first.value is not None:
                answered.add(fact.source)
            else:
                kept[_slot(fact)] = first if first.contract else fact
    return list(kept.values()), answered, conflicts


def _cells(said: Sequence[Said]) -> Iterator[Finding]:
    """What one cell says and another about the same thing says otherwise, whatever else stands in their rows."""
    first: dict[str, Said] = {}
    for one in said:
        other = first.setdefault(one.what, one)
        if one.says != other.says:
            message = f"{one.what} is {one.says} here and {other.says} in {other.source}; make the two agree"
            yield codes.CONFLICT.at(one.source, message)


def _numbers(facts: Sequence[Fact]) -> tuple[dict[Slot, Fact], list[Finding]]:
    kept: dict[Slot, Fact] = {}
    conflicts: list[Finding] = []
    for fact in facts:
        if fact.value is None:
            continue
        first = kept.setdefault(_slot(fact), fact)
        if first.value != fact.value:
            conflicts.append(_conflict(first, fact))
        elif fact.contract and not first.contract and fact.basis == first.basis:
            kept[_slot(fact)] = fact
    return kept, conflicts


def _of_contract(facts: Sequence[Fact]) -> Iterator[Fact]:
    """The facts, a previous close told without its contract put beside those of the contract another workbook names."""
    named = {
        (fact.variety, fact.measure, fact.basis): fact for fact in facts if fact.contract and fact.basis != OF_CONTRACT
    }
    for fact in facts:
        today = named.get((fact.variety, fact.measure, fact.basis))
        if today is not None and not fact.contract and fact.session < today.session:
            yield replace(fact, basis=OF_CONTRACT, contract=today.contract)
        else:
            yield fact


def _conflict(first: Fact, other: Fact) -> Finding:
    bases = first.basis != other.basis
    told = [f"{fact.basis if bases else fact.contract} {fact.value:f}".strip() for fact in (first, other)]
    series = other.series._replace(basis="") if bases else other.series
    message = f"{series} of {other.session} is {told[1]} here and {told[0]} in {first.source}; make the two agree"
    return codes.CONFLICT.at(other.source, message)


def _views(views: Sequence[View]) -> tuple[list[View], list[Finding]]:
    kept: dict[str, View] = {}
    disputes: list[Finding] = []
    for view in views:
        first = kept.setdefault(view.variety, view)
        if first is not view:
            kept[view.variety] = _one_view(first, view, disputes)
    return list(kept.values()), disputes


def _one_view(first: View, other: View, disputes: list[Finding]) -> View:
    def agreed(mine: Passage | None, theirs: Passage | None) -> Passage | None:
        if mine and theirs and _same(mine.text) != _same(theirs.text):
            message = f"{shown(theirs.text)} here and {shown(mine.text)} in {mine.source}; make the two agree"
            disputes.append(codes.CONFLICT.at(theirs.source, message))
        return mine or theirs

    if first.recap and other.recap and first.use != other.use:
        message = f"用法 is {other.use} here and {first.use} beside {first.recap.source}; make the two agree"
        disputes.append(codes.CONFLICT.at(other.recap.source, message))
    return replace(
        first,
        headline=agreed(first.headline, other.headline),
        recap=agreed(first.recap, other.recap),
        outlook=agreed(first.outlook, other.outlook),
        recommendation=agreed(first.recommendation, other.recommendation),
        analyst=agreed(first.analyst, other.analyst),
        use=first.use if first.recap else other.use,
    )


def _same(text: str) -> str:
    """The text without any space, to compare by."""
    return re.sub(r"\s", "", narrow(text))
