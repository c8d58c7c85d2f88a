"""What the door says: findings, tables and mistakes, on a terminal or in a pipe, and no traceback for a full disk."""

from __future__ import annotations

import errno
import os
import re
import sys
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import TextIO

from report.errors import ReportError
from report.facts import Finding, Severity, Waiver

WORDS = {Severity.ERROR: "错误", Severity.WARNING: "警告", Severity.NOTE: "提示"}
COLOURS = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "dim"}
WAIVED = "已豁免"
NUMBERS = ("数值", "新", "同", "改", "数字", "可核", "相符", "矛盾", "无据")
MOST_NOTES = 12
MENDABLE = {
    getattr(errno, name)
    for name in ("EACCES", "EPERM", "EROFS", "ENOSPC", "EDQUOT", "EIO", "EPIPE", "EMFILE", "ENAMETOOLONG")
    if hasattr(errno, name)
}
"""What a user can do something about: rights, a full or broken disk, a pipe that was closed."""


_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


def visible(text: str) -> str:
    """The text with what a terminal would obey instead of showing (escapes, turns of direction) written out."""
    return _COMMANDS.sub(lambda found: found.group().encode("unicode_escape").decode(), text)


def spoken(run: Callable[[], object]) -> int:
    """Run the door's work and say what went wrong; gives the exit status. Anything that is a bug of ours is raised."""
    if not _prepared():
        say("ribao: standard output is closed; give it a place to go, such as > file or > /dev/null")
        return 1
    try:
        status = _status(run)
        sys.stdout.flush()
    except OSError as error:
        if error.errno not in MENDABLE:
            raise
        status = 1
        if error.errno != errno.EPIPE:
            say(f"ribao: {error.filename or 'standard output'}: {error.strerror}; put it right and run again")
        _drop_output()
    return status


def _status(run: Callable[[], object]) -> int:
    try:
        run()
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except ReportError as error:
        say(f"ribao: {error}")
        return error.exit_code
    except KeyboardInterrupt:
        return 130
    return 0


def _prepared() -> bool:
    """Whether there is a standard output; every character can be printed from here on, and no file takes its place.

    A stream that was closed leaves its number to the next file opened, and what is printed would end in that file.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    told: object = sys.stdout
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    return told is not None


def _drop_output() -> None:
    """Let what was not written go nowhere, or Python complains of it once more at its end."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())


def say(message: str) -> None:
    """Print a line on standard error, where there is one to be written to."""
    try:
        print(visible(message), file=sys.stderr, flush=True)
    except OSError:
        with suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


def tell(
    findings: Sequence[Finding],
    notes: bool = False,
    waived: Mapping[Finding, Waiver] | None = None,
    out: TextIO | None = None,
) -> None:
    """Print findings on standard error, or where they are what was asked for: in a pipe a line each, worst first.

    On a terminal it is a table with the worst at its end, next to the prompt, and many notes are one line unless asked.
    A waived one is told as such, with reason and who.
    """
    granted = waived or {}
    to = out or sys.stderr
    if not to.isatty():
        for finding in findings:
            _line(f"{_word(finding, granted)} {finding}{_answered(finding, granted)}", to)
        return
    shown = sorted(findings, key=lambda finding: (finding.severity, finding not in granted))
    mild = sum(finding.severity is Severity.NOTE for finding in shown)
    if mild > MOST_NOTES and not notes:
        _line(f"另有 {mild} 条提示，用 --notes 查看", to)
        shown = shown[mild:]
    if shown:
        _table_of(shown, granted, to)


def _line(text: str, out: TextIO) -> None:
    if out is sys.stderr:
        say(text)
    else:
        print(visible(text), file=out)


def _word(finding: Finding, waived: Mapping[Finding, Waiver]) -> str:
    return WAIVED if finding in waived else WORDS[finding.severity]


def _answered(finding: Finding, waived: Mapping[Finding, Waiver]) -> str:
    waiver = waived.get(finding)
    return f"（{waiver.reason} —— {waiver.by}）" if waiver else ""


def _table_of(findings: Sequence[Finding], waived: Mapping[Finding, Waiver], out: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("", "代码", "位置", "说明"):
        grid.add_column(heading, overflow="fold")
    for finding in findings:
        style = "dim" if finding in waived else COLOURS[finding.severity]
        told = Text(visible(finding.message)).append(visible(_answered(finding, waived)), style="dim")
        where = Text(visible(finding.where))
        grid.add_row(Text(_word(finding, waived), style=style), Text(finding.code), where, told)
    Console(file=out).print(grid)


def table(
    headings: Sequence[str], rows: Sequence[Sequence[str]], numbers: Collection[str] = NUMBERS, title: str = ""
) -> None:
    """Print a table on the terminal; the columns under the headings in `numbers` are set right."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    grid = Table(
        box=None, pad_edge=False, header_style="bold", title=Text(title) if title else None, title_justify="left"
    )
    for heading in headings:
        grid.add_column(heading, overflow="fold", justify="right" if heading in numbers else "left")
    for row in rows:
        grid.add_row(*(Text(visible(cell)) for cell in row))
    Console().print(grid)


@contextmanager
def progress(first: str = "打开工作区") -> Iterator[Callable[[str], None]]:
    """A function that shows the step under way on a terminal, and nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status(first) as status:
        yield lambda step: status.update(Text(visible(step)))
