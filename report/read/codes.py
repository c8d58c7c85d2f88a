"""The code, severity and meaning of everything a reader may find wrong with a file it could open.

R101–R112 one cell · R120–R129 the workbook and its sheets · R130–R137 dates · R140–R149 rows · R150–R152 words ·
R160–R161 several workbooks of one day · R170–R189 the readers of other layouts · R190–R196 the list of recipients ·
N101–N110 the files of a research note.
A code means one thing and has one severity; the text of a finding is written where it is found.
"""

from __future__ import annotations

from dataclasses import dataclass

from report.facts import Finding, Severity

_NOTE, _WARNING, _ERROR = Severity.NOTE, Severity.WARNING, Severity.ERROR


@dataclass(frozen=True, slots=True)
class Code:
    """One kind of finding."""

    name: str
    severity: Severity
    meaning: str

    def at(self, where: str, message: str) -> Finding:
        """Make the finding of this kind that says `message` about `where`."""
        return Finding(self.name, self.severity, where, message)


NO_NUMBER = Code("R101", _ERROR, "a text that is no number")
MISSING = Code("R102", _NOTE, "an empty cell, or a mark for a missing number")
READ_AS = Code("R103", _NOTE, "a number stored as text or as a percentage, and what it was read as")
PERCENT = Code("R104", _ERROR, "a percentage where the unit is not %")
DATE = Code("R105", _ERROR, "a date where a number or a text belongs")
BOOLEAN = Code("R106", _ERROR, "TRUE or FALSE where a number, a text or a date belongs")
ERROR_CELL = Code("R107", _ERROR, "an error of the spreadsheet: #N/A, #REF!, #NAME? …")
UNCALCULATED = Code("R108", _ERROR, "a formula that was never calculated")
ZERO_FORMULA = Code("R109", _WARNING, "a formula giving 0, as an uncalculated one of some programs does")
MERGED = Code("R110", _ERROR, "merged cells over the rows of the form")
ABSURD = Code("R111", _ERROR, "a number of more than 15 digits, or infinite")
NO_TEXT = Code("R112", _ERROR, "a number where a text belongs")

NO_SHEET = Code("R120", _ERROR, "a workbook without any sheet of the form")
ABSENT_SHEET = Code("R121", _ERROR, "a sheet of the form that no workbook of the day has")
NO_HEADINGS = Code("R122", _ERROR, "no row of headings")
NO_COLUMN = Code("R123", _ERROR, "a column that must be there is not")
TWICE = Code("R124", _ERROR, "two columns or two sheets of one name")
UNKNOWN_COLUMN = Code("R125", _NOTE, "a column the form does not know; not read")
UNKNOWN_SHEET = Code("R126", _NOTE, "a sheet the form does not know; not read")
HIDDEN = Code("R127", _WARNING, "a hidden sheet, row or column with data that was read")
LINKS = Code("R128", _WARNING, "links to other workbooks")
LEFT_ASIDE = Code("R129", _NOTE, "something in the file that is not used: macros, drawings")

NO_DATE = Code("R130", _ERROR, "no 报告日期 on the sheet")
OTHER_DATE = Code("R131", _ERROR, "a sheet of another day")
DATE_AS_TEXT = Code("R132", _NOTE, "a date stored as text or as a plain number, and what it was read as")
NOT_A_DATE = Code("R133", _ERROR, "something that is no date where a date belongs")
DATE_ORDER = Code("R134", _ERROR, "本期日期 after the report, or not after 上期日期")
NO_SESSION = Code("R135", _WARNING, "a date on which the exchange held no session")
TO_COME = Code("R137", _WARNING, "numbers of days that are still to come when they are read; kept")
UNDATED = Code("R136", _NOTE, "a weekly number without 本期日期")

