"""The spreadsheets of a research note: days told twice or left out, days to come, and one error for one cause."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from notes import FIGURE, FIRST, FRONT, HEAD, RISK, ROWS, laid

from report import pipeline
from report.document import Number
from report.errors import GateClosed
from report.facts import Severity
from report.pipeline import noting

RRP = "{{ on_rrp at 2022-05-04 in 亿美元 }}"
TEXT = f"{HEAD}见[](#rrp)，余额{RRP}。\n\n{FIGURE}{RISK}"


@pytest.fixture
def errors(house: pipeline.House) -> Callable[..., list[str]]:
    def found(text: str = TEXT, rows: Sequence[Sequence[object]] = ROWS, book: str = "数据.xlsx") -> list[str]:
        folder = laid(house.workspace.root, text, rows=rows)
        if not book:
            (folder / "数据.xlsx").unlink()
        elif book != "数据.xlsx":
            (folder / "数据.xlsx").write_bytes(b"no spreadsheet")
        with pytest.raises(GateClosed) as caught:
            noting.build(house, "mine", ["text"])
        return [str(one) for one in caught.value.findings if one.severity is Severity.ERROR]

    return found


def test_a_day_that_stands_in_two_rows_is_one_error_that_names_both_cells(errors):
    (found,) = errors(rows=[*ROWS, (FIRST, 1900, 1, None)])
    assert found.startswith("数据.xlsx › 逆回购 › A8: 2022-05-02 stands in 数据.xlsx › 逆回购 › A2 already")


def test_a_day_below_an_empty_cell_is_not_left_out_in_silence(errors):
    (found,) = errors(rows=[*ROWS, (None, 1, 1, None), (FIRST + timedelta(days=9), 1900, 1, None)])
    assert found.startswith("数据.xlsx › 逆回购 › A8: is empty, and 数据.xlsx › 逆回购 › A9 below it holds a day")


def test_words_below_the_rows_are_no_data(house: pipeline.House):
    laid(house.workspace.root, TEXT, rows=[*ROWS, (None, None, None, None), ("数据来源：示例", None, None, None)])
    assert not noting.build(house, "mine", ["text"]).open


@pytest.mark.parametrize(
    ("book", "told"),
    [
        ("", "正文.md › line 10: the note's folder has no spreadsheet to take the data from"),
        ("坏", "数据.xlsx: no spreadsheet, whatever its name says (text); save it again as .xlsx"),
    ],
)
def test_a_spreadsheet_that_is_not_there_is_one_error_and_not_one_a_number(errors, book: str, told: str):
    text = TEXT.replace(RRP, "、".join(RRP.replace("05-04", f"05-0{day}") for day in range(2, 7)))
    found = errors(text, book=book)
    assert len(found) == 1, found
    assert found[0].startswith(told)


def test_a_column_that_is_not_there_is_one_error_that_names_who_asks_for_it(errors):
    text = TEXT.replace('columns = ["余额"]', 'columns = ["别的"]').replace(RISK, "")
    second = FIGURE.replace("rrp", "two").replace('columns = ["余额"]', 'columns = ["别的"]')
    (found,) = errors(f"{text}\n见[](#two)。\n\n{second}{RISK}")
    assert "has no column 别的" in found
    assert found.startswith("正文.md › line 10: ")
    assert "(asked for at 正文.md › line 21 too)" in found


def test_a_note_dated_before_its_figures_and_numbers_is_warned_of_each(house: pipeline.House):
    laid(house.workspace.root, TEXT.replace("05-04", "05-05"), FRONT.replace("2024-03-29", "2022-05-04"))
    built = noting.build(house, "mine", ["text"])
    assert [(one.code, one.where) for one in built.open] == [("R137", "正文.md › line 3"), ("R137", "正文.md › line 5")]
    assert "tells of 2022-05-07, which is still to come on 2022-05-04" in built.open[1].message


def test_a_measure_of_the_catalogue_needs_no_binding(house: pipeline.House):
    text = "{{ 银行准备金 at 2022-05-04 in 亿美元 }}{{ reserve_balances at 2022-05-04 in 亿美元 }}"
    laid(house.workspace.root, f"{HEAD}{text}。{RISK}")
    document = noting.build(house, "mine", ["text"]).document
    told = [span for span in document.sections[2].blocks[0].spans if isinstance(span, Number)]
    assert [str(one.value).rstrip("0").rstrip(".") for one in told] == ["33139.93"] * 2
    assert {one.fact.measure for one in told if one.fact} == {"reserve_balances"}
