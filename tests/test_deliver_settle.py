"""Letters in doubt against the relay's log, in Postfix's words."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from report.deliver.ledger import Letter, State
from report.deliver.outbox import Outbox
from report.deliver.settle import Trace, check_complete, settled, traces
from report.errors import InputError
from tests.letters import CLOCK, outbox_of, people, publication, sent, settings
from tests.relay import Relay

A, B, C, D, E, F = (f"<20240329.v1.{letter * 40}@example.com>" for letter in "abcdef")
LOG = f"""\
Mar 29 08:01:00 relay postfix/smtpd[70]: 3A1F2C: client=localhost[127.0.0.1]
Mar 29 08:01:00 relay postfix/cleanup[71]: 3A1F2C: message-id={A}
Mar 29 08:01:00 relay postfix/qmgr[69]: 3A1F2C: from=<research@example.com>, size=700000, nrcpt=1 (queue active)
Mar 29 08:01:01 relay postfix/smtp[75]: 3A1F2C: to=<a@example.com>, dsn=2.0.0, status=sent (250 ok (queued))
Mar 29 08:01:01 relay postfix/qmgr[69]: 3A1F2C: removed
2024-03-29T08:01:02.123456+08:00 relay postfix/cleanup[71]: 3A1F2D: message-id={B}
Mar 29 08:01:02 relay postfix/smtpd[70]: lost connection after DATA (300000 bytes) from localhost[127.0.0.1]
Mar 29 08:01:03 relay postfix/cleanup[71]: 3A1F2D: message-id=<other@example.com>
Mar 29 08:01:03 relay postfix/qmgr[69]: 3A1F2D: from=<other@example.com>, size=1, nrcpt=1 (queue active)
Mar 29 08:01:04 relay postfix/cleanup[71]: 4VXk2L0tYz: message-id={C}
Mar 29 08:01:04 relay postfix/qmgr[69]: 4VXk2L0tYz: from=<research@example.com>, size=700000, nrcpt=1 (queue active)
Mar 29 08:01:05 relay postfix-out/smtp[75]: 4VXk2L0tYz: to=<c@example.com>, status=bounced (host mx said: 550 none)
Mar 29 08:01:06 relay postfix/cleanup[71]: 5A0001: message-id={D}
Mar 29 08:01:06 relay postfix/qmgr[69]: 5A0001: from=<research@example.com>, size=700000, nrcpt=1 (queue active)
Mar 29 08:01:07 relay postfix/smtp[75]: 5A0001: to=<d@example.com>, dsn=4.4.1, status=deferred (connect timed out)
Mar 29 08:01:08 relay postfix/cleanup[71]: 5A0002: message-id={E}
Mar 29 08:01:08 relay postfix/qmgr[69]: 5A0002: from=<research@example.com>, size=700000, nrcpt=1 (queue active)
"""


def log(folder: Path, text: str = LOG) -> Path:
    path = folder / "mail.log"
    path.write_text(text, encoding="utf-8")
    return path


def letter(message_id: str) -> Letter:
    return Letter(
        1, publication().report_date, 1, "a", "a", "", message_id, State.DOUBT, 1, "", CLOCK.moment(), CLOCK.moment()
    )


def test_what_the_log_tells_of_each_letter(tmp_path: Path) -> None:
    assert traces(log(tmp_path), (A, B, C, D, E, F)) == {
        A: Trace(True, "sent", "250 ok (queued)"),
        B: Trace(),
        C: Trace(True, "bounced", "host mx said: 550 none"),
        D: Trace(True, "deferred", "connect timed out"),
        E: Trace(True),
    }


def test_only_what_the_relay_took_is_settled_unless_the_log_is_complete(tmp_path: Path) -> None:
    found = traces(log(tmp_path), (A, B, C, D, E, F))
    letters = [letter(one) for one in (A, B, C, D, E, F)]
    decided = {one.message_id: state for one, state, _ in settled(letters, found, "mail.log")}
    assert decided == {A: State.SENT, C: State.FAILED, D: State.SENT, E: State.SENT}
    decided = {one.message_id: state for one, state, _ in settled(letters, found, "mail.log", complete=True)}
    assert decided == {A: State.SENT, B: State.PENDING, C: State.FAILED, D: State.SENT, E: State.SENT, F: State.PENDING}


def test_a_packed_log_is_read_and_one_that_is_not_there_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mail.log.1.gz"
    path.write_bytes(gzip.compress(LOG.encode()))
    assert traces(path, (A,))[A].status == "sent"
    with pytest.raises(InputError, match=r"mail\.log: cannot be read"):
        traces(tmp_path / "mail.log", (A,))
    (tmp_path / "b.gz").write_bytes(b"no gzip")
    with pytest.raises(InputError, match=r"b\.gz: cannot be read"):
        traces(tmp_path / "b.gz", (A,))


def test_a_settled_letter_is_in_doubt_no_more_and_goes_out_again_only_where_it_was_not_sent(
    tmp_path: Path,
) -> None:
    place = tmp_path / "o.sqlite"
    with Relay(lambda session, at: "drop" if at == "kept" else "") as relay:
        standing, _ = sent(place, settings(relay.port), publication(), people(2))
    assert standing.counts == {State.DOUBT: 2}
    assert len(relay.taken) == 2
    outbox = Outbox(place)
    one, other = outbox.letters()
    now = CLOCK.moment()
    assert outbox.settle([(one, State.SENT, "by hand"), (other, State.PENDING, "by hand")], now) == 2
    assert outbox.settle([(one, State.PENDING, "again")], now) == 0
    outbox.close()
    with Relay() as relay:
        standing, _ = sent(place, settings(relay.port), publication(), people(2))
    assert standing.counts == {State.SENT: 2}
    assert relay.counts() == {other.address: 1}
    assert [letter.answer for letter in outbox_of(place)] == ["by hand", "250 kept"]


def test_a_log_is_called_complete_only_where_it_names_the_report_and_spans_the_letters_in_doubt(tmp_path: Path) -> None:
    at = "2024-03-29T08:01:00+08:00 relay postfix/"
    lines = (f"{at}smtpd[70]: connect", f"{at}cleanup[71]: 3A1F2C: message-id={A}", f"{at}smtpd[70]: disconnect")
    whole = log(tmp_path, "\n".join((*lines, lines[-1].replace("08:01:00", "08:03:00"))) + "\n")
    in_doubt = replace(letter(F), changed_at=datetime(2024, 3, 29, 0, 2, tzinfo=UTC))
    check_complete(whole, [in_doubt], [letter(A), in_doubt])
    with pytest.raises(InputError, match="names no letter of 2024-03-29"):
        check_complete(whole, [in_doubt], [letter(B), in_doubt])
    for minute in (0, 5):
        other = replace(in_doubt, changed_at=datetime(2024, 3, 29, 0, minute, tzinfo=UTC))
        with pytest.raises(InputError, match=r"tells of 2024-03-29T08:01:00\+08:00 to .*, and a was at"):
            check_complete(whole, [other], [letter(A), other])
    with pytest.raises(InputError, match="names no letter"):
        check_complete(log(tmp_path, ""), [in_doubt], [letter(A), in_doubt])


def test_the_times_of_a_log_without_years_are_those_nearest_to_the_letter(tmp_path: Path) -> None:
    text = f"Dec 31 23:59:00 relay postfix/cleanup[71]: 3A1F2C: message-id={A}\nJan  1 00:01:00 relay x: y\n"
    midnight = replace(letter(F), changed_at=datetime(2025, 1, 1).astimezone())
    check_complete(log(tmp_path, text), [midnight], [letter(A)])


def test_a_letter_in_doubt_keeps_the_moment_it_was_handed_over(tmp_path: Path) -> None:
    with Relay(lambda session, at: "hang" if at == "kept" else "") as relay:
        before = CLOCK.moment()
        sent(tmp_path / "o.sqlite", settings(relay.port, server={"patience": 2}), publication(), people(1))
    (one,) = outbox_of(tmp_path / "o.sqlite")
    assert (one.state, (one.changed_at - before).total_seconds() < 1.9) == (State.DOUBT, True)
