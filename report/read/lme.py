"""LME Metals Reports (.xls): the stocks of one session, one block of warehouses a metal, the total at its foot.

    sheet = "Metals Totals Report"             the sheet that is read
    total = "Total"                            what stands at the head of a block's last line of numbers
    opening, closing, free, cancelled          the headings that the identities are made of
    [metals]                                   the banner over a block, and the variety it is
    "Copper" = "cu"
    [columns]                                  what is read of the total
    "Closing Stock" = { measure = "lme_stock" }
    "Opening Stock" = { measure = "lme_stock", basis = "次日期初", back = 1 }
    [ignored]                                  headings, banners and sheets that are not read, and why

The workbook holds no date: the session is the one day named in the file's name. back: so many sessions before it. Every
total is held against its block; a metal whose totals do not add up is reported and left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from report.catalog import Catalog
from report.errors import InputError
from report.facts import Fact, Finding
from report.read import Reading, codes
from report.read.cell import number
from report.read.english import days_in
from report.read.incoming import Incoming
from report.read.layouts import Common
from report.read.sheets import Sheet
from report.read.told import Claim, numbers
from report.read.words import folded, shown
from report.sessions import Calendars

NAMED = "name it metals-reports-2024-03-27.xls, after the day the stocks are of"
WORKBOOKS = ("xls", "xlsx", "ods")
CLOSE = 0.01  # tonnes between a total and the sum of its warehouses, which are floats


class Layout(Common):
    """The LME's own stock report."""

    sheet: str
    total: str
    opening: str
    closing: str
    moved_in: str
    moved_out: str
    free: str
    cancelled: str
    metals: Mapping[str, str] = Field(min_length=1)
    columns: Mapping[str, Claim] = Field(min_length=1)

    @property
    def needed(self) -> tuple[str, ...]:
        """The headings without which a block is none."""
        return (self.opening, self.moved_in, self.moved_out, self.closing, self.free, self.cancelled)

    def quarrels(self) -> Iterator[str]:
        """Claimed headings that are not among those of a block."""
        for heading in self.columns:
            if heading not in self.needed:
                yield f"columns.{heading}: expected one of {', '.join(self.needed)}"

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Varieties, measures and units the catalogue does not know."""
        for metal, code in self.metals.items():
            if code not in catalog.varieties:
                yield f"metals.{metal}: no variety has the code '{code}'"
        some = next(iter(catalog.varieties))
        for heading, claim in self.columns.items():
            yield from claim.mistakes(f"columns.{heading}", catalog, some)


def lacks(file: Incoming, layout: Layout, catalog: Catalog) -> str:
    """Why the file is no stock report of the LME; '' where it is."""
    if not layout.called(file.name):
        return f"its files are called {layout.file}"
    if file.kind not in WORKBOOKS:
        return f"a workbook is wanted, this is {file.kind}"
    titles = [sheet.title for sheet in file.sheets]
    return "" if layout.sheet in titles else f"no sheet {layout.sheet}, only {'、'.join(titles)}"


def read(file: Incoming, layout: Layout, catalog: Catalog, calendars: Calendars) -> Reading:
    """Read the stocks of one session. Raises InputError where the file's name does not hold its day."""
    session = _session(file)
    facts: list[Fact] = []
    findings = list(file.findings)
    known = {folded(one) for one in (layout.sheet, *layout.ignored)}
    for sheet in file.sheets:
        if sheet.title == layout.sheet:
            report = _Report(sheet, layout, catalog, calendars, session)
            facts += report.facts()
            findings += report.findings
        elif folded(sheet.title) not in known and any(any(line) for line in sheet.rows):
            message = f"the sheet {shown(sheet.title)} is neither read nor ignored by {layout.home}"
            findings.append(codes.UNKNOWN_SHEET.at(sheet.where, message))
    return Reading(tuple(facts), (), tuple(findings))


def _session(file: Incoming) -> date:
    found = days_in(file.path.stem)
    if len(found) == 1:
        return found.pop()
    if found:
        raise InputError(f"{file.name}: its name holds the days {' and '.join(map(str, sorted(found)))}; {NAMED}")
    raise InputError(f"{file.name}: no day in its name, and the workbook holds none; {NAMED}")


@dataclass
class _Block:
    """One metal: its columns, the lines of its warehouses, and the row its total stands in."""

    name: str
    row: int
    columns: dict[str, int] = field(default_factory=dict)
    warehouses: list[Sequence[object]] = field(default_factory=list)
    total: int = 0

    def sum(self, heading: str) -> float:
        """What the warehouses come to; a cell that holds no number counts for nothing."""
        values = [line[self.columns[heading] - 1] for line in self.warehouses]
        return sum(value for value in values if type(value) is float or isinstance(value, int | float))


