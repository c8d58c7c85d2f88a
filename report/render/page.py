"""From a document to the characters of a page: the template environment and the filters the templates know.

Templates come from the folders given, first match wins, so a desk replaces any one of them. They run in a sandbox,
escape everything and may not name what does not exist. Only values made here (typeset text, SVG) reach a page as
markup.
"""

from __future__ import annotations

import base64
import mimetypes
import os
import traceback
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from itertools import zip_longest
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from report.document import (
    Call,
    Chart,
    Document,
    Figures,
    HeatStrip,
    Indicator,
    Indicators,
    Link,
    Number,
    Prose,
    Section,
    Span,
    Text,
)
from report.errors import CatalogError, RenderError
from report.render import chart, columns, drawing, format, ink, typeset

SHORT = 700  # characters a view may have and still be kept on one page
BESIDE = 7  # lines of text that leave room for the advice beside the chart of a view, each of
LINE = 66  # half-width characters
HOTTEST = 1.5  # percent: a calm day stays pale


def setting(document: Document, folders: Sequence[Path], medium: str, sheets: Sequence[str]) -> str:
    """The document as one HTML page for 'paper' or 'screen', its style sheets inlined in the order given.

    Raises CatalogError when a template or style sheet is missing or wrong.
    """
    style = "\n".join(sheet(folders, name) for name in sheets)
    return _filled("page.html.j2", document, folders, medium, style=Markup(style))


def plain(document: Document, folders: Sequence[Path], template: str = "page.txt.j2") -> str:
    """The document as plain text through a template. Raises CatalogError as `setting` does."""
    return _filled(template, document, folders, "text")


def letter(document: Document, folders: Sequence[Path]) -> str:
    """The letter's HTML through letter.html.j2: colours stand at each cell. Raises CatalogError as `setting` does."""
    return _filled("letter.html.j2", document, folders, "letter", tones=ink.TONES, ink=ink)


def found(folders: Sequence[Path], name: str) -> Path:
    """The file of that name in the first folder that has it. Raises CatalogError naming the file."""
    for folder in folders:
        path = (folder / name).resolve()
        if path.is_file() and path.is_relative_to(folder.resolve()):
            return path
    raise CatalogError(f"templates › {name}: not found; put it into {folders[0] if folders else 'a template folder'}")


def sheet(folders: Sequence[Path], name: str) -> str:
    """A style sheet's text. Raises CatalogError where it is missing or would close the style element."""
    text = found(folders, name).read_text(encoding="utf-8")
    if "</" in text:
        raise CatalogError(f"templates › {name}: a style sheet may not hold '</'; take it out")
    return text


def environment(folders: Sequence[Path], escaping: bool) -> SandboxedEnvironment:
    """The sandbox templates run in: strict, escaping (plain text excepted), with the filters of this room."""
    made = SandboxedEnvironment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=escaping,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=not escaping,
        auto_reload=False,
    )
    made.filters.update(FILTERS)
    made.tests.update(short=short, drawn=drawn, brief=brief)
    made.globals.update(width=columns.width, embedded=lambda name: embedded(folders, name))
    return made


_environments: dict[tuple[object, ...], SandboxedEnvironment] = {}


def _kept(folders: Sequence[Path], escaping: bool) -> SandboxedEnvironment:
    newest = max((each.stat().st_mtime_ns for folder in folders for each in folder.rglob("*.j2")), default=0)
    key = (*map(str, folders), escaping, newest)
    if key not in _environments:
        _environments.clear()
        _environments[key] = environment(folders, escaping)
    return _environments[key]


def _filled(name: str, document: Document, folders: Sequence[Path], medium: str, **more: object) -> str:
    return filled(_kept(folders, name.endswith(".html.j2")), name, document=document, medium=medium, **more)


def filled(templates: SandboxedEnvironment, name: str, **given: object) -> str:
    """A template of the environment filled with what is given. Raises CatalogError naming template and line."""
    try:
        return templates.get_template(name).render(**given)
    except TemplateError as error:
        raise CatalogError(f"{_place(error, name)}: {error.message}; mend the template") from error
    except RecursionError as error:
        raise RenderError(f"templates › {name}: the templates include each other without end") from error


def _place(error: TemplateError, name: str) -> str:
    """The template and line an error comes from: its own where it knows them, else the innermost template it passed."""
    where, line = getattr(error, "name", None), getattr(error, "lineno", None)
    if not where:
        frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".j2")]
        where, line = (frames[-1].filename, frames[-1].lineno) if frames else (name, None)
    return f"templates › {where.replace(os.sep, '/').rpartition('templates/')[2]}" + (f" › line {line}" if line else "")


def embedded(folders: Sequence[Path], name: str) -> str:
    """A file of the template folders as a data: URI, for pictures on paper and screen alike."""
    path = found(folders, name)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"data:{kind};base64,{base64.b64encode(path.read_bytes()).decode('ascii')}"


