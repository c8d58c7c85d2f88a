"""The panel of dollar liquidity in the 宏观 view: on the sample's figures, and where they are not there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from report import lookback, pipeline
from report.compose import KINDS
from report.derive.derivation import derive
from report.document import Chart, Figures, Number, Prose, Section
from report.facts import Day, Facts, Finding, Severity
from report.workspace import Workspace
from tests.days import CALENDARS, CATALOG
from tests.test_compose import told

REPORT = date(2024, 3, 29)


@pytest.fixture(scope="module")
def known(sample_workspace: Path) -> Iterator[Facts]:
    house = pipeline.open_house(Workspace(sample_workspace))
    yield lookback.standing_on(house.history, house.catalog, REPORT, anew=True)
    house.history.close()


def macro(facts: Facts, report: date = REPORT) -> tuple[Section, Day, list[Finding]]:
    day, findings = derive(facts, CATALOG, CALENDARS, report)
    document = KINDS["daily"](day, {}, {}, CATALOG)
    return next(one for one in document.sections if one.anchor == "view-macro"), day, findings


def printed(row) -> list[str]:
    return [one if isinstance(one, str) else "—" if one.value is None else f"{one.value:.1f}" for one in row]


def test_the_panel_tells_levels_changes_and_the_share_absorbed(known) -> None:
    section, _, findings = macro(known)
    table = next(one for one in section.blocks if isinstance(one, Figures))
    assert [one.heading for one in table.columns] == [
        *("美元流动性", "隔夜逆回购", "准备金（周均）", "财政部一般账户", "所持证券", "承接份额/%"),
    ]
    assert [printed(row) for row in table.rows] == [
        ["3月27日，亿美元", "5183.6", "34961.2", "7722.6", "70065.2", ""],
        ["较3月20日", "221.1", "-573.0", "-403.4", "-139.1", ""],
        ["较12月27日", "-3005.1", "496.6", "592.0", "-2158.0", "139.3"],
    ]
    assert not [one for one in findings if one.code == "D202"]


def test_every_number_of_the_panel_comes_down_to_cells(known) -> None:
    section, _, _ = macro(known)
    table = next(one for one in section.blocks if isinstance(one, Figures))
    prose = [one for one in section.blocks if isinstance(one, Prose)][-1]
    numbers = [one for row in (*table.rows, prose.spans) for one in row if isinstance(one, Number)]
    assert len(numbers) == 22
    for one in numbers:
        assert one.fact is not None
        assert all(cell.startswith(("美联储资产负债.xlsx › ", "隔夜逆回购.xlsx › ")) for cell in one.fact.cells())


def test_the_sentences_are_drafted_from_the_same_facts(known) -> None:
    section, _, _ = macro(known)
    prose = [one for one in section.blocks if isinstance(one, Prose)][-1]
    assert told(prose.spans) == (
        "截至3月27日，美联储隔夜逆回购 5184亿美元，较前一周增加 221亿美元。银行准备金 34961亿美元，减少 573亿美元。"
        "财政部一般账户 7723亿美元，减少 403亿美元。"
        "12月27日以来美联储所持证券减少 2158亿美元，隔夜逆回购同期减少 3005亿美元，为前者的 139.3%。"
    )


def test_the_picture_shows_on_rrp_by_day_and_reserves_by_week_with_words_for_those_who_cannot_see_it(known) -> None:
    section, _, _ = macro(known)
    picture = next(one for one in section.blocks if isinstance(one, Chart))
    on_rrp, reserves = picture.lines
    assert (len(on_rrp.points), len(reserves.points)) == (63, 14)
    assert on_rrp.points[-1] == (date(2024, 3, 27), 5183.57)
    assert "隔夜逆回购 最低 4,139，最高 10,185，最新 5,184" in picture.alt
    assert "联储" in picture.source


def test_a_wednesday_is_told_from_friday_on_for_it_is_published_on_thursday_after_the_close(known) -> None:
    thursday, friday = (macro(known, date(2024, 3, day))[0].blocks for day in (28, 29))
    days = [next(one for one in blocks if isinstance(one, Figures)).rows[0][0] for blocks in (thursday, friday)]
    assert days == ["3月20日，亿美元", "3月27日，亿美元"]


def test_without_the_first_day_of_its_weeks_the_panel_tells_the_week(known) -> None:
    section, _, findings = macro(Facts(one for one in known if one.session != date(2023, 12, 27)))
    table = next(one for one in section.blocks if isinstance(one, Figures))
    assert [row[0] for row in table.rows] == ["3月27日，亿美元", "较3月20日"]
    prose = [one for one in section.blocks if isinstance(one, Prose)][-1]
    assert told(prose.spans).endswith("财政部一般账户 7723亿美元，减少 403亿美元。")
    assert not [one for one in findings if one.code == "D202"]


def test_without_the_feds_numbers_there_is_no_panel_and_a_note(known) -> None:
    section, day, findings = macro(Facts(one for one in known if one.measure != "treasury_general_account"))
    assert section.blocks == ()
    assert not [one for one in day.standings if one.measure == "securities_held"]
    (note,) = [one for one in findings if one.code == "D202"]
    assert note.severity is Severity.NOTE
    assert str(note).startswith("宏观: no 美元流动性 panel: ")


def test_weeks_in_which_securities_grew_have_no_share_and_their_sentence_none_either(known) -> None:
    more = [
        replace(one, value=one.value + 3000)
        if (one.measure, one.session) == ("mbs_holdings", date(2024, 3, 27)) and one.value is not None
        else one
        for one in known
    ]
    section, _, _ = macro(Facts(more))
    table = next(one for one in section.blocks if isinstance(one, Figures))
    assert printed(table.rows[2])[-2:] == ["842.0", "—"]
    prose = [one for one in section.blocks if isinstance(one, Prose)][-1]
    assert told(prose.spans).endswith("所持证券增加 842亿美元，隔夜逆回购同期减少 3005亿美元。")
