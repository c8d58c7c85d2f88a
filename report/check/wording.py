"""C7xx: the words of the views."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from report.check.evidence import Evidence
from report.facts import Finding, Severity


def outside_vocabulary(evidence: Evidence) -> Iterator[Finding]:
    """A 操作建议 that data/recommendations.toml does not know: ERROR."""
    names = [entry.name for entry in evidence.catalog.recommendations.recommendation]
    for view in evidence.views.values():
        word = view.recommendation
        if word is None or evidence.catalog.recommendation(word.text):
            continue
        near = get_close_matches(word.text, names, 3, 0.3) or names
        message = (
            f"'{word.text}' is not in the vocabulary (did you mean {'、'.join(near)}?); "
            "choose from the drop-down, or add it to data/recommendations.toml"
        )
        yield Finding("C701", Severity.ERROR, word.source, message)


def unconfirmed(evidence: Evidence) -> Iterator[Finding]:
    """A view whose 操作建议 was left empty: the report proposes one, which somebody has to confirm: WARNING."""
    for variety in evidence.catalog.views:
        view = evidence.views.get(variety.code)
        if variety.view is None or f"观点 › {variety.view.title}" in evidence.refused:
            continue
        if view is None and "观点" in evidence.refused:
            continue
        if variety.view.signals and (view is None or view.recommendation is None):
            proposed = evidence.proposed.get(variety.code)
            printed = f"the report prints the 系统建议 '{proposed}'" if proposed else "the report gives no advice"
            message = f"操作建议 left empty: {printed}; confirm it by choosing one from the drop-down"
            yield Finding("C702", Severity.WARNING, f"观点 › {variety.view.title}", message)
