"""The sheet 收盘: one row an instrument, its close, the close before of the same contract, volume and open interest."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial

from report.entries import Instrument, Variety
from report.facts import MAIN, OF_CONTRACT, Fact, Finding, Series
from report.read import Reading, Said, codes, retold
from report.read.cell import label, marks_missing
from report.read.claim import Claim, Task, unit_of
from report.read.grid import Grid, Row
from report.read.words import folded, nearest, shown

ALL_CONTRACTS = "全合约"
COUNTS = {"成交量": "trading_volume", "持仓量": "open_interest"}

_FUTURES = re.compile("[A-Z]{1,2}[0-9]{1,2}(0[1-9]|1[0-2])")
_ABROAD = re.compile("[A-Z]{1,3}[0-9]{1,4}")


def claim(row: Row, task: Task) -> Claim | Finding:
    """Find the instrument the row is about."""
    exchange, product = row.label("交易所"), row.label("品种")
    if exchange.finding or product.finding:
        return exchange.finding or product.finding or _unknown(row, "", "", task)
    named = folded(exchange.value or ""), folded(product.value or "")
    for variety, instrument in task.catalog.instruments:
        if (folded(instrument.exchange), folded(instrument.product)) == named:
            key = (instrument.exchange, instrument.product)
            return Claim(key, instrument.label, partial(_take, row, variety, instrument, task))
    return _unknown(row, exchange.value or "", product.value or "", task)


def _unknown(row: Row, exchange: str, product: str, task: Task) -> Finding:
    exchanges = {folded(one.exchange): one.exchange for _, one in task.catalog.instruments}
    if folded(exchange) not in exchanges:
        message = f"no exchange {shown(exchange)} ({nearest(exchange, exchanges.values())}); correct the cell"
        return codes.UNKNOWN_NAME.at(row["交易所"].where, message)
    known = [one.product for _, one in task.catalog.instruments if folded(one.exchange) == folded(exchange)]
    message = f"{exchange} has no product {shown(product)} ({nearest(product, known)})"
    return codes.UNKNOWN_NAME.at(row["品种"].where, f"{message}; correct the cell, or declare it in data/varieties/")


@dataclass(frozen=True)
class _Line:
    """A row of 收盘 with all that its facts share."""

    row: Row
    variety: Variety
    instrument: Instrument
    task: Task
    contract: str
    session: date

    def fact(self, heading: str, measure: str, value: Decimal | None, unit: str, basis: str, contract: str) -> Fact:
        cell = self.row[heading].where
        return Fact(self.variety.code, measure, self.session, value, unit, basis, contract, self.task.known_at, cell)


def _take(row: Row, variety: Variety, instrument: Instrument, task: Task) -> Reading:
    contract, findings = _contract(row, variety, instrument, task)
    session = task.calendars.spoken_of(instrument.exchange, task.report_date)
    line = _Line(row, variety, instrument, task, contract, session)
    facts: list[Fact] = []
    _prices(line, facts, findings)
    prices = tuple(fact for fact in facts if fact.value is not None)
    _counts(line, facts, findings)
    series = Series(variety.code, instrument.measure, instrument.basis)
    factor = task.catalog.factor(row.label("单位").value or instrument.unit, instrument.unit) or Decimal(1)
    moves = tuple(retold.moves(series, row, prices, factor, task))
    return Reading(tuple(facts), (), tuple(findings), retold=moves, said=tuple(_said(line, facts)))


def _said(line: _Line, facts: list[Fact]) -> Iterator[Said]:
    """What the row's cells say, those left aside that could not be taken."""
    numbers = {fact.source: fact.value for fact in facts if fact.value is not None}
    words = {"合约": line.contract, "口径": _named_basis(line.row)}
    for heading in ("合约", "收盘价", "前收盘价", *COUNTS, "口径"):
        where = line.row[heading].where
        number = numbers.get(where)
        says = words.get(heading, "") if number is None else f"{number.normalize():f}"
        if says:
            fresh = number is not None and heading != "前收盘价"
            yield Said(f"{line.instrument.label} {heading}", says, where, fresh)


def absent(grid: Grid, there: Collection[tuple[str, ...]], task: Task) -> Iterator[Fact]:
    """No number, on both sessions, for every instrument the sheet has no row for; its place is the sheet."""
    for variety, instrument in task.catalog.instruments:
        if (instrument.exchange, instrument.product) not in there:
            session = task.calendars.spoken_of(instrument.exchange, task.report_date)
            for day in (session, task.calendars.previous(instrument.exchange, session)):
                about = variety.code, instrument.measure, day, None, instrument.unit, instrument.basis
                yield Fact(*about, known_at=task.known_at, source=grid.where)


