"""What publishing costs beside building: `make bench` prints the ratio; both as processes of their own, in turn."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from report import pipeline

ROUNDS = int(os.environ.get("RIBAO_ROUNDS", "5"))
HOME = Path(__file__).parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="ribao-bench-") as name:
        place = pipeline.init(Path(name) / "w").root
        times: dict[str, list[float]] = {"build": [], "publish": []}
        for _ in range(ROUNDS):
            shutil.rmtree(place / "archive", ignore_errors=True)
            times["build"].append(seconds(place, "build", "2024-03-29"))
            times["publish"].append(seconds(place, "publish", "2024-03-29", "--approver", "示例审核"))
        ratios = [published / built for built, published in zip(*times.values(), strict=True)]
        print(f"{'build':<46}{statistics.median(times['build']):>10.2f} s")
        print(f"{'publish, the first of an archive':<46}{statistics.median(times['publish']):>10.2f} s")
        print(f"{'publish / build, median of pairs':<46}{statistics.median(ratios):>12.2f}  promise: <= 1.25")


def seconds(place: Path, *arguments: str) -> float:
    began = time.perf_counter()
    subprocess.run(
        [sys.executable, "-m", "report", *arguments],
        cwd=place,
        env=os.environ | {"PYTHONPATH": str(HOME)},
        check=True,
        capture_output=True,
    )
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
