"""C703–C707: words, places and punctuation that may not be printed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path

from report import catalog as catalogs
from report.check.evidence import Evidence
from report.check.prose.findings import place, quoted
from report.check.prose.judge import judged
from report.entries import Entry
from report.facts import Finding, Passage, Severity

FILE = "wording.toml"
HAN = "\u4e00-\u9fff"
PUNCTUATION = re.compile(
    rf"(?<=[{HAN}])[,;:!?](?=[{HAN}A-Za-z])|(?<=[{HAN}]{{2}})\.(?=[{HAN}]|$)|\((?=[{HAN}])|(?<=[{HAN}])\)"
    r"|[，。；：、]{2,}|(?<=[，；：、])$"
)
WIDE = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。", "(": "（", ")": "）"}


class Promises(Entry):
    """Words advice may not use, and what before them lifts the ban."""

    words: tuple[str, ...]
    exempt: tuple[str, ...]


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
    """C703: a known misspelling (SHEF): WARNING."""
    for passage in _passages(evidence):
        for wrong, right in rules(evidence.catalog.folders).typos.items():
            pattern = rf"(?<![A-Za-z]){re.escape(wrong)}(?![A-Za-z])"
            for match in re.finditer(pattern, passage.text):
                message = f"'{wrong}' is not {right}; write {right}"
                yield Finding("C703", Severity.WARNING, _at(passage, match.start()), message)


def promises(evidence: Evidence) -> Iterator[Finding]:
    """C704: a promise of gain, or another word that futures advice may not use: ERROR."""
    told = rules(evidence.catalog.folders).promises
    for passage in _passages(evidence):
        for word in told.words:
            for match in re.finditer(re.escape(word), passage.text):
                if not passage.text[: match.start()].endswith(told.exempt):
                    message = f"'{word}' may not stand in futures advice; take it out (data/{FILE})"
                    yield Finding("C704", Severity.ERROR, _at(passage, match.start()), message)


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


def punctuation(evidence: Evidence) -> Iterator[Finding]:
    """C706: Latin punctuation between 汉字, or two marks in a row: NOTE."""
    for passage in _passages(evidence):
        for match in PUNCTUATION.finditer(passage.text):
            right = WIDE.get(match[0], match[0][:1])
            message = f"'{match[0]}' in Chinese text; write '{right}'" if match[0] else "the text breaks off at a comma"
            yield Finding("C706", Severity.NOTE, _at(passage, match.start()), message)


def risk(evidence: Evidence) -> Iterator[Finding]:
    """C707: small print that gives no warning of risk: WARNING."""
    text = "".join(one for notice in evidence.catalog.settings.notice for one in (notice.title, *notice.paragraphs))
    for group in rules(evidence.catalog.folders).risk.groups:
        if not any(word in text for word in group):
            message = f"no notice says {' or '.join(group)}; add a risk warning to data/settings.toml › notice"
            yield Finding("C707", Severity.WARNING, "data/settings.toml › notice", message)


def _passages(evidence: Evidence) -> Iterator[Passage]:
    """Every text of the views but the recommendation, whose words are given (C701)."""
    for view in evidence.views.values():
        for passage in (view.headline, view.recap, view.outlook):
            if passage is not None:
                yield passage


def _at(passage: Passage, start: int) -> str:
    return f"{passage.source} › character {start + 1}"
