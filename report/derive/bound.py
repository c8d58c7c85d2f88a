"""The numbers a note's text asks for: levels, changes, sums and shares of facts, each with the facts it comes from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from decimal import Decimal

from report.catalog import Catalog
from report.facts import PERIOD, Fact, Facts, Finding, Series, Severity
from report.manuscript import Expression, Figure, Quantity

SHARE = "%"
HUNDRED = Decimal(100)


def evaluate(
    figures: Iterable[Figure],
    series: Mapping[str, Series],
    facts: Facts,
    catalog: Catalog,
    unread: Collection[str] = (),
) -> tuple[dict[Expression, Fact], list[Finding]]:
    """The fact of every expression, in the unit it asks for; a finding for each place whose number is not known.

    A change between two days is of the basis 期间. unread: names told to be wrong already; what asks for them
    is passed over. D210: a name nobody bound. D211: no number on that day. D212: a unit that does not convert. D213: a
    division by 0.
    """
    found: dict[Expression, Fact] = {}
    findings = []
    for figure in figures:
        if any(quantity.name in unread for quantity in figure.expression.quantities):
            continue
        try:
            found[figure.expression] = _Evaluation(figure.expression, series, facts, catalog).fact()
        except _Unknown as error:
            findings.append(Finding(error.code, Severity.ERROR, figure.place, str(error)))
    return found, findings


class _Unknown(Exception):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Evaluation:
    def __init__(self, asked: Expression, series: Mapping[str, Series], facts: Facts, catalog: Catalog) -> None:
        self.asked, self.series, self.facts, self.catalog = asked, series, facts, catalog
        self.inputs: list[Fact] = []

    def fact(self) -> Fact:
        asked = self.asked
        value, unit = self._sum(asked.top)
        if asked.bottom:
            below, other = self._sum(asked.bottom)
            below *= self._factor(other, unit)
            if not below:
                raise _Unknown("D213", f"{{{{ {asked.text} }}}} divides by 0; choose other days")
            value, unit = value / below * HUNDRED, SHARE
        if asked.unit and asked.unit != unit:
            value, unit = value * self._factor(unit, asked.unit), asked.unit
        first = self.inputs[0]
        if len(self.inputs) == 1 and unit == first.unit:
            return first
        last = max(one.session for one in self.inputs)
        moved = not asked.bottom and all(one.since for one in asked.quantities)
        return Fact(
            *(first.variety, first.measure, last, value, unit, PERIOD if moved else ""),
            source=f"= {asked.text}",
            inputs=tuple(self.inputs),
        )

    def _sum(self, terms: tuple[tuple[int, Quantity], ...]) -> tuple[Decimal, str]:
        total, unit = Decimal(0), ""
        for sign, quantity in terms:
            now = self._level(quantity, earlier=False)
            value = now.value or Decimal(0)
            if quantity.since is not None:
                value -= self._level(quantity, earlier=True).value or Decimal(0)
            unit = unit or now.unit
            total += sign * value * self._factor(now.unit, unit)
        return total, unit

    def _level(self, quantity: Quantity, earlier: bool) -> Fact:
        day = quantity.since if earlier and quantity.since else quantity.day
        series = self.series.get(quantity.name)
        if series is None:
            names = "、".join(self.series) or "none"
            told = f"'{quantity.name}' is bound to nothing and no measure of the catalogue; the names are {names}"
            raise _Unknown("D210", f"{told}; add [bound.{quantity.name}] to the front page, or mend the name")
        fact = self.facts.get(series, day)
        if fact is None or fact.value is None:
            run = self.facts.run(series, day, 1)
            near = f"the last one before it is of {run[0].session}" if run else "and none before it"
            told = f"no number of {quantity.name} on {day} ({near})"
            raise _Unknown("D211", f"{told}; mend the day, or take the number in")
        self.inputs.append(fact)
        return fact

    def _factor(self, unit: str, into: str) -> Decimal:
        factor = self.catalog.factor(unit, into)
        if factor is None:
            told = f"{{{{ {self.asked.text} }}}}: {unit or 'no unit'} does not convert into {into or 'no unit'}"
            raise _Unknown("D212", f"{told}; mend the unit, or declare the conversion in data/units.toml")
        return factor
