"""CZCE's day quotes, FutureDataDaily.txt: lines parted by |, padded, thousands with commas, in GB18030 or UTF-8.

A title holds the day, the next line the headings, which changed their words over the years. A 小计 follows the
contracts of its product; the 总计 is ignored by name. A line may end with one | more than the headings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from report.catalog import Catalog
from report.errors import InputError
from report.facts import Finding
from report.read import Reading, codes, joined, quotes, written
from report.read.incoming import Incoming
from report.read.quotes import Line
from report.sessions import Calendars

__all__ = ("Layout", "lacks", "read")
HEAD_WITHIN = 10
_TOTAL = "小计"
_CONTRACT = re.compile("([A-Z]{2})[0-9]{3}")


class Layout(quotes.Layout):
    """CZCE's day quotes. contract: the headings its column of contracts has had."""

    contract: tuple[str, ...]


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no day quotes of CZCE; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    try:
        if file.kind != "text":
            return f"no text but {file.kind}"
        _, heads = _head(file.text.splitlines(), layout)
    except InputError as error:
        return str(error)
    return layout.lacks(heads) if heads else f"no line of headings parted by | that begins {'、'.join(layout.contract)}"


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """The day's quotes. Raises InputError for a file without its day."""
    text = file.text.splitlines()
    top, heads = _head(text, layout)
    session, findings = written.session(file, written.days("\n".join(text[: top - 1])))
    lines, strange = [], list[Finding]()
    product = ""
    for number, line in enumerate(text[top:], start=top + 1):
        where = f"{file.name} › line {number}"
        first, *values = (part.strip() for part in line.split("|"))
        found = _CONTRACT.fullmatch(first)
        product = found[1] if found else product
        if layout.leaves(first) or not (first or any(values)):
            continue
        beyond = any(values[len(heads) - 1 :])
        if beyond or not (found or (first == _TOTAL and product)):
            message = f"neither a contract nor a 小计 under the headings: {line.strip()[:40]!r}; not read"
            strange.append(codes.LEFT_ASIDE.at(where, message))
            continue
        cells = dict(zip(heads[1:], values, strict=False))
        lines.append(Line(product.lower(), product, first if found else "", where, cells))
    reading = quotes.read(lines, session, file.name, layout, catalog, calendars)
    return joined([Reading(findings=(*findings, *file.findings, *strange)), reading], file.name)


def _head(lines: Sequence[str], layout: Layout) -> tuple[int, list[str]]:
    """The number of the line of headings, and the headings; 0 and none where there is none."""
    for number, line in enumerate(lines[:HEAD_WITHIN], start=1):
        heads = [part.strip() for part in line.split("|")]
        if heads[0] in layout.contract and len(heads) > 1:
            return number, heads[: heads.index("")] if "" in heads else heads
    return 0, []
