"""`ribao check` and the proof (核对稿): what a build would find, told line by line, as JSON, and on a page."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import pty
import re
import subprocess
import sys
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from openpyxl import load_workbook

from report import pipeline
from report.compose.marks import Marks
from report.document import Remark
from report.errors import GateClosed, NoSession
from report.facts import Passage, Verdict, View
from tests.days import CATALOG
from tests.terminal import seen

DAY = date(2024, 3, 29)
NOW = datetime(2024, 3, 29, tzinfo=UTC)
HOME = Path(__file__).parent.parent
WRONG = "周四沪铜主力收于 72550 元/吨，上涨 410 元，涨幅 0.57%；SHEF 仓单 219453 吨。"
VOID = {"meta", "br", "col", "img"}


class Page(HTMLParser):
    """The tags of a page with their attributes; every tag closed in turn. Text by the class it stands in."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of_class(self, name: str) -> list[dict[str, str | None]]:
        return [given for _, given in self.tags if name in (given.get("class") or "").split()]


def typed(house, sheet: str, cell: str, value: object) -> None:
    path = house.workspace.inbox(DAY) / "日报底稿.xlsx"
    book = load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def checked(house) -> pipeline.Checked:
    return pipeline.check(house, DAY, NOW)


def page_of(house) -> tuple[str, Page]:
    text = pipeline.lay_proof(house, checked(house)).read_text(encoding="utf-8")
    parser = Page()
    parser.feed(text)
    assert parser.open == []
    return text, parser


