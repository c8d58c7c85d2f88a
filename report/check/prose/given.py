"""C603 of numbers that were put into the text from their facts: what the words beside one say of its sign."""

from __future__ import annotations

from collections.abc import Iterator

from report.check.evidence import Evidence
from report.check.prose.compare import CONTRADICTS, Reading
from report.check.prose.coverage import put_there
from report.check.prose.findings import MEND, place, quoted
from report.check.prose.judge import Judged, judged
from report.facts import PERIOD, WEEK, Fact, Finding, Severity

MOVES = (WEEK, PERIOD)


def direction(evidence: Evidence) -> Iterator[Finding]:
    """C603: a direction word against the sign of the change put behind it, or beside a sign that is printed too.

    ERROR where the words leave one reading; else, and for a sign told twice, WARNING.
    """
    for passage in judged(evidence):
        before: tuple[int, Fact] | None = None
        for reading in passage.readings:
            there = put_there(passage, reading)
            if there is None or there.fact is None or reading.status == CONTRADICTS:
                continue
            if there.fact.basis in MOVES:
                yield from _change(passage, reading, there.fact, there.bare)
            elif before is not None and before[0] == reading.claim.sentence:
                yield from _level(passage, reading, there.fact, before[1])
            before = reading.claim.sentence, there.fact


def _change(passage: Judged, reading: Reading, fact: Fact, bare: bool) -> Iterator[Finding]:
    claim, value = reading.claim, fact.value
    if not value or claim.sign is None or claim.width or claim.doubt == 2:
        return
    told = f"{quoted(passage, claim.token)}, but {fact.source.removeprefix('= ')} is {value.normalize():+f} {fact.unit}"
    if claim.sign * value <= 0:
        severity = Severity.WARNING if claim.doubt else Severity.ERROR
        yield Finding("C603", severity, place(passage, claim.token), f"{told}; {MEND}")
    elif value < 0 and not bare:
        message = f"{told} and its minus is printed beside the word; end the expression with abs"
        yield Finding("C603", Severity.WARNING, place(passage, claim.token), message)


def _level(passage: Judged, reading: Reading, fact: Fact, earlier: Fact) -> Iterator[Finding]:
    """从 A 增至 B, both of them given: B is to lie where the word says."""
    claim, now, then = reading.claim, fact.value, earlier.value
    if claim.moved is None or claim.width or now is None or then is None:
        return
    if earlier.series == fact.series and earlier.session < fact.session and (now - then) * claim.moved < 0:
        told = f"{quoted(passage, claim.token)}, but it was {then.normalize():f} {earlier.unit} on {earlier.session}"
        message = f"{told} and is {now.normalize():f} on {fact.session}; {MEND}"
        yield Finding("C603", Severity.ERROR, place(passage, claim.token), message)
