"""How fast files are read: ours, from bytes on disk to facts, against pandas and against calamine alone.

python -m tests.bench_sources FOLDER      FOLDER holds lme_stocks/ …, as $RIBAO_REALDATA does
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pandas as pd
from python_calamine import CalamineWorkbook

from report import catalog as catalogs
from report import sessions
from report.read import families
from report.read.families import FAMILIES
from report.read.incoming import Incoming
from report.read.recognise import recognise

ROUNDS = 5
AT_MOST, AT_LEAST = 3.0, 5.0
DATA = catalogs.packaged("data")


def bare(contents: Sequence[bytes]) -> None:
    """Every sheet of every workbook as calamine gives it."""
    for content in contents:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python(skip_empty_area=False)


def pandas(contents: Sequence[bytes], engine: str) -> None:
    """Every sheet of every workbook as pandas gives it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for content in contents:
            pd.read_excel(BytesIO(content), engine=engine, sheet_name=None, header=None)


def ours(paths: Sequence[Path]) -> Callable[[], int]:
    """From the path to the facts: opened, told apart from every other layout, read, checked."""
    catalog = catalogs.load([DATA])
    calendars = sessions.load([DATA / "calendars"])
    known = families.load([DATA / "layouts"])

    def run() -> int:
        count = 0
        for path in paths:
            file = Incoming(path)
            layout = recognise(file, known, catalog)
            count += len(FAMILIES[layout.family].read(file, layout, catalog, calendars).facts)
        return count

    return run


def measured(run: Callable[[], object], rounds: int = ROUNDS) -> float:
    """The best of some rounds, in seconds; the first one is not counted, for it imports and starts processes."""
    run()
    taken = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        taken.append(time.perf_counter() - start)
    return min(taken)


def compared(name: str, paths: Sequence[Path], engine: str) -> tuple[float, float]:
    """Print one line and give it back: ours over calamine alone, pandas over ours."""
    contents = [path.read_bytes() for path in paths]
    mine, alone = measured(ours(paths)), measured(lambda: bare(contents))
    theirs = measured(lambda: pandas(contents, engine), rounds=1)
    told = f"{name}: {len(paths)} files, ours {mine * 1000:.0f} ms, calamine {alone * 1000:.0f} ms, "
    told += f"pandas/{engine} {theirs * 1000:.0f} ms; {mine / alone:.2f} times the bare read (at most {AT_MOST:.0f}), "
    print(told + f"{theirs / mine:.1f} times faster than pandas (at least {AT_LEAST:.0f})")
    return mine / alone, theirs / mine


def lme(folder: Path) -> tuple[float, float]:
    """The LME's files of a folder, forty of them."""
    paths = sorted((folder / "lme_stocks").glob("*metals*reports*.xls"))[-40:]
    return compared("LME stocks", paths, "xlrd")


def edb(folder: Path) -> tuple[float, float]:
    """The terminals' exports, iFinD's and Wind's, each on its own; gives the worse of the two."""
    paths = sorted([*(folder / "ifind_edb").glob("*.xlsx"), *(folder / "wind_edb").glob("*.xlsx")])
    told = [compared(path.name, [path], "openpyxl") for path in paths]
    return max(one for one, _ in told), min(one for _, one in told)


def main() -> None:
    """Run every comparison whose files are there."""
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("RIBAO_REALDATA", "")
    if not named:
        print("sources: skipped, RIBAO_REALDATA is not set")
        return
    folder = Path(named)
    lme(folder)
    edb(folder)


if __name__ == "__main__":
    main()
