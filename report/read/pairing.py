"""Where the form finds the previous numbers of an indicator over several exchanges: those the last report knew.

After a holiday abroad they are not the cells beside one another: the foreign number of the last report is still the
newest, or it is older than both cells. As in `report.derive`, nothing is paired that no report printed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from report.catalog import Catalog
from report.facts import Facts, Series
from report.read import formula
from report.read.formula import Place
from report.sessions import HOME, Calendars


def places(
    report_date: date,
    catalog: Catalog,
    calendars: Calendars,
    facts: Facts,
    series: Series,
    known: Mapping[Series, Place],
) -> Mapping[Series, Place] | None:
    """The places of the workbook with what goes as previous there; None where one of the numbers is not known.

    A number in none of the workbook's cells stands in its place itself.
    """
    inputs = formula.inputs(catalog, series)
    if len({catalog.calendar(one) for one in inputs}) < 2:
        return known
    found, last = dict(known), calendars.previous(HOME, report_date)
    for one in inputs:
        exchange, behind = catalog.calendar(one), catalog.measures[one.measure].behind
        now, asked = (calendars.previous(exchange, day, 1 + behind) for day in (report_date, last))
        if one not in known or asked == calendars.previous(exchange, now):
            continue
        before = known[one].now if asked == now else _number(facts, catalog, one, asked, known[one].unit)
        if not before:
            return None
        found[one] = Place(known[one].now, before, known[one].unit)
    return found


def _number(facts: Facts, catalog: Catalog, series: Series, session: date, unit: str) -> str:
    """The number of that session in that unit; '' where it is not known, or is one contract's."""
    fact, factor = facts.get(series, session), catalog.factor(catalog.unit(series), unit)
    if fact is None or fact.value is None or fact.contract or factor is None:
        return ""
    return f"({fact.value * factor:f})"
