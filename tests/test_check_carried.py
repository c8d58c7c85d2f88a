"""A stock against what the next day's file of the same source begins with."""

from __future__ import annotations

from report.check import CHECKS, carried
from report.facts import Series
from tests.days import BEFORE, LME_BEFORE, evidence, fact

PB = Series("pb", "lme_stock")
NEXT = fact(PB._replace(basis=carried.CARRIED), LME_BEFORE, "267850", source="metals-reports-2024-03-27.xls › x › C119")


def test_c407_a_stock_that_the_next_file_does_not_go_on_from_names_both_cells() -> None:
    stale = fact(PB, LME_BEFORE, "268050", source="2024-03-28/日报底稿.xlsx › 产业 › E9")
    (found,) = CHECKS["C407"](evidence(known=[stale, NEXT]))
    assert found.where == "2024-03-28/日报底稿.xlsx › 产业 › E9"
    assert "268050 for 2024-03-26, but metals-reports-2024-03-27.xls › x › C119 goes on from 267850" in found.message


def test_c407_is_quiet_where_they_agree_or_either_is_missing() -> None:
    assert not [*CHECKS["C407"](evidence(known=[fact(PB, LME_BEFORE, "267850.0"), NEXT]))]
    assert not [*CHECKS["C407"](evidence(known=[fact(PB, BEFORE, "272200"), NEXT]))]
    assert not [*CHECKS["C407"](evidence(known=[fact(PB, LME_BEFORE, None), NEXT]))]
