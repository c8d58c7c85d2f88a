"""The list of recipients, a spreadsheet or a .csv: one row a client, with name, address, groups, and whether active.

Every visible sheet with a column of addresses is read; a hidden one is not, and is told. A row that cannot be used is a
finding that names it and stops nothing else. Text is text: a formula in a name is the characters it is written with.
Two spellings of one address are one recipient, and one row that says no is enough.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from report.delivery import Recipient, RecipientWords
from report.errors import InputError
from report.facts import Finding
from report.read import codes
from report.read.cell import Cell, Kind, label, text
from report.read.incoming import Incoming
from report.read.sheets import Sheet
from report.read.words import bare, folded, narrow, shown

HEAD_WITHIN = 20
LONGEST = 200  # characters of a name
STEM, ENDINGS = "recipients", (".xlsx", ".csv")
FIELDS = ("name", "address", "groups", "active")
_PARTS = re.compile(r"[;；,，、/|\s]+")
_AROUND = re.compile(" *@ *")


def found(folders: Sequence[Path]) -> Path:
    """The list in the first folder that has one. Raises InputError where none has, or one has two."""
    for folder in folders:
        there = [folder / f"{STEM}{ending}" for ending in ENDINGS if (folder / f"{STEM}{ending}").is_file()]
        if len(there) > 1:
            names = " and ".join(path.name for path in there)
            raise InputError(f"{folder}: {names} are both there; keep one of them")
        if there:
            return there[0]
    raise InputError(f"{folders[0] / STEM}.xlsx: no list of recipients; put one there, .xlsx or .csv")


def read(path: Path, words: RecipientWords) -> tuple[list[Recipient], list[Finding]]:
    """The recipients of a list, each address once, and what was found wrong with its rows.

    Raises InputError for a file that cannot be opened, has no column of addresses on a visible sheet, or a column that
    may say who gets no letter under a heading that is not known.
    """
    file = Incoming(path)
    hidden = {sheet.where for sheet in file.sheets if sheet.hidden}
    rows, read_any = list[Recipient](), False
    findings = [one for one in file.findings if one.where not in hidden]
    for sheet in file.sheets:
        top, columns = (0, {}) if sheet.hidden else _head(sheet, words)
        if not columns:
            findings += _left(sheet)
            continue
        read_any = True
        findings += _unclaimed(sheet, top, columns, words)
        for row in range(top + 1, len(sheet.rows) + 1):
            recipient, said = _row(sheet, row, columns, words)
            rows += [recipient] if recipient else []
            findings += said
    if not read_any:
        wanted = "、".join(words.address)
        places = f"the first {HEAD_WITHIN} rows of any visible sheet"
        raise InputError(f"{path.name}: no column of addresses ({wanted}) in {places}; name it so")
    return _once(rows, findings), findings


def _left(sheet: Sheet) -> list[Finding]:
    """What is said of a sheet that holds something and is not read."""
    if not any(value is not None and bare(str(value)) for line in sheet.rows for value in line):
        return []
    why = "hidden; nobody on it gets a letter; show it, or delete it"
    return [codes.LEFT_SHEET.at(sheet.where, why if sheet.hidden else "no column of addresses; nobody on it gets one")]


def _unclaimed(sheet: Sheet, top: int, columns: Mapping[str, int], words: RecipientWords) -> list[Finding]:
    """The headings that mean nothing here. Raises InputError where one may say who gets no letter."""
    ignored, found = {folded(word) for word in words.ignored}, list[Finding]()
    switches = [word for word in (*words.yes, *words.no) if len(word) > 1 and not word.isascii()]
    for column, value in enumerate(sheet.rows[top - 1], start=1):
        heading = "" if value is None else bare(str(value))
        if not heading or column in columns.values() or folded(heading) in ignored:
            continue
        where = sheet.place(top, column)
        mend = f"call it {words.active[0]}, or name it in [recipients] ignored of data/delivery.toml"
        if "active" not in columns or any(word in heading for word in switches):
            raise InputError(f"{where}: {shown(heading)} may say who gets no letter, and is not known; {mend}")
        found.append(codes.UNCLAIMED_HEADING.at(where, f"{shown(heading)} is not read"))
    return found


def _head(sheet: Sheet, words: RecipientWords) -> tuple[int, dict[str, int]]:
    """The row of headings and the column of each field; nothing where no row has a heading of addresses."""
    known = {folded(word): name for name in FIELDS for word in getattr(words, name)}
    for row in range(1, min(HEAD_WITHIN, len(sheet.rows)) + 1):
        columns: dict[str, int] = {}
        for column, value in enumerate(sheet.rows[row - 1], start=1):
            name = known.get(folded(str(value))) if isinstance(value, str) else None
            if name and name in columns:
                raise InputError(f"{sheet.place(row, column)}: a second column of {name}; rename or delete one")
            if name:
                columns[name] = column
        if "address" in columns:
            return row, columns
    return 0, {}


def _row(
    sheet: Sheet, row: int, columns: Mapping[str, int], words: RecipientWords
) -> tuple[Recipient | None, list[Finding]]:
    cells = {name: _cell(sheet, row, column) for name, column in columns.items()}
    if all(cell.kind is Kind.BLANK for cell in cells.values()):
        return None, []
    findings: list[Finding] = []
    active = _active(cells.get("active"), words)
    if isinstance(active, Finding):
        findings, active = [active], False
    address = _address(cells["address"])
    if isinstance(address, str):
        bad = codes.BAD_ADDRESS.at(cells["address"].where, f"{address}; correct it, and send again")
        return None, [bad] if active else findings
    key, ascii_, said = address
    if said:
        findings.append(codes.READ_ADDRESS.at(cells["address"].where, said))
    name = _name(cells.get("name"), findings)
    groups = (
        tuple(part for part in _PARTS.split(label(cells["groups"]).value or "") if part) if "groups" in cells else ()
    )
    return Recipient(key, ascii_, name, groups, active, cells["address"].where), findings


def _cell(sheet: Sheet, row: int, column: int) -> Cell:
    """The cell; of a text file what stands there, whatever it looks like; of a formula the characters it is made of."""
    if sheet.written:
        line = sheet.rows[row - 1]
        text = str(line[column - 1]) if column <= len(line) else ""
        return Cell(sheet.place(row, column), Kind.TEXT if bare(text) else Kind.BLANK, text)
    cell = sheet.cell(row, column)
    if cell.formula:
        return replace(cell, kind=Kind.TEXT, value=f"={cell.formula.removeprefix('=')}")
    return cell


def _active(cell: Cell | None, words: RecipientWords) -> bool | Finding:
    if cell is None or cell.kind is Kind.BLANK:
        return True
    if cell.kind is Kind.BOOLEAN:
        return bool(cell.value)
    said = folded(label(cell).value or "")
    for wanted, meaning in ((words.yes, True), (words.no, False)):
        if said in {folded(word) for word in wanted}:
            return meaning
    message = f"expected {words.yes[0]} or {words.no[0]}, found {shown(cell.value)}; no letter until it is clear"
    return codes.UNCLEAR_ACTIVE.at(cell.where, message)


def _name(cell: Cell | None, findings: list[Finding]) -> str:
    """The name as it stands on the letter, on one line; '' where it cannot stand there."""
    if cell is None or cell.kind is Kind.BLANK:
        return ""
    taken = label(cell) if cell.kind is Kind.NUMBER else text(cell)
    name = " ".join((taken.value or "").split())
    if taken.finding or len(name) > LONGEST:
        why = taken.finding.message if taken.finding else f"a name of {len(name)} characters, more than {LONGEST}"
        findings.append(codes.NO_NAME_SHOWN.at(cell.where, f"{why}; the letter goes out without a name"))
        return ""
    return name


def _address(cell: Cell) -> tuple[str, str, str] | str:
    """An address as (key, ASCII, what it was read as, '' where as typed), or what is wrong with it."""
    if cell.kind is not Kind.TEXT:
        return "no address" if cell.kind is Kind.BLANK else f"expected an address, found {cell.kind.value}"
    typed = str(cell.value)
    plain = _AROUND.sub("@", narrow(typed))
    if "@" in plain and len(_PARTS.split(plain.strip(";,"))) > 1:
        return f"expected one address, found {shown(typed)}; give each client a row of their own"
    try:
        valid = validate_email(plain, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        return f"{shown(typed)} is no address ({str(error).rstrip('.')})"
    ascii_ = valid.ascii_email or ""
    said = "" if ascii_ == typed.strip() else f"{shown(typed)} read as {ascii_}"
    return ascii_.casefold(), ascii_, said


def _once(rows: Sequence[Recipient], findings: list[Finding]) -> list[Recipient]:
    """One recipient an address, active where every row is; the groups of its rows together. Doubles are told."""
    known: dict[str, Recipient] = {}
    for one in rows:
        first = known.setdefault(one.key, one)
        if first is one:
            continue
        active = first.active and one.active
        how = "one letter is sent" if active else "no letter is sent, for one of them says so"
        findings.append(codes.SAME_ADDRESS.at(one.source, f"{one.address} stands in {first.source} too; {how}"))
        known[one.key] = replace(first, active=active, groups=tuple(dict.fromkeys((*first.groups, *one.groups))))
    return list(known.values())
