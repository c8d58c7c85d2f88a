"""A stock against what the next day's file of the same source begins with."""

from __future__ import annotations

from pathlib import Path

from report.check import CHECKS, carried
from report.facts import Series
from tests.days import BEFORE, LME_BEFORE, evidence, fact
from tests.received import as_json, read

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


def receipts(folder: Path, day: str, before: int, today: int) -> Path:
    row = {"variety": "工业硅小计", "varietyOrder": "si", "whAbbr": "", "genDate": day}
    row |= {"lastWbillQty": before, "wbillQty": today, "diff": today - before}
    one = row | {"variety": "工业硅", "whAbbr": "建发上海"}
    return as_json(folder / f"wbill_{day}.json", {"data": [one, row]})


def test_c407_holds_the_receipts_of_two_days_files_against_one_another(tmp_path: Path) -> None:
    days = [receipts(tmp_path, "20240327", 60_000, 62_000), receipts(tmp_path, "20240328", 61_000, 62_238)]
    (found,) = CHECKS["C407"](evidence(known=[fact for path in days for fact in read(path).facts]))
    assert found.where == "wbill_20240327.json › row 2 › wbillQty"
    assert "62000 for 2024-03-27, but wbill_20240328.json › row 2 › lastWbillQty goes on from 61000" in found.message
