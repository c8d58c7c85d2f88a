"""What a layout says the numbers of a row or column are, and what the catalogue makes of it.

    "COMBINED TOTAL" = { measure = "comex_stock", unit = "短吨" }

unit is the file's unit where it is not the house's; measure, basis and variety name the series; published, where it is
there, goes before the layout's own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from pydantic import Field

from report.catalog import Catalog
from report.entries import Entry
from report.errors import CatalogError
from report.facts import Fact, Series
from report.read.layouts import Common, Published
from report.sessions import Calendars


class Told(Entry):
    """What the numbers of one row or column are."""

    measure: str
    variety: str = ""
    basis: str = ""
    unit: str = ""
    published: Published | None = None

    def mistakes(self, key: str, catalog: Catalog, variety: str = "") -> Iterator[str]:
        """What the catalogue does not know, `key: what is wrong`; variety: who it is about where it does not say."""
        code = self.variety or variety
        if code not in catalog.varieties:
            yield f"{key}.variety: no variety has the code '{code}'"
        elif self.measure not in catalog.measures:
            yield f"{key}.measure: '{self.measure}' is no measure of data/measures.toml"
        else:
            unit = catalog.unit(Series(code, self.measure, self.basis))
            if catalog.factor(self.unit or unit, unit) is None:
                mend = "declare the conversion in data/units.toml"
                yield f"{key}.unit: '{self.unit}' does not convert into {unit}; {mend}"


class Claim(Told):
    """What one total of a report of one session is; back: it speaks of so many sessions before the report's."""

    back: int = Field(default=0, ge=0, le=1)


@dataclass(frozen=True, slots=True)
class Numbers:
    """One series of numbers of a file: factor turns them into the house's unit. weekly: of a fixed weekday."""

    series: Series
    unit: str
    factor: Decimal
    calendar: str
    published: Published
    weekly: bool = False

    def days(self, calendars: Calendars, session: date, back: int = 0) -> tuple[date, datetime] | str:
        """The session that numbers of a report speak of and when they are published, or why there is none."""
        known_at = self.published.moment(calendars, self.calendar, session)
        if isinstance(known_at, str):
            return known_at
        return (calendars.previous(self.calendar, session, back) if back else session), known_at

    def fact(self, session: date, value: Decimal | None, known_at: datetime, source: str) -> Fact:
        """The fact of a value in the file's unit."""
        variety, measure, basis = self.series
        told = None if value is None else _plain(value * self.factor)
        return Fact(variety, measure, session, told, self.unit, basis, "", known_at, source)


def _plain(value: Decimal) -> Decimal:
    """The same number without zeros at its end, so that one number is always told in the same digits."""
    short = value.normalize()
    return short.quantize(Decimal(1)) if isinstance(power := short.as_tuple().exponent, int) and power > 0 else short


def numbers(told: Told, layout: Common, catalog: Catalog, variety: str = "") -> Numbers:
    """What the catalogue makes of a claim. Raises CatalogError where it does not bear it out."""
    for mistake in told.mistakes(told.measure, catalog, variety):
        raise CatalogError(f"{layout.home} › {mistake}")
    series = Series(told.variety or variety, told.measure, told.basis)
    unit = catalog.unit(series)
    factor = catalog.factor(told.unit or unit, unit)
    assert factor is not None
    weekly = catalog.measures[told.measure].frequency == "week"
    return Numbers(series, unit, factor, catalog.calendar(series), told.published or layout.published, weekly)
