"""Whole workbooks as the desk gets them from `report.read.blank`: clean, with faults planted, and timed."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from report.facts import Severity
from report.read import blank, codes
from tests.workbooks import CALENDARS, CATALOG, NAME, REPORT, read, told


def day_of(dice):
    """A day's workbook as a careful desk fills it, every number drawn by `dice`."""

    def price():
        return Decimal(dice.randint(1, 10**8)).scaleb(-dice.randint(0, 3))

    closes = {
        (one.exchange, one.product): {"合约": f"{v.code.upper()}2405", "收盘价": price(), "前收盘价": price()}
        | ({"成交量": dice.randint(1, 10**7), "持仓量": dice.randint(1, 10**7)} if one.volume_basis else {})
        for v, one in CATALOG.instruments
        if one.measure == "futures_close" and v.block
    }
    industry = {
        (v.name, entry.name): {"本期": price(), "上期": price()}
        for v, series, entry in CATALOG.inputs
        if not CATALOG.measures[series.measure].derived and CATALOG.measures[series.measure].frequency == "day"
    }
    views = {v.view.title: {"行情": f"走高 {price()}。", "展望": "观望。"} for v in CATALOG.views}
    return blank.write(REPORT, CATALOG, CALENDARS, closes=closes, industry=industry, views=views), industry


@pytest.mark.parametrize("seeds", [range(5), pytest.param(range(5, 100), marks=pytest.mark.soak)], ids=["5", "95"])
def test_clean_workbooks_raise_nothing_above_a_note_and_lose_no_number(tmp_path, seeds):
    path = tmp_path / NAME
    for seed in seeds:
        content, industry = day_of(random.Random(seed))
        path.write_bytes(content)
        reading = read(path)
        assert told(reading, Severity.WARNING) == []
        found = {fact.value for fact in reading.facts if "产业" in fact.source}
        assert {number for row in industry.values() for number in row.values()} <= found


def test_every_planted_fault_is_reported_at_its_cell(tmp_path):
    path = tmp_path / NAME
    path.write_bytes(day_of(random.Random(7))[0])
    book = load_workbook(path)
    dice, planted = random.Random(8), set()
    for name, columns in (("收盘", "DE"), ("产业", "DE")):
        for row in dice.sample(range(5, book[name].max_row), 12):
            cell = book[name][f"{dice.choice(columns)}{row}"]
            if cell.data_type == "n" and cell.value is not None:
                cell.value = dice.choice(["7250O", True, "12%x", date(2024, 3, 1), "1,2", "=1+1", "#N/A"])
                planted.add(f"{NAME} › {name} › {cell.coordinate}")
    book.save(path)
    assert planted
    assert {finding.where for finding in read(path).findings if finding.severity is Severity.ERROR} == planted


def test_a_code_means_one_thing():
    assert len({code.name for code in codes.ALL}) == len(codes.ALL)
