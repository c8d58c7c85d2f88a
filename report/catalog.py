"""What data/**/*.toml says, checked key by key: varieties, instruments, measures, units, words, settings.

Files are looked for in several folders; the first folder that has a file of that name wins, so a desk's workspace
overrides a packaged file by putting one of the same name in its own data/. Every mistake of every file is reported.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from report.entries import (
    Entry,
    Instrument,
    Measure,
    Recommendation,
    RecommendationsFile,
    SentencesFile,
    SeriesEntry,
    Settings,
    UnitsFile,
    Variety,
    WordsFile,
    mistake,
)
from report.errors import CatalogError, nearest
from report.facts import Series

File = TypeVar("File", bound=Entry)


@dataclass(frozen=True)
class Catalog:
    """Everything data/ declares. Built by `load`."""

    measures: Mapping[str, Measure]
    varieties: Mapping[str, Variety]
    recommendations: RecommendationsFile
    words: WordsFile
    sentences: Mapping[str, tuple[str, ...]]
    units: UnitsFile
    settings: Settings
    folders: tuple[Path, ...]
    _entries: dict[Series, SeriesEntry] = field(default_factory=dict, init=False, repr=False, compare=False)

    @cached_property
    def views(self) -> tuple[Variety, ...]:
        """Varieties with a view block, in print order."""
        return tuple(
            sorted((v for v in self.varieties.values() if v.view), key=lambda v: v.view.order if v.view else 0)
        )

    @cached_property
    def blocks(self) -> tuple[Variety, ...]:
        """Varieties with a block of 产业数据透视, in print order."""
        shown = [variety for variety in self.varieties.values() if variety.block]
        return tuple(sorted(shown, key=lambda variety: variety.block.order if variety.block else 0))

    @cached_property
    def instruments(self) -> tuple[tuple[Variety, Instrument], ...]:
        """Every instrument with its variety: those of Table 1 in its order, then the others."""
        pairs = [(variety, instrument) for variety in self.varieties.values() for instrument in variety.instruments]
        return tuple(sorted(pairs, key=lambda pair: (pair[1].closes is None, pair[1].closes or 0)))

    @cached_property
    def inputs(self) -> tuple[tuple[Variety, Series, SeriesEntry], ...]:
        """What the 产业 sheet asks for: every indicator of every variety, derived ones included, in block order."""
        ordered = sorted(self.varieties.values(), key=lambda v: v.block.order if v.block else 10_000)
        return tuple((v, self.series(v, name), entry) for v in ordered for name, entry in v.series.items())

    @cached_property
    def _names(self) -> dict[str, Variety]:
        names: dict[str, Variety] = {}
        for variety in self.varieties.values():
            titles = (variety.view.title,) if variety.view else ()
            for name in (variety.code, variety.name, *variety.aliases, *titles):
                names[name] = variety
        return names

    def named(self, name: str) -> Variety | None:
        """The variety of that code, name, alias or view title, or None."""
        return self._names.get(name)

    def series(self, variety: Variety, reference: str) -> Series:
        """The series a reference means: 'lme_stock', 'futures_close@连三' or 'ag.futures_close'.

        Without '@' the basis is that of the variety's first instrument with the measure, '' where it has none.
        """
        body, _, basis = reference.partition("@")
        code, dot, measure = body.rpartition(".")
        owner = self.varieties[code] if dot else variety
        if not basis:
            basis = next((i.basis for i in owner.instruments if i.measure == measure), "")
        return Series(owner.code, measure, basis)

    def instrument(self, series: Series) -> Instrument | None:
        """The instrument whose close the series is, or None."""
        for instrument in self.varieties[series.variety].instruments:
            if (instrument.measure, instrument.basis) == (series.measure, series.basis):
                return instrument
        return None

    def entry(self, series: Series) -> SeriesEntry:
        """How the series is named, told and printed, for indicators and instruments alike."""
        if series not in self._entries:
            self._entries[series] = self._entry(series)
        return self._entries[series]

    def _entry(self, series: Series) -> SeriesEntry:
        instrument = self.instrument(series)
        if instrument is not None:
            return SeriesEntry(name=instrument.name, unit=instrument.unit, decimals=instrument.decimals)
        found = self.varieties[series.variety].series.get(series.measure)
        return found or SeriesEntry(name=self.measures[series.measure].name)

    def unit(self, series: Series) -> str:
        """The house's unit of the series."""
        return self.entry(series).unit or self.measures[series.measure].unit

    def decimals(self, series: Series) -> int:
        """The places its numbers are printed with."""
        own = self.entry(series).decimals
        return self.measures[series.measure].decimals if own is None else own

    def calendar(self, series: Series) -> str:
        """The exchange whose sessions the series follows."""
        instrument = self.instrument(series)
        if instrument is not None:
            return instrument.exchange
        return self.measures[series.measure].calendar or self.varieties[series.variety].exchange or "SHFE"

    def factor(self, unit: str, into: str) -> Decimal | None:
        """How many `into` one `unit` is, or None where no conversion is declared."""
        unit, into = self.units.aliases.get(unit, unit), self.units.aliases.get(into, into)
        if unit == into:
            return Decimal(1)
        for one in self.units.conversion:
            if (one.unit, one.into) == (unit, into):
                return one.factor
            if (one.into, one.unit) == (unit, into):
                return 1 / one.factor
        return None

    def recommendation(self, name: str) -> Recommendation | None:
        """The vocabulary's entry of that name or alias, or None."""
        for entry in self.recommendations.recommendation:
            if name == entry.name or name in entry.aliases:
                return entry
        return None


