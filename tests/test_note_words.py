"""The words of a research note: each number given, held against facts or listed, and what words say of it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from notes import FIRST, FRONT, HEAD, RISK, laid

from report import pipeline
from report.longform import Exhibit
from report.pipeline import noting

HOME = Path(__file__).parent.parent
CHANGE = "on_rrp from 2022-05-02 to 2022-05-04 in 亿美元"
FALLING = tuple((FIRST.replace(day=2 + at), 1800 - at, 3 * at, None) for at in range(6))
TABLE = """```表 t
title = "{title}"
kind = "table"
unit = "亿美元"
headings = ["科目", "2022年5月4日"]
rows = [["隔夜逆回购", "{cell}"], ["其余", "见正文"]]
source = "示例"
{notes}
```"""


@pytest.fixture
def read(house: pipeline.House) -> Callable[..., noting.Draft]:
    def drafted(body: str, *, front: str = FRONT, rows=None) -> noting.Draft:
        laid(house.workspace.root, f"{HEAD}{body}\n{RISK}", front, **({"rows": rows} if rows else {}))
        return noting.draft(house, "mine")

    return drafted


def told(draft: noting.Draft, code: str) -> list[str]:
    return [f"{one.severity.name} {one.where}: {one.message}" for one in draft.findings if one.code == code]


def table(title: str = "头寸", cell: str = "{{ on_rrp at 2022-05-04 in 亿美元 }}", notes: str = "") -> str:
    return f"见[](#t)。\n\n{TABLE.format(title=title, cell=cell, notes=notes)}"


def test_every_number_of_the_text_is_given_held_against_facts_or_listed_as_unbound(read):
    text = (
        "余额{{ on_rrp at 2022-05-04 in 亿美元 }}，2022年5月3日隔夜逆回购为18010亿美元。另有300亿美元与175亿美元。[^a]"
    )
    draft = read(f"{text}\n\n[^a]: 约合20亿元。\n")
    assert str(draft.coverage) == "all: 5 found, 2 bound (1 given, 1 agree, 0 contradict), 3 unbound"
    assert [one.split(": no fact")[0] for one in told(draft, "C612")] == [
        "NOTE 正文.md › line 3: '300亿美元'、'175亿美元'",
        "NOTE 正文.md › line 5: '20亿元'",
    ]


def test_numbers_of_figures_chapters_and_footnotes_are_no_numbers_of_the_text(read):
    draft = read(f"见[](#first)与[](#t)。[^a]\n\n[^a]: H.4.1表。\n\n{TABLE.format(title='头寸', cell='无', notes='')}")
    assert draft.coverage.found == 0


@pytest.mark.parametrize(
    ("body", "place"),
    [
        (table(title="2022年5月4日隔夜逆回购为19020亿美元"), "正文.md › line 6"),
        (table(notes='notes = ["2022年5月4日隔夜逆回购为19020亿美元"]'), "正文.md › line 12"),
        (table(cell="19,020"), "正文.md › line 10"),
        ("注。[^a]\n\n[^a]: 2022年5月4日隔夜逆回购为19020亿美元。", "正文.md › line 5"),
        ("## 2022年5月4日隔夜逆回购为19020亿美元\n\n文。", "正文.md › line 3"),
        ("- 2022年5月4日隔夜逆回购为19020亿美元", "正文.md › line 3"),
        ("> 2022年5月4日隔夜逆回购为19020亿美元", "正文.md › line 3"),
    ],
)
def test_captions_notes_cells_headings_and_footnotes_are_held_against_the_same_facts(read, body: str, place: str):
    (found,) = told(read(body), "C601")
    assert found.startswith(f"ERROR {place}")
    assert "but 宏观 隔夜逆回购 of 2022-05-04 is 18020 亿美元" in found


def test_the_abstract_and_the_cover_are_looked_at_too(read, house: pipeline.House):
    front = FRONT.replace("date =", 'subtitle = "2022年5月4日隔夜逆回购为19020亿美元"\ndate =')
    laid(house.workspace.root, f"## 要点\n\n2022年5月4日隔夜逆回购为19030亿美元。\n\n{HEAD}文。{RISK}", front)
    places = [one.split(": ")[0] for one in told(noting.draft(house, "mine"), "C601")]
    assert places == ["ERROR 正文.md › line 3 › character 16", "ERROR 扉页.toml › line 2 › character 16"]


def test_a_typed_cell_that_agrees_is_bound_and_its_headings_are_not_counted_again(read):
    assert str(read(table(cell="18,020")).coverage).startswith("all: 1 found, 1 bound (1 agree")


@pytest.mark.parametrize(
    ("words", "severity", "part"),
    [
        (f"上升{{{{ {CHANGE} abs }}}}", "ERROR", f"but {CHANGE} abs is -20 亿美元"),
        (f"多了{{{{ {CHANGE} abs }}}}", "ERROR", "is -20 亿美元"),
        (f"上升{{{{ {CHANGE} }}}}", "ERROR", "is -20 亿美元"),
        (f"减少{{{{ {CHANGE} }}}}", "WARNING", "its minus is printed beside the word; end the expression with abs"),
        ("从{{ on_rrp at 2022-05-02 }}升至{{ on_rrp at 2022-05-04 }}", "ERROR", "on 2022-05-02 and is 17980"),
    ],
)
def test_a_direction_word_against_the_change_put_behind_it_is_told(read, words: str, severity: str, part: str):
    (found,) = told(read(f"逆回购{words}。", rows=FALLING), "C603")
    assert found.startswith(f"{severity} 正文.md › line 3 › character ")
    assert part in found


@pytest.mark.parametrize(
    "words",
    [
        f"减少{{{{ {CHANGE} abs }}}}",
        f"变动为{{{{ {CHANGE} }}}}",
        "从{{ on_rrp at 2022-05-02 }}降至{{ on_rrp at 2022-05-04 }}",
        f"的减少占另一项增加的{{{{ {CHANGE} over own from 2022-05-02 to 2022-05-04 }}}}".replace("own", "on_rrp"),
    ],
)
def test_a_direction_word_that_fits_and_a_share_are_passed(read, words: str):
    assert not told(read(f"逆回购{words}。", rows=FALLING), "C603")


SUMS = """见[](#t)。

```表 t
title = "账"
kind = "table"
headings = ["科目", "前", "后", "变动"]
rows = [["逆回购",
  "{{ on_rrp at 2022-05-02 }}", "{{ on_rrp at 2022-05-03 }}", "{{ on_rrp from 2022-05-02 to 2022-05-03 }}"]]
source = "示例"
```"""


@pytest.mark.parametrize(("first", "second", "noted"), [("1.04", "2.06", True), ("1.1", "2.2", False)])
def test_a_table_that_does_not_recompute_as_printed_says_why(read, first: str, second: str, noted: bool):
    days = tuple((day, float(value), 0, None) for (day, *_), value in zip(FALLING, (first, second), strict=False))
    front = FRONT.replace('unit = "十亿美元"', 'unit = "亿美元"\ndecimals = 1')
    draft = read(SUMS, front=front, rows=days)
    shown = next(one for part in draft.document.sections for one in part.blocks if isinstance(one, Exhibit))
    assert [str(cell.rounded) for cell in shown.body.rows[0][1:]] == (
        ["1.0", "2.1", "1.0"] if noted else ["1.1", "2.2", "1.1"]
    )
    assert any("四舍五入" in line for line in shown.notes) is noted


def test_the_sample_note_says_that_its_changes_come_of_unrounded_numbers(sample_workspace: Path):
    told = subprocess.run(
        [sys.executable, "-m", "report", "note", "check", "fed-runoff-3", "--json", "-w", sample_workspace],
        capture_output=True, text=True, cwd=HOME, check=True,
    )  # fmt: skip
    data = json.loads(told.stdout)
    (counts,) = data["coverage"]
    assert counts["found"] == counts["bound"] + counts["unbound"] == len(data["numbers"])
    assert counts["given"] > 50
    listed = {one["where"] for one in data["findings"] if one["code"] == "C612"}
    assert {one["where"].partition(" › char")[0] for one in data["numbers"] if one["verdict"] == "unbound"} == listed


def test_what_a_check_prints_ends_with_the_coverage_and_a_build_prints_it_too(house: pipeline.House):
    laid(house.workspace.root, f"{HEAD}另有300亿美元。{RISK}")
    place = ("mine", "-w", str(house.workspace.root))
    for command in ("check", "build"):
        done = subprocess.run(
            [sys.executable, "-m", "report", "note", command, *place, *(("-f", "text") if command == "build" else ())],
            capture_output=True, text=True, cwd=HOME, check=True,
        )  # fmt: skip
        assert "数字 all: 1 found, 0 bound (0 agree, 0 contradict), 1 unbound" in done.stdout + done.stderr
        assert "提示 正文.md › line 3: '300亿美元': no fact was found" in done.stdout + done.stderr