UNKNOWN_NAME = Code("R140", _ERROR, "an exchange, variety or indicator the catalogue does not know")
NO_NAME = Code("R141", _ERROR, "a row with data and without a name")
SAME_ROW = Code("R142", _ERROR, "two rows about the same thing")
NO_CONTRACT = Code("R143", _ERROR, "合约 does not hold a contract, or one of another product")
NO_BASIS = Code("R144", _ERROR, "口径 is neither 全合约 nor 主力")
NO_CONVERSION = Code("R145", _ERROR, "a unit that does not convert into the house's")
NO_UNIT = Code("R146", _NOTE, "no unit; the house's is taken")
CONVERTED = Code("R147", _NOTE, "a unit converted into the house's")
NOT_USED = Code("R148", _NOTE, "a typed number the house computes itself or has no use for")
UNNAMED_CONTRACT = Code("R149", _NOTE, "futures prices without their contract")

CONTROL = Code("R150", _ERROR, "a control character in a text")
NO_USE = Code("R151", _ERROR, "用法 is no word of data/words.toml")
NO_RECAP = Code("R152", _WARNING, "用法 says that 行情 replaces the draft, and 行情 is empty")

BEYOND = Code("R170", _NOTE, "a sheet whose cells reach further than it says; all of them are read")

CONFLICT = Code("R160", _ERROR, "two cells of the day's workbooks that contradict each other")
NO_WORKBOOK = Code("R161", _NOTE, "something beside the day's workbooks that is none; not read")

NO_SUM = Code("R180", _ERROR, "totals of a report that do not come to what the report itself adds up to")
OLDER = Code("R181", _NOTE, "numbers of days before the calendars begin; left out")
NO_SCALE = Code("R182", _ERROR, "numbers too large for the unit the layout says; left out")
OTHER_SCALE = Code("R183", _NOTE, "a series that is published in several units, and which was taken")
UNEXPLAINED = Code("R184", _WARNING, "a total that the movements of the day do not explain; kept")

UNCLAIMED = Code("R185", _NOTE, "products or counts no variety or layout has a use for; not read")
DISAGREE = Code("R186", _ERROR, "two columns about the same series that tell different numbers; neither is read")
NOT_THE_SUM = Code("R187", _WARNING, "the lines of an exchange's table do not come to its 小计 or 总计")
OTHER_CHANGE = Code("R188", _WARNING, "an exchange's own change that its own numbers do not bear out")
PERHAPS_BLANK = Code("R189", _WARNING, "a 0 between numbers, as exports write where there is none; not read")

BAD_ADDRESS = Code("R190", _ERROR, "a recipient's address that cannot be written to; that row gets no letter")
UNCLEAR_ACTIVE = Code("R191", _ERROR, "a recipient of whom it is not clear whether to write to them")
SAME_ADDRESS = Code("R192", _WARNING, "an address that stands twice in the list of recipients; one letter or none")
READ_ADDRESS = Code("R193", _NOTE, "an address typed in another spelling, and what it was read as")
NO_NAME_SHOWN = Code("R194", _WARNING, "a recipient's name that cannot stand on a letter")
UNCLAIMED_HEADING = Code("R195", _WARNING, "a heading of the list of recipients that means nothing here")
LEFT_SHEET = Code("R196", _WARNING, "a sheet of the list of recipients that was not read")

NOTE_FILE = Code("N101", _ERROR, "a file of a note that is not there or cannot be read")
NOTE_MARKUP = Code("N102", _ERROR, "markup that a note has no use for, or a key that is wrong")
NO_KEY = Code("N103", _ERROR, "a reference to a figure, table, chapter or footnote that is not there")
SAME_KEY = Code("N104", _ERROR, "two figures, tables or headings of one key")
NO_SOURCE = Code("N105", _ERROR, "a figure or table without its source")
NO_FIGURE = Code(
    "N106", _ERROR, "a figure whose description is wrong: an unknown kind, an unknown key, something missing"
)
NO_DATA = Code("N107", _ERROR, "a sheet or column of a figure that the note's spreadsheets do not have")
NO_EXPRESSION = Code("N108", _ERROR, "a number in the text that cannot be read as an expression")
UNREFERENCED = Code("N109", _WARNING, "a figure or table that the text never mentions")
NO_RISK = Code("N110", _ERROR, "a note without its chapter of risks")

ALL = tuple(value for value in list(globals().values()) if isinstance(value, Code))
