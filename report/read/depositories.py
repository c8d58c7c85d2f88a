"""The layout of a COMEX stock report: one metal a workbook, one block a depository, the totals at the foot.

    sheet = "Daily Metal Stocks Report"
    metal = "GOLD"                             the cell that says which metal it is …
    variety = "au"                             … and the variety that is here
    counted = "Troy Ounce"                     the cell that says the unit of the numbers
    day = "Activity Date:"                     what stands before the day the stocks are of: 3/31/2026
    [headings]                                 over the columns: the depository's name and the kinds of numbers
    name, previous, received, withdrawn, adjusted, today = …
    [totals]                                   the last lines of all; combined is registered and eligible
    registered, eligible, combined = …
    [parts]                                    the lines of one depository that make up the totals
    registered, eligible, combined = …
    [columns]                                  what is read of the combined total; unit: what `counted` is here
    "TOTAL TODAY" = { measure = "comex_stock", unit = "金衡盎司" }
    "PREV TOTAL" = { measure = "comex_stock", unit = "金衡盎司", basis = "次日期初", back = 1 }
    [ignored]                                  headings and lines that are not read, and why

Another metal is another TOML.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import Field

from report.catalog import Catalog
from report.entries import Entry
from report.read.layouts import Common
from report.read.told import Claim


class Headings(Entry):
    """What stands over the columns."""

    name: str
    previous: str
    received: str
    withdrawn: str
    adjusted: str
    today: str

    @property
    def numbers(self) -> tuple[str, ...]:
        """Those over numbers."""
        return (self.previous, self.received, self.withdrawn, self.adjusted, self.today)


class Lines(Entry):
    """What stands before three lines of numbers that belong together: combined is registered and eligible."""

    registered: str
    eligible: str
    combined: str

    @property
    def each(self) -> tuple[str, ...]:
        """The three, the combined one last."""
        return (self.registered, self.eligible, self.combined)


class Layout(Common):
    """The stock report of one metal."""

    sheet: str
    metal: str
    variety: str
    counted: str
    day: str
    headings: Headings
    totals: Lines
    parts: Lines
    columns: Mapping[str, Claim] = Field(min_length=1)

    def quarrels(self) -> Iterator[str]:
        """Claimed headings that are none of this report."""
        for heading in self.columns:
            if heading not in self.headings.numbers:
                yield f"columns.{heading}: expected one of {', '.join(self.headings.numbers)}"

    def mistakes(self, catalog: Catalog) -> Iterator[str]:
        """Varieties, measures and units the catalogue does not know."""
        for heading, claim in self.columns.items():
            yield from claim.mistakes(f"columns.{heading}", catalog, self.variety)
