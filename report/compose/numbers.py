"""How a day's facts become the Numbers of a document: printed unit, places, sign; never what they look like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from report.catalog import Catalog
from report.document import Number
from report.facts import OF_CONTRACT, Day, Fact, Series, Standing


def day_of(day: date) -> str:
    """'3月28日'."""
    return f"{day.month}月{day.day}日"


@dataclass(frozen=True)
class Numbers:
    """The day's standings as Numbers."""

    day: Day
    catalog: Catalog

    def standing(self, series: Series) -> Standing:
        """The standing of the series; KeyError for one the catalogue does not have."""
        return self.day.standings[series]

    def current(self, series: Series) -> Number:
        """The level of the report's session; the dash where there is none, with the cell that was there and empty."""
        standing = self.standing(series)
        return self.of(standing.today or self._empty(series, standing.session), series)

    def previous(self, series: Series) -> Number:
        """The same of the session before."""
        standing = self.standing(series)
        return self.of(standing.previous or self._empty(series, standing.previous_session), series)

    def _empty(self, series: Series, session: date) -> Fact | None:
        for basis in (series.basis, OF_CONTRACT):
            fact = self.day.facts.get(series._replace(basis=basis), session)
            if fact is not None and fact.value is None:
                return fact
        return None

    def of(self, fact: Fact | None, series: Series) -> Number:
        """A level of the series, in its printed unit; the dash where there is none."""
        return self._number(fact, series, self.unit(series), self.catalog.decimals(series))

    def change(self, series: Series) -> Number:
        """今日 − 前一交易日, signed and coloured, in the printed unit and with the places of the level.

        A level printed in whole numbers whose change has a fraction gets the change rounded like the level.
        """
        number = self._number(self.standing(series).change, series, self.unit(series), self.catalog.decimals(series))
        return Number(number.value, number.unit, number.decimals, signed=True, coloured=True, fact=number.fact)

    def ratio(self, series: Series) -> Number:
        """涨跌幅 in percent, signed and coloured."""
        fact = self.standing(series).change_ratio
        value = None if fact is None or fact.value is None else fact.value * 100
        return Number(value, "%", 2, signed=True, coloured=True, fact=fact)

    def unit(self, series: Series) -> str:
        """The unit the series is printed in."""
        entry = self.catalog.entry(series)
        return entry.shown_in or self.catalog.measures[series.measure].shown_in or self.catalog.unit(series)

    def _number(self, fact: Fact | None, series: Series, unit: str, decimals: int) -> Number:
        if fact is None or fact.value is None:
            return Number(None, unit, decimals, fact=fact)
        factor = self.catalog.factor(self.catalog.unit(series), unit) or Decimal(1)
        return Number(fact.value * factor, unit, decimals, fact=fact)


def printed_sign(number: Number) -> int:
    """-1, 0 or 1: the sign of the figure as it is printed; 0 for a missing one."""
    rounded = number.rounded or 0
    return (rounded > 0) - (rounded < 0)
