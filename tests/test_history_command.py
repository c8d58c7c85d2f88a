"""`ribao history`: one series by its name, with source and revisions, now or as it was known; an old report again."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from report import lookback, pipeline
from report.document import Indicators
from report.errors import GateClosed, InputError, UsageError
from report.facts import OF_CONTRACT, Fact, Facts, Series
from report.history import FileRead
from report.workspace import Workspace
from tests.days import CATALOG
from tests.test_cli import ribao

DAY = date(2024, 3, 27)
MARCH, APRIL, MAY = (datetime(2024, month, 28, 9, tzinfo=UTC) for month in (3, 4, 5))
LME = FileRead.of("lme.xls", b"lme", "LME", published=True)


def stock(value: str, known_at: datetime, source: str) -> Fact:
    return Fact("cu", "lme_stock", DAY, Decimal(value), "吨", "", "", known_at, source)


@pytest.mark.parametrize(
    ("words", "variety", "measure"),
    [
        (["铜", "LME库存"], "cu", "lme_stock"),
        (["铜", "LME", "库存"], "cu", "lme_stock"),
        (["铜LME 库存"], "cu", "lme_stock"),
        (["cu.lme_stock"], "cu", "lme_stock"),
        (["CU", "ＬＭＥ库存"], "cu", "lme_stock"),
        (["铝", "现货升贴水"], "al", "spot_premium"),
        (["氧化铝", "仓单"], "ao", "warrant_stock"),
        (["i", "收盘价"], "i", "futures_close"),
        (["SHFE 铜主力"], "cu", "futures_close"),
        (["LME 铜"], "cu", "lme_close"),
    ],
)
def test_a_series_is_called_as_people_call_it(words: list[str], variety: str, measure: str) -> None:
    asked = lookback.understood(words, CATALOG)
    assert (asked.variety.code, asked.measure) == (variety, measure)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["铜", "LME裤存"], "铜 has no series 'lme裤存' (nearest: LME 库存, LME 仓单, LME 升贴水)"),
        (["钼", "库存"], "no variety is called '钼 库存'"),
        (["铜", "沪伦比"], "铜 沪伦比 is derived, not kept: "),
    ],
)
def test_an_unknown_name_is_told_with_the_nearest(words: list[str], message: str) -> None:
    with pytest.raises(UsageError) as caught:
        lookback.understood(words, CATALOG)
    assert str(caught.value).startswith(message)


def test_every_revision_is_there_with_its_mark_and_what_was_known_then_is_asked_again(house) -> None:
    told = (("lme.xls › F14", LME, MARCH, "112475"), ("lme2.xls › F14", None, APRIL, "112500"))
    for source, file, when, value in told:
        published = FileRead.of(source, source.encode(), "LME", published=True) if file is None else file
        house.history.keep([stock(value, MARCH, source)], (), when, published)
    asked = {"since": DAY, "until": DAY}
    lines = [lookback.cells(one) for one in lookback.series(house.history, CATALOG, ["铜", "LME库存"], **asked)]
    assert [(line[1], line[4], line[5], line[6]) for line in lines] == [
        ("112475", "2024-03-28T17:00", "LME库存.xlsx › 铜 › B40", "已改"),
        ("112475", "2024-03-28T17:00", "lme.xls › F14", "已改"),
        ("112500", "2024-04-28T17:00", "lme2.xls › F14", "现值"),
    ]
    then = lookback.series(house.history, CATALOG, ["铜", "LME库存"], **asked, as_of=MARCH)
    assert [(str(one.fact.value), one.holds, one.agrees) for one in then] == [
        ("112475", False, True),
        ("112475", True, True),
    ]


def test_single_contracts_are_shown_to_who_asks_for_them(house) -> None:
    closes = [Fact("i", "futures_close", DAY, Decimal(v), "元/吨", OF_CONTRACT, c, MARCH, c) for c, v in CONTRACTS]
    house.history.keep(closes, (), MARCH)
    ask = {"since": DAY, "until": DAY}
    bases = {one.fact.basis for one in lookback.series(house.history, CATALOG, ["铁矿石 收盘价"], **ask)}
    assert bases == {"主力连续"}
    every = lookback.series(house.history, CATALOG, ["铁矿石 收盘价@合约"], **ask)
    assert [one.fact.contract for one in every] == ["I2405", "I2409"]
    one = lookback.series(house.history, CATALOG, ["铁矿石", "收盘价"], **ask, contract="i2409")
    assert [str(told.fact.value) for told in one] == ["763.5"]
    with pytest.raises(InputError, match="铁矿石 收盘价: no such basis or contract is kept; there is @主力连续 @合约"):
        lookback.series(house.history, CATALOG, ["铁矿石", "收盘价"], **ask, contract="I2501")


CONTRACTS = (("I2405", "805.5"), ("I2409", "763.5"))


def test_the_command_prints_a_line_a_number_in_a_pipe(workspace: Workspace) -> None:
    done = ribao("history", "铜", "LME库存", "--last", "2", cwd=workspace.root)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "2024-03-26\t113100\t吨\t\t2024-03-27T17:00\tLME库存.xlsx › 铜 › B39\t\n"
        "2024-03-27\t112475\t吨\t\t2024-03-28T17:00\tLME库存.xlsx › 铜 › B40\t\n"
    )


def test_the_command_looks_back(workspace: Workspace) -> None:
    done = ribao("history", "铜 LME库存", "--last", "1", "--as-of", "2024-03-28T08:00", cwd=workspace.root)
    assert done.stdout.startswith("2024-03-26\t113100\t")


def test_the_command_gives_json_with_the_file_each_number_came_from(workspace: Workspace) -> None:
    done = ribao("history", "铜", "LME库存", "--since", "2024-03-26", "--json", cwd=workspace.root)
    rows = json.loads(done.stdout)
    assert [(row["session"], row["value"], row["known_at"]) for row in rows] == [
        ("2024-03-26", "113100", "2024-03-27T09:00:00+00:00"),
        ("2024-03-27", "112475", "2024-03-28T09:00:00+00:00"),
    ]
    assert rows[0]["file"]["name"] == "LME库存.xlsx"
    assert len(rows[0]["file"]["sha256"]) == 64


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["铜", "LME裤存"], 2, "nearest: LME 库存"),
        (["铜", "LME库存", "--as-of", "2024-03-29"], 2, "type it as 2024-03-29T08:00"),
        (["铜", "LME库存", "--since", "gestern"], 2, "'gestern' is no date"),
        (["铜", "LME库存", "--since", "2025-01-01"], 1, "铜 LME 库存: no number is kept of the days asked for"),
    ],
)
def test_what_cannot_be_answered_is_said(workspace: Workspace, arguments: list[str], status: int, message: str) -> None:
    done = ribao("history", *arguments, cwd=workspace.root)
    assert (done.returncode, message in done.stderr, "Traceback" in done.stderr) == (status, True, False)


def test_an_old_report_is_built_again_from_what_was_known_then_and_keeps_nothing(house) -> None:
    now = datetime(2024, 3, 29, tzinfo=UTC)
    first = pipeline.build(house, pipeline.SAMPLE, ["text"], now).files[0].read_bytes()
    mended = Fact("au", "etf_stock", DAY, Decimal("831.15"), "吨", "", "", MARCH, "gld.csv › line 9")
    house.history.keep([mended], (), MAY, FileRead.of("gld.csv", b"gld", "GLD", published=True))
    count = len(house.history.facts(date(2023, 1, 1), date(2025, 1, 1)))
    then = datetime.fromisoformat("2024-03-29T08:30+08:00")
    again = pipeline.build(house, pipeline.SAMPLE, ["text"], MAY, as_of=then)
    assert again.files[0].read_bytes() == first
    assert len(house.history.facts(date(2023, 1, 1), date(2025, 1, 1))) == count


def test_a_number_the_source_itself_tells_is_printed_from_its_file(house) -> None:
    standing = pipeline.build(house, pipeline.SAMPLE, ["text"], MAY).document
    cells = {cell for number in numbers(standing) for cell in number.fact.cells()}
    assert "LME库存.xlsx › 铜 › B40" in cells
    house.history.keep([stock("112475", MARCH, "lme.xls › Metals Totals Report › F79")], (), MAY, LME)
    standing = pipeline.build(house, pipeline.SAMPLE, ["text"], MAY).document
    cells = {cell for number in numbers(standing) for cell in number.fact.cells()}
    assert "lme.xls › Metals Totals Report › F79" in cells
    assert "LME库存.xlsx › 铜 › B40" not in cells


def rows(document):
    for section in document.sections:
        for block in section.blocks:
            if isinstance(block, Indicators):
                yield from (*block.left, *block.right)


def numbers(document):
    for row in rows(document):
        yield from (number for number in (row.today, row.previous) if number.fact is not None)


def test_a_typed_number_its_source_contradicts_stops_the_report_and_names_both_cells(house) -> None:
    house.history.keep([stock("112500", MARCH, "lme.xls › Metals Totals Report › F79")], (), MAY, LME)
    with pytest.raises(GateClosed) as caught:
        pipeline.build(house, pipeline.SAMPLE, ["text"], MAY)
    told = [str(one) for one in caught.value.findings if one.code == "C401"]
    assert len(told) == 1
    assert "日报底稿.xlsx › 产业 › D" in told[0]
    assert "lme.xls › Metals Totals Report › F79 has 112500" in told[0]


def test_series_of_the_catalogue_are_all_loaded_for_a_build() -> None:
    wanted = lookback.measures(CATALOG)
    assert {name for _, series, _ in CATALOG.inputs for name in [series.measure]} <= wanted
    assert {Series("cu", i.measure, i.basis).measure for _, i in CATALOG.instruments} <= wanted


def dce(folder, day: str, *rows: tuple[str, str, str, str, int]) -> None:
    """DCE's day quotes of iron ore: contract, close, settlement before, settlement, open interest."""
    data = [
        {
            "variety": "铁矿石",
            "contractId": contract,
            **dict.fromkeys(("open", "high", "low", "close"), close),
            "lastClear": before,
            "clearPrice": settled,
            "diff": str(Decimal(close) - Decimal(before)),
            "volumn": 475329,
            "openInterest": held,
        }
        for contract, close, before, settled, held in rows
    ]
    (folder / f"dce_{day}.json").write_text(json.dumps({"data": data}, ensure_ascii=False), encoding="utf-8")


