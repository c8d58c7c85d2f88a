"""Who takes the Treasuries the Fed lets go: the channels of data/channels.toml as operations of the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from report.derive.ledger import Books, Claim, Operation, Posting, Side
from report.errors import CatalogError, Unbalanced
from report.facts import TAccount
from report.scenarios import CHANNELS, AccountEntry, ChannelEntry, ChannelsFile, ClaimEntry

ONE = Decimal(1)


@dataclass(frozen=True)
class Channel:
    """One way the debt is taken. purchase buys one unit of new debt, mortgage one of MBS (None: it does not)."""

    key: str
    number: str
    name: str
    drains: str
    only: tuple[str, ...]
    purchase: Operation
    mortgage: Operation | None


@dataclass(frozen=True)
class System:
    """The sectors with empty books, and every operation they know, of one unit each. names: claims by their keys."""

    books: Books
    names: Mapping[str, str]
    operations: Mapping[str, Operation]
    channels: tuple[Channel, ...]
    gross: tuple[str, ...]

    def drawn(self, channel: Channel, amount: Decimal = ONE) -> tuple[TAccount, ...]:
        """A channel's T-accounts: the buyer pays the Treasury, which repays the Fed what has matured."""
        both = channel.purchase.joined(self.operations["redemption"], channel.name)
        return self.books.drawn(both.times(amount), self.gross)

    def stock(self, books: Books, key: str) -> Decimal:
        """How much of the claim of that key is owed in the books."""
        return books.total(self.names[key])

    def holding(self, books: Books, key: str) -> Decimal:
        """What the Fed, which owes the reserves, holds of the claim of that key."""
        (fed,) = books.claims[self.names["reserves"]].issuers
        return books.stock(fed, Side.ASSET, self.names[key])

    def fund_assets(self, books: Books) -> Decimal:
        """All that the money funds, which owe the fund shares, hold."""
        (funds,) = books.claims[self.names["fund_shares"]].issuers
        return sum((amount for _, amount in books.account(funds).assets), Decimal(0))

    def channel(self, key: str) -> Channel:
        """The channel of that key; KeyError for another."""
        return {one.key: one for one in self.channels}[key]


def system(file: ChannelsFile) -> System:
    """The system that data/channels.toml describes; every operation of it balances.

    Raises CatalogError where one does not, with all that do not agree.
    """
    books = Books(file.sectors, {one.name: _claim(one) for one in file.claim})
    operations = {key: _operation(one.name, one.entries) for key, one in file.operations.items()}
    found = tuple(_channel(one) for one in file.channel)
    legs = [leg for one in found for leg in (one.purchase, one.mortgage) if leg is not None]
    mistakes = []
    for operation in (*operations.values(), *legs):
        try:
            books.check(operation)
        except Unbalanced as error:
            mistakes.append(f"data/{CHANNELS} › {error}")
    if mistakes:
        raise CatalogError("\n".join(mistakes))
    return System(books, {one.key: one.name for one in file.claim}, operations, found, file.gross)


def _claim(entry: ClaimEntry) -> Claim:
    return Claim(entry.name, frozenset(entry.issuers), frozenset(entry.holders), entry.asset, entry.liability)


def _channel(entry: ChannelEntry) -> Channel:
    bought = _operation(entry.name, entry.entries)
    mortgage = _operation(f"{entry.name}（MBS）", entry.mbs) if entry.mbs else None
    return Channel(entry.key, entry.number, entry.name, entry.drains, entry.only, bought, mortgage)


def _operation(name: str, accounts: Mapping[str, AccountEntry]) -> Operation:
    postings = [posting for sector, account in accounts.items() for posting in _postings(sector, account)]
    return Operation(name, tuple(postings))


def _postings(sector: str, account: AccountEntry) -> list[Posting]:
    sides = ((Side.ASSET, account.assets), (Side.LIABILITY, account.liabilities), (Side.NET_WORTH, (account.worth,)))
    return [
        Posting(sector, side, told[1:], ONE if told[0] == "+" else -ONE)
        for side, line in sides
        for told in line
        if told
    ]
