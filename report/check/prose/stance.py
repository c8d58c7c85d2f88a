"""C608, C609, C611: what a view advises against what it says, and whose view it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from report.check.evidence import Evidence
from report.check.prose.findings import place
from report.check.prose.judge import Judged, judged
from report.check.prose.tokens import Token
from report.check.prose.vocabulary import Stances, compact, lexicon
from report.entries import Variety
from report.facts import Finding, Passage, Severity

NEAR = 6  # a word so near before a stance turns it: 不宜追多
LONG = 20  # a paragraph shorter than this may repeat itself
PARAGRAPHS = re.compile(r"[\r\n]+")


def stance(evidence: Evidence) -> Iterator[Finding]:
    """C608: a headline or outlook of one side with a recommendation of the other: WARNING."""
    stances = lexicon(evidence.catalog.folders).vocabulary.stances
    for passage in judged(evidence):
        word = passage.view.recommendation
        advised = evidence.catalog.recommendation(word.text) if word else None
        if passage.role == "recap" or advised is None or advised.stance not in stances.words:
            continue
        sides = {side: told for side in stances.words if (told := _said(passage.passage.text, side, stances))}
        if sides and advised.stance not in sides:
            said = next(iter(sides.values()))
            start = passage.passage.text.index(said)
            message = (
                f"'{said}' is of the other side than the recommendation '{advised.name}' "
                f"({word.source if word else ''}); mend one of the two"
            )
            yield Finding("C608", Severity.WARNING, f"{passage.passage.source} › character {start + 1}", message)


def _said(text: str, side: str, stances: Stances) -> str:
    """The first word of that side that nothing right before it turns, '' where there is none."""
    for word in stances.words[side]:
        for match in re.finditer(re.escape(word), text):
            before = text[max(0, match.start() - NEAR) : match.start()]
            if not any(against in re.split(r"[，。；、]", before)[-1] for against in stances.against):
                return word
    return ""


def copied(evidence: Evidence) -> Iterator[Finding]:
    """C609: a paragraph that stands word for word in the last report's view: WARNING."""
    for code, view in evidence.views.items():
        before = evidence.last.get(code)
        if before is None:
            continue
        old = {one for role in (before.recap, before.outlook) for one in _paragraphs(role)}
        for passage in (view.recap, view.outlook):
            for number, paragraph in enumerate(_paragraphs(passage), 1):
                if passage is not None and paragraph in old and len(paragraph) >= LONG:
                    message = f"stands unchanged in the report of {before.report_date}; rewrite it, or confirm it"
                    yield Finding("C609", Severity.WARNING, f"{passage.source} › paragraph {number}", message)


def _paragraphs(passage: Passage | None) -> list[str]:
    return [compact(one) for one in PARAGRAPHS.split(passage.text) if one.strip()] if passage else []


def strangers(evidence: Evidence) -> Iterator[Finding]:
    """C611: a headline, a forecast or prices of a recap that name another variety and not the view's own: WARNING."""
    viewed = {variety.code for variety in evidence.catalog.views}
    for passage in judged(evidence):
        own = evidence.catalog.varieties[passage.view.variety]
        mine = _mine(evidence, own)
        for token, code in _strange(passage, mine, viewed):
            told = evidence.catalog.varieties[code].name
            message = (
                f"names {told} and not {own.name}, whose view it is; "
                "put it right if it was copied from another view, or name what is spoken of"
            )
            yield Finding("C611", Severity.WARNING, place(passage, token), message)


def _strange(passage: Judged, mine: set[str], viewed: set[str]) -> Iterator[tuple[Token, str]]:
    if passage.role == "recap":
        priced = [one.claim for one in passage.readings if one.claim.subject.kind == "close" and one.claim.subject.sure]
        codes = [claim.subject.series[0].variety for claim in priced if claim.subject.series]
        if codes and not mine & {*codes, *(code for _, code in _named(passage.tokens))}:
            yield from [(token, code) for token, code in _named(passage.tokens) if code in viewed & {*codes}][:1]
        return
    for tokens in _sentences(passage):
        named = _named(tokens)
        foreseen = passage.role == "outlook" and any("forecast" in token.roles for token in tokens)
        if (passage.role == "headline" or foreseen) and named and not mine & {code for _, code in named}:
            yield named[0]


def _named(tokens: Iterable[Token]) -> list[tuple[Token, str]]:
    """The words that name a variety, each with the variety's code."""
    found = ((token, token.roles.get("variety")) for token in tokens)
    return [(token, str(role[0])) for token, role in found if isinstance(role, tuple)]


def _mine(evidence: Evidence, own: Variety) -> set[str]:
    """The varieties a view may speak of: its own, and those of its block and drafted sentences."""
    block = evidence.catalog.varieties[own.code].block
    told = (
        {reference.partition(".")[0] for reference in (*block.left, *block.right) if "." in reference}
        if block
        else set()
    )
    return {own.code} | told | (set(evidence.catalog.varieties) if not own.instruments else set())


def _sentences(passage: Judged) -> Iterator[list[Token]]:
    run: list[Token] = []
    for token in passage.tokens:
        if token.part == "mark" and token.text in "。！？!?\n\r；;":
            yield run
            run = []
        else:
            run.append(token)
    yield run
