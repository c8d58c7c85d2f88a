"""Make the small files beside this one anew, in the layouts of the LME, the CME, a gold trust and the Fed.

python -m tests.golden.abroad.samples

Totals of 2024-03-27 (LME) and 2026-04-01 (COMEX) are facts; warehouses, depositories and other numbers are invented.
The old .xls of the exchanges are written as .xlsx and saved by LibreOffice. The truths are the .txt files.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

HERE = Path(__file__).parent
Rows = list[tuple[object, ...]]
LME_HEAD = (
    "Country/Region",
    "Location",
    "Opening Stock",
    "Delivered In",
    "Delivered Out",
    "Closing Stock",
    "Open Tonnage",
    "Cancelled Tonnage",
)
METALS: dict[str, Rows] = {
    "Aluminium Alloy": [("Italy", "Trieste", 720, 0, 0, 720, 720, 0), ("Spain", "Bilbao", 880, 0, 0, 880, 880, 0)],
    "Cobalt": [("USA", "Baltimore", 92, 0, 0, 92, 18, 74)],
    "Copper": [
        ("Malaysia", "Port Klang", 350, 0, 100, 250, 250, 0),
        ("Taiwan", "Kaohsiung", 1875, 50, 0, 1925, 1175, 750),
        ("USA", "New Orleans", 110875, 0, 575, 110300, 96350, 13950),
    ],
    "Lead": [("Singapore", "Singapore", 267850, 4350, 0, 272200, 261225, 10975)],
    "NASAAC": [("USA", "Detroit", 320, 0, 60, 260, 120, 140)],
    "Nickel": [("Korea (South)", "Busan", 76836, 426, 114, 77148, 70374, 6774)],
    "Primary Aluminium": [("Malaysia", "Port Klang", 556525, 0, 2050, 554475, 342450, 212025)],
    "Special High Grade Zinc": [("Singapore", "Singapore", 263550, 9700, 2375, 270875, 227150, 43725)],
    "Tin": [("Malaysia", "Port Klang", 4675, 0, 105, 4570, 3955, 615)],
}


def totals(rows: Rows, label: str, blank: object = "") -> tuple[object, ...]:
    """The line that sums a block: its label, one blank cell, the sums."""
    return (label, blank, *(sum(row[at] for row in rows) for at in range(2, len(rows[0]))))  # type: ignore[misc]


def lme(metals: Mapping[str, Rows] = METALS, head: Sequence[str] = LME_HEAD) -> dict[str, Rows]:
    """A stock report: the sheet that is read, and the three that are not."""
    lines: Rows = [()]
    for name, rows in metals.items():
        whole = totals(rows, "Total")
        moved = ("+/-", "", 0, "", "", int(str(whole[5])) - int(str(whole[2])), "", "")
        lines += [("", name), (), (), tuple(head), (), *rows, (), whole, (), moved, (), ()]
    other: Rows = [(), ("", "Copper"), (), tuple(head)]
    return {
        "Metals Totals Report": lines,
        "Metals Breakdown Report": other,
        "Metals Totals - Premium": other,
        "Metals Breakdown - Premium": other,
    }


def comex(metal: str, unit: str, name: str, words: Sequence[str], houses: Mapping[str, Rows], note: str) -> Rows:
    """A stock report. words: registered, eligible and their totals' names; houses: (previous, in, out, adjusted)."""
    lines: Rows = [(), (), (), (), ("COMMODITY EXCHANGE, INC.",), (), ("METAL DEPOSITORY STATISTICS",)]
    lines += [(metal, *[""] * 5, "Report Date: 4/2/2026"), (unit, *[""] * 5, "Activity Date: 4/1/2026"), ()]
    lines += [(name, "", "PREV TOTAL", "RECEIVED", "WITHDRAWN", "NET CHANGE", "ADJUSTMENT", "TOTAL TODAY"), ()]
    kinds: dict[str, Rows] = {}
    for house, rows in houses.items():
        lines.append((house,))
        full = [(f"  {word}", "", *_moved(row)) for word, row in zip(words, rows, strict=False)]
        for word, row in zip(words, full, strict=False):
            kinds.setdefault(word, []).append(row)
        if metal == "GOLD":
            full.insert(1, ("  Pledged", "", 1000.5, "", "", "", "", 1000.5))
        both = [row for row in full if row[0] != "  Pledged"]
        lines += [*full, totals(both, "  Total"), ()]
    registered, eligible = (totals(kinds[word], said) for word, said in zip(words[:2], words[2:4], strict=True))
    lines += [registered, *([("TOTAL PLEDGED", "", 2001.0, "", "", "", "", 2001.0)] if metal == "GOLD" else [])]
    lines += [eligible, totals([registered, eligible], words[4]), (), (note,), ("COMMODITY EXCHANGE, INC.",)]
    return lines


def _moved(row: Sequence[object]) -> tuple[float, ...]:
    before, got, gave, adjusted = (float(str(one)) for one in row)
    return before, got, gave, got - gave, adjusted, round(before + got - gave + adjusted, 3)


