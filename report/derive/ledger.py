"""Double entry between sectors: what one holds another owes, and no operation can break that.

A claim is an asset of its holders and a liability of its issuers. An operation is a set of signed postings; it is
posted whole or not at all. After every operation each sector's assets have changed by as much as its liabilities and
its net worth, and each claim's holders by as much as its issuers; both are checked to the last digit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import Enum
from typing import NamedTuple

from report.errors import Unbalanced
from report.facts import TAccount

ZERO = Decimal(0)


class Side(Enum):
    """Where a posting stands in its sector's account."""

    ASSET = "asset"
    LIABILITY = "liability"
    NET_WORTH = "net worth"


@dataclass(frozen=True, slots=True)
class Claim:
    """A financial instrument: who may owe it, who may hold it, and what each of them calls it."""

    name: str
    issuers: frozenset[str]
    holders: frozenset[str]
    asset_name: str = ""
    liability_name: str = ""

    def told(self, side: Side) -> str:
        """What it is called on that side of an account."""
        return (self.liability_name if side is Side.LIABILITY else self.asset_name) or self.name


class Posting(NamedTuple):
    """A change of one line of one sector's account; claim is '' for net worth."""

    sector: str
    side: Side
    claim: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Operation:
    """Postings that happen together; `name` is for messages."""

    name: str
    postings: tuple[Posting, ...]

    def times(self, amount: Decimal) -> Operation:
        """The operation with every posting so many times as large."""
        return replace(self, postings=tuple(one._replace(amount=one.amount * amount) for one in self.postings))

    def joined(self, other: Operation, name: str = "") -> Operation:
        """Both as one operation."""
        return Operation(name or self.name, (*self.postings, *other.postings))

    def of(self, old: str, new: str) -> Operation:
        """The operation with another claim in the place of one."""
        return replace(
            self, postings=tuple(one._replace(claim=new) if one.claim == old else one for one in self.postings)
        )


Place = tuple[str, Side, str]


