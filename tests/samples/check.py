"""Hold data/corrections/2024-03-29.toml against the printed tables: every wrong cell has an entry, no other.

    RIBAO_PRINTED=<folder of the printed tables> python -m tests.make_samples check

A cell is wrong when it differs from what tests/samples/closes.csv and industry.csv give, rounded half away from zero
to the places printed; printed_rows.csv says how each row of table 2 is computed from them.
"""

import csv
import re
import tomllib
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

HERE = Path(__file__).parent
CORRECTIONS = HERE.parents[1] / "data" / "corrections" / "2024-03-29.toml"
CELL_COLUMNS = ("收盘价", "涨跌", "涨跌幅/%", "总成交量/手", "总持仓量/手", "本期", "上期")
Pair = tuple[Decimal | None, Decimal | None]


def rows(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def number(text):
    return Decimal(text.replace(",", "")) if text else None


def inputs() -> dict[str, Pair]:
    """Today's and the previous value of every line of the two sample sheets, by '交易所 品种' or '品种 指标'."""
    closes, industry = rows(HERE / "closes.csv"), rows(HERE / "industry.csv")
    known = {f"{row['交易所']} {row['品种']}": (number(row["收盘价"]), number(row["前收盘价"])) for row in closes}
    return known | {f"{row['品种']} {row['指标']}": (number(row["本期"]), number(row["上期"])) for row in industry}


def value(formula, known, day):
    """The formula's value on one of the two days, None where an input is missing."""
    names = re.findall(r"\[([^\]]+)\]", formula)
    if any(known[name][day] is None for name in names):
        return None
    numbers = {f"x{i}": known[name][day] for i, name in enumerate(names)}
    for i, name in enumerate(names):
        formula = formula.replace(f"[{name}]", f"x{i}", 1)
    formula = re.sub(r"(?<![\w.])(\d+(?:\.\d+)?)", r"Decimal('\1')", formula)
    return eval(formula, {"__builtins__": {}, "Decimal": Decimal}, numbers)


def change(today, previous):
    return None if today is None or previous is None else today - previous


def as_printed(right, printed):
    """The right value with the places of the printed one, '' where there is none."""
    if right is None:
        return ""
    places = Decimal(1).scaleb(-len(printed.partition(".")[2]))
    return str(right.quantize(places, ROUND_HALF_UP))


def cells(printed: Path):
    """(table, block, row, column), printed, right: every cell of the two printed tables."""
    known = inputs()
    lines = {f"{r['交易所']} {r['品种']}": r for r in rows(HERE / "closes.csv")}
    for row in rows(printed / "closes.csv"):
        today, previous = known[row["合约"]]
        moved = change(today, previous)
        right = {
            "收盘价": today,
            "涨跌": moved,
            "涨跌幅/%": None if moved is None else moved / previous * 100,
            "总成交量/手": number(lines[row["合约"]]["成交量"]),
            "总持仓量/手": number(lines[row["合约"]]["持仓量"]),
        }
        for column, truth in right.items():
            yield ("1", "", row["合约"], column), row[column], as_printed(truth, row[column])
    formulas = {(r["区块"], r["列"], r["行"]): r["算式"] for r in rows(HERE / "printed_rows.csv")}
    for row in rows(printed / "industry.csv"):
        formula = formulas[row["区块"], row["列"], row["行"]]
        today, previous = (value(formula, known, day) for day in (0, 1))
        for column, truth in (("本期", today), ("上期", previous), ("涨跌", change(today, previous))):
            yield ("2", row["区块"], row["指标"], column), row[column], as_printed(truth, row[column])


def wrong_cells(printed: Path):
    """Key -> (printed, right) of every cell that differs as a number."""
    return {key: (told, right) for key, told, right in cells(printed) if number(told) != number(right)}


def entries():
    return tomllib.loads(CORRECTIONS.read_text(encoding="utf-8"))["correction"]


def mistakes(printed: Path):
    """What is missing from, superfluous in, or wrong about the corrections file, one line each."""
    wrong = wrong_cells(printed)
    told = {}
    for entry in entries():
        key = (entry["table"], entry["block"], entry["row"], entry["column"])
        if key in told:
            yield f"{key}: told twice"
        told[key] = (entry["printed"], entry["right"])
    cell_entries = {key: pair for key, pair in told.items() if key[0] != "text" and key[3] in CELL_COLUMNS}
    for key in sorted(wrong.keys() - cell_entries.keys()):
        yield f"{key}: printed {wrong[key][0]!r}, right {wrong[key][1]!r}, and no entry"
    for key, pair in cell_entries.items():
        if key not in wrong:
            yield f"{key}: an entry for a cell that agrees"
        elif pair != wrong[key]:
            yield f"{key}: the entry says {pair}, the figures {wrong[key]}"
