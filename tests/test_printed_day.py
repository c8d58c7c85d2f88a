"""The published report's own tables and claims, read as a desk's workbook: every contradiction in it is found.

`data/corrections/2024-03-29.toml` lists what is wrong. Of each entry this says by which code it is found; of the few
that no check can find, why not.
"""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import mkdtemp

from report.check import Evidence, check
from report.derive.derivation import derive
from report.facts import Facts, Finding, Series, Severity
from report.read import desk
from tests import printed_day
from tests.days import CALENDARS, CATALOG, DATA, FORMULAS, REPORT
from tests.prose_days import history
from tests.samples import books

TABLES = ("C3", "C4", "C5", "R1")
UNSEEN = {
    ("氧化铝", "全国氧化铝现货均价", "涨跌"): "-1.99 is 3336.x less 3338.x, and the whole prices printed allow it",
    ("贵金属", "四季度 PCE 终值", "文字"): "no table of the desk has the PCE",
    ("铜", "四季度 PCE 终值", "文字"): "no table of the desk has the PCE",
}
TRUE_AND_UNLISTED = {"C301", "C302", "C702", "C405"}  # empty cells and views, a roll that nobody told
Key = tuple[str, str, str, str]


@lru_cache(maxsize=1)
def corrections() -> list[dict[str, str]]:
    path = DATA / "corrections" / "2024-03-29.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))["correction"]


@lru_cache(maxsize=4)
def printed(dates: bool = False, names: bool = False) -> tuple[printed_day.Workbook, list[Finding]]:
    """The workbook and all that is found in it, against the history as it was that morning."""
    book = printed_day.workbook(Path(mkdtemp()), dates=dates, names=names, views=books.views("printed_views.toml"))
    reading = desk.read(book.path, CATALOG, CALENDARS, REPORT, datetime(2024, 3, 29, tzinfo=UTC))
    day, troubles = derive(Facts([*history(), *reading.facts]), CATALOG, CALENDARS, REPORT)
    views = {view.variety: view for view in reading.views}
    evidence = Evidence(
        day, Facts(reading.facts), Facts(history()), views, CATALOG, retold=reading.retold, formulas=FORMULAS
    )
    return book, [*reading.findings, *troubles, *check(evidence)]


def codes(findings: list[Finding], cells: list[str]) -> set[str]:
    """The codes of the findings that stand at one of the cells, or name it."""
    return {one.code for one in findings for cell in cells if one.where == cell or named(cell, one.message)}


def named(cell: str, message: str) -> bool:
    at = message.find(cell)
    return at >= 0 and not message[at + len(cell) : at + len(cell) + 1].isdigit()


def cells(book: printed_day.Workbook, key: Key) -> list[str]:
    """Where a figure stands; a change that follows from wrong figures of its row stands where those do."""
    row, column = key[:3], key[3]
    found = [book.cells[key]]
    if column in ("涨跌", "涨跌幅/%"):
        listed = {(one["table"], one["block"], one["row"], one["column"]) for one in corrections()}
        found += [book.cells[(*row, one)] for one in ("本期", "上期") if (*row, one) in listed]
    if row[2] in ("铁矿主力", "DCE 铁矿石") and column != "口径":  # both tables have the same wrong previous close
        found += [book.cells["1", "", "DCE 铁矿石", "前收盘价"]]
    return found


def warned(findings: list[Finding], *begin: str) -> list[Finding]:
    return [one for one in findings if one.severity > Severity.NOTE and one.code.startswith(begin or TABLES)]


def test_every_wrong_figure_of_the_two_tables_is_found_or_said_why_not() -> None:
    book, findings = printed()
    told, unseen = warned(findings, *TABLES, "C6"), []
    wrong = [one for one in corrections() if one["table"] in "12" and one["column"] not in ("日期", "指标")]
    for one in wrong:
        key = (one["table"], one["block"], one["row"], one["column"])
        if not codes(told, cells(book, key)):
            unseen.append(key[1:])
    assert len(wrong) == 67
    assert unseen == [key for key in UNSEEN if key[2] != "文字"]


