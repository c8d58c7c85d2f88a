"""C601–C605, C607, C610: numbers and days of the prose that the facts contradict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

from report.check.evidence import Evidence
from report.check.prose.compare import AGREES, CONTRADICTS, Judge, Reading
from report.check.prose.dates import dated
from report.check.prose.judge import Judged, judge_of, judged, session_of
from report.check.prose.tokens import Token
from report.check.prose.vocabulary import lexicon
from report.facts import MAIN, Finding, Series, Severity
from report.sessions import WEEKDAY_WORDS, weekday_word

MEND = "mend the sentence, or the cell if that is the wrong one"
AROUND = 8
ASPECT = {"level": "is", "previous": "was", "change": "changed by", "ratio": "changed by", "trend": "changed by",
          "difference": "stands apart by"}  # fmt: skip


def place(passage: Judged, token: Token) -> str:
    """The cell of the text and the place in it, counted from 1."""
    return f"{passage.passage.source} › character {token.start + 1}"


def quoted(passage: Judged, token: Token) -> str:
    """The figure with the words right before it, as typed."""
    return f"'…{passage.passage.text[max(0, token.start - AROUND) : token.end]}'"


def value(evidence: Evidence) -> Iterator[Finding]:
    """C601: a number that its fact contradicts: ERROR."""
    yield from _faulty(evidence, "C601", ("value",))


def inner(evidence: Evidence) -> Iterator[Finding]:
    """C602: level, change and percentage of one sentence that do not fit one another: ERROR."""
    for passage, reading in _with(evidence, ("inner",)):
        token = reading.claim.token
        told = f"{quoted(passage, token)} does not fit the level and the change told before it, which make"
        message = f"{told} {_signed(reading.expected)}%; mend whichever of the three is wrong"
        yield Finding("C602", Severity.ERROR, place(passage, token), message)


def direction(evidence: Evidence) -> Iterator[Finding]:
    """C603: a direction word against the sign of its fact: ERROR beside a number, WARNING where it stands alone."""
    yield from _faulty(evidence, "C603", ("direction",))


def zero_move(evidence: Evidence) -> Iterator[Finding]:
    """C604: a rise or fall of 0: WARNING, for that is 持平."""
    flat = evidence.catalog.words.directions["move"].flat
    for passage in judged(evidence):
        for reading in passage.readings:
            claim = reading.claim
            if claim.token.figure is None or claim.aspect not in ("change", "ratio") or not claim.sign:
                continue
            if claim.figure.low == claim.figure.high == 0:
                message = f"{quoted(passage, claim.token)}: no change is {flat}; write {flat}"
                yield Finding("C604", Severity.WARNING, place(passage, claim.token), message)


def unit(evidence: Evidence) -> Iterator[Finding]:
    """C605: the right number in a unit that is not its fact's: ERROR."""
    yield from _faulty(evidence, "C605", ("unit",))


def contract(evidence: Evidence) -> Iterator[Finding]:
    """C607: another contract called the main one than the close of the day is of: ERROR."""
    main = lexicon(evidence.catalog.folders).vocabulary.days.main
    for passage in judged(evidence):
        code = passage.view.variety
        for before, token in zip(passage.tokens, passage.tokens[1:], strict=False):
            named = before.roles.get("variety")
            code = str(named[0]) if isinstance(named, tuple) else code
            if token.part != "contract" or not before.text.endswith(main):
                continue
            standing = evidence.day.standings.get(Series(code, "futures_close", MAIN))
            fact = standing.today if standing else None
            digits = "".join(char for char in token.text if char.isdigit())
            if fact is not None and fact.contract and not fact.contract.endswith(digits):
                told = f"{quoted(passage, token)}: the main contract is {fact.contract} ({fact.source})"
                yield Finding("C607", Severity.ERROR, place(passage, token), f"{told}; {MEND}")


