"""The look of the desk workbook and how it becomes bytes: cells by role, headings, lists to choose from, print, zip.

Every cell plays one of five parts (`Look`), and its colour says which. Text that comes from data is never a formula,
whatever it begins with; the same workbook always becomes the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from report.read import form

FACE = "微软雅黑"
INK, ACCENT, QUIET, HAIR, RULE, PAPER = "1B2430", "8C1D18", "767D86", "DFE2E6", "AEB6C0", "FFFFFF"
BEIJING = timezone(timedelta(hours=8))
DAY_FORMAT = 'm"月"d"日"'
Value = str | int | float | Decimal | date | datetime | None


@dataclass(frozen=True, slots=True)
class Look:
    """A part a cell plays: its name for people, ground ('' for none), letters, and whether it is locked."""

    name: str
    ground: str = ""
    colour: str = INK
    italic: bool = False
    bold: bool = False
    locked: bool = False


INPUT = Look("填写", "FFF6CC")
KNOWN = Look("预填", "EEF0F2")
FREE = Look("选填")
FORMULA = Look("公式", colour=QUIET, italic=True, locked=True)
STALE = Look("换月", "FBD9B5")
LABEL = Look("名称", locked=True)
NAME = Look("名称", bold=True, locked=True)
AGAIN = Look("名称", colour=QUIET, locked=True)


@dataclass(frozen=True, slots=True)
class Entry:
    """What goes into a cell. formula: the value is a formula of ours. source: said in the cell's comment."""

    value: Value = None
    look: Look = LABEL
    format: str = "General"
    source: str = ""
    formula: bool = False


def number_format(decimals: int, signed: bool = False) -> str:
    """The number format of so many places, with a sign on both sides where it is a change."""
    places = "#,##0" + ("." + "0" * decimals if decimals else "")
    return f"+{places};-{places};{places}" if signed else places


def put(cell: Cell, entry: Entry, author: str, *, wrap: bool = False, last: bool = False) -> None:
    """Write one cell. last: a group of rows ends here and gets a stronger rule."""
    cell.value = ILLEGAL_CHARACTERS_RE.sub("", entry.value) if isinstance(entry.value, str) else entry.value
    if isinstance(entry.value, str) and not entry.formula:
        cell.data_type = "s"
        cell.quotePrefix = entry.value.startswith(("=", "+", "-", "@"))
    look = entry.look
    cell.font = Font(name=FACE, size=10, color=look.colour, italic=look.italic, bold=look.bold)
    if look.ground:
        cell.fill = PatternFill("solid", fgColor=look.ground)
    cell.border = Border(bottom=Side("thin", color=RULE if last else HAIR), right=Side("thin", color=HAIR))
    cell.protection = Protection(locked=look.locked)
    cell.number_format = entry.format
    words = entry.format == "General"
    cell.alignment = Alignment("left" if words else "right", "top" if wrap else "center", wrap_text=wrap, indent=1)
    if entry.source:
        cell.comment = Comment(entry.source, author, width=320, height=22 * (entry.source.count("\n") + 2))


def say(cell: Cell, text: Value, *, size: int = 10, bold: bool = False, colour: str = INK, form: str = "") -> None:
    """Write words outside the rows: banners, labels, notes."""
    cell.value = text
    cell.font = Font(name=FACE, size=size, bold=bold, color=colour)
    cell.alignment = Alignment("left", "center")
    if form:
        cell.number_format = form


def head(sheet: Worksheet, row: int, words: Sequence[str], column: int = 1) -> None:
    """Write a row of headings."""
    for at, word in enumerate(words, start=column):
        cell = sheet.cell(row, at, word)
        cell.font = Font(name=FACE, size=10, bold=True, color=PAPER)
        cell.fill = PatternFill("solid", fgColor=INK)
        cell.alignment = Alignment("center", "center", wrap_text=True)
    sheet.row_dimensions[row].height = 24


