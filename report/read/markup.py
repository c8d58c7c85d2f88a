"""The tables of a web page as rows of texts: a cell that spans rows or columns stands in each of them."""

from __future__ import annotations

from html.parser import HTMLParser

MAX_SPAN, MAX_CELLS = 500, 200_000
Rows = list[list[str]]


class Broken(ValueError):
    """The page's tables reach too far to be any exchange's."""


def tables(page: str) -> list[Rows]:
    """Every table that holds a row, in the page's order. Raises Broken where cells span beyond reason.

    A table inside a table counts as one of its own, its cells are not the outer one's.
    """
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return [rows for rows in (table.rows() for table in reader.found) if rows]


class _Table:
    """A table being read: its rows of cells, each a text with the rows and columns it spans."""

    def __init__(self) -> None:
        self.lines: list[list[tuple[list[str], int, int]]] = []
        self.open: list[str] | None = None

    def row(self) -> None:
        self.lines.append([])
        self.open = None

    def cell(self, rows: int, columns: int) -> None:
        if not self.lines:
            self.row()
        self.open = []
        self.lines[-1].append((self.open, rows, columns))

    def rows(self) -> Rows:
        """The grid, cells repeated over what they span."""
        taken: dict[tuple[int, int], str] = {}
        for row, line in enumerate(self.lines):
            column = 0
            for texts, down, across in line:
                while (row, column) in taken:
                    column += 1
                text = " ".join("".join(texts).split())
                taken.update({(row + r, column + c): text for r in range(down) for c in range(across)})
                if len(taken) > MAX_CELLS:
                    raise Broken(f"more than {MAX_CELLS} cells in one table")
                column += across
        grid: Rows = [[] for _ in self.lines]
        for row, column in sorted(taken):
            if row < len(grid):
                grid[row] += [""] * (column - len(grid[row])) + [taken[row, column]]
        return [line for line in grid if line]


class _Reader(HTMLParser):
    """Collects tables; what stands in script and style is no text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[_Table] = []
        self._inside: list[_Table] = []
        self._mute = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._mute += 1
        elif tag == "table":
            self._inside.append(_Table())
            self.found.append(self._inside[-1])
        elif self._inside and tag == "tr":
            self._inside[-1].row()
        elif self._inside and tag in ("td", "th"):
            given = dict(attrs)
            self._inside[-1].cell(_span(given.get("rowspan")), _span(given.get("colspan")))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("script", "style"):
            self._mute = max(self._mute - 1, 0)
        elif tag == "table" and self._inside:
            self._inside.pop()
        elif self._inside and tag in ("td", "th"):
            self._inside[-1].open = None

    def handle_data(self, data: str) -> None:
        if self._inside and self._inside[-1].open is not None and not self._mute:
            self._inside[-1].open.append(data)


def _span(said: str | None) -> int:
    number = int(said) if said and said.strip().isascii() and said.strip().isdigit() and len(said) < 7 else 1
    if number > MAX_SPAN:
        raise Broken(f"a cell that spans {number} rows or columns")
    return max(number, 1)
