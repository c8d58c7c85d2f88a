"""The list of recipients: every row is a client, a finding that names it, or both."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from report import catalog
from report.delivery import Delivery, Recipient
from report.errors import InputError
from report.facts import Finding, Severity
from report.read import recipients
from report.read.words import bare
from tests.test_deliver_letter import LETTERS, MOMENT

DATA = catalog.packaged("data")
WORDS = catalog.entry([DATA], "delivery.toml", Delivery).recipients
CHARACTERS = "ab1@@@.. \t\r\n\x0b\x1c\x85\u2028;,:<>\"'\\()[]=?_-＠．；　铜\u202e\u200b"
TYPED = st.one_of(
    st.text(st.sampled_from(CHARACTERS), max_size=20),
    st.builds("{}@example.com{}".format, *[st.text(st.sampled_from(CHARACTERS), max_size=4)] * 2),
)
HEAD = ("姓名", "邮箱", "分组", "启用")


def sheet(folder: Path, *rows: tuple[object, ...], head: tuple[str, ...] = HEAD) -> Path:
    book = Workbook()
    for row in (head, *rows):
        book.active.append(row)
    path = folder / "recipients.xlsx"
    book.save(path)
    return path


def read(
    folder: Path, *rows: tuple[object, ...], head: tuple[str, ...] = HEAD
) -> tuple[list[Recipient], list[Finding]]:
    return recipients.read(sheet(folder, *rows, head=head), WORDS)


def typed(folder: Path, text: str) -> tuple[list[Recipient], list[Finding]]:
    path = folder / "recipients.csv"
    path.write_text(text, encoding="utf-8")
    return recipients.read(path, WORDS)


def test_the_packaged_sample_is_read_and_plainly_invented() -> None:
    people, findings = recipients.read(recipients.found([DATA]), WORDS)
    assert findings == []
    assert [one.active for one in people] == [True] * 4 + [False, True]
    assert people[1].groups == ("有色", "黑色")
    assert {one.address.rpartition("@")[2] for one in people} <= {"example.com", "example.net", "example.org"}


@pytest.mark.parametrize("head", [HEAD, ("name", "E-mail", "groups", "active"), ("客户", "电子邮箱", "组", "有效")])
def test_headings_may_be_chinese_or_english(head: tuple[str, ...], tmp_path: Path) -> None:
    (one,), findings = read(tmp_path, ("甲", "jia@example.com", "有色", "是"), head=head)
    assert (one.name, one.address, one.groups, one.active, findings) == ("甲", "jia@example.com", ("有色",), True, [])


def test_headings_may_stand_below_a_title_and_in_any_order(tmp_path: Path) -> None:
    (one,), _ = typed(tmp_path, "客户名单,,\n\n分组,邮箱,姓名\n有色,jia@example.com,甲\n")
    assert (one.name, one.groups, one.source) == ("甲", ("有色",), "recipients.csv › row 4 › B")


BAD = {
    "a@x.com;b@x.com": "expected one address",
    "a@x.com, b@x.com": "expected one address",
    "a@x.com b@x.com": "expected one address",
    "a@x.com；b@x.com": "expected one address",
    "jia.example.com": "no address",
    "jia@": "no address",
    "@example.com": "no address",
    "jia@example": "no address",
    "ji a@example.com": "expected one address",
    "甲@example.com": "no address",
    "jia@exa mple.com": "expected one address",
    "jia@example..com": "no address",
    "jia@[127.0.0.1]": "no address",
    '"jia b"@example.com': "expected one address",
    "甲 <jia@example.com>": "expected one address",
    "<jia@example.com>": "no address",
    "jia@example.com\r\nBcc: yi@example.com": "expected one address",
    "jia@example.com\nx": "expected one address",
    "jia\x0b@example.com": "expected one address",
    "=HYPERLINK(A1)": "no address",
}


@pytest.mark.parametrize("bad", BAD)
def test_a_bad_address_is_told_with_its_cell_and_stops_nobody_else(bad: str, tmp_path: Path) -> None:
    text = bad.replace('"', '""')
    people, findings = typed(tmp_path, f'姓名,邮箱\n甲,"{text}"\n乙,yi@example.com\n')
    assert [one.address for one in people] == ["yi@example.com"]
    (finding,) = findings
    assert (finding.code, finding.severity, finding.where) == ("R190", Severity.ERROR, "recipients.csv › row 2 › B")
    assert BAD[bad] in finding.message


@given(st.lists(st.tuples(TYPED, TYPED), max_size=6))
@settings(deadline=None, max_examples=60)
def test_whatever_is_typed_a_recipient_is_one_address_of_plain_ascii_and_a_row_is_told_or_used(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str]]
) -> None:
    path = tmp_path_factory.mktemp("typed") / "recipients.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("姓名", "邮箱"), ("甲", "jia@example.com"), *rows])
    people, findings = recipients.read(path, WORDS)
    for one in people:
        LETTERS.head(one.key, one.name, one.address, MOMENT)
        assert one.address.count("@") == 1
    assert len({one.key for one in people}) == len(people)
    used = sum(1 for name, address in rows if bare(name) or bare(address))
    told = [finding for finding in findings if finding.code in ("R190", "R192")]
    assert len(people) - 1 + len(told) == used


def test_a_number_a_date_or_nothing_is_no_address(tmp_path: Path) -> None:
    people, findings = read(
        tmp_path, ("甲", 13800000000, "", ""), ("乙", None, "", ""), ("丙", "bing@example.com", "", "")
    )
    assert [one.name for one in people] == ["丙"]
    assert [(one.code, one.where) for one in findings] == [
        ("R190", "recipients.xlsx › Sheet › B2"),
        ("R190", "recipients.xlsx › Sheet › B3"),
    ]


def test_who_is_not_active_may_have_any_address(tmp_path: Path) -> None:
    people, findings = read(tmp_path, ("甲", "left the firm", "", "否"), ("乙", "yi@example.com", "", "是"))
    assert ([one.name for one in people], findings) == (["乙"], [])


SPELLINGS = {
    "jia@EXAMPLE.com": "jia@example.com",
    "ｊｉａ＠example．com": "jia@example.com",
    "　jia@example.com　": "jia@example.com",
    "jia @ example.com": "jia@example.com",
    "\u200bjia@example.com": "jia@example.com",
    "jia@示例.com": "jia@xn--fsq092h.com",
    "jia@ＸＮ--FSQ092H.com": "jia@xn--fsq092h.com",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_an_address_in_another_spelling_is_read_and_told(spelling: str, tmp_path: Path) -> None:
    (one,), findings = read(tmp_path, ("甲", spelling, "", "是"))
    assert one.address == SPELLINGS[spelling]
    assert [finding.code for finding in findings] == (["R193"] if spelling.strip() != one.address else [])


def test_two_spellings_of_one_address_are_one_letter_and_told(tmp_path: Path) -> None:
    rows = [
        (f"甲{at}", spelling, f"组{at}", "是")
        for at, spelling in enumerate(("Jia@Example.com", "jia@example.com", "ｊｉａ＠EXAMPLE.com"))
    ]
    (one,), findings = read(tmp_path, *rows)
    assert (one.key, one.name, one.groups) == ("jia@example.com", "甲0", ("组0", "组1", "组2"))
    told = [finding for finding in findings if finding.code == "R192"]
    assert [finding.where for finding in told] == ["recipients.xlsx › Sheet › B3", "recipients.xlsx › Sheet › B4"]
    assert "recipients.xlsx › Sheet › B2" in told[0].message


def test_an_address_in_unicode_and_in_ascii_is_one(tmp_path: Path) -> None:
    (one,), findings = read(tmp_path, ("甲", "jia@示例.com", "", ""), ("乙", "jia@xn--fsq092h.com", "", ""))
    assert "R192" in {finding.code for finding in findings}
    assert one.name == "甲"


@pytest.mark.parametrize(
    "name",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+86",
        "-1",
        "@x",
        "<b>甲</b>",
        "{{ 7*7 }}",
        "file:///etc/passwd",
        "007",
        "2024-03-01",
        "TRUE",
    ],
)
def test_a_name_is_the_characters_it_is_written_with(name: str, tmp_path: Path) -> None:
    text = name.replace('"', '""')
    (one,), _ = typed(tmp_path, f'姓名,邮箱\n"{text}",jia@example.com\n')
    assert one.name == name
    book = Workbook()
    for row in (HEAD, (name, "jia@example.com")):
        book.active.append(row)
    book.save(tmp_path / "recipients.xlsx")
    (one,), _ = recipients.read(tmp_path / "recipients.xlsx", WORDS)
    assert one.name == name


def test_a_name_that_cannot_stand_on_a_letter_is_left_off_and_told(tmp_path: Path) -> None:
    people, findings = typed(
        tmp_path, f'姓名,邮箱\n甲\x07乙,a@example.com\n{"长" * 201},b@example.com\n"甲\n乙",c@example.com\n'
    )
    assert [(one.address, one.name) for one in people] == [
        ("a@example.com", ""),
        ("b@example.com", ""),
        ("c@example.com", "甲 乙"),
    ]
    assert [(one.code, one.where) for one in findings] == [
        ("R194", "recipients.csv › row 2 › A"),
        ("R194", "recipients.csv › row 3 › A"),
    ]


def test_active_is_yes_no_or_empty_and_nothing_else(tmp_path: Path) -> None:
    said = ["是", "否", True, False, 1, 0, "Yes", "NO", None, "退订", "也许"]
    people, findings = read(tmp_path, *((f"甲{at}", f"a{at}@example.com", "", word) for at, word in enumerate(said)))
    assert [one.active for one in people] == [True, False] * 4 + [True, False, False]
    (finding,) = findings
    assert (finding.code, finding.where) == ("R191", "recipients.xlsx › Sheet › D12")
    assert "'也许'" in finding.message


def test_an_empty_row_is_no_client(tmp_path: Path) -> None:
    people, findings = typed(tmp_path, "姓名,邮箱\n,\n甲,jia@example.com\n　, \n")
    assert (len(people), findings) == (1, [])


def test_a_file_without_addresses_or_with_two_columns_of_them_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no column of addresses"):
        typed(tmp_path, "姓名,电话\n甲,1\n")
    with pytest.raises(InputError, match="a second column of address"):
        typed(tmp_path, "邮箱,email\na@example.com,b@example.com\n")


def test_two_lists_in_one_folder_are_refused_and_the_desks_goes_before_the_packaged_one(tmp_path: Path) -> None:
    assert recipients.found([tmp_path, DATA]).parent == DATA
    (tmp_path / "recipients.csv").write_text("邮箱\n", encoding="utf-8")
    assert recipients.found([tmp_path, DATA]).parent == tmp_path
    sheet(tmp_path)
    with pytest.raises(InputError, match=r"recipients\.xlsx and recipients\.csv are both there"):
        recipients.found([tmp_path, DATA])


def several(folder: Path, *sheets: tuple[str, str, list[tuple[object, ...]]]) -> tuple[list[Recipient], list[Finding]]:
    book = Workbook()
    book.remove(book.active)
    for title, state, rows in sheets:
        made = book.create_sheet(title)
        made.sheet_state = state
        for row in rows:
            made.append(row)
    book.save(folder / "recipients.xlsx")
    return recipients.read(folder / "recipients.xlsx", WORDS)


def test_every_visible_sheet_with_addresses_is_read_and_a_hidden_one_is_told_and_not(tmp_path: Path) -> None:
    old, one, other = ([HEAD, ("甲", f"{name}@example.com", "", "是")] for name in ("old", "jia", "yi"))
    people, findings = several(
        tmp_path,
        ("旧名单", "hidden", old),
        ("有色", "visible", one),
        ("黑色", "visible", other),
        ("话", "visible", [("注",)]),
    )
    assert [one.address for one in people] == ["jia@example.com", "yi@example.com"]
    assert [(one.code, one.where) for one in findings] == [
        ("R196", "recipients.xlsx › 旧名单"),
        ("R196", "recipients.xlsx › 话"),
    ]
    with pytest.raises(InputError, match="of any visible sheet"):
        several(tmp_path, ("旧名单", "hidden", old), ("空", "visible", []))


@pytest.mark.parametrize(("heading", "no"), [("是否启用", "否"), ("状态", "退订"), ("状态", "已停用")])
def test_a_switch_by_another_name_switches_off(heading: str, no: str, tmp_path: Path) -> None:
    people, findings = typed(tmp_path, f"姓名,邮箱,{heading}\n甲,jia@example.com,{no}\n乙,yi@example.com,是\n")
    assert ([one.active for one in people], findings) == ([False, True], [])


def test_a_heading_nobody_knows_is_told_and_one_that_may_be_a_switch_stops(tmp_path: Path) -> None:
    _, (told,) = typed(tmp_path, "邮箱,启用,备注,爱好\njia@example.com,是,,\n")
    assert (told.code, told.where) == ("R195", "recipients.csv › row 1 › D")
    for head in ("邮箱,姓名,爱好", "邮箱,启用,是否退订"):
        with pytest.raises(InputError, match="may say who gets no letter, and is not known; call it 启用"):
            typed(tmp_path, f"{head}\njia@example.com,是,是\n")


def test_one_row_that_says_no_or_nothing_clear_is_enough(tmp_path: Path) -> None:
    rows = [
        (name, address, "", said)
        for name, address, said in (
            ("甲", "jia@example.com", "否"),
            ("甲", "Jia@example.com", "是"),
            ("乙", "yi@example.com", "是"),
            ("乙", "yi@example.com", "也许"),
        )
    ]
    people, findings = read(tmp_path, *rows)
    assert [one.active for one in people] == [False, False]
    assert [one.code for one in findings if "no letter is sent" in one.message] == ["R192", "R192"]
