"""Month by month: what the Fed lets run off, who takes it, and what that leaves of reserves and ON RRP.

All of a month is one operation of the ledger, posted whole. In a month

    the Fed's maturing debt runs off up to the cap, the rest is rolled; so do its mortgage bonds;
    the Treasury sells to others what runs off and what it borrows beyond, part of it in bills;
    funds take their share, but only bills; then shareholders that let themselves be moved, then dealers, each with
    money that lies in ON RRP and only as far as it reaches: bonds first, then mortgage bonds, then bills;
    what is left falls on the channels that pay with reserves, in proportion to their shares (on depositors, where
    neither has any);
    what the Treasury borrowed beyond and does not keep is spent and becomes deposits and reserves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from report.derive.channels import Channel, System
from report.derive.ledger import Books, Operation, Posting, Side
from report.errors import CatalogError, Unbalanced
from report.facts import Finding, Severity
from report.scenarios import Scenario, StockEntry, Terms

PLACES = Decimal("0.01")
ZERO = Decimal(0)
PAPERS = ("bonds", "mbs", "bills")
"""What is for sale, in the order in which it is taken."""


@dataclass(frozen=True)
class Month:
    """One month: what ran off and was rolled, what each channel took of each paper, and the books at its end.

    short: what channels would have taken had ON RRP held more.
    """

    month: date
    runoff: Decimal
    rolled: Decimal
    mbs_runoff: Decimal
    taken: Mapping[str, Mapping[str, Decimal]]
    short: Decimal
    operation: Operation
    books: Books

    def of(self, channel: str) -> Decimal:
        """All that the channel of that key took."""
        return sum(self.taken.get(channel, {}).values(), ZERO)


@dataclass(frozen=True)
class Path:
    """A scenario walked: the opening books, the months, and what is to be reported."""

    plan: Scenario
    opening: Books
    months: tuple[Month, ...]
    findings: tuple[Finding, ...]


def redeemed(maturing: Decimal, cap: Decimal) -> tuple[Decimal, Decimal]:
    """What runs off of a maturing amount under a cap, and what is rolled: 1000 under 600 is 600 and 400."""
    runoff = min(maturing, cap)
    return runoff, maturing - runoff


def opened(system: System, stocks: Sequence[tuple[StockEntry, Decimal]]) -> Books:
    """Books with those stocks; what a sector owns beyond what it owes is its net worth. Raises CatalogError."""
    books = system.books
    for entry, amount in stocks:
        claim = books.claims.get(entry.claim)
        if claim is None or len(claim.issuers) != 1:
            raise CatalogError(f"stock {entry.claim}: a claim of one issuer is wanted, of {'、'.join(books.claims)}")
        (issuer,) = claim.issuers
        postings = (
            Posting(entry.holder, Side.ASSET, entry.claim, amount),
            Posting(issuer, Side.LIABILITY, entry.claim, amount),
            Posting(entry.holder, Side.NET_WORTH, "", amount),
            Posting(issuer, Side.NET_WORTH, "", -amount),
        )
        books = books.post(Operation(f"stock {entry.claim} of {entry.holder}", postings))
    return books


def walk(system: System, plan: Scenario, opening: Books) -> Path:
    """The path of the scenario from those books; it ends early, with a finding, where reserves do not suffice.

    Raises CatalogError where a month asks for what cannot be: the Treasury buying back from others.
    """
    books, months = opening, list[Month]()
    stop: list[Finding] = []
    for month in _months(plan):
        try:
            done = _month(system, plan, plan.at(month), books, month)
        except Unbalanced as error:
            message = f"the path ends before {month:%Y-%m}: {error}"
            stop.append(Finding("D213", Severity.WARNING, plan.title, message))
            break
        months.append(done)
        books = done.books
    return Path(plan, opening, tuple(months), (*_limits(system, plan, months), *stop))


def _months(plan: Scenario) -> Iterator[date]:
    first = plan.step[0].since
    for count in range(plan.months):
        years, month = divmod(first.month - 1 + count, 12)
        yield date(first.year + years, month + 1, 1)


def _month(system: System, plan: Scenario, terms: Terms, books: Books, month: date) -> Month:
    runoff, rolled = redeemed(min(terms.treasury_maturing, system.holding(books, "bonds")), terms.treasury_cap)
    mbs_runoff, _ = redeemed(min(terms.mbs_maturing, system.holding(books, "mbs")), terms.mbs_cap)
    sold = runoff + terms.net_issuance
    if sold < 0:
        raise CatalogError(f"{plan.title} {month:%Y-%m}: net_issuance {terms.net_issuance} is below −{runoff}")
    bills = _rounded(sold * terms.bills)
    offered = {"bonds": sold - bills, "mbs": mbs_runoff, "bills": bills}
    taken, short = _taken(system, plan, offered, system.stock(books, "on_rrp"))
    operation = Operation(f"{plan.title} {month:%Y-%m}", ())
    for leg in _legs(system, terms, (runoff, rolled, mbs_runoff), taken):
        operation = operation.joined(leg)
    return Month(month, runoff, rolled, mbs_runoff, taken, short, operation, books.post(operation))


def _legs(
    system: System,
    terms: Terms,
    amounts: tuple[Decimal, Decimal, Decimal],
    taken: Mapping[str, Mapping[str, Decimal]],
) -> Iterator[Operation]:
    """Every operation of a month with its amount."""
    runoff, rolled, mbs_runoff = amounts
    names, known = system.names, system.operations
    for channel in system.channels:
        for paper, amount in taken[channel.key].items():
            if paper == "mbs" and channel.mortgage is not None:
                yield channel.mortgage.times(amount)
            else:
                yield channel.purchase.of(names["new_debt"], names[paper]).times(amount)
    old = names["old_debt"]
    yield known["redemption"].of(old, names["bonds"]).times(runoff)
    yield known["rollover"].of(old, names["bonds"]).of(names["new_debt"], names["bonds"]).times(rolled)
    yield known["prepayment"].times(mbs_runoff)
    spent = terms.net_issuance - terms.tga_change
    yield known["spending" if spent >= 0 else "taxes"].times(abs(spent))


def _taken(
    system: System, plan: Scenario, offered: Mapping[str, Decimal], cash: Decimal
) -> tuple[dict[str, dict[str, Decimal]], Decimal]:
    """What each channel takes of each paper, all of it together, and what ON RRP was too small for."""
    left, total, short = dict(offered), sum(offered.values(), ZERO), ZERO
    taken: dict[str, dict[str, Decimal]] = {}
    buffered = [one for one in system.channels if one.drains == system.names["on_rrp"]]
    for channel in buffered:
        wanted = _rounded(getattr(plan.share, channel.key) * total * _willing(plan, channel))
        papers = [one for one in PAPERS if _buys(system, channel, one)]
        wanted = min(wanted, sum((left[one] for one in papers), ZERO))
        amount = min(wanted, cash)
        short, cash = short + wanted - amount, cash - amount
        taken[channel.key] = _filled(left, papers, amount)
    rest = [one for one in system.channels if one not in buffered]
    weights = [getattr(plan.share, one.key) for one in rest]
    if not sum(weights):
        weights = [Decimal(one.key == "depositors") for one in rest]
    remaining = sum(left.values(), ZERO)
    for channel, weight in zip(rest, weights, strict=True):
        last = channel is rest[-1]
        amount = sum(left.values(), ZERO) if last else _rounded(remaining * weight / sum(weights))
        taken[channel.key] = _filled(left, PAPERS, amount)
    return taken, short


def _willing(plan: Scenario, channel: Channel) -> Decimal:
    return 1 - plan.stickiness if channel.key == "shareholders" else Decimal(1)


def _buys(system: System, channel: Channel, paper: str) -> bool:
    allowed = not channel.only or system.names[paper] in channel.only
    return allowed and (paper != "mbs" or channel.mortgage is not None)


def _filled(left: dict[str, Decimal], papers: Sequence[str], amount: Decimal) -> dict[str, Decimal]:
    """That amount out of what is left of the papers, one after the other; `left` is lessened."""
    found = {}
    for paper in papers:
        part = min(amount, left[paper])
        if part:
            found[paper] = part
        left[paper] -= part
        amount -= part
    return found


def _rounded(amount: Decimal) -> Decimal:
    return amount.quantize(PLACES, ROUND_HALF_UP)


def _limits(system: System, plan: Scenario, months: Sequence[Month]) -> Iterator[Finding]:
    """The first month in which ON RRP was too small, and the first in which reserves are below the floor."""
    empty = next((one for one in months if one.short), None)
    if empty is not None:
        short = f"{empty.short.normalize():f}"
        message = f"ON RRP is used up in {empty.month:%Y-%m}; {short} of that month falls on reserves instead"
        yield Finding("D211", Severity.NOTE, plan.title, message)
    low = next((one for one in months if system.stock(one.books, "reserves") < plan.floor), None)
    if low is not None:
        stock = f"{system.stock(low.books, 'reserves').normalize():f}"
        message = f"reserves fall to {stock} in {low.month:%Y-%m}, below the floor of {plan.floor}"
        yield Finding("D212", Severity.WARNING, plan.title, message)


def fallen(system: System, path: Path, part: Decimal) -> tuple[bool, int]:
    """Whether reserves fall by that part of their opening stock, and after how many months, or not in how many."""
    bound = system.stock(path.opening, "reserves") * (1 - part)
    reached = (count for count, one in enumerate(path.months, start=1) if system.stock(one.books, "reserves") <= bound)
    count = next(reached, None)
    return (False, len(path.months)) if count is None else (True, count)


def sensitivity(
    system: System,
    plan: Scenario,
    opening: Books,
    bills: Sequence[Decimal],
    stickiness: Sequence[Decimal],
    part: Decimal = Decimal("0.1"),
) -> tuple[tuple[tuple[bool, int], ...], ...]:
    """`fallen` for every share of bills (rows) and every stickiness (columns)."""
    plans = [[plan.with_bills(share).model_copy(update={"stickiness": one}) for one in stickiness] for share in bills]
    return tuple(tuple(fallen(system, walk(system, one, opening), part) for one in row) for row in plans)


def moved(path: Path) -> Operation:
    """All that happened on the path as one operation, each line's net change told once."""
    sums: dict[tuple[str, Side, str], Decimal] = {}
    for one in path.months:
        for posting in one.operation.postings:
            sums[posting[:3]] = sums.get(posting[:3], ZERO) + posting.amount
    return replace(
        Operation(path.plan.title, ()), postings=tuple(Posting(*place, amount) for place, amount in sums.items())
    )
