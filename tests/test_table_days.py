"""Right mornings raise nothing, and a wrong number in a right report is found."""

from __future__ import annotations

import pytest

from tests import table_days, table_mutations
from tests.table_days import KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_right_mornings_raise_nothing_above_a_note(kind: str) -> None:
    for day in table_days.mornings()[-8:]:
        assert not [str(finding) for finding in table_days.said(table_days.morning(day, kind))], day


@pytest.mark.soak
@pytest.mark.parametrize("kind", KINDS)
def test_every_morning_of_the_quarter_raises_nothing_above_a_note(kind: str) -> None:
    days = table_days.mornings()
    assert len(days) >= 40
    assert not [str(finding) for day in days for finding in table_days.said(table_days.morning(day, kind))]


@pytest.mark.parametrize(("kind", "least"), [("form", 0.80), ("printed", 0.94)])
@pytest.mark.parametrize("count", [60, pytest.param(2000, marks=pytest.mark.soak)])
def test_a_spoilt_number_is_found_where_another_number_knows_of_it(kind: str, least: float, count: int) -> None:
    made, hit, missed = table_mutations.run(kind, count)
    assert hit.total() >= least * count, missed
    assert hit["sign"] >= 0.97 * made["sign"]


def test_the_right_report_is_quiet_but_for_what_is_true_of_it() -> None:
    told = {
        finding.code
        for kind in table_mutations.KINDS
        for finding in table_mutations.quiet(kind)
        if finding.severity > 1
    }
    assert told <= {"C405"}  # iron ore rolled that day
