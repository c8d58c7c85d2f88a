"""What the names of a note's expressions stand for: [bound.NAME] of its front page, or a measure of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time

from report.catalog import Catalog
from report.entries import Measure
from report.facts import Fact, Finding, Series
from report.frontpage import FRONT, Bound, FrontPage
from report.manuscript import Exhibit, Figure
from report.read import codes
from report.read.columns import Shelf
from report.read.front import line_of
from report.read.words import folded, nearest


@dataclass
class Bindings:
    """The names of one note. series: what each stands for; unread: those that were told to be wrong already."""

    front: FrontPage
    lines: Sequence[str]
    shelf: Shelf
    catalog: Catalog
    findings: list[Finding]
    series: dict[str, Series] = field(default_factory=dict)
    unread: set[str] = field(default_factory=set)

    def facts(self) -> Iterator[Fact]:
        """The numbers of every bound name that has a column; `series` says what each name stands for."""
        for name, bound in self.front.bound.items():
            place = f"{FRONT} › line {line_of(('bound', name), self.lines)}"
            if bound.measure and (
                bound.measure not in self.catalog.measures or bound.variety not in self.catalog.varieties
            ):
                near = nearest(bound.measure, self.catalog.measures)
                message = f"'{bound.variety}.{bound.measure}' is no series of the catalogue ({near}); mend 'measure'"
                self._refuse(name, codes.NO_DATA.at(place, message))
                continue
            series = (
                Series(bound.variety, bound.measure, bound.basis) if bound.measure else Series("", f"note.{name}", "")
            )
            self.series[name] = series
            if bound.sheet:
                yield from self._column(name, bound, series, place)
            elif not bound.measure:
                message = f"{name} has neither 'sheet' and 'column' nor a 'measure'; say where its numbers stand"
                self._refuse(name, codes.NO_DATA.at(place, message))

    def name(self, figures: Iterable[Figure]) -> None:
        """Let a name that nobody bound stand for the measure of the note's variety that is called so, if one is."""
        called = {folded(word): key for key, one in self.catalog.measures.items() for word in (key, *_called(one))}
        for figure in figures:
            for quantity in figure.expression.quantities:
                measure = called.get(folded(quantity.name))
                if measure and quantity.name not in self.front.bound and self.front.variety in self.catalog.varieties:
                    variety = self.catalog.varieties[self.front.variety]
                    self.series[quantity.name] = self.catalog.series(variety, measure)

    def _column(self, name: str, bound: Bound, series: Series, place: str) -> Iterator[Fact]:
        house = self.catalog.unit(series) if bound.measure else bound.unit
        factor = self.catalog.factor(bound.unit or house, house)
        if factor is None:
            message = f"{bound.unit} does not convert into {house}; mend 'unit', or declare it in data/units.toml"
            self._refuse(name, codes.NO_CONVERSION.at(place, message))
            return
        known = datetime.combine(self.front.date, time(), UTC)
        cells = self.shelf.cells(bound.sheet, "", bound.column, place)
        if cells is None:
            self.unread.add(name)
            return
        for session, value, cell in cells:
            scaled = None if value is None else value * factor
            yield Fact(series.variety, series.measure, session, scaled, house, series.basis, "", known, cell)

    def _refuse(self, name: str, finding: Finding) -> None:
        self.findings.append(finding)
        self.unread.add(name)


def _called(measure: Measure) -> tuple[str, ...]:
    return (measure.name, *measure.also)


def to_come(front: FrontPage, figures: Iterable[Figure], exhibits: Iterable[Exhibit]) -> Iterator[Finding]:
    """Numbers of days after the note's own date, in its text and in its charts."""
    for figure in figures:
        late = max((one.day for one in figure.expression.quantities), default=front.date)
        if late > front.date:
            yield _late(figure.place, f"{{{{ {figure.expression.text} }}}}", f"{late}", front)
    for exhibit in exhibits:
        days = [day for column in exhibit.columns[1:] for day, _ in exhibit.points(column)]
        if days and max(days) > front.date:
            yield _late(exhibit.place, exhibit.entry.title, f"{max(days)}", front)


def _late(place: str, what: str, day: str, front: FrontPage) -> Finding:
    told = f"{what} tells of {day}, which is still to come on {front.date}, the date of the note"
    return codes.TO_COME.at(place, f"{told}; mend 'date' of {FRONT} or the day, or set 'until'")
