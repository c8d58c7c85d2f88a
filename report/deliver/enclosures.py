"""What travels inside the report for those who check it: its facts as JSON and as a workbook, its findings."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from typing import Any

from report.catalog import Catalog
from report.facts import Day, Fact

FACTS, SHEET, FINDINGS = "facts.json", "facts.xlsx", "findings.json"
COLUMNS = ("variety", "measure", "basis", "contract", "session", "value", "unit", "source")


def facts(day: Day, catalog: Catalog) -> list[dict[str, Any]]:
    """All the report prints or concludes from, and what that was made of, a row a fact, sorted.

    The value is a text, so that it stays exact; name is what people call it; inputs are the sources of a derived
    number, first to last. When a number became known is not told: it is the only thing that two runs on the same inputs
    may differ in.
    """
    rows: dict[tuple[str, ...], dict[str, Any]] = {}
    for fact in _all(_told(day)):
        row: dict[str, Any] = {name: _text(getattr(fact, name)) for name in COLUMNS}
        row |= {"name": _name(fact, catalog), "inputs": list(fact.cells()) if fact.inputs else []}
        rows.setdefault(tuple(row[name] or "" for name in COLUMNS), row)
    return [row for _, row in sorted(rows.items(), key=lambda pair: pair[0])]


def _told(day: Day) -> Iterator[Fact]:
    for standing in day.standings.values():
        told = (standing.today, standing.previous, standing.change, standing.change_ratio)
        yield from (fact for fact in told if fact is not None)
    for signals in day.signals.values():
        yield from signals.values()


def _all(told: Iterable[Fact]) -> Iterator[Fact]:
    for fact in told:
        yield fact
        yield from _all(fact.inputs)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _name(fact: Fact, catalog: Catalog) -> str:
    variety = catalog.varieties.get(fact.variety)
    entry = variety.series.get(fact.measure) if variety else None
    named = entry.name if entry else catalog.measures[fact.measure].name if fact.measure in catalog.measures else ""
    return " ".join(word for word in (variety.name if variety else "", named) if word)


def as_json(rows: object) -> bytes:
    """Anything of texts, lists and dictionaries as UTF-8 JSON, one row of a list a line."""
    if not isinstance(rows, list):
        return (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode()
    lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n".encode()


def as_sheet(rows: Sequence[dict[str, Any]], headings: Sequence[str], title: str, moment: datetime) -> bytes:
    """The rows of `facts` as .xlsx. headings: one for the name, then one a column. The bytes hang on nothing else.

    Values are numbers, all else is text and stays text, whatever it begins with.
    """
    import xlsxwriter

    held = BytesIO()
    with xlsxwriter.Workbook(held, {"in_memory": True}) as book:
        book.set_properties({"title": title, "created": moment.replace(tzinfo=None)})
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        for at, heading in enumerate(headings):
            sheet.write_string(0, at, heading, bold)
        for line, row in enumerate(rows, start=1):
            for at, name in enumerate(("name", *COLUMNS)):
                if name == "value":
                    _number(sheet, line, at, row[name])
                elif row[name]:
                    sheet.write_string(line, at, row[name])
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, len(COLUMNS), 16)
        sheet.set_column(len(COLUMNS), len(COLUMNS), 60)
    return held.getvalue()


def _number(sheet: Any, line: int, at: int, value: str | None) -> None:  # noqa: ANN401 (XlsxWriter has no types)
    """A number where a binary one shows the same digits, else the digits as text."""
    if value is None:
        return
    number = float(value)
    if abs(number) < 1e15 and len(value.lstrip("-0.").replace(".", "")) <= 15:
        sheet.write_number(line, at, number)
    else:
        sheet.write_string(line, at, value)