def test_on_the_day_of_the_roll_the_change_is_the_new_contracts_own(house, tmp_path) -> None:
    folder = tmp_path / "received"
    folder.mkdir()
    dce(folder, "20240327", ("i2405", "805.5", "815", "812.5", 331178), ("i2409", "763.5", "770", "768", 330900))
    dce(folder, "20240328", ("i2405", "795", "812.5", "801", 301500), ("i2409", "758", "768", "758.5", 401605))
    done = pipeline.ingest(house, [folder], MAY)
    assert [one.problem for one in done] == ["", ""]
    built = pipeline.build(house, pipeline.SAMPLE, ["text"], MAY)
    row = next(one for one in rows(built.document) if one.label == "铁矿主力")
    assert (row.today.value, row.previous.value, row.change.value) == (758, Decimal("763.5"), Decimal("-5.5"))
    assert [cell.partition(" › ")[0] for cell in row.change.fact.cells()] == ["dce_20240328.json", "dce_20240327.json"]
    told = {one.code: one.message for one in built.findings if one.code in ("C402", "C404", "C405")}
    assert list(told) == ["C404"]
    assert "rolled from I2405 (2024-03-27, dce_20240327.json" in told["C404"]


def test_an_empty_cell_does_not_hide_the_number_the_exchange_told() -> None:
    series = Series("i", "futures_close", "主力")
    told = Fact(*series[:2], DAY, Decimal("805.5"), "元/吨", "主力", "I2405", MARCH, "dce_20240327.json › row 1")
    empty = Fact(*series[:2], DAY, None, "元/吨", "主力", "", MARCH, "日报底稿.xlsx › 收盘 › D23")
    assert Facts([told, empty]).get(series, DAY) == told
    assert Facts([empty, told]).get(series, DAY) == told
