"""The streams of a compound file (OLE2), the container of an old .xls, as far as its workbook needs them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

FREE = 0xFFFFFFFA  # sector numbers from here on mean an end, or nothing
ENTRY = 128
STREAM, ROOT = 2, 5


class Damaged(ValueError):
    """A compound file that is not put together as one."""


def stream(data: bytes, names: Sequence[str]) -> bytes:
    """The first stream of one of these names. Raises Damaged where there is none."""
    try:
        return _stream(data, names)
    except struct.error as error:
        raise Damaged(f"cut short ({error})") from error


def _stream(data: bytes, names: Sequence[str]) -> bytes:
    shift, mini_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or mini_shift != 6:
        raise Damaged(f"sectors of 2^{shift} and 2^{mini_shift} bytes")
    first, _, least, mini_first = struct.unpack_from("<IIII", data, 48)
    fat = _fat(data, 1 << shift)
    folder = _chained(data, fat, first, 1 << shift, 1 << shift)
    entries = {_name(entry): entry for entry in reversed(_entries(folder))}  # an object inside may hold a Workbook too
    root = next((entry for entry in entries.values() if entry[66] == ROOT), None)
    for name in names:
        entry = entries.get(name.casefold())
        if entry is None or entry[66] != STREAM:
            continue
        start, size = struct.unpack_from("<II", entry, 116)
        if size >= least:
            return _chained(data, fat, start, 1 << shift, 1 << shift)[:size]
        if root is None:
            raise Damaged("no root")
        small = _chained(data, fat, struct.unpack_from("<I", root, 116)[0], 1 << shift, 1 << shift)
        table = _numbers(_chained(data, fat, mini_first, 1 << shift, 1 << shift))
        return _chained(small, table, start, 64, 0)[:size]
    raise Damaged(f"no stream {' or '.join(names)}")


def _fat(data: bytes, size: int) -> Sequence[int]:
    """Which sector follows each sector."""
    count, more = struct.unpack_from("<I", data, 44)[0], struct.unpack_from("<I", data, 68)[0]
    places = list(struct.unpack_from("<109I", data, 76))
    if count > len(data) // size:
        raise Damaged("its table of sectors is longer than itself")
    while len(places) < count and more < FREE:
        part = _numbers(data[(more + 1) * size : (more + 2) * size])
        if len(part) * 4 < size:
            raise Damaged("its table of sectors is cut short")
        places += part[:-1]
        more = part[-1]
    return _numbers(b"".join(data[(at + 1) * size : (at + 2) * size] for at in places[:count] if at < FREE))


def _chained(data: bytes, table: Sequence[int], start: int, size: int, skipped: int) -> bytes:
    """The sectors of a chain, one behind the other; skipped: what lies before the first sector of `data`."""
    runs: list[tuple[int, int]] = []
    at, left = start, len(data) // size + 1
    while at < FREE:
        if at >= len(table) or not left:
            raise Damaged("a chain of sectors that leads nowhere")
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
        at, left = table[at], left - 1
    return b"".join(data[skipped + begin * size : skipped + end * size] for begin, end in runs)


def _numbers(part: bytes) -> Sequence[int]:
    return struct.unpack(f"<{len(part) // 4}I", part[: len(part) // 4 * 4])


def _entries(folder: bytes) -> Sequence[bytes]:
    return [folder[at : at + ENTRY] for at in range(0, len(folder) - ENTRY + 1, ENTRY)]


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace").casefold()
