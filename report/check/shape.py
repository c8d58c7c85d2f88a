"""C3xx: is everything there that the report prints, and told the way the catalogue says?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from report.check.evidence import Evidence
from report.facts import Fact, Finding, Series, Severity

CLOSES, INDUSTRY, VIEWS = "收盘", "产业", "观点"
WORDS = {"headline": "标题", "outlook": "展望", "analyst": "分析师"}


def missing_number(evidence: Evidence) -> Iterator[Finding]:
    """A number that is printed as a dash: WARNING, with the cell that was empty where there is one.

    Where its sheet was refused nobody knows whether it is missing, and the ERROR about the sheet says enough.
    """
    for series in _printed(evidence):
        standing = evidence.day.standings[series]
        derived = evidence.catalog.measures[series.measure].derived
        for fact, session, what in (
            (standing.today, standing.session, "this session's"),
            (standing.previous, standing.previous_session, "the previous session's"),
        ):
            where = _where(evidence, series, session) if fact is None and not derived else ""
            if where:
                name = evidence.catalog.varieties[series.variety].name, evidence.catalog.entry(series).name
                sheet = where.endswith((f" › {CLOSES}", f" › {INDUSTRY}"))
                lost = f"no row for {name[0]} {name[1]}" if sheet else f"{name[0]} {name[1]}"
                message = f"{lost}: {what} number ({session}) is missing and prints as —; type it if it is known"
                yield Finding("C301", Severity.WARNING, where, message)


def _printed(evidence: Evidence) -> list[Series]:
    catalog = evidence.catalog
    closes = [Series(v.code, i.measure, i.basis) for v, i in catalog.instruments if i.closes or i.overview]
    rows = [catalog.series(v, name) for v in catalog.blocks if v.block for name in (*v.block.left, *v.block.right)]
    return list(dict.fromkeys((*closes, *rows)))


def _where(evidence: Evidence, series: Series, session: date) -> str:
    """The cell that was there and empty, else the series; '' where its sheet was refused."""
    for fact in evidence.typed:
        same = (fact.variety, fact.measure, fact.session) == (series.variety, series.measure, session)
        if same and fact.value is None and (fact.contract or fact.basis == series.basis):
            return fact.source
    sheet = CLOSES if evidence.catalog.instrument(series) else INDUSTRY
    return "" if sheet in evidence.refused else str(series)


def missing_words(evidence: Evidence) -> Iterator[Finding]:
    """A view without headline, outlook or analyst: WARNING."""
    for variety in evidence.catalog.views:
        view = evidence.views.get(variety.code)
        title = variety.view.title if variety.view else variety.name
        if f"{VIEWS} › {title}" in evidence.refused or (view is None and VIEWS in evidence.refused):
            continue
        if view is None:
            message = f"观点 has no row for {title}; add it to one of the day's workbooks"
            yield Finding("C302", Severity.WARNING, f"观点 › {title}", message)
            continue
        empty = [words for name, words in WORDS.items() if getattr(view, name) is None]
        if empty:
            message = f"{'、'.join(empty)} left empty; type it in sheet 观点, row {title}"
            yield Finding("C302", Severity.WARNING, f"观点 › {title}", message)


def volume_basis(evidence: Evidence) -> Iterator[Finding]:
    """Volume or open interest on another basis (全合约, 主力) than the catalogue's: WARNING; it is not printed."""
    expected = {v.code: i.volume_basis for v, i in evidence.catalog.instruments if i.volume_basis}
    for fact in evidence.typed:
        if _is_turnover(fact) and fact.value is not None and fact.basis != expected.get(fact.variety, fact.basis):
            path = f"data/varieties/{fact.variety}.toml"
            message = (
                f"口径 is {fact.basis} where {path} says {expected[fact.variety]}; "
                f"type the figure of {expected[fact.variety]}, or change volume_basis there"
            )
            yield Finding("C303", Severity.WARNING, fact.source, message)


def negative(evidence: Evidence) -> Iterator[Finding]:
    """Volume, open interest or a stock below zero: ERROR. Where 0 cannot be either, C403 says so."""
    for fact in evidence.typed:
        counted = _is_turnover(fact) or (fact.measure.endswith("_stock") and fact.measure != "lme_stock")
        if counted and fact.value is not None and fact.value < 0:
            message = f"{fact.value} is below zero, which cannot be; type the number again in that cell"
            yield Finding("C304", Severity.ERROR, fact.source, message)


def _is_turnover(fact: Fact) -> bool:
    return fact.measure in ("trading_volume", "open_interest")
