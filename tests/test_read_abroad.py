"""What the LME, the CME, a gold trust and the Fed publish: small files of their layouts, and the real ones."""

from __future__ import annotations

import os
from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from report.errors import CatalogError, InputError
from report.facts import Series
from report.read import Reading, families, layouts
from report.read.english import american, days_in, named
from report.read.families import FAMILIES
from report.read.incoming import Incoming
from report.read.recognise import recognise
from tests.days import CALENDARS, CATALOG, DATA
from tests.golden.abroad.samples import BASE, COPPER, GLD_XLSX, GOLD, H41, LME_HEAD, METALS, NOTE, comex, lme, write

GOLDEN = Path(__file__).parent / "golden" / "abroad"
SAMPLES = sorted(path for path in GOLDEN.iterdir() if path.suffix in (".xls", ".xlsx", ".csv"))
REAL = Path(os.environ.get("RIBAO_REALDATA", "/nowhere"))
LAYOUTS = families.load([DATA / "layouts"])
AGAIN = "次日期初"
CU, AU = Series("cu", "lme_stock"), Series("au", "comex_stock")
TGA = Series("macro", "treasury_general_account")

real = pytest.mark.skipif(not REAL.is_dir(), reason="RIBAO_REALDATA names no folder of real files")


def read(path: Path) -> Reading:
    file = Incoming(path)
    layout = recognise(file, LAYOUTS, CATALOG)
    layouts.check(layout, CATALOG)
    return FAMILIES[layout.family].read(file, layout, CATALOG, CALENDARS)


def text(folder: Path, name: str, content: str) -> Reading:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return read(path)


def values(reading: Reading, series: Series) -> dict[date, str]:
    return {fact.session: str(fact.value) for fact in reading.facts if fact.series == series}


def said(reading: Reading) -> list[str]:
    return [str(finding) for finding in reading.findings]


def truth(reading: Reading) -> str:
    lines = [
        f"{f.session} {f.series} {f.value} {f.unit} | {f.known_at:%m-%d %H:%M}Z | {f.source}" for f in reading.facts
    ]
    return "\n".join([*lines, *said(reading), ""])


@pytest.mark.parametrize(
    "path",
    sorted(one for one in GOLDEN.iterdir() if one.suffix in (".xls", ".xlsx", ".csv")),
    ids=lambda path: path.name,
)
def test_a_sample_reads_as_its_truth(path):
    found = truth(read(path))
    beside = path.with_suffix(path.suffix + ".txt")
    if not beside.exists():
        beside.write_text(found, encoding="utf-8")
    assert found == beside.read_text(encoding="utf-8")
    assert found.count("\n") < 40


@pytest.mark.parametrize(
    ("name", "days"),
    [
        ("metals-reports-27-mar-2024", ["2024-03-27"]),
        ("metals-reports-2024-03-27", ["2024-03-27"]),
        ("Metals Reports_20260826", ["2026-08-26"]),
        ("Metals_Reports_27 March 2024 (1)", ["2024-03-27"]),
        ("metals-reports-2024-13-27", []),
        ("metals-reports-03-04-2024", []),
        ("metals-reports-2024-03-27 to 2024-03-28", ["2024-03-27", "2024-03-28"]),
    ],
)
def test_a_files_name_holds_these_days(name, days):
    assert sorted(map(str, days_in(name))) == days


def test_an_american_date_has_the_month_first():
    assert american("3/31/2026") == date(2026, 3, 31)
    assert american("31/3/2026") is None
    assert named("18-Nov-2004") == date(2004, 11, 18)
    assert named("18-Foo-2004") is None


def test_an_lme_file_is_of_the_day_in_its_name_and_known_the_next_morning(tmp_path):
    reading = read(write(tmp_path / "Metals Reports_20240328.xlsx", lme()))
    copper = next(fact for fact in reading.facts if fact.series == CU)
    assert (copper.session, copper.value) == (date(2024, 3, 28), Decimal(112475))
    assert copper.known_at == datetime(2024, 4, 2, 8, tzinfo=UTC)  # past Easter, in summer time
    assert values(reading, CU._replace(basis=AGAIN)) == {date(2024, 3, 27): "113100"}


@pytest.mark.parametrize("name", ["metals-reports.xlsx", "metals-reports-2024-03-27-2024-03-28.xlsx"])
def test_an_lme_file_whose_name_does_not_hold_one_day_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"name it metals-reports-2024-03-27\.xls"):
        read(write(tmp_path / name, lme()))