def test_each_kind_of_error_is_found_by_the_check_made_for_it() -> None:
    book, findings = printed()
    told = warned(findings, *TABLES, "C6")
    expected = {
        ("2", "铜", "沪伦比", "上期"): {"C408"},  # 8.17 beside 8.17
        ("2", "铅", "LME 库存", "本期"): {"C401", "C601"},  # the file, and the text, say 272200
        ("2", "铅", "LME 注销仓单", "本期"): {"C408"},  # which is the warrants' number
        ("2", "铅", "SHFE 铅主力", "上期"): {"C411"},  # 16155 against 16465 less 280
        ("2", "铅", "LME 铅", "本期"): {"C411"},  # 2003 against 2053
        ("2", "铅", "沪伦比价", "本期"): {"C408"},
        ("2", "贵金属", "COMEX 黄金库存", "上期"): {"C504"},  # the copied column
        ("2", "贵金属", "SHFE 黄金", "上期"): {"C402", "C504"},
        ("2", "贵金属", "SHFE 白银", "上期"): {"C411"},
        ("2", "贵金属", "期现价差", "上期"): {"C408"},  # the real 0.72 exposes the copy
        ("2", "贵金属", "伦敦黄金", "本期"): {"C401", "C506"},  # the price of the day before
        ("1", "", "DCE 铁矿石", "前收盘价"): {"C402"},  # the roll
        ("2", "碳酸锂", "碳酸锂主力", "本期"): {"C402"},
        ("2", "镍", "LME 升贴水", "本期"): {"C505"},
        ("2", "锡", "LME 升贴水", "本期"): {"C505"},
        ("2", "焦炭焦煤", "焦炭价差: 晋- 港", "上期"): {"C408"},
        ("1", "", "SHFE 锡", "口径"): {"C303", "C413"},
    }
    for key, least in expected.items():
        assert least <= codes(told, [book.cells[key]]), key


def test_heading_dates_that_are_not_the_sessions_are_found_row_by_row() -> None:
    book, findings = printed(dates=True)
    told = warned(findings)
    for one in (one for one in corrections() if one["column"] == "日期"):
        for name in one["row"].split("、"):
            row = ("2", one["block"], name.strip())
            if "注销仓单" in name:  # computed of the two beside it, which are refused
                continue
            assert codes(told, [book.cells[(*row, "本期日期")], book.cells[(*row, "本期")]]) & {"R134", "C501"}, row


def test_a_row_named_after_no_exchange_is_found_by_name() -> None:
    book, findings = printed(names=True)
    wrong = [one for one in corrections() if one["column"] == "指标"]
    for one in wrong:
        assert "R140" in codes(findings, [book.cells["2", one["block"], one["row"], "指标"]]), one["row"]
    assert len(wrong) == 10


def test_nothing_is_said_against_a_figure_that_is_right_unless_a_wrong_one_is_named_with_it() -> None:
    book, findings = printed()
    wrong = [
        cell
        for one in corrections()
        if (one["table"], one["block"], one["row"], one["column"]) in book.cells or one["column"] == "口径"
        for cell in cells(book, (one["table"], one["block"], one["row"], one["column"]))
    ]
    wrong += [cell.replace("› F", "› G") for cell in wrong if "收盘 › F" in cell]  # both counts of a 口径
    strangers = [
        str(one)
        for one in warned(findings)
        if one.code not in TRUE_AND_UNLISTED
        and not any(one.where == cell or named(cell, one.message) for cell in wrong)
    ]
    assert not strangers


SENTENCES = {
    ("贵金属", "COMEX 黄金涨幅"): ("C601", "涨 1.9%"),
    ("贵金属", "COMEX 白银涨幅"): ("C601", "涨 1.41%"),
    ("铝", "铝锭社会库存"): ("C606", "周内去库"),
    ("氧化铝", "澳洲氧化铝 FOB"): ("C601", "跌 4 美元/吨"),
    ("沪镍", "SMM 1#镍报价"): ("C604", "下跌 0 元/吨"),
    ("沪镍", "金川镍升水"): ("C601", "金川镍升水 2850 元/吨"),
    ("沪镍", "进口镍升贴水"): ("C601", "俄镍贴水 150 元/吨"),
    ("锡", "佤邦"): ("C703", "佉邦"),
    ("碳酸锂", "现货价格"): ("C604", "下跌 0 元/吨"),
    ("碳酸锂", "电碳、工碳价格变动"): ("C604", "下跌 0 元/吨"),
    ("碳酸锂", "国产锂精矿、锂云母价格变动"): ("C604", "上涨 0 元/吨"),
    ("碳酸锂", "LC2407 持仓"): ("C601", "持仓 19.95 万手"),
    ("碳酸锂", "LC2407 最新价"): ("C601", "最新价 11.48 万元/吨"),
    ("工业硅", "能源企业"): ("C703", "国有能有"),
}


def test_every_wrong_claim_of_the_text_is_found_or_said_why_not() -> None:
    told = warned(printed()[1], "C6", "C7")
    missing = []
    for one in (one for one in corrections() if one["table"] == "text"):
        code, words = SENTENCES.get((one["block"], one["row"]), ("", "never"))
        if not any(finding.code == code and words in finding.message for finding in told):
            missing.append((one["block"], one["row"], one["column"]))
    assert missing == [key for key in UNSEEN if key[2] == "文字"]


def test_the_lead_stock_of_the_text_is_held_against_the_tables() -> None:
    told = [one for one in printed()[1] if one.code == "C601" and "LME 铅库存 272200 吨" in one.message]
    assert "铅 LME 库存 of 2024-03-27 is 267850" in told[0].message


def test_the_rows_of_the_print_are_the_houses() -> None:
    assert [str(series) for series, row in printed_day.second() if row["指标"] == "沪伦比"] == ["cu.sh_lme_ratio"]
    assert Series("pb", "lme_cancelled_stock") in [series for series, _ in printed_day.second()]
