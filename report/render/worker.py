"""The child that runs WeasyPrint: `python -m report.render.worker`, started and killed by `report.render.pdf`.

It reads orders from stdin and writes answers to stdout, each a frame: eight bytes of length, then JSON; a finished PDF
follows as a frame of its own. An order is two frames, the page and what is to be attached: the page is laid out while
the parent still makes the second. It ends when stdin ends. It may read files of the template folders and data: URIs,
and nothing else; anything WeasyPrint warns of is an error.
"""

from __future__ import annotations

import base64
import gc
import json
import logging
import os
import platform
import shutil
import signal
import struct
import sys
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias
from urllib.parse import unquote

Foreign: TypeAlias = Any  # a thing of WeasyPrint, which has no types

Answer: TypeAlias = tuple[dict[str, Any], bytes]

LENGTH = struct.Struct(">Q")
SCHEME = "ribao:"
FOLDER = "RIBAO_RENDER_FOLDER"  # this child's own: removed here when the parent was killed and cannot


def receive(stream: BinaryIO) -> bytes | None:
    """The next frame, or None at the end of the stream (also in the middle of a frame)."""
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (size,) = LENGTH.unpack(head)
    body = stream.read(size)
    return body if len(body) == size else None


def give(stream: BinaryIO, *frames: bytes) -> None:
    """Write the frames and flush. Raises OSError when nobody listens."""
    for frame in frames:
        stream.write(LENGTH.pack(len(frame)))
        stream.write(frame)
    stream.flush()


class Listener(logging.Handler):
    """Keeps every warning and error of the libraries."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self.lines.append(record.getMessage())


def fetcher(folders: list[str]) -> Foreign:
    """A URLFetcher for `ribao:` (a file of the template folders, first match) and data: URIs; all else is refused."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    class Fetcher(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: Foreign = None) -> Foreign:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            if not url.startswith(SCHEME):
                raise FatalURLFetchingError(f"a page may only use files of the template folders, not {url}")
            name = unquote(url.removeprefix(SCHEME))
            for folder in map(Path, folders):
                path = (folder / name).resolve()
                if path.is_relative_to(folder.resolve()) and path.is_file():
                    return URLFetcherResponse(url, path.read_bytes())
            raise FatalURLFetchingError(f"templates › {name}: not found")

    return Fetcher(allowed_protocols={"data"}, allow_redirects=False)


def attachment(given: dict[str, str]) -> Foreign:
    """A WeasyPrint attachment from its JSON form: name, data (base64), description, relationship, date (ISO)."""
    from weasyprint import Attachment

    moment = datetime.fromisoformat(given["date"]).astimezone(UTC)  # WeasyPrint writes any moment as UTC
    return Attachment(
        string=base64.b64decode(given["data"]),
        name=given["name"],
        description=given["description"],
        relationship=given["relationship"],
        created=moment,
        modified=moment,
    )


def press(order: dict[str, Any], attached: Callable[[], Sequence[dict[str, str]]], listener: Listener) -> Answer:
    """Set one page: the answer (ok, error, warnings, pages, seconds, versions) and the PDF, empty where it failed.

    attached: gives the files that travel inside, in their JSON form; asked for when the page is laid out.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    from report.render import archival, floating

    listener.lines.clear()
    started = time.perf_counter()
    try:
        page = HTML(string=order["page"], base_url=SCHEME, url_fetcher=fetcher(order["folders"]))
        laid = floating.laid(page, order["options"])
        between = time.perf_counter()
        archival.declare(laid.metadata, order["about"])
        laid.metadata.attachments = [attachment(each) for each in attached()]
        data: bytes = laid.write_pdf(finisher=archival.finish, **order["options"])
    except FatalURLFetchingError as error:
        return {"ok": False, "error": str(error)}, b""
    except MemoryError:
        return {"ok": False, "error": "the page needs more memory than the child may take"}, b""
    except Exception as error:
        return {"ok": False, "error": f"{type(error).__name__}: {error}"}, b""
    if listener.lines:
        return {"ok": False, "warnings": listener.lines[:]}, b""
    seconds = [between - started, time.perf_counter() - between]
    return {"ok": True, "pages": len(laid.pages), "seconds": seconds, "versions": versions()}, data


def versions() -> dict[str, str]:
    """What set the page: the versions of Python and of the libraries that the bytes of a PDF hang on."""
    import pydyf
    import weasyprint
    from weasyprint.text.ffi import pango

    number = pango.pango_version()
    return {
        "python": platform.python_version(),
        "weasyprint": weasyprint.__version__,
        "pydyf": pydyf.__version__,
        "pango": f"{number // 10_000}.{number // 100 % 100}.{number % 100}",
    }


class Second:
    """The second frame of an order, read when it is first asked for."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.read: list[dict[str, str]] | None = None

    def attached(self) -> list[dict[str, str]]:
        """The attachments in their JSON form; none where the parent has broken off."""
        if self.read is None:
            self.read = json.loads(receive(self.stream) or b"[]")
        return self.read


def limit(gibibytes: int = 2) -> None:
    """Let this process take no more address space than that, where the system can say so."""
    try:
        import resource
    except ImportError:
        return
    ceiling = gibibytes << 30
    resource.setrlimit(resource.RLIMIT_AS, (ceiling, ceiling))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    """Serve orders until stdin ends."""
    source, answers = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr
    limit()
    warnings.simplefilter("ignore")
    import weasyprint

    from report.render import justify

    justify.install(weasyprint)
    listener = Listener()
    for name in ("weasyprint", "fontTools"):
        logging.getLogger(name).addHandler(listener)
        logging.getLogger(name).setLevel(logging.WARNING)
    gc.collect()
    gc.freeze()
    gc.disable()
    while (frame := receive(source)) is not None:
        order = json.loads(frame)
        if hasattr(signal, "alarm"):
            signal.alarm(int(order["timeout"]) + 5)
        second = Second(source)
        answer, data = press(order, second.attached, listener)
        second.attached()
        if hasattr(signal, "alarm"):
            signal.alarm(0)
        give(answers, json.dumps(answer).encode(), data)
        gc.collect()
    if folder := os.environ.get(FOLDER):
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
