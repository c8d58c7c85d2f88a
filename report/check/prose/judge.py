"""All the views of a report, read and judged, once per evidence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from report.check.evidence import Evidence
from report.check.prose.compare import Judge, Reading
from report.check.prose.inner import fitted
from report.check.prose.known import Known
from report.check.prose.reader import Reader
from report.check.prose.tokens import Token, scanner
from report.check.prose.vocabulary import Lexicon, lexicon
from report.facts import MAIN, Passage, View

ROLES = ("headline", "recap", "outlook")


@dataclass(frozen=True, slots=True)
class Judged:
    """One passage of a view: its tokens, and what became of each claim in it, in the order of the text."""

    view: View
    role: str
    passage: Passage
    tokens: tuple[Token, ...]
    readings: tuple[Reading, ...]


_KEPT: list[tuple[Evidence, tuple[Judged, ...]]] = []


def judged(evidence: Evidence) -> tuple[Judged, ...]:
    """Every passage of every view, judged. The last evidence's answer is kept, since every check asks for it."""
    for known, answer in _KEPT:
        if known is evidence:
            return answer
    answer = tuple(_judged(evidence, lexicon(evidence.catalog.folders)))
    _KEPT[:] = [(evidence, answer)]
    return answer


def session_of(evidence: Evidence) -> date:
    """The session the report speaks of."""
    sessions = [one.session for series, one in evidence.day.standings.items() if series.basis == MAIN]
    return max(sessions, default=evidence.day.report_date)


def judge_of(evidence: Evidence) -> Judge:
    """The judge of the evidence's claims."""
    words = lexicon(evidence.catalog.folders)
    return Judge(Known(evidence.day, evidence.catalog, session_of(evidence)), evidence.catalog, words.vocabulary)


def _judged(evidence: Evidence, words: Lexicon) -> Iterator[Judged]:
    session, judge = session_of(evidence), judge_of(evidence)
    for view in evidence.views.values():
        for role in ROLES:
            passage = getattr(view, role)
            if passage is None:
                continue
            tokens = tuple(scanner(words).tokens(passage.text))
            reader = Reader(evidence.catalog, words, evidence.day, session, view.variety)
            readings = _settled(judge, reader, tokens)
            yield Judged(view, role, passage, tokens, tuple(fitted(readings)))


def _settled(judge: Judge, reader: Reader, tokens: tuple[Token, ...]) -> list[Reading]:
    """The readings of a passage; a subject that one figure settled is settled for those that follow it."""
    readings: list[Reading] = []
    for claim in reader.claims(tokens):
        last = readings[-1] if readings else None
        if last is not None and last.status == "agrees" and last.series is not None:
            same = claim.subject.key == last.claim.subject.key and claim.sentence == last.claim.sentence
            if same and (claim.guessed or not claim.subject.sure) and last.series in claim.subject.series:
                subject = replace(claim.subject, series=(last.series,), sure=True)
                claim = replace(claim, subject=subject, doubt=0 if claim.guessed else claim.doubt)
        readings.append(judge.reading(claim))
    return readings
