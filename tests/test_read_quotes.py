"""Day quotes of SHFE, DCE, GFEX and CZCE: which contract is the main one, what becomes facts, what is only checked."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from report import catalog as catalogs
from report.errors import InputError
from report.facts import Facts
from tests.days import DATA
from tests.received import as_json, copper, read, real, said, shfe, shfe_row, told


def dce_row(contract: str | None, close: str | None, volume: int, held: int, **more: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(("open", "high", "low", "lastClear", "clearPrice", "diff", "diff1"))
    named = {"variety": "铁矿石" if contract else "铁矿石小计", "contractId": contract, "close": close}
    return row | named | {"volumn": volume, "openInterest": held, "turnover": "0.00"} | more


def dce(folder: Path, day: str, rows: list[dict[str, object]]) -> Path:
    return as_json(folder / f"dce_{day}.json", {"success": True, "code": 200, "data": rows})


def test_the_contract_of_the_largest_open_interest_is_the_main_one(tmp_path):
    numbers = told(read(shfe(tmp_path, copper())))
    assert numbers["cu.futures_close@主力", "CU2405"] == "72500"
    assert numbers["cu.settlement_price@主力", "CU2405"] == "72180"
    assert numbers["cu.trading_volume@主力", "CU2405"] == "101206"
    assert numbers["cu.open_interest@主力", "CU2405"] == "187803"
    assert [contract for series, contract in numbers if series == "cu.futures_close@主力"] == ["CU2405"]


def test_the_subtotal_is_the_volume_of_all_contracts_and_no_contract_itself(tmp_path):
    reading = read(shfe(tmp_path, copper()))
    numbers = told(reading)
    assert numbers["cu.trading_volume@全合约", ""] == "217587"
    assert numbers["cu.open_interest@全合约", ""] == "537374"
    assert said(reading) == []


def test_every_contract_keeps_its_close_traded_or_not(tmp_path):
    numbers = told(read(shfe(tmp_path, copper())))
    closes = {contract: value for (series, contract), value in numbers.items() if series == "cu.futures_close@合约"}
    assert closes == {"CU2404": "72340", "CU2405": "72500", "CU2406": "72600", "CU2407": "72610"}


def test_a_quote_knows_its_row_its_session_and_when_it_was_published(tmp_path):
    reading = read(shfe(tmp_path, copper()))
    main = next(fact for fact in reading.facts if str(fact.series) == "cu.futures_close@主力")
    assert main.source == "kx20240328.dat › row 2 › CLOSEPRICE"
    assert (main.session, main.known_at) == (date(2024, 3, 28), datetime(2024, 3, 28, 8, tzinfo=UTC))


def test_padded_ids_of_older_years_mean_the_same(tmp_path):
    row = shfe_row("pb", "1606", ("", "", "", "", 12780, 12780), OPENINTEREST=10, PRODUCTID="pb_f    ")
    reading = read(shfe(tmp_path, [row | {"PRODUCTNAME": "铅      ", "DELIVERYMONTH": "1606  "}], "20160504"))
    assert told(reading)["pb.futures_close@合约", "PB1606"] == "12780"


def test_counts_of_both_sides_are_left_out_and_said(tmp_path):
    row = shfe_row("pb", "1606", ("", "", "", "", 12780, 12780), VOLUME=8, OPENINTEREST=10)
    reading = read(shfe(tmp_path, [row], "20160504"))
    assert ("pb.open_interest@主力", "PB1606") not in told(reading)
    assert "before 2020-01-01 the exchange counted volume and open interest on both sides" in said(reading, "R185")[0]


def test_totals_swaps_and_settlement_trades_are_ignored_by_name(tmp_path):
    strange = [
        shfe_row("sn", "efp", VOLUME=12, PRODUCTID="snefp   "),
        shfe_row("sc", "2405", VOLUME="", CLOSEPRICE=0, PRODUCTID="sc_tas"),
        shfe_row("cu", "", VOLUME=8_320_274, PRODUCTID="总计", PRODUCTNAME="总计"),
    ]
    assert told(read(shfe(tmp_path, [*copper(), *strange]))) == told(read(shfe(tmp_path, copper())))


def test_products_of_ine_stand_in_the_same_file(tmp_path):
    row = shfe_row("sc", "2405", (632.1, 630, 640.5, 629, 638.9, 636.2), VOLUME=1000, OPENINTEREST=20_000)
    facts = read(shfe(tmp_path, [row])).facts
    assert [(f.value, f.unit) for f in facts if str(f.series) == "sc.futures_close@主力"] == [
        (Decimal("638.9"), "元/桶")
    ]


def test_a_product_nobody_declared_is_named_once_a_file(tmp_path):
    rows = [shfe_row("ru", month, CLOSEPRICE=14_500, OPENINTEREST=5) for month in ("2405", "2409")]
    (finding,) = said(read(shfe(tmp_path, [*copper(), *rows])), "R185")
    assert "products of no variety: ru ru; not read" in finding


def test_a_column_nobody_knows_is_reported(tmp_path):
    rows = [row | {"LASTTRADE": "15:00"} for row in copper()]
    (finding,) = said(read(shfe(tmp_path, rows)))
    assert finding.startswith(
        "kx20240328.dat › row 1 › LASTTRADE: the column 'LASTTRADE' is neither claimed nor ignored"
    )


def test_the_exchanges_own_change_is_checked_and_never_taken(tmp_path):
    rows = copper()
    rows[1]["ZD1_CHG"] = 410  # the desk's 涨跌, against the close before
    reading = read(shfe(tmp_path, rows))
    assert said(reading, "R188") == [
        "kx20240328.dat › row 2 › ZD1_CHG: the exchange's change is 410, but 72500 - 72070 = 430; "
        "one of the three is wrong, compare its page [R188]"
    ]
    assert not [fact for fact in reading.facts if "change" in fact.measure]


def test_a_change_rounded_to_its_last_place_is_borne_out(tmp_path):
    row = shfe_row("au", "2406", (515.96, "", "", "", 520, 518), ZD1_CHG=4, OPENINTEREST=9)
    assert said(read(shfe(tmp_path, [row])), "R188") == []


def test_contracts_that_do_not_come_to_the_subtotal_are_a_finding(tmp_path):
    reading = read(shfe(tmp_path, [copper()[1], copper()[-1]]))
    assert "the 小计 is 217587, the contracts come to 101206; the file may be cut short" in said(reading, "R187")[0]


def test_a_contract_that_stands_twice_is_not_read(tmp_path):
    reading = read(shfe(tmp_path, [*copper(), copper()[1]]))
    assert "CU2405 stands in row 2 and row 6; none of them is read" in said(reading, "R142")[0]
    assert ("cu.futures_close@合约", "CU2405") not in told(reading)
    assert not [contract for series, contract in told(reading) if series == "cu.futures_close@主力"]


def test_a_month_that_no_year_has_is_no_contract(tmp_path):
    rows = [row | {"DELIVERYMONTH": "2413"} if row["DELIVERYMONTH"] == "2405" else row for row in copper()]
    told_of = said(read(shfe(tmp_path, rows)), "R129")
    assert "neither a contract nor a 小计: PRODUCTID 'cu_f', DELIVERYMONTH '2413'" in told_of[0]


def test_text_where_a_number_belongs_is_an_error_with_its_place(tmp_path):
    rows = copper()
    rows[1]["CLOSEPRICE"] = "7250O"
    reading = read(shfe(tmp_path, rows))
    assert said(reading, "R101")[0].startswith("kx20240328.dat › row 2 › CLOSEPRICE: expected a number, found '7250O'")
    assert ("cu.futures_close@合约", "CU2405") not in told(reading)


@pytest.mark.parametrize(("name", "day"), [("kx20240401.dat", "20240328"), ("kx.dat", "20240328")])
def test_the_day_in_the_file_goes_before_its_name(tmp_path, name, day):
    reading = read(shfe(tmp_path, copper(), day, name))
    assert {fact.session for fact in reading.facts} == {date(2024, 3, 28)}
    assert len(said(reading, "R131")) == ("2024" in name)


def test_a_day_without_a_session_gives_no_facts(tmp_path):
    reading = read(shfe(tmp_path, copper(), "20240404"))
    assert not reading.facts
    assert "2024-04-04 is no session of SHFE" in said(reading, "R135")[0]


def test_iron_ore_rolls_and_the_change_still_compares_the_same_contract(tmp_path):
    before = [dce_row("i2405", "805.5", 300, 500), dce_row("i2409", "779.5", 200, 400), dce_row(None, None, 500, 900)]
    after = [dce_row("i2405", "784.0", 200, 390), dce_row("i2409", "758.0", 475, 401), dce_row(None, None, 675, 791)]
    readings = [read(dce(tmp_path, day, rows)) for day, rows in (("20240327", before), ("20240328", after))]
    facts = Facts(fact for reading in readings for fact in reading.facts)
    main = [fact.contract for fact in facts if str(fact.series) == "i.futures_close@主力"]
    assert main == ["I2405", "I2409"]
    own = facts.of_contract("i", "futures_close", "I2409", date(2024, 3, 27))
    assert own is not None
    assert own.value == Decimal("779.5")


def test_a_price_of_zero_is_no_price(tmp_path):
    row = dce_row("i2409", "758.0", 0, 401, open="0", high="0", low="0", clearPrice="758.0")
    numbers = told(read(dce(tmp_path, "20240328", [row])))
    assert ("i.opening_price@主力", "I2409") not in numbers
    assert numbers["i.futures_close@主力", "I2409"] == "758.0"


def test_month_averages_and_the_grand_total_are_ignored_by_name(tmp_path):
    extra = [
        dce_row("i2409", "758.0", 10, 401) | {"variety": "铁矿石月均价", "contractId": "i2409F"},
        dce_row(None, None, 10, 401) | {"variety": "铁矿石月均价小计"},
        dce_row(None, None, 10, 401) | {"variety": "总计"},
    ]
    reading = read(
        dce(tmp_path, "20240328", [dce_row("i2409", "758.0", 475, 401), dce_row(None, None, 475, 401), *extra])
    )
    assert said(reading) == []
    assert told(reading)["i.open_interest@全合约", ""] == "401"


def test_a_file_that_does_not_tell_its_day_must_be_named_after_it(tmp_path):
    path = dce(tmp_path, "20240328", [dce_row("i2409", "758.0", 475, 401)])
    with pytest.raises(InputError, match=r"found no day at all; put the day into the file's name, such as 20240328"):
        read(path.rename(tmp_path / "quotes.json"))


def gfex(folder: Path) -> Path:
    row = dict.fromkeys(("variety", "varietyOrder", "delivMonth"), "")
    row |= {"open": "12150", "high": "12200", "low": "12000", "close": "12100", "lastClear": "12110"}
    row |= {"clearPrice": "12090", "diff": "-10", "diff1": "-20"}
    row |= {"volumn": "23549", "openInterest": "21864", "diffI": "-4731", "turnover": "247009.3395"}
    total = dict.fromkeys(row, "") | {"variety": "工业硅小计", "volumn": "23549", "openInterest": "21864"}
    silicon = row | {"variety": "工业硅", "varietyOrder": "si", "delivMonth": "2405"}
    return as_json(folder / "gfex_20240328.json", {"code": "0", "data": [silicon, total, total | {"variety": "总计"}]})


def test_gfex_writes_every_number_as_text(tmp_path):
    reading = read(gfex(tmp_path))
    assert told(reading)["si.futures_close@主力", "SI2405"] == "12100"
    assert told(reading)["si.trading_volume@全合约", ""] == "23549"
    assert said(reading) == []


CZCE = """\t\t郑州商品交易所期货每日行情表(2024-03-28)
品种月份|昨结算  |今开盘  |最高价|最低价|今收盘 |今结算|涨跌1|涨跌2|成交量(手)|空盘量 |增减量|成交额(万元)|交割结算价
SA405 |1,812.00 |1,815.00|1,840.00|1,800.00|1,833.00|1,822.00|21.00|10.00|1,204,611|710,220|-12,004|4,391,200.11|  |
SA409 |1,830.00 |1,834.00|1,861.00|1,822.00|1,851.00|1,842.00|21.00|12.00|301,118|402,113|8,009|1,109,311.20|  |
小计  |         |        |        |        |        |        |     |     |1,505,729|1,112,333|-3,995|5,500,511.31|  |
总计  |         |        |        |        |        |        |     |     |9,505,729|9,112,333|-3,995|5,500,511.31|  |
"""


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_czce_lines_are_read_in_either_encoding(tmp_path, encoding):
    (tmp_path / "data" / "varieties").mkdir(parents=True)
    soda = 'code = "sa"\nname = "纯碱"\nexchange = "CZCE"\n'
    (tmp_path / "data" / "varieties" / "sa.toml").write_text(soda, encoding="utf-8")
    catalog = catalogs.load([tmp_path / "data", DATA])
    path = tmp_path / "FutureDataDaily.txt"
    path.write_bytes(CZCE.encode(encoding))
    reading = read(path, catalog)
    numbers = told(reading)
    assert numbers["sa.futures_close@主力", "SA405"] == "1833.00"
    assert numbers["sa.open_interest@全合约", ""] == "1112333"
    assert reading.facts[0].source == "FutureDataDaily.txt › line 3 › 今收盘"
    assert said(reading) == []


def test_a_czce_line_with_more_fields_than_headings_is_left_aside(tmp_path):
    path = tmp_path / "FutureDataDaily.txt"
    path.write_text(CZCE.replace("4,391,200.11|  |", "4,391,200.11| |7|"), encoding="utf-8")
    assert said(read(path), "R129")[0].startswith("FutureDataDaily.txt › line 3: neither a contract nor a 小计")


def test_the_real_shfe_file_gives_copper_and_crude_oil():
    numbers = told(read(real("exchanges", "shfe_kx20260915.dat")))
    assert numbers["cu.futures_close@主力", "CU2610"] == "107030"
    assert numbers["cu.trading_volume@全合约", ""] == "213761"
    assert numbers["sc.settlement_price@主力", "SC2610"] == "900.7"
    assert len(numbers) == 19


def test_the_real_dce_excerpt_names_its_products():
    reading = read(real("exchanges", "dce_quotes_20260916_excerpt.json"))
    assert "products of no variety: 玉米 c、胶合板 bb" in said(reading, "R185")[0]
    assert not reading.facts


def sina(folder: Path, *bars: str, name: str = "沪铜连续") -> Path:
    path = folder / f"{name}.js"
    path.write_text(f"var {name} = [\n{','.join(bars)}\n];\n", encoding="utf-8")
    return path


BAR = '{"date": "2024-03-%s", "open": 71840, "close": %s, "volume": 101206, "hold": 187803, "settle": 72180}'


def test_bars_that_hide_their_contract_are_kept_as_continuous(tmp_path):
    reading = read(sina(tmp_path, BAR % ("27", "72090"), BAR % ("28", "72500")))
    assert {(fact.basis, fact.contract) for fact in reading.facts} == {("主力连续", "")}
    assert told(reading)["cu.futures_close@主力连续", ""] == "72500"
    assert reading.facts[-1].source == "沪铜连续.js › row 2 › hold"
    assert said(reading) == []


def test_bars_of_one_day_and_of_no_session_are_left_out(tmp_path):
    reading = read(
        sina(tmp_path, BAR % ("28", "72500"), BAR % ("28", "72510"), BAR % ("30", "1"), BAR % ("27", "72090"))
    )
    assert {fact.session for fact in reading.facts} == {date(2024, 3, 27)}
    assert len(said(reading, "R142")) == 2
    assert "2024-03-30 is no session of SHFE" in said(reading, "R135")[0]


def test_the_real_bars_are_read_for_seventeen_products():
    readings = [read(path) for path in sorted(real("sina_main_daily").glob("*.js"))]
    assert len({fact.variety for reading in readings for fact in reading.facts}) == 17
    assert sum(len(reading.facts) for reading in readings) > 30_000
    assert not [finding for reading in readings for finding in reading.findings if finding.severity > 1]
