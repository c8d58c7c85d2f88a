"""Make the sample's history workbooks from real files.

    RIBAO_REALDATA=<folder of the real files> python -m tests.samples.history

writes data/samples/history/*.xlsx: the same input gives the same bytes. The workbooks are kept in the project, the real
files are not.
"""

import csv
import json
import os
import re
import sys
import zipfile
from datetime import date, datetime
from io import BytesIO
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Font
from python_calamine import CalamineWorkbook

HISTORY = Path(__file__).parents[2] / "data" / "samples" / "history"
FIRST, SESSION, LME_FIRST, LME_SESSION = date(2023, 12, 1), date(2024, 3, 28), date(2024, 2, 1), date(2024, 3, 27)
CREATED = datetime(2024, 3, 29, 8, 0, 0)
SATURDAY = 5

BARS = {
    "open": "开盘价",
    "high": "最高价",
    "low": "最低价",
    "close": "收盘价",
    "settle": "结算价",
    "volume": "成交量",
    "hold": "持仓量",
}
FILE_NAMES = {"铜": "沪铜", "锌": "沪锌", "铅": "沪铅", "镍": "沪镍", "锡": "沪锡", "螺纹钢": "螺纹"}
PRODUCTS = (
    *("铜", "锌", "铅", "镍", "锡", "氧化铝", "黄金", "白银", "螺纹钢", "热卷", "不锈钢"),
    *("铁矿石", "焦煤", "焦炭", "工业硅", "碳酸锂", "原油"),
)
H41_COLUMNS = {
    "国债": "RESPPALGUO_N.WW",
    "MBS": "RESPPALGASMO_N.WW",
    "准备金": "RESH4R_N.WW",
    "准备金周均": "RESH4R_XAW_N.WW",
    "财政部一般账户": "RESPPLLDT_N.WW",
    "供给准备金的因素": "RESH4S_N.WW",
    "吸收准备金的因素": "RESH4A_N.WW",
}
FRED_COLUMNS = {"国债": "TREAST", "MBS": "WSHOMCB", "准备金周均": "WRESBAL", "财政部一般账户": "WDTGAL"}
ASSETS_FIRST, RRP_DAILY = date(2017, 1, 4), date(2021, 1, 1)
WEDNESDAY = 2
METALS = {
    "铜": "Copper",
    "铝": "Primary Aluminium",
    "锌": "Special High Grade Zinc",
    "铅": "Lead",
    "镍": "Nickel",
    "锡": "Tin",
}
NOT_LONDON = {
    date(2023, 12, 25): "no auction, Christmas",
    date(2023, 12, 26): "no auction, Boxing Day",
    date(2024, 1, 1): "no auction, New Year",
    date(2024, 3, 1): "2158.01 is above 2083.15, which the LBMA announced as the new record on 4 March",
}


def main_bars(folder: Path):
    """Main-contract bars, oldest first, one sheet per product."""
    for product in PRODUCTS:
        name = f"{FILE_NAMES.get(product, product)}连续.js"
        text = (folder / "sina_main_daily" / name).read_text(encoding="utf-8")
        bars = json.loads(text[text.index("[") : text.rindex("]") + 1])
        rows = [[date.fromisoformat(bar["date"]), *(bar[key] for key in BARS)] for bar in bars]
        yield product, list(BARS.values()), [row for row in rows if FIRST <= row[0] <= SESSION]


def lme_totals(path: Path):
    """Opening, closing, open and cancelled tonnage of every metal of one LME report."""
    metal, totals = "", {}
    for row in CalamineWorkbook.from_path(path).get_sheet_by_name("Metals Totals Report").to_python():
        told = [cell for cell in row if cell != ""]
        if len(told) == 1:
            metal = str(told[0]).strip()
        elif told and told[0] == "Total":
            opening, _, _, closing, warrants, cancelled = (int(number) for number in told[1:])
            totals[metal] = (opening, closing, warrants, cancelled)
    return totals


def lme_stocks(folder: Path):
    """LME stocks on the session in the file's name; a file not out on the morning of the report is left out."""
    days = {}
    for path in sorted((folder / "lme_stocks").glob("metals-reports-*.xls")):
        session = date.fromisoformat(path.stem.removeprefix("metals-reports-"))
        if LME_FIRST <= session <= LME_SESSION:
            days[session] = lme_totals(path)
    for metal, name in METALS.items():
        rows = [[session, *totals[name][1:]] for session, totals in days.items()]
        if any(stock != warrants + cancelled for _, stock, warrants, cancelled in rows):
            raise ValueError(f"LME {metal}: stock is not warrants and cancelled warrants on some day")
        yield metal, ["库存", "仓单", "注销仓单"], rows


def london_gold(folder: Path):
    """London gold on weekdays, without the days that cannot be a London price."""
    with (folder / "spot_metals" / "xau_history.csv").open(encoding="utf-8", newline="") as file:
        told = [(date.fromisoformat(row["timestamp"][:10]), float(row["close"])) for row in csv.DictReader(file)]
    kept = [[day, price] for day, price in told if day.weekday() < SATURDAY and day not in NOT_LONDON]
    yield "黄金", ["价格"], [row for row in kept if FIRST <= row[0] <= SESSION]