def _contract(row: Row, variety: Variety, instrument: Instrument, task: Task) -> tuple[str, list[Finding]]:
    """The contract in capitals; '' where the instrument has none, or the cell says no more than its basis."""
    cell = row["合约"]
    taken = label(cell)
    if taken.refused and taken.finding:
        return "", [taken.finding]
    futures = instrument.measure == "futures_close"
    example = f"{variety.code.upper()}{'409' if instrument.exchange == 'CZCE' else '2405'}"
    named = "" if marks_missing(cell, task.missing) else re.sub(r"\s", "", taken.value or "").upper()
    if (_FUTURES if futures else _ABROAD).fullmatch(named):
        if not futures or named.rstrip("0123456789") == variety.code.upper():
            return named, []
        message = f"{shown(cell.value)} is no contract of {instrument.label}, whose contracts are like {example}"
        return "", [codes.NO_CONTRACT.at(cell.where, f"{message}; type it again")]
    if not named or folded(named) == folded(instrument.basis):
        priced = any(not marks_missing(row[heading], task.missing) for heading in ("收盘价", "前收盘价"))
        message = f"no contract for {instrument.label}; type it, such as {example}, so that a roll is seen"
        return "", [codes.UNNAMED_CONTRACT.at(cell.where, message)] if futures and priced else []
    if not futures:
        return "", []
    message = f"expected a contract such as {example}, found {shown(cell.value)}; type it again"
    return "", [codes.NO_CONTRACT.at(cell.where, message)]


def _prices(line: _Line, facts: list[Fact], findings: list[Finding]) -> None:
    row, instrument, task = line.row, line.instrument, line.task
    unit = None
    before = task.calendars.previous(instrument.exchange, line.session)
    basis = OF_CONTRACT if line.contract else instrument.basis
    for heading, session, told in (("收盘价", line.session, instrument.basis), ("前收盘价", before, basis)):
        taken = task.number(row[heading], f"{instrument.label} {heading}", instrument.unit)
        findings += [taken.finding] if taken.finding else []
        value, at = taken.value, heading
        if value is not None:
            unit = unit or unit_of(row, instrument.label, instrument.unit, "", task)
            value, at = unit.of(value), heading if unit.factor is not None else "单位"
        fact = _Line(row, line.variety, instrument, task, line.contract, session)
        facts.append(fact.fact(at, instrument.measure, value, instrument.unit, told, line.contract))
    findings += unit.findings if unit else ()


def _counts(line: _Line, facts: list[Fact], findings: list[Finding]) -> None:
    row, instrument, task = line.row, line.instrument, line.task
    given = [heading for heading in COUNTS if not marks_missing(row[heading], task.missing)]
    if instrument.measure != "futures_close" or instrument.basis != MAIN:
        for heading in given:
            message = f"{heading} is not kept for {instrument.label}; clear the cell"
            findings.append(codes.NOT_USED.at(row[heading].where, message))
        return
    told = _basis(line) if given else instrument.volume_basis
    if isinstance(told, Finding):
        findings.append(told)
    for heading, measure in COUNTS.items():
        if heading not in given and not instrument.volume_basis:
            continue
        taken = task.number(row[heading], f"{instrument.label} {heading}")
        findings += [taken.finding] if taken.finding else []
        if not isinstance(told, Finding):
            contract = line.contract if told == MAIN else ""
            facts.append(line.fact(heading, measure, taken.value, "手", told, contract))


def _named_basis(row: Row) -> str:
    named = folded(row.label("口径").value or "")
    return next((basis for basis in (ALL_CONTRACTS, MAIN) if named == folded(basis)), "")


def _basis(line: _Line) -> str | Finding:
    """口径: 全合约 or 主力."""
    cell = line.row["口径"]
    taken = label(cell)
    if taken.refused and taken.finding:
        return taken.finding
    if basis := _named_basis(line.row):
        return basis
    found = shown(cell.value) if taken.value else "nothing"
    message = f"expected {ALL_CONTRACTS} or {MAIN} for the volume of {line.instrument.label}, found {found}; type one"
    return codes.NO_BASIS.at(cell.where, message)