@dataclass(frozen=True)
class Books:
    """Every sector's account. Posting gives new books and leaves these as they are.

    standing: (sector, side, claim) -> amount, never below zero but for net worth. sectors: in the order they are told.
    """

    sectors: tuple[str, ...]
    claims: Mapping[str, Claim]
    standing: Mapping[Place, Decimal] = field(default_factory=dict)

    def post(self, operation: Operation) -> Books:
        """The books after the operation.

        Raises Unbalanced where the operation does not balance, names a sector or claim the books do not have, lets
        somebody hold or owe what they may not, or takes more of a line than stands there.
        """
        self.check(operation)
        standing = defaultdict(lambda: ZERO, self.standing)
        for sector, side, claim, amount in operation.postings:
            standing[sector, side, claim] += amount
        for (sector, side, claim), amount in standing.items():
            if amount < 0 and side is not Side.NET_WORTH:
                short = f"{sector} has {amount - _moved(operation, sector, side, claim)} of {claim} as {side.value}"
                raise Unbalanced(f"{operation.name}: {short}, which is {-amount} too little; post less of it")
        return replace(self, standing={place: amount for place, amount in standing.items() if amount})

    def check(self, operation: Operation) -> None:
        """Raises Unbalanced where double entry forbids the operation, naming everything that does not agree."""
        wrong = [*self._strangers(operation), *_of_sectors(operation), *_of_claims(operation)]
        if wrong:
            raise Unbalanced(f"{operation.name}: " + "; ".join(dict.fromkeys(wrong)))

    def _strangers(self, operation: Operation) -> Iterable[str]:
        for sector, side, name, _ in operation.postings:
            claim = self.claims.get(name)
            if sector not in self.sectors:
                yield f"there is no sector {sector!r}, only {'、'.join(self.sectors)}"
            elif side is Side.NET_WORTH:
                continue
            elif claim is None:
                yield f"there is no claim {name!r}, only {'、'.join(self.claims)}"
            elif sector not in (claim.issuers if side is Side.LIABILITY else claim.holders):
                yield f"{sector} may not {'owe' if side is Side.LIABILITY else 'hold'} {name}"

    def stock(self, sector: str, side: Side, claim: str = "") -> Decimal:
        """What stands on one line; 0 where nothing does."""
        return self.standing.get((sector, side, claim), ZERO)

    def total(self, claim: str) -> Decimal:
        """How much of a claim is owed, by all its issuers."""
        return sum((amount for (_, side, name), amount in self.standing.items() if _owed(side, name, claim)), ZERO)

    def account(self, sector: str) -> TAccount:
        """The sector's balance sheet, its lines in the order of the claims."""
        order = list(self.claims)
        lines = sorted((place for place in self.standing if place[0] == sector), key=lambda one: _rank(one, order))
        rows = {side: tuple(_row(self, place) for place in lines if place[1] is side) for side in Side}
        worth = self.stock(sector, Side.NET_WORTH)
        return TAccount(sector, rows[Side.ASSET], rows[Side.LIABILITY], worth)

    def drawn(self, operation: Operation, gross: Iterable[str] = ()) -> tuple[TAccount, ...]:
        """The operation as T-accounts of its sectors, in the order the postings name them.

        Of each line the net change is told, and nothing where that is zero; of the sectors in `gross` every posting.
        """
        self.check(operation)
        apart = set(gross)
        sectors = dict.fromkeys(one.sector for one in operation.postings)
        accounts = (self._drawn(sector, operation, sector in apart) for sector in sectors)
        return tuple(one for one in accounts if one.assets or one.liabilities or one.net_worth)

    def _drawn(self, sector: str, operation: Operation, gross: bool) -> TAccount:
        own = [one for one in operation.postings if one.sector == sector]
        if not gross:
            places = dict.fromkeys((one.side, one.claim) for one in own)
            own = [Posting(sector, *place, _moved(operation, sector, *place)) for place in places]
        rows: dict[Side, list[tuple[str, Decimal]]] = {side: [] for side in Side}
        for one in own:
            if one.amount:
                claim = self.claims.get(one.claim)
                rows[one.side].append((claim.told(one.side) if claim else "", one.amount))
        worth = sum((amount for _, amount in rows[Side.NET_WORTH]), ZERO)
        return TAccount(sector, tuple(rows[Side.ASSET]), tuple(rows[Side.LIABILITY]), worth)


def _owed(side: Side, name: str, claim: str) -> bool:
    return side is Side.LIABILITY and name == claim


def _rank(place: Place, order: list[str]) -> int:
    return order.index(place[2]) if place[2] in order else len(order)


def _row(books: Books, place: Place) -> tuple[str, Decimal]:
    claim = books.claims.get(place[2])
    return (claim.told(place[1]) if claim else "", books.standing[place])


def _moved(operation: Operation, sector: str, side: Side, claim: str) -> Decimal:
    return sum((one.amount for one in operation.postings if one[:3] == (sector, side, claim)), ZERO)


def _of_sectors(operation: Operation) -> Iterable[str]:
    """What does not agree within a sector."""
    for sector in dict.fromkeys(one.sector for one in operation.postings):
        sums = dict.fromkeys(Side, ZERO)
        for one in operation.postings:
            if one.sector == sector:
                sums[one.side] += one.amount
        if sums[Side.ASSET] != sums[Side.LIABILITY] + sums[Side.NET_WORTH]:
            against = f"liabilities by {sums[Side.LIABILITY]} and net worth by {sums[Side.NET_WORTH]}"
            yield f"{sector}: assets change by {sums[Side.ASSET]}, {against}"


def _of_claims(operation: Operation) -> Iterable[str]:
    """What does not agree between a claim's holders and its issuers."""
    for claim in dict.fromkeys(one.claim for one in operation.postings if one.side is not Side.NET_WORTH):
        held, owed = (
            sum((one.amount for one in operation.postings if one.claim == claim and one.side is side), ZERO)
            for side in (Side.ASSET, Side.LIABILITY)
        )
        if held != owed:
            yield f"{claim}: its holders change by {held}, its issuers by {owed}"
