"""First waist: everything read or derived is a Fact, every problem in the data a Finding.

A number is a `Decimal` from the cell to the page, so that 涨跌 and 涨跌幅 come from unrounded, exact figures.
A missing number is missing: never 0 and never yesterday's. A cell that was there and empty (or held a dash) is a
Fact whose value is None, so that the list of what is missing can name the cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

MAIN = "主力"
CONTINUOUS = "主力连续"
OF_CONTRACT = "合约"
AVERAGE = "周均"
WEEK, PERIOD = "周", "期间"  # what a panel holds its newest number against: a week before, some weeks before
UNLIKE = "≠"
_REPORTED = re.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}/")


class Series(NamedTuple):
    """What a row of numbers is about: variety code, measure, and the basis it is counted on ('' where there is one)."""

    variety: str
    measure: str
    basis: str = ""

    def __str__(self) -> str:
        return f"{self.variety}.{self.measure}" + (f"@{self.basis}" if self.basis else "")


@dataclass(frozen=True, slots=True)
class Fact:
    """One number about one session.

    session is the trading day the number speaks of; known_at is when it was published or read (aware, UTC).
    unit is the house's unit of the series. contract is the futures contract (CU2405), '' where there is none.
    source is `file › sheet › cell`, or `= formula(input, …)` for a derived fact, whose inputs stand in `inputs`.
    """

    variety: str
    measure: str
    session: date
    value: Decimal | None
    unit: str = ""
    basis: str = ""
    contract: str = ""
    known_at: datetime | None = None
    source: str = ""
    inputs: tuple[Fact, ...] = field(default=(), compare=False, repr=False)

    @property
    def series(self) -> Series:
        """The series this fact is one number of."""
        return Series(self.variety, self.measure, self.basis)

    @property
    def key(self) -> tuple[str, str, str, str, date]:
        """What may be known only once: variety, measure, basis, contract, session."""
        return (self.variety, self.measure, self.basis, self.contract, self.session)

    @property
    def typed(self) -> bool:
        """Whether an earlier report's workbook told it (`2024-03-28/日报底稿.xlsx › …`), not a source's own file."""
        return _REPORTED.match(self.source) is not None

    def cells(self) -> tuple[str, ...]:
        """The sources this number comes down to, first to last, each once: cells, or the catalogue's constants."""
        if not self.inputs:
            return (self.source,)
        return tuple(dict.fromkeys(cell for fact in self.inputs for cell in fact.cells()))


def disputed(fact: Fact) -> Fact:
    """The fact as one that another file's goes before: its basis says so, and nothing takes it for the number."""
    return replace(fact, basis=f"{fact.basis}{UNLIKE}{fact.contract}", contract="")


class Severity(IntEnum):
    """NOTE is listed, WARNING must be waived or mended, ERROR stops at the gate."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem in the data: a code (R1xx read, D2xx derive, C3xx–C7xx check), how bad, where, what, and what to do."""

    code: str
    severity: Severity
    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message} [{self.code}]"


@dataclass(frozen=True, slots=True)
class Waiver:
    """豁免: a WARNING that somebody lets pass on one day, named by code, place and all it says; why, and who answers.

    What it says belongs to the name, so that a number changed since is a warning nobody has waived. source is the
    waiver's own place, `data/waivers/DATE.toml › waiver 1`. passage: of a note, what the passage it stands in was.
    """

    code: str
    where: str
    says: str
    reason: str
    by: str
    source: str = ""
    passage: str = ""

    def names(self, finding: Finding) -> bool:
        """Whether it names that finding; spaces and ends of lines do not count."""
        told = (finding.code, finding.where.split(), finding.message.split())
        return told == (self.code, self.where.split(), self.says.split())


def still_open(findings: Iterable[Finding], waived: Mapping[Finding, Waiver]) -> tuple[Finding, ...]:
    """The findings that keep a report from being published: every ERROR, and every WARNING that nobody waived."""
    warned = [one for one in findings if one.severity > Severity.NOTE]
    return tuple(one for one in warned if one.severity is Severity.ERROR or one not in waived)


@dataclass(frozen=True, slots=True)
class Given:
    """A number of a passage that was put there from its fact, from start to end. bare: printed without its sign.

    Without a fact it is a number of the document itself (图 3), which says nothing.
    """

    start: int
    end: int
    fact: Fact | None = None
    bare: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """Words somebody typed, and the cell they were typed into.

    given: the numbers in it that nobody typed. since: where its own words begin, and what stands before is only read
    along (the heads of a table's cell).
    """

    text: str
    source: str
    given: tuple[Given, ...] = ()
    since: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one number, or one direction word, of the prose: status is given, agrees, contradicts or unbound.

    It stands in the passage of that source from start to end. aspect is level, previous, change, ratio, difference or
    trend; name is the series', says what the fact says, with its unit; both are '' where no fact was found.
    """

    source: str
    start: int
    end: int
    text: str
    status: str
    aspect: str
    name: str = ""
    says: str = ""
    fact: Fact | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Numbers of one view, or of all ('' as variety): found = given + agrees + contradicts + unbound.

    given: those that were put there from their facts.
    """

    variety: str
    found: int
    agrees: int
    contradicts: int
    given: int = 0

    @property
    def unbound(self) -> int:
        """Numbers no fact could be held against."""
        return self.found - self.bound

    @property
    def bound(self) -> int:
        """Numbers held against a fact, or against their own sentence, or put there from one."""
        return self.given + self.agrees + self.contradicts

    def __str__(self) -> str:
        given = f"{self.given} given, " if self.given else ""
        bound = f"{self.bound} bound ({given}{self.agrees} agree, {self.contradicts} contradict)"
        told = f"{self.found} found, {bound}, {self.unbound} unbound"
        return f"{self.variety or 'all'}: {told}"


