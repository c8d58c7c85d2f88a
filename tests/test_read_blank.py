"""The morning's empty desk workbook: what stands in it, what it computes, what may be typed where."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from report.derive.derivation import derive
from report.errors import CatalogError
from report.facts import CONTINUOUS, MAIN, Fact, Facts, Series
from report.read import blank, desk, form, paper, rows
from tests.days import BEFORE, CALENDARS, CATALOG, LME_BEFORE, REPORT, fact

GOLDEN = Path(__file__).parent / "golden" / "read"
RATIO = Series("cu", "sh_lme_ratio")
SOFFICE = shutil.which("soffice")
KNOWN = (
    Fact("cu", "futures_close", BEFORE, Decimal(72090), "元/吨", MAIN, "CU2405", None, "a.xlsx › 收盘 › D5"),
    Fact("cu", "lme_close", BEFORE, Decimal("8867.5"), "美元/吨", "3个月", "", None, "a.xlsx › 收盘 › D6"),
    Fact("i", "futures_close", BEFORE, Decimal("805.5"), "元/吨", MAIN, "I2405", None, "a.xlsx › 收盘 › D23"),
    Fact("cu", "lme_stock", LME_BEFORE, Decimal(113100), "吨", "", "", None, "LME库存.xlsx › 铜 › B38"),
    Fact("cu", "lme_warrant_stock", LME_BEFORE, Decimal(97725), "吨", "", "", None, "LME库存.xlsx › 铜 › C38"),
    Fact("al", "social_stock", date(2024, 3, 21), Decimal(845000), "吨", "", "", None, "周报.xlsx › 铝 › B9"),
)
CLOSES = {
    ("SHFE", "铜"): {"收盘价": 72500, "成交量": 217587, "持仓量": 537374},
    ("LME", "铜"): {"收盘价": 8872},
    ("LME", "铝"): {"收盘价": 2335, "前收盘价": 2303},
    ("SHFE", "铝连三"): {"合约": "AL2406", "收盘价": 19465, "前收盘价": 19410},
    ("SHFE", "铝"): {"收盘价": 19475, "前收盘价": "—"},
    ("SHFE", "螺纹钢"): {"收盘价": 3481, "前收盘价": 3479},
    ("SHFE", "热卷"): {"收盘价": 3692, "前收盘价": 0},
}
INDUSTRY = {
    ("铜", "LME 库存"): {"本期": 112475},
    ("铜", "LME 仓单"): {"本期": 97775},
    ("铜", "现货升贴水"): {"本期": "—", "上期": -210},
    ("螺纹钢", "上海现货价格"): {"本期": 3470, "上期": 3500},
}


def written(facts: Iterable[Fact] = KNOWN, **filled) -> Workbook:
    return load_workbook(BytesIO(blank.write(REPORT, CATALOG, CALENDARS, Facts(facts), **filled)))


def row(sheet: Worksheet, *key: str) -> dict[str, object]:
    """The cells of the row of that key, by heading."""
    heads = [cell.value for cell in sheet[form.HEAD_ROW]]
    for cells in sheet.iter_rows(min_row=form.FIRST_ROW):
        if tuple(cell.value for cell in cells[: len(key)]) == key:
            return dict(zip(heads, cells, strict=True))
    raise KeyError(key)


def outline(sheet: Worksheet, first: int, last: int) -> Iterable[str]:
    for line in sheet.iter_rows(min_row=first, max_row=last):
        for cell in line:
            if cell.value is not None:
                said = f"   # {cell.comment.text}".replace("\n", " ") if cell.comment else ""
                yield f"{sheet.title}!{cell.coordinate} {cell.value}{said}"


@pytest.fixture(scope="module")
def form_of_the_day() -> Workbook:
    return written()


def test_the_copper_rows_of_the_form_are_as_reviewed(form_of_the_day):
    closes, industry = (form_of_the_day[name] for name in ("收盘", "产业"))
    found = "\n".join([*outline(closes, 5, 5), *outline(industry, 9, 12), *outline(form_of_the_day["观点"], 5, 5), ""])
    path = GOLDEN / "blank.txt"
    if not path.exists():
        path.write_text(found, encoding="utf-8")
    assert found == path.read_text(encoding="utf-8")
    assert found.count("\n") < 40


def test_the_same_morning_gives_the_same_bytes():
    first, second = (
        blank.write(REPORT, CATALOG, CALENDARS, Facts(facts), closes=CLOSES, industry=INDUSTRY)
        for facts in (KNOWN, reversed(KNOWN))
    )
    assert first == second


def test_the_workbook_is_dated_seven_in_the_morning_of_the_report(form_of_the_day):
    seven_in_beijing = datetime(2024, 3, 28, 23)
    assert form_of_the_day.properties.created == form_of_the_day.properties.modified == seven_in_beijing


def test_the_sheets_stand_in_order_with_the_forms_headings(form_of_the_day):
    assert form_of_the_day.sheetnames == [form.GUIDE, *(shape.name for shape in form.SHEETS)]
    for shape in form.SHEETS:
        assert [cell.value for cell in form_of_the_day[shape.name][form.HEAD_ROW]] == [f.heading for f in shape.fields]


def test_the_date_of_the_report_is_a_real_date_on_every_sheet(form_of_the_day):
    for sheet in form_of_the_day:
        assert sheet["A2"].value == form.DATE_LABEL
        assert sheet["B2"].value == datetime(2024, 3, 29)


def test_a_variety_the_report_does_not_show_has_no_row(form_of_the_day):
    products = {instrument.product for _, instrument in rows.closes(CATALOG)}
    assert not {"原油", "不锈钢"} & products
    assert {"铝连三", "黄金", "碳酸锂"} <= products


def test_a_variety_without_a_block_stands_with_the_block_that_needs_it():
    names = list(dict.fromkeys(variety.name for variety, _, _ in rows.industry(CATALOG)))
    assert names.index("白银") == names.index("黄金") + 1
    assert names.index("热卷") == names.index("螺纹钢") + 1
    assert names.index("焦煤") == names.index("焦炭") + 1


def test_a_prefilled_number_names_its_source(form_of_the_day):
    copper = row(form_of_the_day["收盘"], "SHFE", "铜")
    assert (copper["合约"].value, copper["前收盘价"].value) == ("CU2405", 72090)
    assert copper["前收盘价"].comment.text == "CU2405 2024-03-27\n来源：a.xlsx › 收盘 › D5"


def test_a_previous_close_is_never_that_of_another_contract():
    iron = row(written(closes={("DCE", "铁矿石"): {"合约": "I2409"}})["收盘"], "DCE", "铁矿石")
    assert (iron["合约"].value, iron["前收盘价"].value) == ("I2409", None)


def test_a_previous_close_is_taken_from_the_same_contract_told_otherwise():
    other = Fact("i", "futures_close", BEFORE, Decimal(800), "元/吨", "合约", "I2409", None, "a.xlsx › 收盘 › E23")
    iron = row(written([*KNOWN, other], closes={("DCE", "铁矿石"): {"合约": "I2409"}})["收盘"], "DCE", "铁矿石")
    assert iron["前收盘价"].value == 800


def test_the_continuous_series_gives_neither_a_contract_nor_a_previous_close():
    spliced = Fact("cu", "futures_close", BEFORE, Decimal(72090), "元/吨", CONTINUOUS, "", None, "x")
    copper = row(written([spliced])["收盘"], "SHFE", "铜")
    assert (copper["合约"].value, copper["前收盘价"].value) == (None, None)


def test_a_contract_typed_over_colours_the_previous_close_of_the_old_one(form_of_the_day):
    sheet = form_of_the_day["收盘"]
    (rule,) = (r.rules[0] for r in sheet.conditional_formatting if "E5" in r.sqref)
    assert rule.formula == ['AND(C5<>"CU2405",E5=72090)']


def test_a_stock_published_a_day_late_is_asked_for_by_its_own_day(form_of_the_day):
    stock = row(form_of_the_day["产业"], "铜", "LME 库存")
    assert stock["本期日期"].value == datetime(2024, 3, 27)
    assert (stock["上期"].value, stock["上期日期"].value) == (113100, datetime(2024, 3, 26))


def test_a_weekly_number_is_prefilled_with_its_day_in_the_unit_it_is_quoted_in(form_of_the_day):
    stock = row(form_of_the_day["产业"], "铝", "铝锭社会库存")
    assert (stock["单位"].value, stock["上期"].value) == ("万吨", 84.5)
    assert (stock["上期日期"].value, stock["本期日期"].value) == (datetime(2024, 3, 21), None)


def test_only_the_coloured_and_the_white_cells_can_be_typed_in(form_of_the_day):
    for sheet in form_of_the_day:
        assert sheet.protection.sheet
        assert not sheet.protection.password
    for shape in form.SHEETS:
        for cells in form_of_the_day[shape.name].iter_rows(min_row=form.FIRST_ROW):
            for cell, field in zip(cells, shape.fields, strict=True):
                is_formula = cell.data_type == "f"
                assert cell.protection.locked == (is_formula or field.heading in shape.key or cell.font.italic)
                assert not (is_formula and cell.fill.fill_type)


def test_what_must_be_typed_is_yellow_and_what_is_known_is_grey(form_of_the_day):
    copper = row(form_of_the_day["收盘"], "SHFE", "铜")
    yellow = {heading for heading, cell in copper.items() if cell.fill.fgColor.rgb == f"00{paper.INPUT.ground}"}
    grey = {heading for heading, cell in copper.items() if cell.fill.fgColor.rgb == f"00{paper.KNOWN.ground}"}
    assert (yellow, grey) == ({"收盘价", "成交量", "持仓量"}, {"合约", "前收盘价", "口径", "单位"})


def test_lists_to_choose_from_hold_the_vocabulary(form_of_the_day):
    names = [entry.name for entry in CATALOG.recommendations.recommendation]
    lists = {v.sqref: v.formula1 for v in form_of_the_day["观点"].data_validations.dataValidation}
    (where,) = (formula for formula in lists.values() if form.GUIDE in formula)
    guide, cells = where.lstrip("=").replace("'", "").split("!")
    assert [cell.value for (cell,) in form_of_the_day[guide][cells.replace("$", "")]] == names
    assert '"替换,接后"' in lists.values()
    closes = [v.formula1 for v in form_of_the_day["收盘"].data_validations.dataValidation]
    assert '"全合约,主力"' in closes


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "#N/A", "=cmd|'/c calc'!A1"])
def test_text_of_data_is_never_a_formula(text):
    cell = row(written(views={"铜": {"标题": text}})["观点"], "铜")["标题"]
    assert (cell.value, cell.data_type) == (text, "s")


def test_a_control_character_in_data_does_not_reach_the_file():
    assert row(written(views={"铜": {"标题": "升\x0b水"}})["观点"], "铜")["标题"].value == "升水"


def test_a_row_or_a_heading_the_form_has_not_is_refused():
    with pytest.raises(ValueError, match="收盘: the form has no row SHFE / 铁"):
        written(closes={("SHFE", "铁"): {}})
    with pytest.raises(ValueError, match="观点: the form has no column 题目"):
        written(views={"铜": {"题目": "x"}})


def test_an_indicator_whose_input_has_no_row_is_a_mistake_of_the_catalogue():
    copper = CATALOG.varieties["cu"].model_copy(update={"instruments": CATALOG.varieties["cu"].instruments[:1]})
    catalog = type(CATALOG)(**{**vars_of(CATALOG), "varieties": {**CATALOG.varieties, "cu": copper}})
    with pytest.raises(CatalogError) as caught:
        blank.write(REPORT, catalog, CALENDARS)
    assert str(caught.value) == (
        "data/varieties/cu.toml › series.sh_lme_ratio: its formula needs 'lme_close', "
        "but 'cu.lme_close' has no row in the workbook; declare it there, or drop the indicator"
    )


def vars_of(catalog) -> dict[str, object]:
    return {name: getattr(catalog, name) for name, one in catalog.__dataclass_fields__.items() if one.init}


def test_the_reader_reads_the_form_without_a_complaint(tmp_path):
    path = tmp_path / "日报底稿.xlsx"
    path.write_bytes(blank.write(REPORT, CATALOG, CALENDARS, Facts(KNOWN), closes=CLOSES, industry=INDUSTRY))
    reading = desk.read(path, CATALOG, CALENDARS, REPORT, datetime(2024, 3, 29, tzinfo=UTC))
    missing_contracts = {"R149"}  # of closes typed here without one
    assert {finding.code for finding in reading.findings} <= {"R102"} | missing_contracts
    stock = next(fact for fact in reading.facts if (fact.measure, fact.session) == ("lme_stock", LME_BEFORE))
    assert stock.value == 113100


@pytest.mark.parametrize(
    ("report", "known", "before"),
    [
        (date(2024, 3, 29), {}, "='收盘'!{cu_before}/'收盘'!{lme_before}"),
        (date(2024, 4, 2), {}, "='收盘'!{cu_before}/'收盘'!{lme_now}"),  # the LME was shut on Easter Monday
        (date(2024, 4, 8), {date(2024, 4, 2): "9000.5"}, "='收盘'!{cu_before}/(9000.5)"),  # SHFE on 4 and 5 April
        (date(2024, 4, 8), {date(2024, 4, 4): "9000.5"}, None),
    ],
)
def test_the_previous_ratio_of_the_form_is_the_one_the_last_report_printed(report, known, before):
    lme, cu = Series("cu", "lme_close", "3个月"), Series("cu", "futures_close", MAIN)
    facts = [Fact(*lme[:2], day, Decimal(value), "美元/吨", lme.basis) for day, value in known.items()]
    book = load_workbook(BytesIO(blank.write(report, CATALOG, CALENDARS, Facts(facts))))
    shfe, london = (row(book["收盘"], exchange, "铜") for exchange in ("SHFE", "LME"))
    cells = {"cu_before": shfe["前收盘价"], "lme_before": london["前收盘价"], "lme_now": london["收盘价"]}
    wanted = before and before[1:].format(**{name: cell.coordinate for name, cell in cells.items()})
    found = row(book["产业"], "铜", "沪伦比")["上期"].value
    assert found == wanted if wanted is None else wanted in found
    typed = [fact(cu, CALENDARS.previous("SHFE", report, back), "72000") for back in (1, 2)]
    typed += [fact(lme, CALENDARS.previous("LME", report, back), f"880{back}") for back in (1, 2)]
    printed = derive(Facts([*facts, *typed]), CATALOG, CALENDARS, report)[0].standings[RATIO].previous
    assert (printed is None) == (wanted is None)
    divisor = {"{lme_before}": "8802", "{lme_now}": "8801", "(9000.5)": "9000.5"}
    for end, value in divisor.items():
        if before and before.endswith(end):
            assert printed.value == 72000 / Decimal(value)


@pytest.fixture(scope="module")
def calculated(tmp_path_factory) -> Workbook:
    if SOFFICE is None or not Path(SOFFICE).resolve().with_name("libsclo.so").exists():
        pytest.skip("soffice with Calc is not installed")
    folder = tmp_path_factory.mktemp("calculated")
    source = folder / "form.xlsx"
    source.write_bytes(blank.write(REPORT, CATALOG, CALENDARS, Facts(KNOWN), closes=CLOSES, industry=INDUSTRY))
    return load_workbook(recalculated(source, SOFFICE), data_only=True)


def recalculated(source: Path, soffice: str) -> Path:
    """The workbook as a spreadsheet program saves it: three tries, each in a profile and a folder of its own."""
    said = []
    for attempt in range(3):
        own = source.parent / f"try-{attempt}"
        profile = f"-env:UserInstallation={(own / 'profile').as_uri()}"
        kind = ("--convert-to", "xlsx:Calc MS Excel 2007 XML")
        command = [soffice, profile, "--headless", *kind, "--outdir", str(own), source.name]
        try:
            done = subprocess.run(command, cwd=source.parent, capture_output=True, timeout=120, text=True, check=False)
            said.append(f"exit {done.returncode}: {done.stdout}{done.stderr}")
        except subprocess.TimeoutExpired as error:
            said.append(str(error))
        if (own / source.name).is_file():
            return own / source.name
    pytest.fail("the spreadsheet program gave no workbook: " + " | ".join(said))


def test_a_spreadsheet_program_that_fails_at_first_is_asked_again(tmp_path):
    moody = tmp_path / "soffice"
    moody.write_text('#!/bin/sh\ncase "$1" in *try-1*) mkdir -p "$6"; echo whole > "$6/$7";; *) exit 1;; esac\n')
    moody.chmod(0o755)
    source = tmp_path / "form.xlsx"
    source.write_bytes(b"")
    assert recalculated(source, str(moody)).read_text() == "whole\n"
    moody.write_text("#!/bin/sh\nexit 3\n")
    with pytest.raises(pytest.fail.Exception, match=r"exit 3: .*exit 3: .*exit 3: "):
        recalculated(tmp_path / "other.xlsx", str(moody))


def test_a_spreadsheet_program_shows_no_error_in_any_cell(calculated):
    errors = [f"{s.title}!{c.coordinate}" for s in calculated for line in s for c in line if c.data_type == "e"]
    assert errors == []


@pytest.mark.parametrize(
    ("key", "now", "before"),
    [
        (("铜", "LME 注销仓单"), 14700, 15375),
        (("铜", "LME 注销仓单占比"), 13.0696, 13.5942),
        (("铜", "沪伦比"), 8.1718, 8.1297),
        (("铝", "沪伦比价"), 8.3362, 8.4281),
        (("螺纹钢", "基差"), 96.3196, 129.2474),
        (("螺纹钢", "卷螺差：主力"), 211, -3479),
        (("螺纹钢", "卷螺差：上海"), None, None),
        (("镍", "沪伦比价"), None, None),
    ],
)
def test_a_spreadsheet_program_computes_the_indicators(calculated, key, now, before):
    cells = row(calculated["产业"], *key)
    assert cells["本期"].value == (None if now is None else pytest.approx(now, abs=1e-4))
    assert cells["上期"].value == (None if before is None else pytest.approx(before, abs=1e-4))


@pytest.mark.parametrize(
    ("key", "change", "width"),
    [
        (("SHFE", "铜"), 410, 0.0056873),
        (("LME", "铜"), 4.5, 0.0005075),
        (("SHFE", "铝"), None, None),
        (("SHFE", "热卷"), 3692, None),
        (("SHFE", "锌"), None, None),
    ],
)
def test_a_spreadsheet_program_computes_the_changes(calculated, key, change, width):
    cells = row(calculated["收盘"], *key)
    assert cells["涨跌"].value == change
    assert cells["涨跌幅"].value == (None if width is None else pytest.approx(width, abs=1e-7))
