"""The paper form: a PDF set by WeasyPrint in a child process that can be killed.

`start()` early in a run lets the child import WeasyPrint while the parent still reads spreadsheets; the child is kept
for the next document. Whatever happens to it, a crash, a kill, a page without end, is a RenderError here, and the
next document gets a new child. The same document gives the same bytes: dates come from the document, fonts from the
template folders.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, cast

from report.document import Document
from report.errors import MissingGlyph, RenderError
from report.render import glyphs, page
from report.render.worker import FOLDER, give, receive

TIMEOUT = 60.0  # seconds for one document
OPTIONS = {"pdf_variant": "pdf/a-3a", "pdf_tags": True}
CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><cachedir>{folder}</cachedir></fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file carried inside the PDF. relationship: what it is to the report (Source, Data or Supplement)."""

    name: str
    data: bytes
    description: str
    relationship: str = "Source"


Attached = Callable[[], Sequence[Attachment]]


class Worker:
    """One child process and the private folder it works in. Not for two threads at once."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="ribao-", ignore_cleanup_errors=True)
        configuration = Path(self.folder.name, "fonts.conf")
        configuration.write_text(CONFIGURATION.format(folder=self.folder.name), encoding="utf-8")
        self.complaints = Path(self.folder.name, "stderr").open("w+b")  # noqa: SIM115 (closed by `close`)
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "report.render.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.complaints,
            env=_surroundings(self.folder.name, configuration),
        )

    @property
    def alive(self) -> bool:
        """Whether the child can take an order."""
        return self.process.poll() is None

    def set(self, order: dict[str, Any], attached: Callable[[], Any], timeout: float) -> tuple[dict[str, Any], bytes]:
        """Send an order, then what is attached, wait for answer and PDF. RenderError when the child dies or is late.

        attached is called while the child lays the page out; what it raises ends the child.
        """
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.process.kill()

        timer = threading.Timer(timeout, stop)
        timer.daemon = True
        timer.start()
        try:
            orders = cast(BinaryIO, self.process.stdin)
            give(orders, json.dumps(order | {"timeout": timeout}).encode())
            give(orders, json.dumps(self._asked(attached)).encode())
            answer, data = (receive(cast(BinaryIO, self.process.stdout)) for _ in range(2))
        except OSError:
            answer = data = None
        finally:
            timer.cancel()
        if answer is None or data is None:
            raise RenderError(self._death(late.is_set(), timeout))
        return json.loads(answer), data

    def _asked(self, attached: Callable[[], object]) -> object:
        try:
            return attached()
        except BaseException:
            self.close()
            raise

    def _death(self, late: bool, timeout: float) -> str:
        if late:
            self.close()
            return f"PDF: not finished after {timeout:g} seconds and stopped; look for a page or table without end"
        code = self.process.wait()
        how = f"signal {signal.Signals(-code).name}" if code < 0 else f"exit {code}"
        self.complaints.seek(0)
        lines = self.complaints.read().decode(errors="replace").strip().splitlines()
        self.close()
        return f"PDF: the process that sets the page died ({how})" + (f": {lines[-1]}" if lines else "")

    def close(self) -> None:
        """End the child and remove its folder; nothing is left behind."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for stream in (self.process.stdin, self.process.stdout, self.complaints):
            try:
                if stream is not None:
                    stream.close()
            except OSError:
                pass
        self.folder.cleanup()


def _surroundings(folder: str, configuration: Path) -> dict[str, str]:
    home = str(Path(__file__).resolve().parents[2])
    known = {
        name: os.environ[name]
        for name in ("PATH", "LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH", "SYSTEMROOT")
        if name in os.environ
    }
    return known | {
        "FONTCONFIG_FILE": str(configuration),
        FOLDER: folder,
        "TMPDIR": folder,
        "HOME": folder,
        "PYTHONPATH": os.pathsep.join((home, os.environ.get("PYTHONPATH", ""))).rstrip(os.pathsep),
        "PYTHONUTF8": "1",
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
    }


_lock = threading.Lock()
_worker: Worker | None = None
_versions: dict[str, str] = {}


def start() -> Worker:
    """The running child, started if there is none. Cheap; call it as early as a PDF is foreseen."""
    global _worker
    if _worker is None or not _worker.alive:
        if _worker is not None:
            _worker.close()
        _worker = Worker()
    return _worker


def close() -> None:
    """End the child, if there is one."""
    global _worker
    if _worker is not None:
        _worker.close()
        _worker = None


atexit.register(close)


def render(document: Document, folders: Sequence[Path], attached: Attached = tuple, timeout: float = TIMEOUT) -> bytes:
    """The document as a PDF (PDF/A-3a and PDF/UA-1), what is attached inside it.

    Raises MissingGlyph naming the character and its passage, CatalogError for a template, RenderError for all else:
    whatever WeasyPrint warns of, a fetch outside the template folders, a child that died or took longer than
    `timeout` seconds.
    """
    return begun(document, folders, attached, timeout)()


def begun(
    document: Document, folders: Sequence[Path], attached: Attached = tuple, timeout: float = TIMEOUT
) -> Callable[[], bytes]:
    """The page is written; the function given has it set, and raises what `render` does.

    attached: gives the files that travel inside; called, once, when the page is being laid out.
    """
    start()
    order = order_for(document, folders)
    return lambda: _pressed(order, lambda: [_as_told(each, document) for each in attached()], timeout)


def _pressed(order: dict[str, Any], attached: Callable[[], object], timeout: float) -> bytes:
    global _versions
    with _lock:
        answer, data = start().set(order, attached, timeout)
    if answer["ok"]:
        _versions = answer["versions"]
        return data
    complaints = answer.get("warnings") or [answer["error"]]
    kind = MissingGlyph if any(".notdef" in line for line in complaints) else RenderError
    raise kind("PDF: " + "; ".join(dict.fromkeys(complaints)))


def versions() -> dict[str, str]:
    """The versions of Python and the libraries that set the last page."""
    return dict(_versions)


def order_for(document: Document, folders: Sequence[Path]) -> dict[str, Any]:
    """What the child is told first: page, folders it may read, options. Raises MissingGlyph, CatalogError."""
    text = page.setting(document, folders, "paper", ("fonts.css", "house.css", f"{document.kind}.css"))
    glyphs.check(document, text, folders)
    return {
        "page": text,
        "folders": [str(folder.resolve()) for folder in folders],
        "options": OPTIONS,
        "about": {"date": str(document.date), "version": str(document.version)}
        | ({"facts": document.facts} if document.facts else {}),
    }


def _as_told(each: Attachment, document: Document) -> dict[str, str]:
    return {
        "name": each.name,
        "description": each.description,
        "relationship": each.relationship,
        "data": base64.b64encode(each.data).decode("ascii"),
        "date": f"{document.date}T07:00:00+08:00",
    }