PRECIOUS = ("Registered", "Eligible", "TOTAL REGISTERED", "TOTAL ELIGIBLE", "COMBINED TOTAL")
BASE = (
    "Registered (warranted)",
    "Eligible (non-warranted)",
    "Total Registered (warranted)",
    "Total Eligible (non-warranted)",
    "TOTAL COPPER",
)
NOTE = "The information in this report is taken from sources believed to be reliable;\r\nno liability."
GOLD = comex(
    "GOLD",
    "Troy Ounce",
    "DEPOSITORY",
    PRECIOUS,
    {
        "NORTH VAULT, INC.": [(6436405.471, 0, 0, -159440.112), (2803469.347, 0, 354311.292, 159440.112)],
        "SOUTH VAULT NA": [(10088281.695, 0, 0, 0), (12205744.025, 0, 0, 0)],
    },
    NOTE,
)
SILVER = comex(
    "SILVER",
    "Troy Ounce",
    "DEPOSITORY",
    PRECIOUS,
    {"NORTH VAULT, INC.": [(76420296.482, 0, 0, 0), (251239657.476, 600217.4, 0, 0)]},
    NOTE,
)
COPPER = comex(
    "COPPER - HIGH GRADE",
    "Short Tons",
    "DELIVERY POINT",
    BASE,
    {"BALTIMORE": [(477482, 0, 0, 0), (3000, 0, 836, 0)], "TUCSON": [(0, 0, 0, 0), (273158, 6085, 0, 0)]},
    NOTE,
)
TONNES = "Total Net Asset Value Tonnes in the Trust as at 4.15 p.m. NYT"
PREMIUM = "Premium/Discount of GLD mid point v Indicative Value of GLD at 4.15 p.m. NYT"
MIDDLE = "Mid point of bid/ask spread at 4.15 p.m. NYT#"
GLD_CSV = f"""Date, GLD Close, {MIDDLE}, {PREMIUM}, Daily Share Volume, {TONNES}
31-Dec-2014, 113.58, $113.50, -0.010%, 7441600, 709.02
26-Mar-2024, 201.64, $201.60, 0.020%, 5100000, 830.15
27-Mar-2024, 203.09, $203.00, 0.030%, 5200000, 830.15
28-Mar-2024, 205.72, $205.70, 0.040%, 5300000, 830.15
29-Mar-2024, HOLIDAY, HOLIDAY, HOLIDAY, HOLIDAY, HOLIDAY
"""
GLD_XLSX: dict[str, Rows] = {
    "Disclaimer": [("Important information",)],
    "US GLD Historical Archive": [
        ("Date", "Closing Price", "Ounces of Gold per Share", "Daily Share Volume", "Tonnes of Gold"),
        ("27-Mar-2024", 203.09, 0.0923, 5200000, 830.15),
        ("28-Mar-2024", 205.72, 0.0923, 5300000, 830.15),
        ("29-Mar-2024", *["US Holiday"] * 4),
        ("01-Apr-2024", 207.82, 0.0923, 5400000, 830.15),
    ],
}
H41 = """"Series Description","Reserve balances: level","TGA: level","TGA: week average","TGA: change","?"
"Unit:","Currency","Currency","Currency","Currency","Currency"
"Multiplier:","1000000","1000000","1000000","1000000","1000000"
"Currency:","USD","USD","USD","USD","USD"
"Unique Identifier: ","H41/H41/RESH4R_N.WW","H41/H41/RESPPLLDT_N.WW","H41/H41/RESPPLLDT_XAW_N.WW",\
"H41/H41/RESPPLLDT_XAW_XCH1_N.WW","H41/H41/RESNEW_N.WW"
"Time Period","RESH4R_N.WW","RESPPLLDT_N.WW","RESPPLLDT_XAW_N.WW","RESPPLLDT_XAW_XCH1_N.WW","RESNEW_N.WW"
2023-03-08,2990000,311731,333350,-47895,7
2023-03-15,3251482,277643,232866,-100484,8
2024-12-25,3200000,NA,700000,NA,9
"""
TEXTS = {
    "GLD_archive.csv": GLD_CSV,
    "FRB_H41.csv": H41,
    "RRPONTSYD.csv": "observation_date,RRPONTSYD\n2024-03-27,518.357\n2024-03-28,594.428\n2024-03-29,.\n",
    "desk_WALCL.csv": "date,value\n2024-03-20,7514348.0\n2024-03-27,7484739.0\n",
    "WTREGEN.csv": "DATE,WTREGEN\n2023-03-01,381.245\n2023-03-08,333.35\n",
    "WTREGEN-new.csv": "observation_date,WTREGEN,NFCI\n2024-01-03,758448,-0.5\n2024-01-10,747565,-0.6\n",
    "DGS10.csv": "date,DGS10\n2014-12-31,2.17\n2023-04-07,3.39\n2024-03-28,4.2\n2024-03-29,\n",
}
BOOKS: dict[str, dict[str, Rows]] = {
    "metals-reports-27-mar-2024.xls": lme(),
    "Gold_Stocks.xls": {"Daily Metal Stocks Report": GOLD},
    "Silver_stocks.xls": {"Daily Metal Stocks Report": SILVER},
    "Copper_Stocks.xls": {"Daily Metal Stocks Report": COPPER},
    "GLD archive.xlsx": GLD_XLSX,
}


def write(path: Path, sheets: Mapping[str, Rows]) -> Path:
    """Write one .xlsx."""
    with xlsxwriter.Workbook(path) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for row, line in enumerate(lines):
                for column, value in enumerate(line):
                    if value != "":
                        sheet.write(row, column, value)
    return path


def main() -> None:
    """Write every sample."""
    for name, text in TEXTS.items():
        (HERE / name).write_text(text, encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        for name, sheets in BOOKS.items():
            path = write(Path(folder) / f"{Path(name).stem}.xlsx", sheets)
            if name.endswith(".xlsx"):
                (HERE / name).write_bytes(path.read_bytes())
                continue
            home = f"-env:UserInstallation=file://{folder}/home"
            order = ["soffice", home, "--headless", "--convert-to", "xls:MS Excel 97", "--outdir", str(HERE), str(path)]
            subprocess.run(order, check=True, capture_output=True, timeout=120)


if __name__ == "__main__":
    main()