def gold_etf(folder: Path):
    """Tonnes in the SPDR gold trust, the rows that say HOLIDAY left out."""
    path = next((folder / "etf").glob("GLD_US_archive*.csv"))
    with path.open(encoding="utf-8", newline="") as file:
        told = list(csv.reader(file, skipinitialspace=True))
    column = next(i for i, name in enumerate(told[0]) if "Tonnes" in name)
    days = [(datetime.strptime(row[0], "%d-%b-%Y").date(), row[column]) for row in told[1:] if row]
    held = [(day, tonnes) for day, tonnes in days if FIRST <= day <= SESSION and tonnes != "HOLIDAY"]
    yield "黄金", ["吨"], [[day, float(tonnes)] for day, tonnes in held]


def treasury_yield(folder: Path):
    """The ten-year constant-maturity yield in percent, days without a quote left out."""
    with (folder / "fed" / "codex_DGS10.csv").open(encoding="utf-8", newline="") as file:
        told = [(date.fromisoformat(row["date"]), row["value"]) for row in csv.DictReader(file)]
    yield "宏观", ["美债10年收益率"], [[day, float(value)] for day, value in told if FIRST <= day <= SESSION and value]


def h41(folder: Path):
    """The Board's weekly file: day -> column of the workbook -> millions of dollars."""
    with (folder / "fed" / "FRB_H41_2021_2023_H8report.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    at = {identifier.rpartition("/")[2]: column for column, identifier in enumerate(rows[4])}
    return {
        date.fromisoformat(row[0]): {name: int(row[at[one]]) for name, one in H41_COLUMNS.items()} for row in rows[6:]
    }


def fred(path: Path):
    """A file of FRED's: day -> number, days without one left out."""
    with path.open(encoding="utf-8", newline="") as file:
        return {date.fromisoformat(row["date"]): float(row["value"]) for row in csv.DictReader(file) if row["value"]}


def fed_weekly(folder: Path):
    """The Fed's balance sheet on Wednesdays, in millions: the Board's file, and FRED's series after its end."""
    days = h41(folder)
    with (Path(__file__).parent / "fed.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            days[date.fromisoformat(row["date"])] = {name: int(row[one]) for name, one in FRED_COLUMNS.items()}
    for day, total in fred(folder / "fed" / "codex_WALCL.csv").items():
        if ASSETS_FIRST <= day <= SESSION:
            days.setdefault(day, {})["总资产"] = int(total)
    heads = ["总资产", *H41_COLUMNS]
    yield "宏观", [f"{one}（百万美元）" for one in heads], [[day, *map(told.get, heads)] for day, told in days.items()]


def on_rrp(folder: Path):
    """The overnight reverse repo facility in billions: Wednesdays, and from 2021 every day there was an operation."""
    told = fred(folder / "fed" / "codex_RRPONTSYD.csv")
    kept = [[day, value] for day, value in told.items() if day >= RRP_DAILY or day.weekday() == WEDNESDAY]
    yield "宏观", ["隔夜逆回购（十亿美元）"], [row for row in kept if ASSETS_FIRST <= row[0] <= SESSION]


WORKBOOKS = {
    "主力连续日线.xlsx": main_bars,
    "LME库存.xlsx": lme_stocks,
    "伦敦金银.xlsx": london_gold,
    "黄金ETF.xlsx": gold_etf,
    "美债收益率.xlsx": treasury_yield,
    "美联储资产负债.xlsx": fed_weekly,
    "隔夜逆回购.xlsx": on_rrp,
}


def workbook(sheets) -> bytes:
    """The sheets as a workbook: bold frozen head, real dates, numbers as numbers."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator, book.properties.created = "ribao", CREATED
    for title, head, rows in sheets:
        sheet = book.create_sheet(title)
        sheet.append(["日期", *head])
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for row in sorted(rows):
            sheet.append(row)
            sheet.cell(sheet.max_row, 1).number_format = "yyyy-mm-dd"
        sheet.freeze_panes = "A2"
        sheet.column_dimensions["A"].width = 12
    packed = BytesIO()
    book.save(packed)
    return repacked(packed.getvalue())


def repacked(package: bytes) -> bytes:
    """The same package with no trace of the clock: one date on every member, one in the properties."""
    out = BytesIO()
    stamp = CREATED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            member = zipfile.ZipInfo(name, CREATED.timetuple()[:6])
            member.compress_type, member.create_system, member.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
            new.writestr(member, content)
    return out.getvalue()


def history(folder: Path) -> None:
    """Write every history workbook and say what is in it."""
    HISTORY.mkdir(parents=True, exist_ok=True)
    for name, sheets_of in WORKBOOKS.items():
        sheets = list(sheets_of(folder))
        (HISTORY / name).write_bytes(workbook(sheets))
        print(f"{name}: {len(sheets)} sheets, {sum(len(rows) for _, _, rows in sheets)} rows")


def main() -> None:
    """Write the workbooks from the folder that RIBAO_REALDATA names."""
    if "RIBAO_REALDATA" not in os.environ:
        sys.exit("set RIBAO_REALDATA to the folder of the real files first")
    history(Path(os.environ["RIBAO_REALDATA"]))


if __name__ == "__main__":
    main()
