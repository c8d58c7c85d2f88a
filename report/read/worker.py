"""The child that runs calamine, which may abort or eat all memory: started and killed by `report.read.bulk`.

It reads workbooks from stdin and writes answers to stdout, each a frame: eight bytes of length, then the bytes. An
answer is ("read", [(title, visible, merged, rows)]), ("locked", "") or ("failed", why). It ends when stdin
ends. It is run as a script and imports nothing of the house, so that it starts in a few hundredths of a second.
"""

from __future__ import annotations

import gc
import marshal
import pickle
import struct
import sys
from io import BytesIO
from typing import Any, BinaryIO

from python_calamine import CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

LENGTH = struct.Struct(">Q")
PLAIN, PICKLED = b"m", b"p"  # how an answer is written, before it
MEMORY = 450_000_000  # bytes of address space
MAX_COLUMNS, MAX_GRID = 16_384, 6_000_000  # cells between A1 and the last one, empty ones counted


def limited() -> None:
    """Give up memory beyond the limit, where the system can hold a process to it."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def sheet(one: CalamineSheet, visible: bool) -> tuple[str, bool, list[Any], list[Any]]:
    """One sheet: title, whether it is visible, its merged ranges (row, column, from 0), and the rows from A1 on."""
    if one.total_width > MAX_COLUMNS or one.total_height * one.total_width > MAX_GRID:
        raise ValueError(f"the sheet {one.name} reaches over {one.total_height} rows and {one.total_width} columns")
    rows = one.to_python(skip_empty_area=False)
    return one.name, visible, list(one.merged_cell_ranges or ()), rows


def answer(data: bytes) -> tuple[str, object]:
    """What a workbook holds, or why it cannot be read."""
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
        seen = {one.name: one.visible == SheetVisibleEnum.Visible for one in book.sheets_metadata}
        return "read", [sheet(book.get_sheet_by_name(name), seen.get(name, True)) for name in book.sheet_names]
    except PasswordError:
        return "locked", ""
    except MemoryError:
        return "failed", "needs more memory than a report's workbook may"
    except BaseException as error:  # calamine's PanicException is no Exception
        if isinstance(error, KeyboardInterrupt | SystemExit):
            raise
        return "failed", f"{type(error).__name__}: {error}"


def told(found: tuple[str, Any]) -> bytes:
    """An answer as bytes: how it is written, and it; without any dates marshal writes it, which is faster."""
    try:
        return PLAIN + marshal.dumps(found)
    except ValueError:
        return PICKLED + pickle.dumps(found, pickle.HIGHEST_PROTOCOL)


def serve(orders: BinaryIO, answers: BinaryIO) -> None:
    """Answer every workbook until nobody asks."""
    while len(head := orders.read(LENGTH.size)) == LENGTH.size:
        data = orders.read(*LENGTH.unpack(head))
        try:
            body = told(answer(data))
        except MemoryError:
            body = told(("failed", "needs more memory than a report's workbook may"))
        answers.write(LENGTH.pack(len(body)))
        answers.write(body)
        answers.flush()


if __name__ == "__main__":
    limited()
    gc.disable()
    serve(sys.stdin.buffer, sys.stdout.buffer)