def packaged(name: str) -> Path:
    """The folder of that name ('data', 'templates') that travels with the package."""
    here = Path(__file__).parent
    inside = here / name
    return inside if inside.is_dir() else here.parent / name


def files(folders: Sequence[Path], pattern: str) -> dict[str, Path]:
    """Relative name -> path of every file that matches; an earlier folder's file hides a later one's."""
    found: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.glob(pattern)):
            found.setdefault(path.relative_to(folder).as_posix(), path)
    return dict(sorted(found.items()))


def load(folders: Sequence[Path]) -> Catalog:
    """Read the catalogue from data folders, most particular first.

    Raises CatalogError with every mistake of every file: `file › key: what is wrong`.
    """
    return _Loader(folders).catalog()


def entry(folders: Sequence[Path], name: str, model: type[File], where: str = "data/") -> File:
    """One file beside the catalogue, checked against its model; where: what is said before its name.

    Raises CatalogError with all its mistakes.
    """
    loader = _Loader(folders, where)
    found = loader._file(name, model)
    if found is None:
        raise CatalogError("\n".join(loader.mistakes))
    return found


class _Loader:
    def __init__(self, folders: Sequence[Path], where: str = "data/") -> None:
        self.folders = tuple(folders)
        self.where = where
        self.mistakes: list[str] = []

    def catalog(self) -> Catalog:
        varieties = self._varieties()
        words = self._file("words.toml", WordsFile)
        sentences = self._file("sentences.toml", SentencesFile)
        units = self._file("units.toml", UnitsFile)
        settings = self._file("settings.toml", Settings)
        advice = self._file("recommendations.toml", RecommendationsFile)
        measures = self._measures()
        if self.mistakes or not (words and sentences and units and settings and advice):
            raise CatalogError("\n".join(self.mistakes))
        catalog = Catalog(measures, varieties, advice, words, sentences.sentence, units, settings, self.folders)
        self.mistakes += cross_check(catalog)
        if self.mistakes:
            raise CatalogError("\n".join(self.mistakes))
        return catalog

    def _varieties(self) -> dict[str, Variety]:
        varieties: dict[str, Variety] = {}
        for name in files(self.folders, "varieties/*.toml"):
            variety = self._file(name, Variety)
            if variety is not None and varieties.setdefault(variety.code, variety) is not variety:
                self.mistakes.append(f"data/{name} › code: '{variety.code}' is taken by another file; give it its own")
        return varieties

    def _measures(self) -> dict[str, Measure]:
        raw = self._read("measures.toml") or {}
        checked = {name: self._check(f"measures.toml › {name}", Measure, value) for name, value in raw.items()}
        return {name: measure for name, measure in checked.items() if measure is not None}

    def _file(self, name: str, model: type[File]) -> File | None:
        raw = self._read(name)
        return None if raw is None else self._check(name, model, raw)

    def _read(self, name: str) -> dict[str, Any] | None:
        try:
            path = next((folder / name for folder in self.folders if (folder / name).is_file()), None)
            if path is None:
                self.mistakes.append(f"{self.where}{name}: not found in {', '.join(map(str, self.folders))}")
                return None
            return tomllib.loads(path.read_text(encoding="utf-8-sig"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self.mistakes.append(f"{self.where}{name}: not readable as TOML: {error}")
        except OSError as error:
            self.mistakes.append(f"{error.filename}: cannot be read: {error.strerror}; see who may read it")
        return None

    def _check(self, name: str, model: type[File], raw: object) -> File | None:
        try:
            return model.model_validate(raw)
        except ValidationError as error:
            for item in error.errors():
                key = ".".join(map(str, item["loc"])) or "(file)"
                self.mistakes.append(f"{self.where}{name} › {key}: {mistake(item, model)}")
            return None


def cross_check(catalog: Catalog) -> Iterator[str]:
    """Mistakes that only show when files are held against one another, as messages."""
    for variety in catalog.varieties.values():
        where = f"data/varieties/{variety.code}.toml"
        for place, reference in _references(variety):
            code, dot, measure = reference.partition("@")[0].rpartition(".")
            if dot and code not in catalog.varieties:
                near = nearest(code, catalog.varieties)
                yield f"{where} › {place}: '{reference}' names the unknown variety '{code}' ({near})"
            elif measure not in catalog.measures:
                unknown = f"'{reference}' names the unknown measure '{measure}' ({nearest(measure, catalog.measures)})"
                yield f"{where} › {place}: {unknown}; declare it in data/measures.toml"
        for place, sentence in _sentences(variety):
            if sentence not in catalog.sentences:
                near = nearest(sentence, catalog.sentences)
                yield f"{where} › {place}: '{sentence}' is no sentence of data/sentences.toml ({near})"
    for name, declared in catalog.measures.items():
        if declared.words and declared.words not in catalog.words.directions:
            near = nearest(declared.words, catalog.words.directions)
            unknown = f"'{declared.words}' is not in data/words.toml › directions ({near})"
            yield f"data/measures.toml › {name}.words: {unknown}"
    for rule in catalog.recommendations.rule:
        if catalog.recommendation(rule.propose) is None:
            near = nearest(rule.propose, [one.name for one in catalog.recommendations.recommendation])
            unknown = f"'{rule.propose}' is not in the vocabulary ({near})"
            yield f"data/recommendations.toml › rule '{rule.name}': {unknown}"


def _sentences(variety: Variety) -> Iterator[tuple[str, str]]:
    if variety.view:
        yield from (("view.draft", name) for name in variety.view.draft)
        panel = variety.view.liquidity
        yield from (("view.liquidity.draft", name) for name in (panel.draft if panel else ()))


def _references(variety: Variety) -> Iterator[tuple[str, str]]:
    for name, entry in variety.series.items():
        yield f"series.{name}", name
        yield from ((f"series.{name}.inputs", reference) for reference in entry.inputs.values())
    for instrument in variety.instruments:
        yield f"instruments.{instrument.label}.measure", instrument.measure
    if variety.block:
        yield from (("block.left", reference) for reference in variety.block.left)
        yield from (("block.right", reference) for reference in variety.block.right)
    if variety.view:
        yield from ((f"view.signals.{name}", reference) for name, reference in variety.view.signals.items())
        if chart := variety.view.chart:
            yield "view.chart.price", chart.price
            yield from (("view.chart.second", reference) for reference in (chart.second,) if reference)
