"""C706: punctuation and widths that Chinese text does not use, and brackets that do not pair."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from report.check.evidence import Evidence
from report.check.prose.style import at, passages
from report.facts import Finding, Severity

HAN = "\u4e00-\u9fff"
LATIN = re.compile(
    rf"(?P<dots>\.{{3,}})|(?P<run>[，。；：、！？]{{2,}})|(?P<wide>[０-９Ａ-Ｚａ-ｚ．]+)"
    rf"|(?P<mark>(?<=[{HAN}%）”])[,;:!?](?=\s?[{HAN}A-Za-z“（])|(?<=[0-9A-Za-z])[,;!?](?=\s?[{HAN}])"
    rf"|(?<=[{HAN}]{{2}})\.(?=[{HAN}]|\s*$)|(?<=[%）])\.(?=[{HAN}]|\s*$)|\((?=[{HAN}])|(?<=[{HAN}])\))"
    rf"|(?P<quote>[\"'](?=[{HAN}])|(?<=[{HAN}])[\"'])|(?P<broken>(?<=[，、])\s*$|(?<=[；：])\s*\Z)",
    re.M,
)
WIDE = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", ".": "。", "(": "（", ")": "）"}
PAIRS = {"（": "）", "「": "」", "『": "』", "《": "》", "【": "】", "“": "”", "‘": "’"}
NARROW = str.maketrans("()", "（）")
NUMBERED = re.compile(r"[0-9一二三四五六七八九十a-zA-Z]）")


def punctuation(evidence: Evidence) -> Iterator[Finding]:
    """C706: Latin punctuation or wide digits in Chinese text, two marks in a row, a bracket without its pair: NOTE."""
    for passage in passages(evidence):
        told = {match.start(): _message(match) for match in LATIN.finditer(passage.text)}
        for start, message in sorted({**dict(_unpaired(passage.text)), **told}.items()):
            yield Finding("C706", Severity.NOTE, at(passage, start), message)


def _message(match: re.Match[str]) -> str:
    found = match[0]
    match match.lastgroup:
        case "broken":
            return "the text breaks off at a comma; end it, or take the comma out"
        case "wide":
            return f"'{found}' is set wide; write '{unicodedata.normalize('NFKC', found)}'"
        case "dots":
            right = "……"
        case "run":
            right = found[:1]
        case "quote":
            right = "“ ”"
        case _:
            right = WIDE[found]
    return f"'{found}' in Chinese text; write '{right}'"


def _unpaired(text: str) -> Iterator[tuple[int, str]]:
    """Places of brackets and quotation marks that open and are not closed in their paragraph, or the other way."""
    openers: list[tuple[int, str]] = []
    for place, char in enumerate(text.translate(NARROW)):
        if char in "\r\n":
            yield from ((start, f"'{one}' is not closed; close it with '{PAIRS[one]}'") for start, one in openers)
            openers.clear()
        elif char in PAIRS:
            openers.append((place, char))
        elif char in PAIRS.values():
            if openers and PAIRS[openers[-1][1]] == char:
                openers.pop()
            elif not NUMBERED.fullmatch(text.translate(NARROW)[max(0, place - 1) : place + 1]):
                yield place, f"'{char}' closes what nothing opens; take it out, or open it"
    yield from ((start, f"'{one}' is not closed; close it with '{PAIRS[one]}'") for start, one in openers)
