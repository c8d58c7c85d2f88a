"""Sina's daily bars of a product's main contract, as a script: `var 沪铜连续 = [ {"date": "2024-03-28", …}, … ];`

The series is spliced where the main contract changed and does not say where: its numbers get the basis 主力连续.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import Field

from report.catalog import Catalog
from report.entries import Variety
from report.errors import InputError
from report.facts import CONTINUOUS, Fact, Finding
from report.read import Reading, codes, written
from report.read.incoming import Incoming
from report.read.layouts import Common
from report.read.quotes import COUNTS, PRICES
from report.sessions import Calendars

DAY = "date"
_SCRIPT = re.compile(r"\s*var\s+(\S+)\s*=\s*(\[.*\])\s*;?\s*", re.DOTALL)


class Layout(Common):
    """What the keys of a bar are, and which variety a script's name means."""

    columns: Mapping[str, str] = Field(min_length=1)
    products: Mapping[str, str] = {}

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Measures a bar cannot tell, and codes of no variety."""
        for key, measure in self.columns.items():
            if measure not in (*PRICES, *COUNTS):
                yield f"columns.{key}: expected one of {', '.join((*PRICES, *COUNTS))}, found '{measure}'"
        for name, code in self.products.items():
            if code not in catalog.varieties:
                yield f"products.{name}: no variety has the code '{code}'"

    def variety(self, name: str, catalog: Catalog) -> Variety | None:
        """The variety a script of that name is about, or None."""
        return catalog.varieties.get(self.products[name]) if name in self.products else catalog.named(name)


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no such script; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    try:
        found = _SCRIPT.fullmatch(file.text) if file.kind == "text" else None
    except InputError as error:
        return str(error)
    if found is None:
        return "no script of the form var NAME = [ … ];"
    return "" if layout.variety(found[1], catalog) else f"no product called {found[1]}"


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """The bars. Raises InputError where the script holds no list of records."""
    found = _SCRIPT.fullmatch(file.text)
    variety = layout.variety(found[1], catalog) if found else None
    bars = _bars(file.name, found[2]) if found else []
    if variety is None or not bars:
        raise InputError(f"{file.name}: no bars of a product the layout knows; fetch the file again")
    findings = [*file.findings, *_strange(file.name, bars, layout)]
    facts: list[Fact] = []
    shut: list[str] = []
    for where, day, bar in _dated(file.name, bars, findings):
        known_at = layout.published.moment(calendars, variety.exchange, day)
        if isinstance(known_at, str):
            shut.append(known_at)
            continue
        for measure, unit, value, cell in _numbers(bar, where, variety, layout, catalog, findings):
            facts.append(Fact(variety.code, measure, day, value, unit, CONTINUOUS, "", known_at, cell))
    if shut:
        more = f", and {len(shut) - 1} other days" if len(shut) > 1 else ""
        findings.append(codes.NO_SESSION.at(file.name, f"{shut[0]}{more}; their bars are left out"))
    return Reading(tuple(facts), (), tuple(findings), file.name)


def _strange(name: str, bars: Sequence[Mapping[str, Any]], layout: Layout) -> Iterator[Finding]:
    """The keys nobody knows."""
    known = {DAY, *layout.columns, *layout.ignored}
    for key in dict.fromkeys(key for bar in bars for key in bar if key not in known):
        message = f"the column '{key}' is neither claimed nor ignored by {layout.home}; not read"
        yield codes.UNKNOWN_COLUMN.at(name, message)


def _dated(
    name: str, bars: Sequence[Mapping[str, Any]], findings: list[Finding]
) -> Iterator[tuple[str, date, Mapping[str, Any]]]:
    """Where each bar stands, its day and the bar; one without a day of its own goes to `findings`."""
    told = [
        (f"{name} › row {number}", written.days(written.word(bar.get(DAY))), bar) for number, bar in enumerate(bars, 1)
    ]
    count = Counter(days[0] for _, days, _ in told if len(days) == 1)
    for where, days, bar in told:
        if len(days) != 1:
            message = f"expected a date, found {bar.get(DAY)!r}; the bar is not read"
            findings.append(codes.NOT_A_DATE.at(f"{where} › {DAY}", message))
        elif count[days[0]] > 1:
            message = f"{days[0]} stands in {count[days[0]]} bars; none of them is read; fetch the file again"
            findings.append(codes.SAME_ROW.at(where, message))
        else:
            yield where, days[0], bar


def _bars(name: str, text: str) -> list[dict[str, Any]]:
    try:
        bars = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{name}: a list that is not JSON ({error}); fetch the file again") from error
    return bars if isinstance(bars, list) and all(isinstance(bar, dict) for bar in bars) else []


def _numbers(
    bar: Mapping[str, Any], where: str, variety: Variety, layout: Layout, catalog: Catalog, findings: list[Finding]
) -> Iterator[tuple[str, str, Decimal, str]]:
    """Measure, unit, value and place of every number of a bar; a price of 0 is no price."""
    price = catalog.unit(catalog.series(variety, "futures_close"))
    for key, measure in layout.columns.items():
        value, finding = written.number(bar.get(key), f"{where} › {key}", catalog.words.missing)
        findings += [finding] if finding else []
        if value is not None and (value or measure in COUNTS):
            yield measure, price if measure in PRICES else "手", value, f"{where} › {key}"