def banner(sheet: Worksheet, title: str, day: date, columns: int, notes: Sequence[str] = ()) -> None:
    """Write the title, the report's date as a real date, and up to two notes, over so many columns."""
    say(sheet.cell(form.BANNER_ROW, 1), title, size=16, bold=True)
    for at in range(1, columns + 1):
        sheet.cell(form.BANNER_ROW, at).border = Border(bottom=Side("medium", color=ACCENT))
    say(sheet.cell(form.DATE_ROW, 1), form.DATE_LABEL, colour=QUIET)
    say(sheet.cell(form.DATE_ROW, 2), day, bold=True, colour=ACCENT, form="yyyy-mm-dd")
    for row, note in enumerate(notes, start=form.DATE_ROW):
        say(sheet.cell(row, 3 if row == form.DATE_ROW else 1), note, size=9, colour=QUIET)
    for row, height in ((form.BANNER_ROW, 34), (form.DATE_ROW, 22), (form.DATE_ROW + 1, 18)):
        sheet.row_dimensions[row].height = height


def settle(sheet: Worksheet, widths: Sequence[int], freeze: str = "", repeat: int = 0) -> None:
    """Set the widths, the frozen corner and the page, and lock what is not for typing (no password).

    repeat: the row of headings printed on every page; without one the sheet is fitted on a single page.
    """
    for at, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.freeze_panes = freeze or None
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, int(not repeat)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom, sheet.page_margins.footer = 0.5, 0.75, 0.35
    sheet.print_options.horizontalCentered = True
    sheet.oddFooter.center.text = "&A  &P / &N"
    if repeat:
        sheet.print_title_rows = f"{repeat}:{repeat}"
    lock = sheet.protection
    lock.sheet = True
    lock.formatCells = lock.formatColumns = lock.formatRows = False


def choose(sheet: Worksheet, where: str, choices: str | Iterable[str], message: str) -> None:
    """Offer a list (words, or a range of cells) in those cells; another word is questioned, not refused."""
    formula = choices if isinstance(choices, str) else '"' + ",".join(choices) + '"'
    _rule(sheet, where, DataValidation("list", formula1=formula, allow_blank=True), "不在列表中", message)


def expect_number(sheet: Worksheet, where: str) -> None:
    """Question anything but a number, or a dash for a missing one, in those cells."""
    first = where.partition(":")[0]
    formula = f'OR(ISNUMBER({first}),{first}="—",{first}="-")'
    message = "这里应填数值：不带单位，不用字母 O 代替 0；缺数请留空或填 —。"
    _rule(sheet, where, DataValidation("custom", formula1=formula, allow_blank=True), "不是数值", message)


def warn_of_roll(sheet: Worksheet, contract: str, was: Entry, price: str, stood: Entry) -> None:
    """Colour a prefilled previous close as long as it stands beside a contract other than the one it belongs to."""
    name = str(was.value).replace('"', '""')
    condition = f'AND({contract}<>"{name}",{price}={stood.value})'
    sheet.conditional_formatting.add(price, FormulaRule([condition], fill=PatternFill(bgColor=STALE.ground)))


def expect_date(sheet: Worksheet, where: str) -> None:
    """Question anything but a date of this century in those cells."""
    rule = DataValidation("date", operator="greaterThan", formula1="36526", allow_blank=True)
    _rule(sheet, where, rule, "不是日期", "这里应填日期，例如 2024-03-28。")


def _rule(sheet: Worksheet, where: str, rule: DataValidation, title: str, message: str) -> None:
    rule.errorStyle, rule.showErrorMessage, rule.errorTitle, rule.error = "warning", True, title, message
    rule.add(where)
    sheet.add_data_validation(rule)


def new(house: str, title: str, day: date) -> Workbook:
    """An empty workbook in the house's letters, dated by the report."""
    book = Workbook()
    book.remove(book.worksheets[0])
    book._named_styles["Normal"].font = Font(name=FACE, size=10)
    book.properties.title, book.properties.creator = title, house
    book.properties.created = _morning(day)
    book.calculation.fullCalcOnLoad = True
    return book


def packed(book: Workbook, day: date) -> bytes:
    """The workbook as bytes that depend on nothing but the workbook and the report's date."""
    loose, tight = BytesIO(), BytesIO()
    book.save(loose)
    stamp = f"{_morning(day):%Y-%m-%dT%H:%M:%SZ}".encode()
    with ZipFile(loose) as source, ZipFile(tight, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system = ZIP_DEFLATED, 0
            target.writestr(entry, content)
    return tight.getvalue()


def _morning(day: date) -> datetime:
    """Seven in the morning in Beijing, told in UTC without a zone, as document properties want it."""
    return datetime.combine(day, time(7), BEIJING).astimezone(UTC).replace(tzinfo=None)
