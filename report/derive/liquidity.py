"""The Fed's securities against what it owes: how a change of the one is told by changes of the other.

    change of securities = change of reserves + ON RRP + TGA + all else, + residual

All else is what else drains reserves less what else supplies them; where the Fed's file does not tell it, it is unknown
and stands in the residual. Reserves are those of the Wednesday where both days have them, else the weekly averages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

from report.derive import price
from report.facts import AVERAGE, PERIOD, WEEK, Fact, Facts, Series, Standing

REACH = timedelta(days=10)
SHOWN = ("securities_held", "reserve_balances", "overnight_reverse_repo", "treasury_general_account")
SECURITIES = ("treasury_holdings", "mbs_holdings")
MEASURES = (
    *SECURITIES,
    *("reserve_balances", "overnight_reverse_repo", "treasury_general_account", "reserve_drain", "reserve_supply"),
)
"""Every measure that the identity is made of."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What changed between two Wednesdays, in the house's unit.

    residual is securities − (reserves + on_rrp + tga + other); what a day lacks is None, left out, and so within it.
    """

    since: date
    until: date
    securities: Fact
    reserves: Fact | None
    on_rrp: Fact
    tga: Fact
    other: Fact | None
    residual: Fact

    @property
    def share(self) -> Fact | None:
        """The part of the runoff that came out of ON RRP; None where nothing ran off."""
        if not self.securities.value or self.securities.value >= 0:
            return None
        return derived(runoff_absorbed_ratio, "runoff_absorbed_ratio", (self.on_rrp, self.securities), "")


def securities_held(treasury_holdings: Decimal, mbs_holdings: Decimal) -> Decimal:
    """所持证券 = 国债 + MBS（机构债两年来不足其千分之一，归入其余）。"""
    return treasury_holdings + mbs_holdings


def other_drain(
    reserve_drain: Decimal, reserve_supply: Decimal, treasuries: Decimal, mbs: Decimal, tga: Decimal, on_rrp: Decimal
) -> Decimal:
    """其余 = 吸收准备金的因素 − ON RRP − TGA −（供给准备金的因素 − 国债 − MBS）。"""
    return reserve_drain - on_rrp - tga - (reserve_supply - treasuries - mbs)


def identity_residual(securities: Decimal, *changes: Decimal) -> Decimal:
    """残差 = 所持证券之变 − 各项之变的和。"""
    return securities - sum(changes)


def runoff_absorbed_ratio(on_rrp: Decimal, securities: Decimal) -> Decimal:
    """承接份额 = ON RRP 之变 ÷ 所持证券之变。"""
    return on_rrp / securities


def wednesdays(facts: Facts, variety: str, since: date, until: date) -> list[date]:
    """The days in between, both included, on which securities, ON RRP and TGA are all told."""
    wanted = (*SECURITIES, "treasury_general_account")
    told = [{fact.session for fact in facts.run(Series(variety, one), until, 10_000)} for one in wanted]
    return sorted(day for day in set.intersection(*told) if day >= since and _on_rrp(facts, variety, day) is not None)


def weeks(facts: Facts, variety: str, since: date, until: date) -> Iterator[Stretch]:
    """Every week in between."""
    days = wednesdays(facts, variety, since, until)
    for first, last in pairwise(days):
        found = stretch(facts, variety, first, last)
        if found is not None:
            yield found


def stretch(facts: Facts, variety: str, since: date, until: date) -> Stretch | None:
    """What changed between two days; None where securities, ON RRP or TGA of one are not known."""

    def between(level: Callable[[date], Fact | None]) -> Fact | None:
        today, before = level(until), level(since)
        return None if today is None or before is None else derived(price.change, "change", (today, before))

    def told(measure: str, basis: str = "") -> Fact | None:
        return between(lambda day: _known(facts, Series(variety, measure, basis), day))

    reserves, other = told("reserve_balances"), between(lambda day: _other(facts, variety, day))
    if reserves is None and (average := told("reserve_balances", AVERAGE)) is not None:
        reserves, other = average, None
    securities = between(lambda day: _securities(facts, variety, day))
    on_rrp, tga = between(lambda day: _on_rrp(facts, variety, day)), told("treasury_general_account")
    if securities is None or on_rrp is None or tga is None:
        return None
    parts = tuple(one for one in (securities, reserves, on_rrp, tga, other) if one is not None)
    residual = derived(identity_residual, "identity_residual", parts)
    return Stretch(since, until, securities, reserves, on_rrp, tga, other, residual)


def standings(facts: Facts, variety: str, until: date, weeks: int) -> dict[Series, Standing]:
    """What a panel of that day shows: levels and changes over a week (周) and over so many (期间), and who absorbed it.

    Series of securities, reserves, ON RRP and TGA on these two bases, and runoff_absorbed_ratio over the weeks (of one
    week it says nothing: redemptions come twice a month); without numbers where the first day of the weeks lacks them.
    Empty where the newest Wednesday is more than ten days back, or the one a week before it is not known.
    """
    days = wednesdays(facts, variety, until - timedelta(weeks=weeks + 2), until)
    if len(days) < 2 or until - days[-1] > REACH or days[-1] - days[-2] > timedelta(days=8):
        return {}
    week = stretch(facts, variety, days[-2], days[-1])
    if week is None or week.reserves is None:
        return {}
    since = days[-1] - timedelta(weeks=weeks)
    period = stretch(facts, variety, since, days[-1])
    found = [
        *_standings(variety, WEEK, days[-2], days[-1], week),
        *_standings(variety, PERIOD, since, days[-1], period),
    ]
    share = Series(variety, "runoff_absorbed_ratio", PERIOD)
    found.append(Standing(share, days[-1], since, period.share if period else None))
    return {one.series: one for one in found}


def _standings(variety: str, basis: str, since: date, until: date, over: Stretch | None) -> Iterator[Standing]:
    changes = (over.securities, over.reserves, over.on_rrp, over.tga) if over else (None,) * len(SHOWN)
    for measure, change in zip(SHOWN, changes, strict=True):
        today, before = change.inputs if change else (None, None)
        yield Standing(Series(variety, measure, basis), until, since, today, before, change)


def derived(formula: Callable[..., Decimal], measure: str, inputs: tuple[Fact, ...], unit: str | None = None) -> Fact:
    """The formula on facts that have values, as a fact of the first one's day; unit: the first one's, unless told."""
    first = inputs[0]
    values = [fact.value for fact in inputs]
    named = f"{first.measure}_change" if measure == "change" else measure
    source = f"= {measure}({', '.join(f'{one.variety}.{one.measure} {one.value}' for one in inputs)})"
    own = first.unit if unit is None else unit
    return Fact(first.variety, named, first.session, formula(*values), own, first.basis, "", None, source, inputs)


def _known(facts: Facts, series: Series, day: date) -> Fact | None:
    fact = facts.get(series, day)
    return None if fact is None or fact.value is None else fact


def _on_rrp(facts: Facts, variety: str, day: date) -> Fact | None:
    """What lies in the facility at the end of the day.

    On a holiday there is no operation, and what was laid in on the day before lies there still; that it was a holiday
    is known once a later day is told.
    """
    series = Series(variety, "overnight_reverse_repo")
    fact = _known(facts, series, day)
    if fact is None and (before := facts.run(series, day, 1)) and day - before[0].session <= timedelta(days=4):
        fact = before[0] if facts.run(series, day + REACH, 1)[0].session > day else None
    return fact


def _level(formula: Callable[..., Decimal], known: Sequence[Fact | None]) -> Fact | None:
    inputs = tuple(one for one in known if one is not None)
    return derived(formula, formula.__name__, inputs) if len(inputs) == len(known) else None


def _securities(facts: Facts, variety: str, day: date) -> Fact | None:
    return _level(securities_held, [_known(facts, Series(variety, name), day) for name in SECURITIES])


def _other(facts: Facts, variety: str, day: date) -> Fact | None:
    names = ("reserve_drain", "reserve_supply", *SECURITIES, "treasury_general_account")
    known = [*(_known(facts, Series(variety, name), day) for name in names), _on_rrp(facts, variety, day)]
    return _level(other_drain, known)
