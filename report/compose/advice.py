"""操作建议: the analyst's word from the vocabulary, or, where it was left empty, one proposed from declared rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from report.catalog import Catalog
from report.document import Advice
from report.entries import Condition, Rule, Variety
from report.facts import Day, Fact, View

SIGNAL_WORDS = {"trend_ratio": "收盘价相对近期均值", "stock_trend_ratio": "库存变化", "premium_ratio": "现货升贴水率"}


def advise(variety: Variety, view: View | None, last: View | None, day: Day, catalog: Catalog) -> Advice | None:
    """The advice of one view; None for a view without any market of its own (宏观) that was given none.

    A word outside the vocabulary is printed as written, with the stance 中性; `check` reports it.
    """
    analyst = view.analyst.text if view and view.analyst else ""
    advice: Advice | None = None
    if view is not None and view.recommendation is not None:
        advice = _spoken(view.recommendation.text, analyst, catalog)
    elif variety.view and variety.view.signals:
        advice = _proposed(day.signals.get(variety.code, {}), catalog)
    return _compared(advice, last, catalog) if advice else None


def _spoken(word: str, analyst: str, catalog: Catalog) -> Advice:
    entry = catalog.recommendation(word)
    if entry is None:
        return Advice(word, "中性", analyst=analyst)
    return Advice(entry.name, entry.stance, analyst=analyst, entry=entry.entry, audience=entry.audience)


def _proposed(signals: Mapping[str, Fact], catalog: Catalog) -> Advice | None:
    rule = next((rule for rule in catalog.recommendations.rule if _applies(rule, signals)), None)
    if rule is None:
        return None
    reasons = (f"规则「{rule.name}」", *(_reason(name, fact) for name, fact in signals.items()))
    return replace(_spoken(rule.propose, "", catalog), proposed=True, reasons=reasons)


def _applies(rule: Rule, signals: Mapping[str, Fact]) -> bool:
    return all(_holds(condition, signals.get(condition.signal)) for condition in rule.when)


def _holds(condition: Condition, fact: Fact | None) -> bool:
    if fact is None or fact.value is None:
        return False
    above = condition.above is None or fact.value > condition.above
    return above and (condition.below is None or fact.value < condition.below)


def _reason(name: str, fact: Fact) -> str:
    percent = (fact.value or Decimal(0)) * 100
    return f"{SIGNAL_WORDS[name]} {percent:+.1f}%".replace("-", "−")


def _compared(advice: Advice, last: View | None, catalog: Catalog) -> Advice:
    word = last.recommendation.text if last and last.recommendation else ""
    if not word:
        return replace(advice, change="新")
    entry = catalog.recommendation(word)
    before = entry.stance if entry else "中性"
    return advice if before == advice.stance else replace(advice, change="转", before=before)