def test_an_lme_file_of_a_day_without_a_session_gives_no_facts(tmp_path):
    reading = read(write(tmp_path / "metals-reports-2024-03-29.xlsx", lme()))
    assert reading.facts == ()
    assert "2024-03-29 is no session of LME; the number is left out [R135]" in said(reading)[0]


def test_the_headings_of_2016_are_read_as_well(tmp_path):
    reading = read(write(tmp_path / "metals-reports-14-jan-2016.xlsx", lme(head=("Country", *LME_HEAD[1:]))))
    assert len(reading.facts) == 18
    assert said(reading) == []


def test_aluminium_alloy_nasaac_and_cobalt_are_nobodys_stock():
    reading = read(GOLDEN / "metals-reports-27-mar-2024.xls")
    assert Counter(fact.variety for fact in reading.facts) == dict.fromkeys(("al", "cu", "ni", "pb", "sn", "zn"), 3)
    assert values(reading, Series("al", "lme_stock")) == {date(2024, 3, 27): "554475"}


def test_a_metal_nobody_knows_and_one_that_is_not_there_are_said(tmp_path):
    metals = {("Lithium" if name == "Tin" else name): rows for name, rows in METALS.items()}
    reading = read(write(tmp_path / "metals-reports-2024-03-27.xlsx", lme(metals)))
    assert "the metal 'Lithium' is neither read nor ignored by data/layouts/lme-report.toml [R125]" in said(reading)[0]
    assert "no block Tin on the sheet; the report's form may have changed [R123]" in said(reading)[1]


def test_a_metal_whose_total_does_not_add_up_is_left_out(tmp_path):
    copper = [*METALS["Copper"], ("USA", "Detroit", 100, 0, 0, 100, 60, 50)]
    reading = read(write(tmp_path / "metals-reports-2024-03-27.xlsx", lme(METALS | {"Copper": copper})))
    assert values(reading, CU) == {}
    assert values(reading, Series("pb", "lme_stock"))
    assert "Open Tonnage 97835 and Cancelled Tonnage 14750 are not 112575; Copper is left out" in said(reading)[0]
    assert [finding.code for finding in reading.findings] == ["R180"]


def test_a_metal_that_stands_twice_is_not_read(tmp_path: Path) -> None:
    sheets = lme()
    sheets["Metals Totals Report"] += lme({"Copper": METALS["Tin"]})["Metals Totals Report"]
    reading = read(write(tmp_path / "metals-reports-2024-03-27.xlsx", sheets))
    assert values(reading, CU) == {}
    assert any("the metal 'Copper' has a block in row" in one and "neither is read" in one for one in said(reading))


def test_a_metal_whose_total_lacks_a_number_is_left_out(tmp_path):
    sheets = lme()
    lines = sheets["Metals Totals Report"]
    (at,) = (at for at, line in enumerate(lines) if line[:1] == ("Total",) and 113100 in line)
    lines[at] = (*lines[at][:2], "", *lines[at][3:])
    reading = read(write(tmp_path / "metals-reports-2024-03-27.xlsx", sheets))
    assert values(reading, CU) == {}
    assert [finding.code for finding in reading.findings] == ["R102", "R180"]
    assert "Copper: its total lacks Opening Stock; left out [R180]" in said(reading)[1]


def test_a_warehouse_that_the_total_forgets_is_seen(tmp_path):
    sheets = lme()
    lines = sheets["Metals Totals Report"]
    at = lines.index(METALS["Copper"][1])
    lines[at] = (*lines[at][:5], 1926, 1176, 750)
    reading = read(write(tmp_path / "metals-reports-2024-03-27.xlsx", sheets))
    assert values(reading, CU) == {}
    assert "112475 in total, but the warehouses come to 112476; Copper is left out" in said(reading)[0]


def test_a_stock_that_the_movements_do_not_explain_is_kept_and_said(tmp_path):
    metals = METALS | {"Copper": [("USA", "Mobile", 100, 10, 0, 150, 100, 50)]}
    reading = read(write(tmp_path / "metals-reports-2024-03-27.xlsx", lme(metals)))
    assert values(reading, CU) == {date(2024, 3, 27): "150"}
    assert "Copper: 100 + 10 - 0 = 110, but Closing Stock is 150; it is kept" in said(reading)[0]