def everything(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def ribao(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    surroundings = {"PYTHONPATH": str(HOME), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "report", *arguments]
    return subprocess.run(command, cwd=cwd, env=surroundings, capture_output=True, text=True, check=False)


# —— the walk ——


def test_a_check_finds_what_a_build_finds_and_writes_nothing(house) -> None:
    before = everything(house.workspace.root)
    found = checked(house)
    assert everything(house.workspace.root) == before
    built = pipeline.build(house, DAY, ["text"], NOW)
    assert (found.findings, found.waived, found.open) == (built.findings, built.waived, built.open)


def test_a_check_finds_what_stops_a_build(house) -> None:
    typed(house, "观点", "C7", WRONG)
    typed(house, "观点", "B8", "铝价😀走强")
    found = checked(house)
    with pytest.raises(GateClosed) as caught:
        pipeline.build(house, DAY, ["pdf"], NOW)
    assert caught.value.findings == found.findings
    assert {"C601", "C703", "C710"} <= {finding.code for finding in found.open}
    assert "ribao check 2024-03-29 --html" in str(caught.value)


def test_a_day_without_trading_cannot_be_checked(house) -> None:
    with pytest.raises(NoSession):
        pipeline.check(house, date(2024, 4, 4), NOW)


def test_every_number_of_the_prose_has_one_verdict_and_the_coverage_counts_them(house) -> None:
    found = checked(house)
    numbers = [one for one in found.verdicts if one.aspect != "trend"]
    *views, whole = found.coverage
    assert len({(one.source, one.start) for one in numbers}) == len(numbers) == whole.found > 80
    assert sum(one.status == "agrees" for one in numbers) == whole.agrees
    assert whole.found == whole.bound + whole.unbound == sum(one.found for one in views)
    assert [one.variety for one in views] == [variety.code for variety in house.catalog.views]


def test_a_verdict_names_the_number_as_typed_its_series_and_its_cell(house) -> None:
    typed(house, "观点", "C7", WRONG)
    one = next(one for one in checked(house).verdicts if one.text.startswith("72550"))
    assert (one.text, one.status, one.aspect) == ("72550 元/吨", "contradicts", "level")
    assert (one.name, one.says) == ("铜 SHFE 铜主力", "72500 元/吨")
    assert one.fact is not None
    assert one.fact.source == "日报底稿.xlsx › 收盘 › D5"


# —— the door ——


def test_the_door_tells_findings_and_coverage_and_exits_0_when_nothing_is_open(house) -> None:
    done = ribao("check", "2024-03-29", cwd=house.workspace.root)
    assert done.returncode == 0
    assert "\x1b" not in done.stdout
    assert "读取底稿" not in done.stderr
    lines = done.stdout.splitlines()
    assert lines[0].startswith("已豁免 ")
    assert re.fullmatch(r"数字 all: \d+ found, \d+ bound \(\d+ agree, 0 contradict\), \d+ unbound", lines[-2])
    assert re.fullmatch("摘要 [0-9a-f]{12}", lines[-1])
    assert sum(line.startswith("数字 ") for line in lines) == 14


def test_the_door_exits_1_for_a_warning_that_nobody_waived(house) -> None:
    typed(house, "观点", "C7", WRONG.replace("72550", "72500"))
    done = ribao("check", "2024-03-29", cwd=house.workspace.root)
    assert done.returncode == 1
    assert done.stdout.startswith("警告 日报底稿.xlsx › 观点 › C7 › character 38: 'SHEF' is not SHFE")


def test_json_holds_findings_with_waivers_numbers_with_cells_and_the_coverage(house) -> None:
    typed(house, "观点", "C7", WRONG)
    done = ribao("check", "2024-03-29", "--json", cwd=house.workspace.root)
    told = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (1, "")
    assert set(told) == {"report_date", "digest", "open", "findings", "coverage", "numbers"}
    assert told["open"] == 2
    assert told["findings"][0]["code"] == "C601"
    assert "72500 元/吨 (日报底稿.xlsx › 收盘 › D5); mend the sentence" in told["findings"][0]["message"]
    assert told["findings"][0]["waived"] is None
    waived = next(one["waived"] for one in told["findings"] if one["waived"])
    assert set(waived) == {"reason", "by", "source"}
    wrong = next(one for one in told["numbers"] if one["text"] == "72550 元/吨")
    assert wrong["where"] == "日报底稿.xlsx › 观点 › C7 › character 10"
    assert (wrong["verdict"], wrong["says"], wrong["session"]) == ("contradicts", "72500 元/吨", "2024-03-28")
    assert wrong["cells"] == ["日报底稿.xlsx › 收盘 › D5"]
    whole = told["coverage"][-1]
    assert whole["view"] == "all"
    assert whole["found"] == whole["bound"] + whole["unbound"]


def test_a_terminal_sees_a_table_of_findings_and_one_of_the_coverage(house) -> None:
    ours, theirs = pty.openpty()
    surroundings = {"PYTHONPATH": str(HOME), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
    command = [sys.executable, "-m", "report", "check", "2024-03-29"]
    child = subprocess.Popen(
        command,
        cwd=house.workspace.root,
        env={**surroundings, "TERM": "xterm", "COLUMNS": "120"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    text = seen(ours)
    assert child.wait() == 0
    for word in ("读取底稿", "代码", "已豁免", "观点", "无据", "合计"):
        assert word in text


def test_a_build_past_an_open_warning_says_how_to_look_at_it(house) -> None:
    typed(house, "观点", "C7", WRONG.replace("72550", "72500"))
    done = ribao("build", "2024-03-29", "-f", "text", cwd=house.workspace.root)
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == "1 条警告待改正或豁免；逐处查看用 ribao check 2024-03-29 --html"


# —— the page ——


def test_the_door_says_where_the_page_lies(house) -> None:
    done = ribao("check", "2024-03-29", "--html", cwd=house.workspace.root)
    path = house.workspace.root / "proofs" / "核对稿_20240329.html"
    assert done.stderr == f"核对稿：{path}\n"
    assert path.read_bytes().startswith(b"<!DOCTYPE html>")


def test_the_page_is_the_same_bytes_for_the_same_inputs(house) -> None:
    assert page_of(house)[0] == page_of(house)[0]


def test_every_number_of_the_prose_is_on_the_page_with_its_verdict(house) -> None:
    typed(house, "观点", "C7", WRONG)
    found = checked(house)
    _, page = page_of(house)
    for status in ("agrees", "contradicts", "unbound"):
        told = [one for one in found.verdicts if one.status == status]
        marks = [given for given in page.of_class(status) if "id" in given]
        assert len(marks) == len(told)
    assert len(page.of_class("contradicts")) == 2  # the number, and the legend


def test_a_number_is_reached_by_hover_keyboard_and_touch_and_described_to_who_cannot_see(house) -> None:
    _, page = page_of(house)
    marks = [given for given in page.of_class("v") if "id" in given]
    tips = {given["id"] for given in page.of_class("tip")}
    assert len(marks) > 500
    assert all(given["tabindex"] == "0" and given["aria-describedby"] in tips for given in marks)
    style = (HOME / "templates" / "proof.css").read_text(encoding="utf-8")
    assert ".v:hover > .tip, .v:focus > .tip { display: block; }" in style


def test_every_finding_with_a_place_leads_there_and_back(house) -> None:
    typed(house, "观点", "C7", WRONG)
    typed(house, "收盘", "D6", "20l75")
    found = checked(house)
    text, page = page_of(house)
    rows = [given for tag, given in page.tags if tag == "li"]
    assert len(rows) == len(set(found.findings))
    ids = [given["id"] for _, given in page.tags if given.get("id")]
    assert len(ids) == len(set(ids))
    links = {(given["href"] or "").removeprefix("#") for tag, given in page.tags if tag == "a"}
    assert links <= set(ids)
    placed = {given["data-place"] for given in rows if "data-place" in given}
    assert placed <= set(ids)
    for place in (
        "日报底稿.xlsx › 观点 › C7 › character 10",
        "日报底稿.xlsx › 收盘 › D6",
        "日报底稿.xlsx › 收盘 › E23",
    ):
        assert re.search(rf'<a href="#n\d+">{place}</a>', text)


def test_the_page_tells_the_waivers_and_the_coverage_of_each_view(house) -> None:
    text, page = page_of(house)
    assert "可以发布" in text
    assert "分析师当日外出" in text
    assert "data/waivers/2024-03-29.toml › waiver 12" in text
    views = [given["href"] for tag, given in page.tags if tag == "a" and (given["href"] or "").startswith("#view-")]
    assert len(views) == 13


def test_the_page_fetches_nothing_and_runs_only_its_own_script(house) -> None:
    text, page = page_of(house)
    assert not re.search(r"(?:src|href)=[\"'](?!#)|url\(|@import", text)
    policy = next(given["content"] for tag, given in page.tags if given.get("http-equiv"))
    assert policy is not None
    assert policy.startswith("default-src 'none';")
    digest = re.search(r"script-src 'sha256-([^']+)'", policy)
    script = re.search(r"<script>(.*)</script>", text, re.S)
    assert digest
    assert script
    assert base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode() == digest[1]


def test_whatever_is_typed_stays_text_on_the_page(house) -> None:
    nasty = "沪铜主力收于 72550 元/吨<script>alert(1)</script>\"'><img src=x onerror=y>{{ 7*7 }}"
    typed(house, "观点", "C7", nasty)
    typed(house, "观点", "B7", "</style></span><b onclick='x'>铜 72500 元/吨")
    text, page = page_of(house)
    assert text.count("<script") == 1
    assert not [given for _, given in page.tags if "onerror" in given or "onclick" in given]
    assert "49" not in re.findall(r"x onerror=y&gt;(.*?)</p>", text)[0]
    assert len([tag for tag, _ in page.tags if tag == "style"]) == 1


def test_a_desks_own_template_goes_before_the_packaged_one(house) -> None:
    (house.workspace.root / "templates" / "blocks").mkdir()
    own = house.workspace.root / "templates" / "blocks" / "tallies.html.j2"
    own.write_text("<p>{{ block.whole.count.found }} 个数</p>", encoding="utf-8")
    assert re.search(r"<p>\d+ 个数</p>", page_of(house)[0])


# —— where marks go ——


def marks_of(text: str, verdicts, remarks) -> tuple[Marks, tuple]:
    view = View("cu", DAY, recap=Passage(text, "a › C7"))
    marks = Marks({"cu": view}, verdicts, remarks, CATALOG)
    return marks, marks.passage(view.recap, text)  # type: ignore[arg-type]


def remark(number: int, where: str) -> Remark:
    return Remark(number, "error", "C601", where, "x")


def test_the_pieces_of_a_passage_make_the_passage_whatever_is_marked() -> None:
    text = "沪铜收 72500 元，SHEF 涨 410 元，"
    verdicts = [
        Verdict("a › C7", 4, 11, "72500 元", "agrees", "level"),
        Verdict("a › C7", 19, 24, "410 元", "unbound", "change"),
    ]
    places = ("a › C7 › character 5", "a › C7 › character 13", f"a › C7 › character {len(text) + 1}", "a › C7")
    remarks = [remark(number, where) for number, where in enumerate(places, 1)]
    marks, spans = marks_of(text, verdicts, remarks)
    assert "".join(span.text for span in spans) == text
    marked = [(span.text, [number for number, _ in span.mark.remarks]) for span in spans if span.mark]
    assert marked == [("", [4]), ("72500 元", [1]), ("", [2]), ("410 元", []), ("", [3])]
    assert set(marks.anchors) == {1, 2, 3, 4}


def test_a_remark_on_a_paragraph_stands_at_its_beginning() -> None:
    marks, spans = marks_of("一。\n\n二。", [], [remark(1, "a › C7 › paragraph 2")])
    assert [(span.text, bool(span.mark)) for span in spans if span.text or span.mark] == [
        ("一。\n\n", False),
        ("", True),
        ("二。", False),
    ]
    assert marks.anchors == {1: "n1"}


def test_a_remark_on_a_view_or_its_advice_stands_at_its_head() -> None:
    view = View("cu", DAY, recommendation=Passage("观望", "a › F7"))
    marks = Marks({"cu": view}, [], [remark(1, "观点 › 铜"), remark(2, "a › F7")], CATALOG)
    (span,) = marks.of_view("cu")
    assert span.mark is not None
    assert span.mark.remarks == ((1, "error"), (2, "error"))
    assert marks.of_view("al") == ()


def test_a_place_the_page_does_not_have_is_no_link() -> None:
    marks, _ = marks_of("x", [], [remark(1, "data/settings.toml › notice")])
    assert marks.anchors == {}


def test_a_clients_page_has_no_tips(house) -> None:
    built = pipeline.build(house, DAY, ["html"], NOW)
    assert "tip" not in built.files[0].read_text(encoding="utf-8").partition("</style>")[2]
