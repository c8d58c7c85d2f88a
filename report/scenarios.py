"""What data/channels.toml and data/scenarios/*.toml say: sectors, claims, operations, channels, and a path of months.

They are read only where they are asked for; a morning's report does without them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, StringConstraints, model_validator

from report import catalog as catalogs
from report.entries import Entry, Exact
from report.errors import CatalogError

CHANNELS = "channels.toml"
FOLDER = "scenarios"
CLAIMS = (
    *("bills", "bonds", "mbs", "new_debt", "old_debt"),
    *("reserves", "on_rrp", "tga", "deposits", "fund_shares", "repo"),
)
OPERATIONS = ("redemption", "rollover", "spending", "taxes", "prepayment")
SHARES = ("banks", "depositors", "funds", "shareholders", "dealers")

Signed = Annotated[str, StringConstraints(pattern=r"^[+-]\S.*$")]
Share = Annotated[Exact, Field(ge=0, le=1)]
MOST = 10**9
Amount = Annotated[Exact, Field(ge=0, le=MOST, decimal_places=2)]
Flow = Annotated[Exact, Field(ge=-MOST, le=MOST, decimal_places=2)]
"""In 亿美元, to the million of dollars that the Fed itself counts in."""


def _month(value: object) -> object:
    """'2022-06' as the first day of that month."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
        return date.fromisoformat(f"{value}-01")
    raise ValueError('expected a month such as "2022-06"')


MonthOf = Annotated[date, BeforeValidator(_month)]


class ClaimEntry(Entry):
    """A claim: who may owe it, who may hold it, what each side calls it ('' for its name)."""

    key: str
    name: str
    issuers: tuple[str, ...] = Field(min_length=1)
    holders: tuple[str, ...] = Field(min_length=1)
    asset: str = ""
    liability: str = ""


class AccountEntry(Entry):
    """One sector's part of an operation: signed claims as in its T-account; worth: the sign of its net worth."""

    assets: tuple[Signed, ...] = ()
    liabilities: tuple[Signed, ...] = ()
    worth: Literal["", "+", "-"] = ""


class OperationEntry(Entry):
    """What happens between sectors, by sector."""

    name: str
    entries: Mapping[str, AccountEntry] = Field(min_length=1)


class ChannelEntry(Entry):
    """Who buys what the Treasury sells. drains: the claim on the Fed it pays with; only: all it may buy, () for all.

    entries: buying a Treasury security; mbs: buying a mortgage-backed one, () for a channel that does not.
    """

    key: str
    number: str
    name: str
    drains: str
    only: tuple[str, ...] = ()
    entries: Mapping[str, AccountEntry] = Field(min_length=1)
    mbs: Mapping[str, AccountEntry] = {}


