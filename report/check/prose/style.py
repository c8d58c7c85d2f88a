"""C703–C705, C707: words and places of decimals that may not be printed, and the warning that must be."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from report import catalog as catalogs
from report.check.evidence import Evidence
from report.check.prose.findings import place, quoted
from report.check.prose.judge import judged
from report.check.prose.tokens import plain
from report.check.prose.vocabulary import compact
from report.entries import Entry
from report.facts import Finding, Passage, Severity

FILE = "wording.toml"


class Promises(Entry):
    """Words advice may not use, words that may mean something else, and what before or after them lifts the ban."""

    words: tuple[str, ...]
    doubtful: tuple[str, ...] = ()
    exempt: tuple[str, ...]
    followed: Mapping[str, tuple[str, ...]] = {}


class Risk(Entry):
    """Groups of words, of each of which the small print must have one."""

    groups: tuple[tuple[str, ...], ...]


class Places(Entry):
    """The most decimals prose may have, and how many beyond its table's."""

    most: int
    beyond: int


class WordingFile(Entry):
    """data/wording.toml."""

    typos: Mapping[str, str]
    promises: Promises
    risk: Risk
    places: Places


@lru_cache(maxsize=8)
def rules(folders: tuple[Path, ...]) -> WordingFile:
    """data/wording.toml of the first folder that has it. Raises CatalogError for a mistake in it."""
    return catalogs.entry(folders, FILE, WordingFile)


def typos(evidence: Evidence) -> Iterator[Finding]:
    """C703: a known misspelling (SHEF), in the views or in a name or note that data/ has printed: WARNING."""
    known = {compact(wrong): right for wrong, right in rules(evidence.catalog.folders).typos.items()}
    pattern = re.compile(rf"(?<![A-Z])(?:{_either(known)})(?![A-Z])")
    texts = [(passage.text, passage.source) for passage in passages(evidence)]
    for text, source in [*texts, *_declared(evidence.catalog)]:
        for match, start in _met(pattern, text):
            wrong, right = match[0], known[match[0]]
            where = source if source.endswith(".toml") else f"{source} › character {start + 1}"
            yield Finding("C703", Severity.WARNING, where, f"'{wrong}' is not {right}; write {right}")


def promises(evidence: Evidence) -> Iterator[Finding]:
    """C704: a promise of gain, or another word that futures advice may not use: ERROR; one of two meanings: WARNING."""
    told = rules(evidence.catalog.folders).promises
    pattern = re.compile(_either((*told.words, *told.doubtful)))
    for passage in passages(evidence):
        for match, start in _met(pattern, passage.text):
            word, before, after = match[0], match.string[: match.start()], match.string[match.end() :]
            if before.endswith(told.exempt) or after.startswith(told.followed.get(word, ("\0",))):
                continue
            if word in told.words:
                severity, message = Severity.ERROR, "may not stand in futures advice; take it out"
            else:
                severity, message = Severity.WARNING, "may be read as a promise; say it otherwise, or waive it"
            yield Finding("C704", severity, at(passage, start), f"'{word}' {message} (data/{FILE})")


def _either(words: Iterable[str]) -> str:
    """A pattern of any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


def _met(pattern: re.Pattern[str], text: str) -> Iterator[tuple[re.Match[str], int]]:
    """The matches in the text as the scanner sees it, letters large and needless blanks gone; where each begins."""
    seen = plain(text)
    return ((match, seen.offsets[match.start()]) for match in pattern.finditer(seen.text))


def _declared(catalog: catalogs.Catalog) -> Iterator[tuple[str, str]]:
    """Every name and note of data/ that is printed, with its file."""
    for code, variety in catalog.varieties.items():
        titles = [entry.title for entry in (variety.view, variety.block) if entry]
        names = [name for one in variety.instruments for name in (one.label, one.name)]
        told = " / ".join([variety.name, *titles, *names, *(entry.name for entry in variety.series.values())])
        yield told, f"data/varieties/{code}.toml"
    house = catalog.settings
    notes = (house.title, house.subject, house.closes_note, house.industry_note, house.source_line, *house.keywords)
    yield " / ".join(notes), "data/settings.toml"


def tails(evidence: Evidence) -> Iterator[Finding]:
    """C705: a number with more decimals than anybody reads (8.13102821): WARNING."""
    allowed = rules(evidence.catalog.folders).places
    for passage in judged(evidence):
        for reading in passage.readings:
            token = reading.claim.token
            if token.figure is None:
                continue
            places = len(token.figure.written.partition(".")[2])
            series = reading.series
            own = (
                evidence.catalog.decimals(series) + allowed.beyond
                if series and token.figure.scale == 1
                else allowed.most
            )
            if places > max(own, allowed.beyond + 1) or places > allowed.most:
                message = (
                    f"{quoted(passage, token)} is not rounded; print at most {max(own - allowed.beyond, 2)} places"
                )
                yield Finding("C705", Severity.WARNING, place(passage, token), message)


def risk(evidence: Evidence) -> Iterator[Finding]:
    """C707: small print that gives no warning of risk: WARNING."""
    text = "".join(one for notice in evidence.catalog.settings.notice for one in (notice.title, *notice.paragraphs))
    for group in rules(evidence.catalog.folders).risk.groups:
        if not any(word in text for word in group):
            message = f"no notice says {' or '.join(group)}; add a risk warning to data/settings.toml › notice"
            yield Finding("C707", Severity.WARNING, "data/settings.toml › notice", message)


def passages(evidence: Evidence) -> Iterator[Passage]:
    """Every text of the views but the recommendation, whose words are given (C701)."""
    for view in evidence.views.values():
        for passage in (view.headline, view.recap, view.outlook):
            if passage is not None:
                yield passage


def at(passage: Passage, start: int) -> str:
    """The cell of a passage and the place in it, counted from 1."""
    return f"{passage.source} › character {start + 1}"
