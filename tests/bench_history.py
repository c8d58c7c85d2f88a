"""What ten years of history cost the morning: `python -m tests.bench_history`, part of `make bench`.

Two workspaces hold the sample day; one history has 60 sessions of 400 series, the other 2,500 (a million facts). Their
builds are run in turn, as processes of their own, several times; the medians and their ratio are printed.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from pathlib import Path

from report import lookback, pipeline
from report.facts import OF_CONTRACT, Fact
from report.history import FileRead
from report.workspace import Workspace

ROUNDS = int(os.environ.get("RIBAO_ROUNDS", "9"))
SERIES = int(os.environ.get("RIBAO_SERIES", "400"))
SHORT, LONG = 60, int(os.environ.get("RIBAO_SESSIONS", "2500"))
HOME = Path(__file__).parent.parent
DAY = pipeline.SAMPLE


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ribao-bench-") as name:
        folder = Path(name)
        pipeline.init(folder / "short")
        shutil.copytree(folder / "short", folder / "long")
        for place, sessions in (("short", SHORT), ("long", LONG)):
            seconds = filled(folder / place, sessions)
            size = (folder / place / "history.sqlite").stat().st_size / 1e6
            print(f"{sessions:>5} sessions x {SERIES} series: {size:7.1f} MB, kept in {seconds:6.1f} s")
        report(folder)


def report(folder: Path) -> None:
    loads = {place: loading(folder / place) for place in ("short", "long")}
    builds: dict[str, list[tuple[float, float]]] = {"short": [], "long": []}
    for _ in range(ROUNDS):
        for place, times in builds.items():
            times.append(built(folder / place))
    for place, (count, seconds) in loads.items():
        print(f"{place:>5}: {count:6} facts loaded in {seconds * 1000:5.0f} ms")
    for at, kind in enumerate(("wall", "processor")):
        short, long = ([times[at] for times in builds[place]] for place in ("short", "long"))
        for sessions, times in ((SHORT, short), (LONG, long)):
            median = statistics.median(times)
            print(f"build, {sessions:>4} sessions, {kind}: {median:6.2f} s   ({min(times):.2f} - {max(times):.2f})")
        print(f"ratio of the medians {statistics.median(long) / statistics.median(short):5.2f}   promise: <= 1.15")


def filled(place: Path, sessions: int) -> float:
    house = pipeline.open_house(Workspace(place))
    try:
        weekdays = (DAY - timedelta(days=back) for back in range(1, 2 * sessions))
        days = [day for day in weekdays if day.weekday() < 5][:sessions][::-1]
        began = time.perf_counter()
        for at in range(0, len(days), 250):
            facts = list(numbers(house, days[at : at + 250]))
            house.history.keep(facts, (), datetime.now(UTC), FileRead.of(f"{at}.csv", str(days[at]).encode(), "bench"))
        return time.perf_counter() - began
    finally:
        house.history.close()


def numbers(house: pipeline.House, days: list[date]) -> Iterator[Fact]:
    """Numbers of series the report prints (as told by single contracts, so that nothing printed changes) and others."""
    for day in days:
        known_at = datetime(day.year, day.month, day.day, 7, 30, tzinfo=UTC)
        for variety, measure, basis, contract in islice(kinds(house), SERIES):
            value = Decimal(1000 + hash((day.toordinal(), len(measure))) % 5000)
            source = f"行情{day:%Y%m%d}.dat › {variety} › {measure} {contract}"
            yield Fact(variety, measure, day, value, "元/吨", basis, contract, known_at, source)


def kinds(house: pipeline.House) -> Iterator[tuple[str, str, str, str]]:
    """Half of them of measures the build asks for, the others closes of single contracts nobody types."""
    wanted = sorted(lookback.measures(house.catalog))
    for variety in house.catalog.varieties:
        for measure in wanted[:10]:
            yield variety, measure, "他源", ""
    for variety in house.catalog.varieties:
        for month in range(1, 13):
            yield variety, "futures_close", OF_CONTRACT, f"{variety.upper()}25{month:02}"


def loading(place: Path) -> tuple[int, float]:
    house = pipeline.open_house(Workspace(place))
    times, count = [], 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        count = len(lookback.standing_on(house.history, house.catalog, DAY, anew=True))
        times.append(time.perf_counter() - began)
    house.history.close()
    return count, min(times)


def built(place: Path) -> tuple[float, float]:
    """Seconds of a build as a process of its own: on the clock, and of the processor with all its children."""
    began, before = time.perf_counter(), os.times()
    subprocess.run(
        [sys.executable, "-m", "report", "build", str(DAY)],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(HOME)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    after = os.times()
    used = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, used


if __name__ == "__main__":
    main()