class ChannelsFile(Entry):
    """data/channels.toml. gross: the sectors whose postings a T-account tells one by one."""

    sectors: tuple[str, ...] = Field(min_length=1)
    gross: tuple[str, ...] = ()
    claim: tuple[ClaimEntry, ...] = Field(min_length=1)
    operations: Mapping[str, OperationEntry]
    channel: tuple[ChannelEntry, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known(self) -> Self:
        keys = [one.key for one in self.channel]
        if sorted(keys) != sorted(SHARES):
            raise ValueError(f"the channels are {', '.join(SHARES)}, each once; found {', '.join(keys)}")
        lost = [*({*CLAIMS} - {one.key for one in self.claim}), *({*OPERATIONS} - self.operations.keys())]
        if lost:
            raise ValueError(f"these claims or operations are lacking: {', '.join(sorted(lost))}")
        names = [one.name for one in self.claim]
        if len(set(names)) < len(names) or len({one.key for one in self.claim}) < len(names):
            raise ValueError("two claims have one name or one key")
        return self


class StockEntry(Entry):
    """A line of the opening books: what the holder holds of a claim that one issuer owes.

    amount in 亿美元, or the series it is read from; of several series the first with a number is taken.
    """

    claim: str
    holder: str
    amount: Amount | None = None
    series: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _told_once(self) -> Self:
        if (self.amount is None) == (not self.series):
            raise ValueError("give either amount or series")
        return self


class Step(Entry):
    """What holds from a month on, amounts in 亿美元 a month.

    caps on redemptions; maturing: what of the Fed's falls due; net_issuance: beyond what is repaid to the Fed; bills:
    their share in all the Treasury sells to others; tga_change: what of it stays in the Treasury's account.
    """

    since: MonthOf
    treasury_cap: Amount | None = None
    mbs_cap: Amount | None = None
    treasury_maturing: Amount | None = None
    mbs_maturing: Amount | None = None
    net_issuance: Flow | None = None
    bills: Share | None = None
    tga_change: Flow | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds in one month: the keys of a `Step`, each with its number."""

    treasury_cap: Decimal
    mbs_cap: Decimal
    treasury_maturing: Decimal
    mbs_maturing: Decimal
    net_issuance: Decimal
    bills: Decimal
    tga_change: Decimal


class Shares(Entry):
    """How much of all that is for sale each channel would take."""

    banks: Share
    depositors: Share
    funds: Share
    shareholders: Share
    dealers: Share

    @model_validator(mode="after")
    def _whole(self) -> Self:
        total = sum(getattr(self, name) for name in SHARES)
        if total != 1:
            raise ValueError(f"the shares make {total}, not 1")
        return self


class Scenario(Entry):
    """data/scenarios/<name>.toml. stickiness: the part of the fund shareholders' share that stays in the funds.

    start: the day of the opening stocks; floor: reserves below it are reported.
    """

    title: str
    start: date
    months: int = Field(ge=1, le=240)
    stickiness: Share
    floor: Amount
    share: Shares
    step: tuple[Step, ...] = Field(min_length=1)
    stock: tuple[StockEntry, ...] = ()

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        months = [one.since for one in self.step]
        if months != sorted(set(months)):
            raise ValueError("the steps' months must follow one another")
        lacking = [
            name
            for name in Step.model_fields
            if name not in ("since", "net_issuance", "tga_change") and getattr(self.step[0], name) is None
        ]
        if lacking:
            raise ValueError(f"the first step must say {', '.join(lacking)}")
        return self

    def at(self, month: date) -> Terms:
        """What holds in that month: of every key the last one told; nothing is issued or kept where nothing is."""
        told = {"net_issuance": Decimal(0), "tga_change": Decimal(0)}
        for one in self.step:
            if one.since <= month:
                told |= one.model_dump(exclude={"since"}, exclude_none=True)
        return Terms(**told)

    def with_bills(self, share: Decimal) -> Scenario:
        """The same scenario with that share of bills in every month."""
        return self.model_copy(update={"step": tuple(one.model_copy(update={"bills": share}) for one in self.step)})


def channels(folders: Sequence[Path]) -> ChannelsFile:
    """data/channels.toml. Raises CatalogError."""
    return catalogs.entry(folders, CHANNELS, ChannelsFile)


def names(folders: Sequence[Path]) -> list[str]:
    """The scenarios that data/scenarios/ holds, without .toml."""
    return [Path(name).stem for name in catalogs.files(folders, f"{FOLDER}/*.toml")]


def scenario(folders: Sequence[Path], name: str) -> Scenario:
    """The scenario of that name in data/scenarios/, or the file where a path is given. Raises CatalogError."""
    path = Path(name)
    if path.suffix == ".toml":
        return catalogs.entry([path.parent], path.name, Scenario, f"{path.parent}/")
    if name not in names(folders):
        raise CatalogError(f"data/{FOLDER}/{name}.toml: not there; there is {'、'.join(names(folders))}")
    return catalogs.entry(folders, f"{FOLDER}/{name}.toml", Scenario)