@dataclass(frozen=True, slots=True)
class View:
    """What an analyst wrote about one variety for one report (观点). A field left empty is None.

    use says what the analyst's own recap does with the drafted one: '替换' replaces it, '接后' follows it.
    """

    variety: str
    report_date: date
    headline: Passage | None = None
    recap: Passage | None = None
    outlook: Passage | None = None
    recommendation: Passage | None = None
    analyst: Passage | None = None
    use: str = "接后"


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one series stands for one report: its number, the session before's, and what lies between.

    change is today − previous of the same contract, change_ratio the same as a fraction of previous. A number that is
    not known is None; session and previous_session say which days were asked for.
    """

    series: Series
    session: date
    previous_session: date
    today: Fact | None = None
    previous: Fact | None = None
    change: Fact | None = None
    change_ratio: Fact | None = None


@dataclass(frozen=True, slots=True)
class TAccount:
    """One sector's T-account: rows of (what it is called there, amount), assets left, liabilities right.

    The amounts are changes where an operation is drawn, stocks where a balance sheet is. net_worth: by how much the
    assets exceed the liabilities; 0 where both sides move alike.
    """

    sector: str
    assets: tuple[tuple[str, Decimal], ...] = ()
    liabilities: tuple[tuple[str, Decimal], ...] = ()
    net_worth: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Retold:
    """A number typed where the house has its own: never printed or kept, only held against the house's.

    aspect is the field of the series' Standing that it tells again. value is in the house's unit, a change_ratio in
    percent; step is one unit of its last digit as typed. beside: today and previous of its own row, for a change.
    """

    series: Series
    aspect: Literal["today", "previous", "change", "change_ratio"]
    value: Decimal
    step: Decimal
    source: str
    beside: tuple[Fact | Retold, ...] = ()


class Facts:
    """A table of facts with the look-ups the house needs. Adding a key twice keeps the later one (a revision)."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._by_key: dict[tuple[str, str, str, str, date], Fact] = {}
        self._by_series: dict[tuple[str, str, str], dict[date, Fact]] = {}
        self._by_contract: dict[tuple[str, str, str, date], Fact] = {}
        if isinstance(facts, Facts):
            self._by_key = dict(facts._by_key)
            self._by_series = {series: dict(days) for series, days in facts._by_series.items()}
            self._by_contract = dict(facts._by_contract)
        else:
            self.add(facts)

    def add(self, facts: Iterable[Fact]) -> None:
        """Take in facts; a known number is not displaced by a missing one."""
        by_key, by_series, by_contract = self._by_key, self._by_series, self._by_contract
        for fact in facts:
            variety, measure, basis, contract, session = key = fact.key
            if (known := by_key.get(key)) is not None:
                if fact.value is None and known.value is not None:
                    continue
                del by_key[key]  # what is told last stands last: a table made of all facts in turn is the same table
            by_key[key] = fact
            days = by_series.get((variety, measure, basis))
            if days is None:
                days = by_series[variety, measure, basis] = {}
            if fact.value is not None:
                days[session] = fact
                if contract:
                    by_contract[variety, measure, contract, session] = fact
            elif (other := days.get(session)) is None or other.value is None:
                days[session] = fact

    def __iter__(self) -> Iterator[Fact]:
        return iter(self._by_key.values())

    def __len__(self) -> int:
        return len(self._by_key)

    def get(self, series: Series, session: date) -> Fact | None:
        """The fact of that series and session, or None. A fact with value None says the cell was there and empty."""
        return self._by_series.get(series, {}).get(session)

    def of_contract(self, variety: str, measure: str, contract: str, session: date) -> Fact | None:
        """The number of one contract on one session, whatever basis it was told on, or None."""
        return self._by_contract.get((variety, measure, contract, session))

    def run(self, series: Series, until: date, count: int) -> list[Fact]:
        """The last `count` numbers of the series up to that day, oldest first; missing ones are left out.

        A session that the main contract's series (主力) lacks is taken from the continuous one (主力连续), which hides
        the contract: good for a trend or a picture, never for a change.
        """
        days = dict(self._by_series.get(series._replace(basis=CONTINUOUS), {})) if series.basis == MAIN else {}
        days.update({day: fact for day, fact in self._by_series.get(series, {}).items() if fact.value is not None})
        known = sorted(day for day, fact in days.items() if day <= until and fact.value is not None)
        return [days[day] for day in known[-count:]]

    def frame(self) -> pd.DataFrame:
        """All facts as a pandas table, one row a fact, sorted; the columns are the fields of `Fact`."""
        import pandas as pd

        names = ("variety", "measure", "basis", "contract", "session", "value", "unit", "known_at", "source")
        rows = [[getattr(fact, name) for name in names] for fact in self]
        return pd.DataFrame(rows, columns=list(names)).sort_values(list(names[:5]), ignore_index=True)


@dataclass(frozen=True)
class Day:
    """All a report of one date stands on: every fact, each series' standing, each view's signals by name."""

    report_date: date
    facts: Facts
    standings: Mapping[Series, Standing]
    signals: Mapping[str, Mapping[str, Fact]]
