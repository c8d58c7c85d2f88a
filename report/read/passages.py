"""The Markdown of a note -> its parts, every one with its line. CommonMark, of which a note uses this much:

    # chapter   ## section   **strong**   - list   1. list   > a conclusion   [^a] footnote   [](#key) reference
    {{ on_rrp at 2022-05-04 in 亿美元 }}          a number, see report.read.expression
    ```图 key … ```  and  ```表 key … ```          a figure or table, described in TOML between the fences
    # heading {#key}   # heading {-}              a heading that can be referred to, or that is not numbered

What stands before the first chapter is the abstract, whose leads are its sections. Anything else is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from report.facts import Finding
from report.manuscript import Figure, Footnote, Heading, Inline, Listing, Paragraph, Reference, Words
from report.read import codes, expression
from report.read.words import shown

ATTRIBUTES = re.compile(r"\s*\{(-|#[A-Za-z][A-Za-z0-9-]*)\}\s*$")
NUMBER = re.compile(r"\{\{([^\n]*?)\}\}")
UNDEFINED = re.compile(r"\[\^([^\]]+)\]")
ONLY = "a note has chapters, sections, paragraphs, lists, quotes, footnotes, references, numbers and fenced figures"


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced block: what follows the fence (图 or 表, and the key), its text, and the line of the fence."""

    info: str
    text: str
    line: int


Passage = Heading | Paragraph | Listing | Fence


def passages(file: str, text: str) -> tuple[list[Passage], list[Finding]]:
    """The parts of a note's text in order, and what is wrong with its markup."""
    reader = _Reader(file)
    parser = MarkdownIt("commonmark").use(footnote_plugin)
    parser.inline.ruler.before("emphasis", "strong", _strong)
    parser.inline.ruler.before("escape", "number", _number)
    state: dict[str, Any] = {}
    found = list(reader.parts(parser.parse(text, state)))
    reader.uncalled(text, state.get("footnotes", {}).get("refs", {}))
    return found, reader.findings


def _number(state: StateInline, silent: bool) -> bool:
    """{{ … }} on one line: an expression, in which no mark of Markdown counts."""
    match = NUMBER.match(state.src, state.pos, state.posMax)
    if match is None:
        return False
    if not silent:
        state.push("number", "", 0).content = match[1]
    state.pos = match.end()
    return True


def _strong(state: StateInline, silent: bool) -> bool:
    """**…** whatever stands beside it: CommonMark's own rule leaves **渠道一。**银行 as it is, for want of a blank."""
    start, most = state.pos, state.posMax
    end = state.src.find("**", start + 2, most)
    if not state.src.startswith("**", start) or end <= start + 2:
        return False
    if not silent:
        state.push("strong_open", "strong", 1)
        state.pos, state.posMax = start + 2, end
        state.md.inline.tokenize(state)
        state.push("strong_close", "strong", -1)
    state.pos, state.posMax = end + 2, most
    return True