@dataclass
class _Report:
    sheet: Sheet
    layout: Layout
    catalog: Catalog
    calendars: Calendars
    session: date
    findings: list[Finding] = field(default_factory=list)
    _days: dict[str, tuple[date, datetime] | str] = field(default_factory=dict)

    def facts(self) -> list[Fact]:
        """The facts of every metal the layout knows; what is wrong goes to `findings`."""
        metals = {folded(name): code for name, code in self.layout.metals.items()}
        ignored = {folded(name) for name in self.layout.ignored}
        found: dict[str, _Block] = {}
        twice: set[str] = set()
        for block in self._blocks():
            if (first := found.setdefault(folded(block.name), block)) is not block:
                twice.add(folded(block.name))
                message = f"the metal {shown(block.name)} has a block in row {first.row} too; neither is read"
                self.findings.append(codes.TWICE.at(self.sheet.place(block.row, 2), message))
        facts: list[Fact] = []
        for name, block in found.items():
            if name in twice:
                continue
            if name in metals:
                facts += self._read(block, metals[name])
            elif name not in ignored:
                message = f"the metal {shown(block.name)} is neither read nor ignored by {self.layout.home}"
                self.findings.append(codes.UNKNOWN_COLUMN.at(self.sheet.place(block.row, 2), message))
        for metal in self.layout.metals:
            if folded(metal) not in found:
                message = f"no block {metal} on the sheet; the report's form may have changed"
                self.findings.append(codes.NO_COLUMN.at(self.sheet.where, message))
        return facts

    def _blocks(self) -> Iterator[_Block]:
        """Every block that has a banner, headings and a total, top to bottom."""
        block: _Block | None = None
        total = folded(self.layout.total)
        for row, line in enumerate(self.sheet.rows, start=1):
            if not line or line[0] in ("", None):
                texts = [value for value in line if value not in ("", None)]
                if len(texts) == 1 and isinstance(texts[0], str):
                    block = _Block(texts[0], row)
            elif block and not block.columns:
                self._headings(block, row, line)
            elif block and not block.total:
                if str(line[0]).strip().casefold() == total:
                    block.total = row
                    yield block
                else:
                    block.warehouses.append(line)

    def _headings(self, block: _Block, row: int, line: Sequence[object]) -> None:
        heads = {folded(value): at for at, value in enumerate(line, 1) if isinstance(value, str) and value.strip()}
        if not {folded(one) for one in self.layout.needed} <= heads.keys():
            return
        block.columns = {one: heads.pop(folded(one)) for one in self.layout.needed}
        ignored = {folded(one) for one in self.layout.ignored}
        for head, at in heads.items():
            if head not in ignored:
                title = shown(line[at - 1])
                message = f"the column {title} is neither claimed nor ignored by {self.layout.home}; not read"
                self.findings.append(codes.UNKNOWN_COLUMN.at(self.sheet.place(row, at), message))

    def _read(self, block: _Block, variety: str) -> list[Fact]:
        """The facts of one metal, none where its totals do not add up."""
        values: dict[str, Decimal] = {}
        for heading, at in block.columns.items():
            cell = self.sheet.cell(block.total, at)
            value, finding = number(cell, f"{block.name} {heading}", self.catalog.words.missing)
            if value is None:
                self.findings.append(finding or codes.MISSING.at(cell.where, f"no number for {heading}"))
            else:
                values[heading] = value
        if len(values) < len(block.columns):
            message = f"{block.name}: its total lacks {'、'.join(block.columns.keys() - values.keys())}; left out"
            self.findings.append(codes.NO_SUM.at(self.sheet.place(block.total, 1), message))
            return []
        wrong = [codes.NO_SUM.at(self._at(block, one), said) for one, said in self._quarrels(block, values)]
        self.findings += wrong
        if wrong:
            return []
        self._movement(block, values)
        return list(self._claimed(block, variety, values))

    def _at(self, block: _Block, heading: str) -> str:
        return self.sheet.place(block.total, block.columns[heading])

    def _quarrels(self, block: _Block, values: Mapping[str, Decimal]) -> Iterator[tuple[str, str]]:
        """Where a total is not what its block, or the other totals, make it: the heading and what to say."""
        said, left = self.layout, f"{block.name} is left out; compare with the LME's own page, and correct the file"
        closing, free, cancelled = values[said.closing], values[said.free], values[said.cancelled]
        if free + cancelled != closing:
            yield said.closing, f"{said.free} {free} and {said.cancelled} {cancelled} are not {closing}; {left}"
        for heading, value in values.items():
            found = block.sum(heading)
            if abs(found - float(value)) >= CLOSE:
                yield heading, f"{value} in total, but the warehouses come to {found:g}; {left}"

    def _movement(self, block: _Block, values: Mapping[str, Decimal]) -> None:
        """Say where the stock is not what came in and went out makes it. The LME itself has such days: 2024-02-16."""
        said = self.layout
        opening, moved_in, moved_out = values[said.opening], values[said.moved_in], values[said.moved_out]
        if (came_to := opening + moved_in - moved_out) != values[said.closing]:
            sums = f"{opening} + {moved_in} - {moved_out} = {came_to}, but {said.closing} is {values[said.closing]}"
            message = f"{block.name}: {sums}; it is kept, compare it with the next day's {said.opening}"
            self.findings.append(codes.UNEXPLAINED.at(self._at(block, said.closing), message))

    def _claimed(self, block: _Block, variety: str, values: Mapping[str, Decimal]) -> Iterator[Fact]:
        for heading, claim in self.layout.columns.items():
            told = numbers(claim, self.layout, self.catalog, variety)
            where = self._at(block, heading)
            if heading not in self._days:  # it is the same for every metal
                self._days[heading] = told.days(self.calendars, self.session, claim.back)
            days = self._days[heading]
            if isinstance(days, str):
                self.findings.append(codes.NO_SESSION.at(where, f"{days}; the number is left out"))
            else:
                yield told.fact(days[0], values[heading], days[1], where)
