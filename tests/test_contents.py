"""Nothing of the house lacks its counterpart: an indicator its definition, a measure its formula, a check its test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from report import catalog as catalogs
from report import longform
from report.check import CHECKS
from report.derive import INDICATORS
from report.document import Block

DATA = catalogs.packaged("data")
CATALOG = catalogs.load([DATA])
TESTS = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(INDICATORS))
def test_an_indicator_has_a_definition_and_is_declared_derived(name: str) -> None:
    assert "=" in INDICATORS[name].definition
    assert CATALOG.measures[name].derived


def test_every_measure_declared_derived_has_a_function() -> None:
    assert {name for name, measure in CATALOG.measures.items() if measure.derived} == set(INDICATORS)


@pytest.mark.parametrize("name", sorted(INDICATORS))
def test_an_indicators_sheet_formula_uses_exactly_its_inputs(name: str) -> None:
    slots = re.findall(r"\{(\w+)\}", CATALOG.measures[name].excel)
    assert set(slots) == set(INDICATORS[name].inputs)


@pytest.mark.parametrize("name", sorted(INDICATORS))
def test_every_input_of_an_indicator_has_a_provider_where_it_is_used(name: str) -> None:
    owners = [variety for variety in CATALOG.varieties.values() if name in variety.series]
    assert owners, f"no variety uses {name}"
    for variety in owners:
        for parameter in INDICATORS[name].inputs:
            bound = variety.series[name].inputs.get(parameter, parameter)
            code, _, measure = bound.partition("_")
            own = {*variety.constants, *variety.series, *(i.measure for i in variety.instruments)}
            other = CATALOG.varieties.get(code)
            others = {*other.series, *(i.measure for i in other.instruments)} if other else set()
            assert bound.partition("@")[0] in own or measure in others, f"{variety.code}: {parameter}"


def test_every_code_of_a_check_is_told_in_a_test_of_its_own() -> None:
    tests = "".join(path.read_text(encoding="utf-8") for path in TESTS.glob("test_check*.py"))
    assert not [code for code in CHECKS if code not in tests]


def test_every_block_has_a_template_for_paper_and_one_for_plain_text() -> None:
    folder = catalogs.packaged("templates") / "blocks"
    assert longform.Exhibit in Block.__subclasses__()
    for block in Block.__subclasses__():
        assert (folder / f"{block.name}.html.j2").is_file(), block
        assert (folder / f"{block.name}.txt.j2").is_file(), block


def test_the_first_page_the_views_and_the_tables_are_the_models() -> None:
    titles = " ".join(v.view.title for v in CATALOG.views if v.view)
    assert titles == "宏观 贵金属 铜 铝 氧化铝 锌 铅 锡 碳酸锂 沪镍 工业硅 螺纹 铁矿"
    assert sum(instrument.closes is not None for _, instrument in CATALOG.instruments) == 22
    assert len(CATALOG.blocks) == 13
    assert sum(len(v.block.left) + len(v.block.right) for v in CATALOG.blocks if v.block) == 126


def test_a_proposal_is_always_possible() -> None:
    assert CATALOG.recommendations.rule[-1].when == ()