def test_a_column_and_a_sheet_of_the_report_nobody_knows_are_said(tmp_path):
    sheets = lme(head=(*LME_HEAD, "Queue")) | {"Metals Extra": [("x",)]}
    findings = said(read(write(tmp_path / "metals-reports-2024-03-27.xlsx", sheets)))
    assert sum("the column 'Queue' is neither claimed nor ignored" in one for one in findings) == 9
    assert "the sheet 'Metals Extra' is neither read nor ignored by data/layouts/lme-report.toml [R126]" in findings[-1]


def test_comex_gold_is_the_combined_total_of_the_activity_date():
    reading = read(GOLDEN / "Gold_Stocks.xls")
    assert values(reading, AU) == {date(2026, 4, 1): "31179589.246"}
    assert values(reading, AU._replace(basis=AGAIN)) == {date(2026, 3, 31): "31533900.538"}
    assert {fact.unit for fact in reading.facts} == {"盎司"}
    assert said(reading) == []


def test_comex_copper_needs_no_python_and_its_short_tons_become_tonnes():
    reading = read(GOLDEN / "Copper_Stocks.xls")
    (stock,) = values(reading, Series("cu", "comex_warehouse_stock")).values()
    assert Decimal(stock) == Decimal(758889) * Decimal("0.90718474")
    assert 'family = "comex"' in (DATA / "layouts" / "comex-copper.toml").read_text(encoding="utf-8")


def comex_with(folder: Path, old: object, new: object, lines=COPPER) -> Reading:
    changed = [tuple(new if value == old else value for value in line) for line in lines]
    return read(write(folder / "Copper_Stocks.xlsx", {"Daily Metal Stocks Report": changed}))


def test_comex_totals_that_do_not_add_up_are_not_read(tmp_path):
    reading = comex_with(tmp_path, 758889.0, 758890.0)
    assert reading.facts == ()
    assert (
        "Total Registered (warranted) 477482 and Total Eligible (non-warranted) 281407 are not 758890"
        in said(reading)[0]
    )
    assert all("[R180]" in one for one in said(reading))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("Activity Date: 4/1/2026", "Activity Date: 1 April", "expected Activity Date: and a day such as 3/31/2026"),
        ("Activity Date: 4/1/2026", "", "no cell 'Activity Date:' in the first 20 rows"),
        ("Short Tons", "Metric Tons", "no cell 'Short Tons' in the first 20 rows"),
        ("TOTAL TODAY", "TODAY", "no column TOTAL TODAY"),
        ("TOTAL COPPER", "TOTAL CU", "no line TOTAL COPPER"),
        (758889.0, "758,889 st", "expected a number, found '758,889 st'"),
    ],
)
def test_a_comex_report_of_another_form_is_refused_with_what_it_lacks(tmp_path, old, new, message):
    with pytest.raises(InputError, match=r"change data/layouts/comex-copper\.toml") as caught:
        comex_with(tmp_path, old, new)
    assert message in str(caught.value)


def test_a_second_activity_date_that_disagrees_refuses_the_file(tmp_path):
    with pytest.raises(InputError) as caught:
        comex_with(tmp_path, None, None, [*COPPER, ("Activity Date: 4/2/2026",)])
    assert f"A{len(COPPER) + 1}: 'Activity Date: 4/2/2026', but 2026-04-01 at " in str(caught.value)
    assert comex_with(tmp_path, None, None, [*COPPER, ("ACTIVITY DATE: 04/01/2026",)]).facts


def test_a_line_of_a_comex_report_nobody_knows_is_said(tmp_path):
    lines = [*COPPER[:12], ("In Transit", "", 5, 0, 0, 0, 0, 5), *COPPER[12:]]
    reading = comex_with(tmp_path, None, None, lines)
    assert (
        "the line 'In Transit' is neither read nor ignored by data/layouts/comex-copper.toml [R125]" in said(reading)[0]
    )
    assert len(reading.facts) == 2


def test_comex_aluminium_is_no_known_layout(tmp_path):
    lines = comex("ALUMINUM", "Metric Tons", "DELIVERY POINT", BASE, {"OWENSBORO": [(1, 0, 0, 0), (2, 0, 0, 0)]}, NOTE)
    path = write(tmp_path / "Aluminum_Stocks.xlsx", {"Daily Metal Stocks Report": lines})
    with pytest.raises(InputError, match="no cell COPPER - HIGH GRADE in the first 20 rows"):
        read(path)