@dataclass
class _Reader:
    file: str
    findings: list[Finding] = field(default_factory=list)
    _footnotes: dict[int, Footnote] = field(default_factory=dict)
    _inside: bool = False

    def place(self, line: int) -> str:
        """A line of the text, from 0, as findings name it."""
        return f"{self.file} › line {line + 1}"

    def parts(self, tokens: Sequence[Token]) -> Iterator[Passage]:
        notes = next((at for at, token in enumerate(tokens) if token.type == "footnote_block_open"), len(tokens))
        self._take_footnotes(tokens[notes:])
        for at, token in enumerate(tokens[:notes]):
            if token.level == 0 and token.nesting >= 0:
                yield from self._part(token, _until(tokens, at))

    def uncalled(self, text: str, called: Mapping[str, int]) -> None:
        """Report the footnotes that nothing calls; of `called`, their number is below 0."""
        for label in (name.removeprefix(":") for name, number in called.items() if number < 0):
            lines = text.splitlines()
            line = next((at for at, each in enumerate(lines) if each.lstrip().startswith(f"[^{label}]:")), 0)
            message = f"nothing calls the footnote [^{label}]; write [^{label}] where it belongs, or take it out"
            self.findings.append(codes.NO_KEY.at(self.place(line), message))

    def _part(self, token: Token, inner: Sequence[Token]) -> Iterator[Passage]:
        line = token.map[0] if token.map else 0
        runs = [one for one in inner if one.type == "inline"]
        if token.type == "heading_open":
            yield self._heading(token, runs[0])
        elif token.type == "paragraph_open":
            yield Paragraph(self._inlines(runs[0]), self.place(line))
        elif token.type == "blockquote_open":
            if len(runs) != sum(one.type == "paragraph_open" and one.level == token.level + 1 for one in inner):
                self._refuse(line, "a quote of more than paragraphs")
            for run in runs:
                yield Paragraph(self._inlines(run), self.place(_line(run)), "callout")
        elif token.type in ("bullet_list_open", "ordered_list_open"):
            lists = [one for one in inner if one.type.endswith("list_open")]
            if lists or len(runs) != sum(one.type == "list_item_open" for one in inner):
                self._refuse(line, "a list within a list, or an item of several paragraphs")
            items = tuple(self._inlines(run) for run in runs)
            yield Listing(items, self.place(line), token.type == "ordered_list_open")
        elif token.type == "fence":
            yield Fence(token.info.strip(), token.content, line)
        else:
            self._refuse(line, f"{token.type.removesuffix('_open').replace('_', ' ')} is not known here")

    def _heading(self, token: Token, run: Token) -> Heading:
        line, level = _line(run), int(token.tag[1])
        if level > 2:
            self._refuse(line, f"a heading of level {level}; use # for chapters and ## for sections")
        text, key, numbered = run.content, "", True
        while match := ATTRIBUTES.search(text):
            text = text[: match.start()]
            key, numbered = (key, False) if match[1] == "-" else (match[1][1:], numbered)
        if not text:
            self._refuse(line, "a heading without words")
        if re.search(r"[*`\[\]]|\{\{", text):
            self._refuse(line, f"the heading {shown(text)} holds markup; write plain words")
        return Heading(text, min(level, 2), self.place(line), key, numbered)

    def _take_footnotes(self, tokens: Sequence[Token]) -> None:
        self._inside, number = True, 0
        for token in tokens:
            if token.type == "footnote_open":
                number = token.meta["id"]
                self._footnotes[number] = Footnote((), self.place(_line(token)))
            elif token.type == "inline":
                before = self._footnotes[number]
                place = before.place if before.inlines else self.place(_line(token))
                self._footnotes[number] = Footnote((*before.inlines, *self._inlines(token)), place)
        self._inside = False

    def _inlines(self, run: Token) -> tuple[Inline, ...]:
        found: list[Inline] = []
        line, strong = _line(run), False
        tokens = iter(run.children or ())
        for token in tokens:
            if token.type in ("softbreak", "hardbreak"):
                line += 1
                found += _joined(found)
            elif token.type == "text":
                found += self._text(token.content, strong, line)
            elif token.type in ("strong_open", "strong_close"):
                strong = token.nesting > 0
            elif token.type == "footnote_ref":
                if self._inside:
                    self._refuse(line, "a footnote within a footnote")
                else:
                    found.append(self._footnotes[token.meta["id"]])
            elif token.type == "number":
                found += self._figure(token.content, line)
            elif token.type == "link_open":
                found += self._reference(token, tokens, line)
            else:
                self._refuse(line, f"{token.type.removesuffix('_open').replace('_', ' ')} {shown(token.content)}")
        return tuple(found)

    def _reference(self, token: Token, tokens: Iterator[Token], line: int) -> Iterator[Inline]:
        words = ""
        while (following := next(tokens)).type != "link_close":
            words += following.content
        target = str(token.attrs.get("href", ""))
        if words or not target.startswith("#") or len(target) < 2:
            self._refuse(line, f"the link [{words}]({target}); write [](#key), whose words and number are put there")
        else:
            yield Reference(target[1:], self.place(line))

    def _text(self, text: str, strong: bool, line: int) -> Iterator[Inline]:
        if match := UNDEFINED.search(text):
            message = f"no footnote [^{match[1]}] is defined; add a line [^{match[1]}]: …, or take the mark out"
            self.findings.append(codes.NO_KEY.at(self.place(line), message))
        if "{{" in text or "}}" in text:
            message = f"{shown(text)}: braces that do not close on their line; {expression.EXAMPLE}"
            self.findings.append(codes.NO_EXPRESSION.at(self.place(line), message))
        if text:
            yield Words(text, strong)

    def _figure(self, text: str, line: int) -> Iterator[Figure]:
        try:
            yield Figure(expression.parse(text), self.place(line))
        except expression.NotAnExpression as error:
            self.findings.append(codes.NO_EXPRESSION.at(self.place(line), f"{{{{{text}}}}}: {error}"))

    def _refuse(self, line: int, what: str) -> None:
        self.findings.append(codes.NOTE_MARKUP.at(self.place(line), f"{what}: {ONLY}"))


def _until(tokens: Sequence[Token], at: int) -> Sequence[Token]:
    """What stands between a block's opening and its close."""
    if tokens[at].nesting <= 0:
        return ()
    end = next(i for i in range(at + 1, len(tokens)) if tokens[i].level == tokens[at].level)
    return tokens[at + 1 : end]


def _line(token: Token) -> int:
    return token.map[0] if token.map else 0


def _joined(before: Sequence[Inline]) -> list[Inline]:
    """What a line's end is between words: nothing beside 汉字, a blank between Latin ones."""
    last = before[-1] if before else None
    latin = isinstance(last, Words) and last.text[-1:].isascii() and last.text[-1:].isalnum()
    return [Words(" ")] if latin else []
