"""One recipient's letter: what a mail program finds in it, and what no name or address can put into it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.deliver.letter import Folded, Letters, token
from tests.letters import DAY, publication, settings

MOMENT = datetime(2024, 3, 29, 8, 5, tzinfo=timezone(timedelta(hours=8)))
WORDS = settings(25).letter
LETTERS = Letters(publication(), WORDS)
NASTY = st.text(
    st.sampled_from("a1 \r\n\0\t\x0b\x0c\x1c\x85\u2028\u2029;,:<>@\"'\\()[]=?_.＠；　铜镕\U0002c488\u202e\ud800"),
    max_size=60,
)


def parsed(data: bytes) -> EmailMessage:
    return message_from_bytes(data, policy=policy.default)  # type: ignore[return-value]


def letter(name: str = "示例客户甲", at: str = "jia@example.com", letters: Letters = LETTERS) -> EmailMessage:
    return parsed(letters.whole(at, name, at, MOMENT))


def test_a_letter_has_text_beside_html_and_the_pdf_under_its_name() -> None:
    mail = letter()
    assert mail.get_content_type() == "multipart/mixed"
    text, html = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text.get_content().splitlines() == ["铜 72,500"]
    assert "<p>铜 72,500</p>" in html.get_content()
    (pdf,) = mail.iter_attachments()
    assert (pdf.get_content_type(), pdf.get_content_disposition()) == ("application/pdf", "attachment")
    assert pdf.get_filename() == "商品日报_20240329.pdf"
    assert pdf.get_content() == LETTERS.publication.pdf


def test_the_pdfs_name_stands_in_three_ways() -> None:
    body = LETTERS.body.decode("ascii")
    assert "filename*=UTF-8''%E5%95%86%E5%93%81%E6%97%A5%E6%8A%A5_20240329.pdf" in body
    assert 'filename="ribao-20240329-v1.pdf"' in body
    assert re.search(r'name="=\?utf-8\?B\?[A-Za-z0-9+/=]+\?="', body)


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cf", "Zl", "Zp", "Co", "Cn"]), min_size=1, max_size=80))
def test_any_name_of_a_pdf_comes_back_as_it_was(name: str) -> None:
    (pdf,) = parsed(Letters(replace(publication(), filename=f"{name}.pdf"), WORDS).body).iter_attachments()
    assert pdf.get_param("filename", header="content-disposition") == f"{name}.pdf"


def test_the_head_says_from_whom_to_whom_and_how_to_be_left_alone() -> None:
    mail = letter()
    assert [str(one) for one in mail["To"].addresses] == ["示例客户甲 <jia@example.com>"]
    assert str(mail["From"].addresses[0]) == "示例期货研究所 <research@example.com>"
    assert mail["Subject"] == "商品日报 20240329"
    assert mail["Date"].datetime == MOMENT
    assert mail["List-Unsubscribe"] == "<mailto:unsubscribe@example.com?subject=unsubscribe>"
    assert mail["List-Unsubscribe-Post"] is None


def test_a_link_to_unsubscribe_is_the_recipients_own_and_one_click() -> None:
    words = WORDS.model_copy(update={"unsubscribe_url": "https://example.com/u/{token}?from=mail"})
    one, other = (letter(at=at, letters=Letters(publication(), words, b"secret")) for at in ("a@x.com", "b@x.com"))
    assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"<https://example.com/u/{token(b'secret', 'a@x.com')}?from=mail>" in str(one["List-Unsubscribe"])
    assert one["List-Unsubscribe"] != other["List-Unsubscribe"]
    assert token(b"another", "a@x.com") != token(b"secret", "a@x.com")


def test_the_message_id_is_the_same_for_ever_and_another_for_whatever_differs() -> None:
    first = Letters(publication(), WORDS)
    again = {first.message_id("a@x.com"), Letters(publication(), WORDS).message_id("a@x.com")}
    others = {
        first.message_id("b@x.com"),
        Letters(publication(2), WORDS).message_id("a@x.com"),
        Letters(publication(size=4096), WORDS).message_id("a@x.com"),
        Letters(replace(publication(), report_date=DAY + timedelta(1)), WORDS).message_id("a@x.com"),
    }
    assert len(again) == 1
    assert len(again | others) == 5
    assert re.fullmatch(r"<20240329\.v1\.[0-9a-f]{40}@example\.com>", *again)


def test_the_same_letter_is_the_same_bytes() -> None:
    assert Letters(publication(), WORDS).whole("a@x.com", "甲", "a@x.com", MOMENT) == LETTERS.whole(
        "a@x.com", "甲", "a@x.com", MOMENT
    )


def test_an_erratum_says_so_in_its_subject_and_in_the_first_line_of_both_bodies() -> None:
    words = WORDS.model_copy(update={"erratum": "【更正】第{version}版。{erratum}"})
    mail = letter(letters=Letters(publication(2, erratum="<b>铜</b> 应为 72,500 {title}"), words))
    said = "【更正】第2版。<b>铜</b> 应为 72,500 {title}"
    assert mail["Subject"] == "【更正】商品日报 20240329"
    assert mail.get_body(("plain",)).get_content().splitlines() == [said, "", "铜 72,500"]
    html = mail.get_body(("html",)).get_content()
    assert re.search(r'<body style="margin:0"><p [^>]*>【更正】第2版。&lt;b&gt;铜', html)


def test_by_default_the_first_line_says_that_it_replaces_what_was_sent_and_the_body_says_the_rest() -> None:
    mail = letter(letters=Letters(publication(2), WORDS))
    first = "【更正】本期为第2版，取代此前发出的版本。"
    assert mail.get_body(("plain",)).get_content().splitlines() == [first, "", "铜 72,500"]
    assert f">{first}</p><p>铜" in mail.get_body(("html",)).get_content()


@given(NASTY, NASTY, NASTY)
def test_no_name_title_or_erratum_adds_a_header_or_a_recipient(name: str, title: str, erratum: str) -> None:
    made = Letters(replace(publication(2), title=title, erratum=erratum.replace("\ud800", "")), WORDS)
    data = made.whole("a@example.com", name, "a@example.com", MOMENT)
    mail = parsed(data)
    plain = letter(letters=Letters(publication(2), WORDS))
    assert [header for header, _ in mail.items()] == [header for header, _ in plain.items()]
    assert [one.addr_spec for one in mail["To"].addresses] == ["a@example.com"]
    assert mail["To"].defects == ()
    head = data[: data.index(b"\r\n\r\n")]
    assert head.isascii()
    assert b"\0" not in head
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)", head)
    assert max(map(len, head.split(b"\r\n"))) <= 78 + 20
    assert [part.get_content_type() for part in mail.walk()] == [part.get_content_type() for part in plain.walk()]


@given(NASTY, NASTY)
def test_an_address_that_is_more_than_an_address_is_refused(before: str, after: str) -> None:
    at = f"{before}@{after}"
    if re.fullmatch(r"[a1_=?'.]+@[a1.]+", at):
        return
    with pytest.raises(ValueError, match="no address"):
        LETTERS.head("k", "", at, MOMENT)


@pytest.mark.parametrize(
    "at",
    [
        "a@x.com;b@x.com",
        "a@x.com,b@x.com",
        "a＠x.com",
        "a@x.com\u3000",
        "a@x.com\r\nBcc: b@x.com",
        "<a@x.com>",
        "a@x.com b",
        '"a b"@x.com',
    ],
)
def test_the_known_traps_among_addresses_are_refused(at: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        LETTERS.head("k", "", at, MOMENT)


def test_a_header_takes_no_line_of_its_own() -> None:
    for nasty in ("a\r\nBcc: b@x.com", "a\nb", "a\rb", "a\0b", "a\u2028b", "铜"):
        with pytest.raises(ValueError, match="cannot stand in a header"):
            Folded.of("Subject", nasty)


def test_a_letter_of_the_same_moment_in_another_zone_says_the_same_moment() -> None:
    assert letter()["Date"].datetime == MOMENT.astimezone(UTC)
