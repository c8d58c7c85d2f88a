"""How fast the house is: `make bench`.

Prints the stages of a cold build, its peak memory, a warm rebuild, a catalogue of 130 varieties, and, where the peers
are there ($RIBAO_REALDATA/../bench/peers), the same document made with other tools. Everything that is compared is run
in turn within one call, several times; medians and ratios are printed, for single times on a shared machine say little.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from openpyxl import load_workbook

from report import catalog as catalogs
from report import pipeline, sessions
from report.check import check
from report.errors import ReportError
from report.pipeline.building import assemble
from report.pipeline.inputs import read_workbooks
from report.render import glyphs
from report.workspace import Workspace

ROUNDS = int(os.environ.get("RIBAO_ROUNDS", "5"))
RIBAO = [sys.executable, "-m", "report"]
HOME = Path(__file__).parent.parent
NOW = datetime(2024, 3, 29, tzinfo=UTC)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ribao-bench-") as name:
        folder = Path(name)
        pipeline.init(folder / "w13")
        print(f"rounds: {ROUNDS}; medians\n")
        stages(folder / "w13")
        parts(folder / "w13")
        warm(folder / "w13")
        many(folder)
        peers(folder)


def row(label: str, value: str, note: str = "") -> None:
    print(f"{label:<46}{value:>12}  {note}")


def median(times: list[float]) -> float:
    return statistics.median(times)


def cold(workspace: Path, *options: str) -> tuple[float, float]:
    """Wall seconds and peak memory (MB, summed over the whole process tree) of one `ribao build` as a process."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [*RIBAO, "build", "2024-03-29", *options],
        cwd=workspace,
        env=os.environ | {"PYTHONPATH": str(HOME)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    peak = 0.0
    stop = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not stop.wait(0.02):
            peak = max(peak, sum(map(proportional_mb, tree(child.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    status = child.wait()
    seconds = time.perf_counter() - began
    stop.set()
    watcher.join()
    if status:
        raise SystemExit(f"ribao build ended with {status}")
    return seconds, peak


def tree(pid: int) -> list[int]:
    found = [pid]
    for process in found:
        try:
            for task in Path(f"/proc/{process}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except (OSError, ValueError):
            continue
    return found


def proportional_mb(pid: int) -> float:
    try:
        found = re.search(r"^Pss:\s+(\d+) kB", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.M)
    except OSError:
        return 0.0
    return int(found.group(1)) / 1024 if found else 0.0


def stages(workspace: Path) -> None:
    """The steps of a build, timed within one process from a cold start."""
    script = (
        "import time; t=time.perf_counter()\n"
        "from report.render import pdf; pdf.start()\n"
        "from report import pipeline, workspace; from pathlib import Path; from datetime import UTC, date, datetime\n"
        "def step(name, last=[('imports', t)]):\n"
        "    now=time.perf_counter(); print(last[-1][0], now-last[-1][1], sep='\\t'); last.append((name, now))\n"
        "step('open'); house=pipeline.open_house(workspace.find(Path()))\n"
        "pipeline.build(house, date(2024,3,29), ['pdf'], datetime(2024,3,29,tzinfo=UTC), step); step('end')\n"
    )
    runs: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        out = subprocess.run(
            [sys.executable, "-c", script],
            cwd=workspace,
            env=os.environ | {"PYTHONPATH": str(HOME)},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for line in out.splitlines():
            name, _, seconds = line.partition("\t")
            runs.setdefault(name, []).append(float(seconds))
    for name, times in runs.items():
        row(f"stage {name}", f"{median(times):.2f} s")


def parts(workspace: Path) -> None:
    """What a build is made of, each warm and by itself."""
    house = pipeline.open_house(Workspace(workspace))
    draft = assemble(house, pipeline.SAMPLE, NOW)
    font = catalogs.packaged("templates") / glyphs.FONTS[0]
    works: dict[str, Callable[[], object]] = {
        "calendars loaded": lambda: sessions.load([catalogs.packaged("data") / "calendars"]),
        "a font's characters read": lambda: glyphs.characters(font),
        "desk workbook read": lambda: read_workbooks(house, pipeline.SAMPLE, NOW),
        "all checks of a report": lambda: check(replace(draft.evidence)),
    }
    for name, work in works.items():
        work()
        row(name, f"{1000 * median([timed(work) for _ in range(ROUNDS)]):.0f} ms")
    house.history.close()


def warm(workspace: Path) -> None:
    house = pipeline.open_house(Workspace(workspace))
    first = timed(lambda: rebuild(house))
    again = [timed(lambda: rebuild(house)) for _ in range(ROUNDS)]
    colds = [cold(workspace) for _ in range(ROUNDS)]
    house.history.close()
    cold_seconds = median([seconds for seconds, _ in colds])
    row("cold build (13 views)", f"{cold_seconds:.2f} s", "a process of its own")
    row("peak memory of it", f"{max(peak for _, peak in colds):.0f} MB", "all processes, proportional; promise: < 500")
    row("warm rebuild", f"{median(again):.2f} s", f"first in the process {first:.2f} s")
    row("warm / cold", f"{median(again) / cold_seconds:.2f}", "promise: <= 0.50 of the Chromium peer, see below")


def rebuild(house: pipeline.House) -> None:
    pipeline.build(house, pipeline.SAMPLE, ["pdf"], NOW)


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def many(folder: Path, times: int = 10) -> None:
    """The sample ten times over: 130 views, 220 closes, 1,260 figures."""
    multiply(folder / "w13", folder / "w130", times)
    pairs = [(cold(folder / "w13")[0], cold(folder / "w130")) for _ in range(max(2, ROUNDS // 2))]
    small, large = median([one for one, _ in pairs]), median([many_[0] for _, many_ in pairs])
    row("cold build (130 views)", f"{large:.2f} s", f"peak {max(many_[1] for _, many_ in pairs):.0f} MB")
    row("130 / 13", f"{large / small:.2f}", "promise: <= 10")


def multiply(source: Path, target: Path, times: int) -> None:
    shutil.copytree(source, target)
    varieties = sorted((catalogs.packaged("data") / "varieties").glob("*.toml"))
    codes = [path.stem for path in varieties]
    own = target / "data" / "varieties"
    own.mkdir(parents=True)
    for copy in range(1, times):
        for path in varieties:
            own.joinpath(f"{path.stem}{copy}.toml").write_text(renamed(path.read_text("utf-8"), codes, copy), "utf-8")
    path = target / "inbox" / "2024-03-29" / "日报底稿.xlsx"
    book = load_workbook(path)
    for sheet, column in (("收盘", 2), ("产业", 1), ("观点", 1)):
        repeat(book[sheet], column, times)
    book.save(path)


def renamed(text: str, codes: list[str], copy: int) -> str:
    """A variety's file as another variety's: code, names, places and references of its own."""
    text = re.sub(r'^code = "(\w+)"', rf'code = "\g<1>{copy}"', text, flags=re.M)
    text = re.sub(r'^(name|product) = "(.+)"', rf'\g<1> = "\g<2>{copy}"', text, flags=re.M)
    text = re.sub(r'^title = "(.+)"', rf'title = "\g<1>{copy}"', text, flags=re.M)
    text = re.sub(r'"(' + "|".join(codes) + r")\.", rf'"\g<1>{copy}.', text)
    text = re.sub(
        r"^(order|closes|overview) = (\d+)", lambda m: f"{m[1]} = {int(m[2]) + 1000 * copy}", text, flags=re.M
    )
    text = re.sub(r'^aliases = \["(.+)"\]', rf'aliases = ["\g<1>{copy}"]', text, flags=re.M)
    drafts = re.search(r"^draft = \[(.*)\]", text, re.M)
    foreign = drafts and any(name in drafts[1] for name in ("silver", "comex", "gold"))
    return re.sub(r"^draft = .*\n", 'draft = ["close"]\n', text, flags=re.M) if foreign else text


def repeat(sheet, column: int, times: int) -> None:
    rows = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=5) if line[column - 1].value]
    for copy in range(1, times):
        for values in rows:
            values = [None if isinstance(value, str) and value.startswith("=") else value for value in values]
            if sheet.title == "收盘" and values[2] != "3个月":
                values[2] = None  # a contract is named after its own product
            values[column - 1] = f"{values[column - 1]}{copy}"
            sheet.append(values)


def peers(folder: Path) -> None:
    home = Path(os.environ.get("RIBAO_REALDATA", "")).parent / "bench" / "peers"
    if not os.environ.get("RIBAO_REALDATA") or not home.is_dir():
        print("\npeers: skipped, RIBAO_REALDATA is not set or has no ../bench/peers beside it")
        return
    place = Path(tempfile.gettempdir()) / "ribao-bench-peers"
    subprocess.run(["bash", str(home / "setup.sh"), str(place)], check=True, stdout=subprocess.DEVNULL)
    python = str(place / "v" / "bin" / "python")
    scripts = sorted(home.glob("peer_*.py"))
    times: dict[str, list[float]] = {"ribao (cold)": [], "ribao (warm)": []}
    house = pipeline.open_house(Workspace(folder / "w13"))
    rebuild(house)
    for _ in range(ROUNDS):
        times["ribao (cold)"].append(cold(folder / "w13")[0])
        times["ribao (warm)"].append(timed(lambda: rebuild(house)))
        for script in scripts:
            run = [python, str(script), str(place)]
            seconds = timed(lambda run=run: subprocess.run(run, check=True, capture_output=True))
            times.setdefault(script.stem, []).append(seconds)
    house.history.close()
    print()
    limit = median(times["peer_chromium"])
    for name, runs in times.items():
        spread = f"{min(runs):.2f} - {max(runs):.2f}"
        row(name, f"{median(runs):.2f} s", f"{median(runs) / limit:.2f} of peer_chromium   ({spread})")
    print("promises: ribao (cold) <= 1.00 of peer_chromium, ribao (warm) <= 0.50")


if __name__ == "__main__":
    try:
        main()
    except ReportError as error:
        sys.exit(f"bench: {error}")