def test_gold_and_silver_are_told_apart_by_the_metal_and_not_by_the_name(tmp_path):
    reading = read(write(tmp_path / "Silver_stocks.xlsx", {"Daily Metal Stocks Report": GOLD}))
    assert {fact.variety for fact in reading.facts} == {"au"}


def test_the_trusts_holidays_are_no_numbers_and_no_findings():
    reading = read(GOLDEN / "GLD archive.xlsx")
    days = [date(2024, 3, 27), date(2024, 3, 28), date(2024, 4, 1)]
    assert values(reading, Series("au", "etf_stock")) == dict.fromkeys(days, "830.15")
    assert said(reading) == []


def test_a_word_that_is_no_holiday_is_said(tmp_path):
    head, *rows = GLD_XLSX["US GLD Historical Archive"]
    lines = [head, rows[0], ("28-Mar-2024", 1, 1, 1, "PENDING"), ("footnote",)]
    reading = read(write(tmp_path / "GLD.xlsx", {"US GLD Historical Archive": lines}))
    assert len(reading.facts) == 1
    assert (
        "'footnote': a row without a day and without numbers; not read [R129]" in said(reading)[0]
        or "R133" in said(reading)[0]
    )
    assert any("expected a number, found 'PENDING'" in one for one in said(reading))


@pytest.mark.parametrize("head", ["observation_date,DGS10", "DATE,DGS10", "date,DGS10", "date,value"])
def test_freds_headings_of_every_style_are_read(tmp_path, head):
    reading = text(tmp_path, "my_DGS10 (2).csv", f"{head}\n2024-03-27,4.20\n2024-03-28,.\n2024-03-29,\n")
    assert values(reading, Series("macro", "treasury_yield")) == {date(2024, 3, 27): "4.2"}
    assert said(reading) == []


def test_fred_units_are_those_of_the_series():
    assert values(read(GOLDEN / "RRPONTSYD.csv"), Series("macro", "overnight_reverse_repo")) == {
        date(2024, 3, 27): "5183.57",
        date(2024, 3, 28): "5944.28",
    }
    assert values(read(GOLDEN / "desk_WALCL.csv"), Series("macro", "fed_assets"))[date(2024, 3, 27)] == "74847.39"


def test_freds_week_average_of_the_treasurys_account_is_the_boards(tmp_path):
    average = TGA._replace(basis="周均")
    fred, board = read(GOLDEN / "WTREGEN.csv"), read(GOLDEN / "FRB_H41.csv")
    assert values(fred, average)[date(2023, 3, 8)] == values(board, average)[date(2023, 3, 8)] == "3333.5"
    assert values(board, TGA)[date(2023, 3, 8)] == "3117.31"


def test_a_series_in_a_unit_that_cannot_be_is_refused(tmp_path):
    reading = text(tmp_path, "a.csv", "DATE,RRPONTSYD\n2024-03-27,518357\n2024-03-28,594428\n")
    assert reading.facts == ()
    assert "RRPONTSYD up to 594428 cannot be 十亿美元; see which unit the file is in" in said(reading)[0]


def test_a_fred_file_that_does_not_say_its_series_is_no_freds(tmp_path):
    with pytest.raises(InputError, match="neither a heading nor the file's name is one of the series DGS10"):
        text(tmp_path, "fed.csv", "date,value\n2024-03-27,1\n2024-03-28,2\n")


def test_a_weekly_number_of_a_holiday_is_kept():
    reading = read(GOLDEN / "FRB_H41.csv")
    (fact,) = (one for one in reading.facts if one.session == date(2024, 12, 25) and one.measure == "reserve_balances")
    assert fact.value == 32000
    assert fact.known_at == datetime(2024, 12, 26, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"USD"', '"EUR"', "expected one of USD and a number, found Currency: 'EUR', Multiplier: '1000000'"),
        ('"1000000"', '"many"', "expected one of USD and a number, found Currency: 'USD', Multiplier: 'many'"),
    ],
)
def test_a_series_of_the_board_in_an_unknown_unit_is_left_out(tmp_path, old, new, message):
    reading = text(tmp_path, "FRB.csv", H41.replace(old, new))
    assert reading.facts == ()
    assert any(message in one.replace("Decimal('1000000')", "'1000000'") for one in said(reading))


