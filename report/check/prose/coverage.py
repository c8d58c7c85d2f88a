"""How much of the prose was checked: numbers found, given, agreeing, contradicting, unbound; per view, in all, each.

A number that was put into the text from its fact is given; whatever the words around it say of it is C601 and C603.
"""

from __future__ import annotations

from collections.abc import Iterator

from report.check.evidence import Evidence
from report.check.prose.compare import AGREES, CONTRADICTS, UNBOUND, Reading
from report.check.prose.findings import name, says
from report.check.prose.judge import Judged, judged
from report.facts import Coverage, Finding, Given, Severity, Verdict

GIVEN = "given"
NAMED = 8  # so many unbound numbers of one passage are named


def coverage(evidence: Evidence) -> tuple[Coverage, ...]:
    """One Coverage per view in print order, and the last one for all."""
    counts = {variety.code: [0, 0, 0, 0] for variety in evidence.catalog.views if variety.code in evidence.views}
    for passage in judged(evidence):
        mine = counts.setdefault(passage.view.variety, [0, 0, 0, 0])
        for reading, status in own(passage):
            if reading.claim.aspect != "trend":
                mine[0] += 1
                mine[1] += status == AGREES
                mine[2] += status == CONTRADICTS
                mine[3] += status == GIVEN
    views = [Coverage(code, *told) for code, told in counts.items()]
    whole = (sum(told[part] for told in counts.values()) for part in range(4))
    return (*views, Coverage("", *whole))


def own(passage: Judged) -> Iterator[tuple[Reading, str]]:
    """The readings of a passage's own words, each with its status: given, agrees, contradicts, unbound."""
    for reading in passage.readings:
        there = put_there(passage, reading)
        if reading.claim.token.start >= passage.passage.since and not (there and there.fact is None):
            yield reading, GIVEN if there and reading.status != CONTRADICTS else reading.status


def put_there(passage: Judged, reading: Reading) -> Given | None:
    """The given number a reading is of; None for one that was typed, and for a word."""
    token = reading.claim.token
    if token.figure is None:
        return None
    return next((one for one in passage.passage.given if one.start <= token.start < one.end), None)


def unbound(evidence: Evidence) -> Iterator[Finding]:
    """C612: typed numbers that nothing could be held against: NOTE, one a passage."""
    for passage in judged(evidence):
        text = passage.passage.text
        told = [
            f"'{text[reading.claim.token.start : reading.claim.token.end]}'"
            for reading, status in own(passage)
            if status == UNBOUND and reading.claim.aspect != "trend"
        ]
        loose = list(dict.fromkeys(told))
        if loose:
            named = "、".join(loose[:NAMED]) + (f" and {len(loose) - NAMED} more" if len(loose) > NAMED else "")
            message = f"{named}: no fact was found to hold it against; write it as {{{{ … }}}}, or look it up by hand"
            yield Finding("C612", Severity.NOTE, passage.passage.source, message)


def verdicts(evidence: Evidence) -> Iterator[Verdict]:
    """What became of every number of the prose, and of every direction word that a fact was found for."""
    for passage in judged(evidence):
        for reading, status in own(passage):
            token, aspect = reading.claim.token, reading.claim.aspect
            if aspect == "trend" and status == UNBOUND:
                continue
            there = put_there(passage, reading) if status == GIVEN else None
            yield Verdict(
                passage.passage.source,
                token.start,
                token.end,
                passage.passage.text[token.start : token.end],
                status,
                aspect,
                name(evidence, reading) if reading.fact else "",
                says(evidence, reading) if reading.status != UNBOUND else "",
                there.fact if there else reading.fact if status != UNBOUND else None,
            )