def weekday(evidence: Evidence) -> Iterator[Finding]:
    """C610: the session's number told of another day, a recap that opens with another day, a date with a wrong weekday.

    WARNING each.
    """
    session, judge = session_of(evidence), judge_of(evidence)
    for passage in judged(evidence):
        yield from _misdated(passage, judge, session)
        yield from _opening(passage, session, evidence.day.report_date)
        for one, other in zip(passage.tokens, passage.tokens[1:], strict=False):
            beside = other if other.part == "day" else _after(passage, one)
            day = dated(one.day, session, evidence.day.report_date) if one.part == "day" and len(one.day) == 3 else None
            if isinstance(day, date) and beside is not None and len(beside.day) == 2 and beside.day[1] != day.weekday():
                message = f"{quoted(passage, beside)}: {day} is {weekday_word(day)}; mend one of the two"
                yield Finding("C610", Severity.WARNING, place(passage, beside), message)


def _after(passage: Judged, day: Token) -> Token | None:
    """The weekday in brackets right behind a date, or None."""
    text = passage.passage.text
    for token in passage.tokens:
        if token.part == "day" and len(token.day) == 2 and day.end < token.start <= day.end + 2:
            return token if text[day.end : token.start].strip() in ("(", "（") else None
    return None


def _misdated(passage: Judged, judge: Judge, session: date) -> Iterator[Finding]:
    for reading in passage.readings:
        claim = reading.claim
        if not isinstance(claim.day, date) or claim.day == session or reading.status == AGREES:
            continue
        again = judge.reading(replace(claim, day=None))
        if again.status == AGREES and claim.aspect == "level" and again.fact is not None:
            told = f"{quoted(passage, claim.token)} is told of {claim.day} ({weekday_word(claim.day)})"
            message = f"{told}, but is the number of {again.fact.session} ({again.fact.source}); mend the day"
            yield Finding("C610", Severity.WARNING, place(passage, claim.token), message)


def _opening(passage: Judged, session: date, report_date: date) -> Iterator[Finding]:
    first = passage.tokens[0] if passage.tokens else None
    if passage.role != "recap" or first is None or len(first.day) != 2:
        return
    day = dated(first.day, session, report_date)
    if day != session:
        message = (
            f"the recap opens with {first.text}, but the session is {session} ({WEEKDAY_WORDS[session.weekday()]})"
        )
        yield Finding("C610", Severity.WARNING, place(passage, first), f"{message}; mend the day, or rewrite the text")


def _with(evidence: Evidence, faults: tuple[str, ...]) -> Iterator[tuple[Judged, Reading]]:
    for passage in judged(evidence):
        for reading in passage.readings:
            if reading.status == CONTRADICTS and reading.fault in faults:
                yield passage, reading


def _faulty(evidence: Evidence, code: str, faults: tuple[str, ...]) -> Iterator[Finding]:
    for passage, reading in _with(evidence, faults):
        token = reading.claim.token
        severity = Severity.WARNING if reading.claim.aspect == "trend" else Severity.ERROR
        message = f"{quoted(passage, token)}, but {told(evidence, reading)}; {MEND}"
        yield Finding(code, severity, place(passage, token), message)


def told(evidence: Evidence, reading: Reading) -> str:
    """What the fact of a reading says, with its session and its cells."""
    fact = reading.fact
    if fact is None or reading.series is None or reading.expected is None:
        return "no fact"
    cells = "; ".join(fact.cells())
    shown = says(evidence, reading)
    return f"{name(evidence, reading)} of {fact.session} {ASPECT[reading.claim.aspect]} {shown} ({cells})"


def name(evidence: Evidence, reading: Reading) -> str:
    """What the series of a reading is called, '' where it has none."""
    series = reading.series
    if series is None:
        return ""
    return f"{evidence.catalog.varieties[series.variety].name} {evidence.catalog.entry(series).name}"


def says(evidence: Evidence, reading: Reading) -> str:
    """The number that the facts give for a reading, with its unit; '' where they give none."""
    if reading.expected is None:
        return ""
    aspect = reading.claim.aspect
    unit = "%" if aspect == "ratio" else evidence.catalog.unit(reading.series) if reading.series else ""
    shown = _plain(reading.expected) if aspect in ("level", "previous") else _signed(reading.expected)
    return f"{shown} {unit}".rstrip()


def _signed(number: Decimal | None) -> str:
    return "" if number is None else ("+" if number > 0 else "") + _plain(number)


def _plain(number: Decimal) -> str:
    """At most four places, without zeros behind."""
    written = f"{round(number, 4):f}"
    return written.rstrip("0").rstrip(".") if "." in written else written