def test_days_without_a_calendar_are_said_once(tmp_path):
    days = "".join(f"20{year:02}-06-03,4.{year:02}\n" for year in (*range(2, 15), 24))
    findings = said(text(tmp_path, "DGS10.csv", f"DATE,DGS10\n{days}2031-06-03,4\n2031-06-04,4\n"))
    assert len(findings) == 2
    assert "the numbers of 13 days, 2002-06-03 to 2014-06-03, are left out" in findings[0]
    assert "the numbers of 2 days, 2031-06-03 to 2031-06-04, are left out" in findings[1]
    assert "add data/calendars/comex" in findings[1]


def test_a_day_that_stands_twice_is_not_read(tmp_path):
    reading = text(tmp_path, "DGS10.csv", "DATE,DGS10\n2024-03-27,4.2\n2024-03-27,4.3\n2024-03-28,4.2\n")
    assert list(values(reading, Series("macro", "treasury_yield"))) == [date(2024, 3, 28)]
    assert "[R142]" in said(reading)[0]


def test_a_layout_that_names_what_the_catalogue_does_not_know_is_refused(tmp_path):
    packaged = (DATA / "layouts" / "comex-gold.toml").read_text(encoding="utf-8")
    (tmp_path / "a.toml").write_text(packaged.replace('"au"', '"xx"').replace("金衡盎司", "桶"), encoding="utf-8")
    with pytest.raises(CatalogError, match="no variety has the code 'xx'"):
        layouts.check(families.load([tmp_path])[0], CATALOG)
    (tmp_path / "a.toml").write_text(packaged.replace("金衡盎司", "桶"), encoding="utf-8")
    with pytest.raises(CatalogError, match="'桶' does not convert into 盎司"):
        layouts.check(families.load([tmp_path])[0], CATALOG)


@real
def test_every_real_lme_file_reads_and_each_opening_is_the_close_before():
    facts = [fact for path in sorted((REAL / "lme_stocks").glob("*.xls")) for fact in read(path).facts]
    known = {(fact.series, fact.session): fact.value for fact in facts}
    assert len(known) == len(facts) == 41 * 18
    assert known[CU, date(2024, 3, 27)] == 112475
    chained = [(series, day) for series, day in known if series.basis and (series._replace(basis=""), day) in known]
    assert len(chained) == 38 * 6
    assert all(known[series, day] == known[series._replace(basis=""), day] for series, day in chained)


@real
def test_every_real_comex_file_reads_and_the_previous_total_is_the_day_befores():
    first, second, silver = (read(path) for path in sorted((REAL / "comex_stocks").glob("*.xls")))
    assert values(second, AU._replace(basis=AGAIN)) == values(first, AU) == {date(2026, 3, 31): "31533900.538"}
    assert values(silver, Series("ag", "comex_stock")) == {date(2026, 3, 31): "327659953.958"}
    assert said(first) == said(second) == said(silver) == []


@real
def test_the_real_archive_of_the_trust_reads():
    (path,) = (REAL / "etf").glob("*.csv")
    reading = read(path)
    tonnes = values(reading, Series("au", "etf_stock"))
    assert [tonnes[date(2024, 3, day)] for day in (26, 27, 28)] == ["830.15"] * 3
    assert len(tonnes) == 2615
    assert [finding.code for finding in reading.findings] == ["R181"]


@real
def test_the_real_files_of_the_fed_agree_with_one_another():
    found = {path.stem: read(path) for path in (REAL / "fed").glob("*.csv")}
    average = TGA._replace(basis="周均")
    fred = values(found["fredstrategy_WTREGEN"], average)
    board = values(found["FRB_H41_2021_2023_H8report"], average)
    assert len(board) == 100
    assert [day for day in board if Decimal(board[day]) != Decimal(fred[day])] == []
    yields = [values(found[name], Series("macro", "treasury_yield")) for name in ("codex_DGS10", "macrocharts_DGS10")]
    assert [day for day in yields[0].keys() & yields[1].keys() if yields[0][day] != yields[1][day]] == []
    assert yields[0][date(2024, 3, 28)] == "4.2"
    assert values(found["codex_RRPONTSYD"], Series("macro", "overnight_reverse_repo"))[date(2024, 3, 28)] == "5944.28"
