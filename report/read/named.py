"""Day quotes whose 小计 rows name their product in words only, as DCE's and GFEX's do."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from report.catalog import Catalog
from report.facts import Finding
from report.read import Reading, codes, joined, quotes, written
from report.read.incoming import Incoming
from report.read.quotes import Layout, Line
from report.sessions import Calendars

NAME, TOTAL = "variety", "小计"
_CONTRACT = re.compile("([a-z]{1,2})[0-9]{4}")


def read(
    file: Incoming,
    rows: Sequence[tuple[Mapping[str, Any], str]],
    heads: Sequence[str],
    layout: Layout,
    catalog: Catalog,
    calendars: Calendars,
) -> Reading:
    """The facts of rows, each with its contract ('' where it has none). heads: the columns the contract is told in.

    Raises InputError where the file does not tell its day.
    """
    session, findings = written.session(file)
    told = [(_cells(row, heads), written.word(row.get(NAME)), contract) for row, contract in rows]
    products = {name: found[1] for _, name, code in told if (found := _CONTRACT.fullmatch(code.lower()))}
    lines, strange = list[Line](), list[Finding]()
    for number, (cells, name, contract) in enumerate(told, start=1):
        where = f"{file.name} › row {number}"
        futures, whole = _CONTRACT.fullmatch(contract.lower()), name.removesuffix(TOTAL)
        if layout.leaves(contract, whole):
            continue
        if futures:
            lines.append(Line(futures[1], name, contract.upper(), where, cells))
        elif not contract and name != whole and whole in products:
            lines.append(Line(products[whole], name, "", where, cells))
        else:
            message = f"neither a contract nor the 小计 of one of the products: {name!r} {contract!r}; not read"
            strange.append(codes.LEFT_ASIDE.at(where, message))
    said = Reading(findings=(*findings, *file.findings, *strange))
    return joined([said, quotes.read(lines, session, file.name, layout, catalog, calendars)], file.name)


def _cells(row: Mapping[str, Any], heads: Sequence[str]) -> dict[str, object]:
    """A row without the columns that name it."""
    return {key: value for key, value in row.items() if key not in (NAME, *heads)}