def prose(spans: Sequence[Span], medium: str) -> Markup:
    """A paragraph typeset as one text, a figure followed by its unit.

    On screen every figure has the cell or formula it comes from as its title. A footnote stands where it is called, for
    paper to move it to the foot of the page; a screen gets its number.
    """
    words = [_words(span) for span in spans]
    if medium != "screen" and not any(_rich(span) for span in spans):
        return typeset.squeezed(typeset.closed(typeset.spaced("".join(words))))
    pieces = map(typeset.squeezed, typeset.pieces(words))
    return Markup("").join(_marked(span, piece, medium) for span, piece in zip(spans, pieces, strict=True))


def _rich(span: Span) -> bool:
    return isinstance(span, Link | Call) or (isinstance(span, Text) and span.strong)


def _marked(span: Span, text: Markup, medium: str) -> Markup:
    """A typeset piece of a paragraph with the markup of its span."""
    if isinstance(span, Link):
        return Markup('<a class="held" href="#{}">{}</a>').format(span.anchor, text)
    if isinstance(span, Call) and medium == "screen":
        return Markup('{0}<sup id="call-{1}"><a href="#note-{1}">{1}</a></sup>').format(text, span.number)
    if isinstance(span, Call):
        return Markup('{}<span class="footnote">{}</span>').format(text, prose(span.spans, medium))
    if isinstance(span, Text):
        return Markup("<strong>{}</strong>").format(text) if span.strong else text
    if medium == "screen" and span.fact:
        return Markup('<span class="f" title="{}">{}</span>').format(span.fact.source, text)
    return text


def _words(span: Span) -> str:
    if not isinstance(span, Number):
        return span.text
    text, unit = format.written(span), span.unit
    if not unit or text == format.DASH:
        return text
    return text + ("" if unit[0] in "%‰°℃" else " ") + unit


def plain_prose(spans: Sequence[Span]) -> str:
    """A paragraph as plain characters, blanks as they were typed; a figure is followed by its unit."""
    return "".join(f"[{span.number}]" if isinstance(span, Call) else _words(span) for span in spans)


def short(section: Section) -> bool:
    """Whether a view is short enough to be kept whole on a page."""
    texts = (_words(span) for block in section.blocks if isinstance(block, Prose) for span in block.spans)
    return sum(map(len, texts)) <= SHORT


def drawn(section: Section) -> bool:
    """Whether a view has a chart beside its text."""
    return any(isinstance(block, Chart) for block in section.blocks)


def brief(section: Section) -> bool:
    """Whether the text of a view with a chart ends so far up that its advice stands beside the chart too."""
    texts = ["".join(map(_words, block.spans)) for block in section.blocks if isinstance(block, Prose)]
    return drawn(section) and sum(-(-(4 + columns.width(text)) // LINE) for text in texts) <= BESIDE


def hottest(strip: HeatStrip) -> float:
    """The change, in percent, that gets the strip's full colour."""
    return max([HOTTEST, *(abs(float(cell.ratio.value)) for cell in strip.cells if cell.ratio.value is not None)])


def heat(ratio: Number, most: float) -> tuple[str, str]:
    """Ground and letter colours of a heat cell, by the printed change."""
    value = ratio.rounded
    return ink.heat(None if value is None else float(value), most)


def column_places(table: Figures) -> tuple[int, ...]:
    """The most decimals of each column of a table."""
    cells = zip_longest(*table.rows)
    return tuple(format.places(cell for cell in column if isinstance(cell, Number)) for column in cells)


def abreast(block: Indicators) -> Iterable[tuple[Indicator | None, Indicator | None]]:
    """The rows of an indicator block, left beside right, None where one side has run out."""
    return zip_longest(block.left, block.right)


@lru_cache(maxsize=1024)
def flattened(text: str) -> str:
    """Text for a plain file: one line, control characters gone."""
    return "".join(each for each in text.replace("\n", " ") if unicodedata.category(each) not in ("Cc", "Cs"))


FILTERS: dict[str, Callable[..., Any]] = {
    "written": format.written,
    "aligned": format.aligned,
    "tight": format.tight,
    "tone": format.tone,
    "places": format.places,
    "column_places": column_places,
    "abreast": abreast,
    "typeset": typeset.typeset,
    "prose": prose,
    "plain": flattened,
    "plain_prose": lambda spans: flattened(plain_prose(spans)),
    "columns": columns.columns,
    "spark": chart.spark,
    "chart": chart.chart,
    "stroke": chart.stroke,
    "swatch": chart.swatch,
    "t_accounts": drawing.t_accounts,
    "flow": drawing.flow,
    "hottest": hottest,
    "heat": heat,
}
