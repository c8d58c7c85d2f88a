"""Sending to a relay that misbehaves at every stage: each recipient has one letter, or is listed as in doubt."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from report.deliver.ledger import State
from report.deliver.outbox import Outbox
from report.delivery import Clock
from report.errors import HistoryError, MailError, UsageError
from tests.databases import postgres, url
from tests.letters import CLOCK, DAY, outbox_of, people, publication, sent, settings
from tests.relay import STAGES, Plan, Relay, Session

__all__ = ("postgres", "url")


LARGE = 6_000_000  # more than a connection holds that nobody reads


def once(stage: str, answer: str) -> Plan:
    """Do that at the first time the stage is reached by any session, and nothing from then on."""
    lock, done = threading.Lock(), []

    def plan(session: Session, at: str) -> str:
        with lock:
            if at == stage and not done:
                done.append(session)
                return answer
        return ""

    return plan


def always(stage: str, answer: str, until: Callable[[Session], bool] = lambda session: True) -> Plan:
    return lambda session, at: answer if at == stage and until(session) else ""


def test_everybody_gets_one_letter_of_their_own(url: str) -> None:
    with Relay(extensions=("SIZE 10000000",)) as relay:
        standing, _ = sent(url, settings(relay.port, pace={"connections": 3}), publication(), people(60))
    assert standing.counts == {State.SENT: 60}
    assert relay.counts() == {one.address: 1 for one in people(60)}
    for taken in relay.taken:
        (to,) = taken.recipients
        assert [one.addr_spec for one in taken.mail["To"].addresses] == [to]
        assert (taken.mail["Cc"], taken.mail["Bcc"]) == (None, None)
        others = [one.address for one in people(60) if one.address != to]
        assert not [other for other in others if other.encode() in taken.data]
    assert len({taken.mail["Message-ID"] for taken in relay.taken}) == 60


def test_sending_again_sends_nothing(url: str) -> None:
    with Relay() as relay:
        for _ in range(2):
            standing, _ = sent(url, settings(relay.port), publication(), people(5))
    assert standing.counts == {State.SENT: 5}
    assert len(relay.taken) == 5


def test_who_was_added_to_the_list_later_gets_the_letter_too(tmp_path: Path) -> None:
    with Relay() as relay:
        sent(tmp_path / "o.sqlite", settings(relay.port), publication(), people(3))
        sent(tmp_path / "o.sqlite", settings(relay.port), publication(), people(5))
    assert relay.counts() == {one.address: 1 for one in people(5)}


@pytest.mark.parametrize("stage", STAGES)
def test_a_connection_that_dies_once_at_any_stage_costs_nobody_a_letter_and_gives_nobody_two(
    stage: str, tmp_path: Path
) -> None:
    place, made = tmp_path / "o.sqlite", publication(size=LARGE if stage == "body" else 2000)
    with Relay(once(stage, "drop")) as relay:
        standing, _ = sent(place, settings(relay.port), made, people(4))
        doubted = [one for one in outbox_of(place) if one.state is State.DOUBT]
        assert standing.of(State.SENT) + len(doubted) == 4
        assert len(doubted) == (stage in ("dot", "kept"))
        sent(place, settings(relay.port), made, people(4))
    found = relay.counts()
    assert max(found.values()) == 1
    for one in people(4):
        assert found[one.address] == 1 or one.key in {letter.recipient for letter in doubted}


@pytest.mark.parametrize("stage", ["greet", "mail", "rcpt", "data", "body", "dot", "kept"])
def test_a_relay_that_says_nothing_any_more_is_left_in_time(stage: str, tmp_path: Path) -> None:
    place, made = tmp_path / "o.sqlite", publication(size=LARGE if stage == "body" else 2000)
    with Relay(once(stage, "hang")) as relay:
        given = settings(relay.port, server={"timeout": 0.3, "patience": 0.3})
        standing, _ = sent(place, given, made, people(3))
    assert max(relay.counts().values()) == 1
    doubt = stage in ("dot", "kept")
    assert standing.counts == ({State.SENT: 2, State.DOUBT: 1} if doubt else {State.SENT: 3})


@pytest.mark.parametrize("stage", ["mail", "rcpt", "data", "dot"])
@pytest.mark.parametrize("answer", ["450 4.2.0 greylisted", "421 4.3.2 shutting down", "452 4.3.1 full"])
def test_refused_for_now_is_tried_again_later(stage: str, answer: str, tmp_path: Path) -> None:
    place = tmp_path / "o.sqlite"
    with Relay(once(stage, answer)) as relay:
        standing, _ = sent(place, settings(relay.port), publication(), people(3))
    assert standing.counts == {State.SENT: 3}
    assert relay.counts() == {one.address: 1 for one in people(3)}


@pytest.mark.parametrize("stage", ["rcpt", "data", "dot"])
def test_refused_for_good_is_not_tried_again_and_says_why(stage: str, tmp_path: Path) -> None:
    place = tmp_path / "o.sqlite"
    with Relay(once(stage, "550 5.1.1 no such user \x1b[2J")) as relay:
        for _ in range(2):
            standing, _ = sent(place, settings(relay.port), publication(), people(3))
    assert standing.counts == {State.SENT: 2, State.FAILED: 1}
    (failed,) = [one for one in outbox_of(place) if one.state is State.FAILED]
    assert failed.answer == "550 5.1.1 no such user  [2J"
    assert relay.counts()[failed.address] == 0


def test_what_failed_is_sent_again_when_asked_and_nothing_else(tmp_path: Path) -> None:
    place = tmp_path / "o.sqlite"
    with Relay(once("rcpt", "550 no")) as relay:
        sent(place, settings(relay.port), publication(), people(3))
        outbox = Outbox(place)
        assert len(outbox.reopen(publication(), people(3), CLOCK.moment())) == 1
        outbox.close()
        standing, _ = sent(place, settings(relay.port), publication(), people(3))
    assert standing.counts == {State.SENT: 3}
    assert relay.counts() == {one.address: 1 for one in people(3)}


def test_a_sender_the_relay_will_not_have_fails_no_letter(tmp_path: Path) -> None:
    with (
        Relay(always("mail", "550 5.7.1 not you")) as relay,
        pytest.raises(MailError, match="refuses research@example"),
    ):
        sent(tmp_path / "o.sqlite", settings(relay.port), publication(), people(3))
    assert {one.state for one in outbox_of(tmp_path / "o.sqlite")} == {State.PENDING}
    with Relay() as relay:
        standing, _ = sent(tmp_path / "o.sqlite", settings(relay.port), publication(), people(3))
    assert standing.counts == {State.SENT: 3}


def paused() -> tuple[Clock, list[float]]:
    """A clock that is not waited for, and what was slept by it."""
    slept: list[float] = []
    begin = datetime(2024, 3, 29, tzinfo=UTC)
    return Clock(lambda: begin + timedelta(seconds=sum(slept)), slept.append), slept


def test_the_waits_grow_to_their_limit_and_end_in_time(tmp_path: Path) -> None:
    clock, slept = paused()
    waits = {"first_wait": 30, "longest_wait": 300, "give_up": 1800}
    with Relay(always("rcpt", "450 later")) as relay:
        standing, _ = sent(tmp_path / "o.sqlite", settings(relay.port, pace=waits), publication(), people(1), clock)
    assert [round(wait) for wait in slept] == [30, 60, 120, 240, 300, 300, 300, 300]
    assert standing.counts == {State.RETRY: 1}
    (letter,) = outbox_of(tmp_path / "o.sqlite")
    assert letter.answer == "450 later"


def test_a_relay_that_is_away_is_waited_for_and_then_named(tmp_path: Path) -> None:
    clock, slept = paused()
    with Relay() as relay:
        port = relay.port
    standing, trouble = sent(
        tmp_path / "o.sqlite",
        settings(port, pace={"give_up": 100, "longest_wait": 60}),
        publication(),
        people(2),
        clock,
    )
    assert trouble == f"127.0.0.1:{port}: no connection (Connection refused)"
    assert standing.counts == {State.PENDING: 2}
    assert sum(slept) <= 100
    assert sorted(slept) == slept


def test_a_relay_that_comes_back_gets_all(tmp_path: Path) -> None:
    with Relay(always("greet", "421 too busy", lambda session: session.number < 3)) as relay:
        standing, trouble = sent(tmp_path / "o.sqlite", settings(relay.port), publication(), people(3))
    assert (standing.counts, trouble) == ({State.SENT: 3}, "")


def test_no_more_letters_a_minute_than_told(tmp_path: Path) -> None:
    clock, slept = paused()
    with Relay() as relay:
        given = settings(relay.port, pace={"per_minute": 30, "give_up": 600})
        sent(tmp_path / "o.sqlite", given, publication(), people(10), clock)
    assert sum(slept) == pytest.approx(18)


@pytest.mark.parametrize("refusal", ["421 4.7.0 too many connections", "554 too many connections", "drop"])
def test_a_relay_that_takes_fewer_connections_gets_all_over_those_and_nobody_waits(
    refusal: str, tmp_path: Path
) -> None:
    begun, refused = threading.Event(), threading.Semaphore(0)

    def plan(session: Session, at: str) -> str:
        if session.number == 0:
            if at == "kept":
                begun.set()
            if at == "mail" and session.letters == 1:
                [refused.acquire(timeout=20) for _ in range(3)]
            return ""
        begun.wait(20)
        refused.release()
        return refusal

    clock, slept = paused()
    with Relay(plan) as relay:
        given = settings(relay.port, pace={"connections": 4, "first_wait": 30, "longest_wait": 900})
        standing, trouble = sent(tmp_path / "o.sqlite", given, publication(), people(60), clock)
    assert (standing.counts, trouble) == ({State.SENT: 60}, "")
    assert len(slept) <= 3


def test_all_senders_together_keep_to_the_letters_a_minute(url: str) -> None:
    pace = {"per_minute": 30, "give_up": 600}
    (one, _), (other, slept) = paused(), paused()
    with Relay() as relay:
        sent(url, settings(relay.port, pace=pace), publication(), people(5), one)
        sent(url, settings(relay.port, pace=pace), publication(), people(10), other)
    assert sum(slept) == pytest.approx(18)


def test_a_clock_that_was_set_back_is_not_waited_for(tmp_path: Path) -> None:
    outbox, gap, now = Outbox(tmp_path / "o.sqlite"), timedelta(seconds=2), CLOCK.moment()
    assert outbox.turn("relay:25", gap, now + timedelta(hours=1)) == now + timedelta(hours=1)
    assert [outbox.turn("relay:25", gap, now) for _ in range(2)] == [now, now + gap]
    assert outbox.turn("other:25", gap, now) == now
    outbox.close()


def test_an_outbox_of_the_first_schema_is_brought_along(url: str) -> None:
    with Relay() as relay:
        sent(url, settings(relay.port), publication(), people(2))
        engine = sa.create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
        with engine.begin() as connection:
            connection.execute(sa.text("drop table turns"))
            connection.execute(sa.text("update outbox_about set schema = 1"))
        engine.dispose()
        sent(url, settings(relay.port, pace={"per_minute": 6000}), publication(), people(3))
    assert relay.counts() == {one.address: 1 for one in people(3)}
    copy = Path(f"{url.removeprefix('sqlite:///')}.outbox_schema-1")
    assert copy.exists() == url.startswith("sqlite")


def test_a_relays_limit_of_letters_on_a_connection_is_obeyed(tmp_path: Path) -> None:
    with Relay(extensions=("LIMITS RCPTMAX=100 MAILMAX=4",)) as relay:
        standing, _ = sent(tmp_path / "o.sqlite", settings(relay.port), publication(), people(10))
    assert standing.counts == {State.SENT: 10}
    assert [session.letters for session in relay.sessions] == [4, 4, 2]


def test_a_letter_larger_than_the_relay_takes_is_told_before_any_is_sent(tmp_path: Path) -> None:
    with Relay(extensions=("SIZE 100000",)) as relay, pytest.raises(MailError, match=r"takes letters of up to 100 kB"):
        sent(tmp_path / "o.sqlite", settings(relay.port), publication(size=200_000), people(3))
    assert not relay.taken
    assert {one.state for one in outbox_of(tmp_path / "o.sqlite")} == {State.PENDING}


def test_the_size_is_announced_where_the_relay_asks_for_it(tmp_path: Path) -> None:
    with Relay(extensions=("SIZE 10000000",)) as relay:
        sent(tmp_path / "o.sqlite", settings(relay.port), publication(), people(1))
    (said,) = [line for line in relay.sessions[0].said if line.lower().startswith("mail")]
    assert int(re.search(r"SIZE=(\d+)", said)[1]) == relay.taken[0].size - 3


def test_an_erratum_goes_to_all_who_may_have_received_the_report_and_to_the_active_who_did_not(tmp_path: Path) -> None:
    place = tmp_path / "o.sqlite"

    def plan(session: Session, at: str) -> str:
        if at == "rcpt" and "c0000" in session.recipients[-1]:
            return "550 no"
        return "drop" if at == "kept" and "c0001" in session.recipients[-1] else ""

    with Relay(plan) as relay:
        sent(place, settings(relay.port), publication(), people(4))
    states = {one.recipient[:5]: one.state for one in outbox_of(place)}
    assert states == {"c0000": State.FAILED, "c0001": State.DOUBT, "c0002": State.SENT, "c0003": State.SENT}
    with Relay() as relay:
        standing, _ = sent(place, settings(relay.port), publication(2), people(9)[3:])
    assert standing.counts == {State.SENT: 8}
    assert relay.counts() == {one.address: 1 for one in people(9)[1:]}
    assert all(one.mail["Subject"].startswith("【更正】") for one in relay.taken)


def test_letters_still_waiting_when_an_erratum_goes_out_are_the_errata(tmp_path: Path) -> None:
    place = tmp_path / "o.sqlite"
    with Relay(always("rcpt", "450 later", lambda session: "c0001" in session.recipients[-1])) as relay:
        sent(place, settings(relay.port, pace={"give_up": 0}), publication(), people(2))
    with Relay() as relay:
        sent(place, settings(relay.port), publication(2), people(2))
        with pytest.raises(UsageError, match="letters of a later version are written"):
            sent(place, settings(relay.port), publication(1), people(3))
    assert [(one.version, one.state) for one in outbox_of(place)] == [
        (1, State.SENT),
        (1, State.WITHDRAWN),
        (2, State.SENT),
        (2, State.SENT),
    ]
    assert {one.mail["Subject"] for one in relay.taken} == {"【更正】商品日报 20240329"}


def test_who_left_the_list_is_not_sent_to_again_and_does_not_keep_the_sending_from_being_done(tmp_path: Path) -> None:
    place = tmp_path / "o.sqlite"
    with Relay(always("rcpt", "550 no", lambda session: "c0000" not in session.recipients[-1])) as relay:
        sent(place, settings(relay.port), publication(), people(3))
    outbox = Outbox(place)
    assert outbox.reopen(publication(), people(2), CLOCK.moment()) == {"c0001@example.com"}
    outbox.close()
    with Relay() as relay:
        standing, _ = sent(place, settings(relay.port), publication(), people(1))
    assert standing.counts == {State.SENT: 1, State.WITHDRAWN: 2}
    assert not relay.taken


def test_a_letter_refused_for_now_after_an_erratum_was_written_is_not_tried_again(tmp_path: Path) -> None:
    place, other = tmp_path / "o.sqlite", Outbox(tmp_path / "o.sqlite")

    def plan(session: Session, at: str) -> str:
        if at == "dot" and not session.letters:
            other.prepare(publication(2), people(2), lambda key: f"v2{key}", CLOCK.moment())
            return "451 later"
        return ""

    with Relay(plan) as relay:
        standing, _ = sent(place, settings(relay.port), publication(), people(2))
    assert (standing.counts, relay.taken) == ({State.WITHDRAWN: 2}, [])
    other.close()
    with Relay() as relay:
        sent(place, settings(relay.port), publication(2), people(2))
    assert relay.counts() == {one.address: 1 for one in people(2)}


def test_who_left_the_list_before_their_letter_went_does_not_get_it(tmp_path: Path) -> None:
    place = tmp_path / "o.sqlite"
    with Relay(always("rcpt", "450 later")) as relay:
        sent(place, settings(relay.port, pace={"give_up": 0}), publication(), people(3))
    with Relay() as relay:
        sent(place, settings(relay.port), publication(), people(2))
        assert relay.counts() == {one.address: 1 for one in people(2)}
        sent(place, settings(relay.port), publication(), people(3))
    assert relay.counts() == {one.address: 1 for one in people(3)}


def test_a_letter_taken_from_a_sender_that_slept_is_not_sent_by_it(tmp_path: Path) -> None:
    place = tmp_path / "o.sqlite"
    other = Outbox(place)

    def plan(session: Session, at: str) -> str:
        if at == "rcpt" and "c0001" in session.recipients[-1]:
            other.prepare(publication(), people(1), str, CLOCK.moment())  # the second client leaves the list meanwhile
        return ""

    with Relay(plan) as relay:
        standing, _ = sent(place, settings(relay.port), publication(), people(3))
    assert relay.counts() == {"c0000@example.com": 1}
    assert standing.counts == {State.SENT: 1, State.WITHDRAWN: 2}
    other.close()


def test_a_database_that_cannot_be_written_sends_nothing(tmp_path: Path) -> None:
    place = tmp_path / "o.sqlite"
    outbox = Outbox(place)
    outbox.prepare(publication(), people(3), str, CLOCK.moment())
    outbox.close()
    place.chmod(0o400)
    with Relay() as relay, pytest.raises(HistoryError, match="readonly"):
        sent(f"sqlite:///file:{place}?mode=ro&uri=true", settings(relay.port), publication(), people(3))
    assert not relay.taken


def test_the_outbox_tells_when_and_with_what_answer_each_letter_went(tmp_path: Path) -> None:
    with Relay(once("kept", "250 2.0.0 Ok: queued as 4VXk2L0tYz")) as relay:
        sent(tmp_path / "o.sqlite", settings(relay.port), publication(), people(1))
    (letter,) = outbox_of(tmp_path / "o.sqlite")
    assert (letter.report_date, letter.version, letter.tries) == (DAY, 1, 1)
    assert letter.answer == "250 2.0.0 Ok: queued as 4VXk2L0tYz"
    assert letter.message_id == relay.taken[0].mail["Message-ID"]
    assert abs(letter.changed_at - CLOCK.moment()) < timedelta(seconds=30)


@pytest.mark.parametrize("connections", [1, 3])
def test_a_relay_that_dies_after_every_letter_is_left_after_a_few_and_the_rest_waits(
    connections: int, tmp_path: Path
) -> None:
    with Relay(always("kept", "drop")) as relay:
        given = settings(relay.port, pace={"connections": connections})
        standing, trouble = sent(tmp_path / "o.sqlite", given, publication(), people(40))
    assert 3 <= standing.of(State.DOUBT) <= 3 + 2 * (connections - 1)
    assert standing.of(State.DOUBT) + standing.of(State.PENDING) == 40
    assert "the rest waits; see to the relay first" in trouble


def test_a_relay_that_never_answers_costs_no_more_than_one_wait_after_the_time_is_over(tmp_path: Path) -> None:
    with Relay(always("kept", "hang")) as relay:
        given = settings(relay.port, server={"patience": 0.2}, pace={"give_up": 0.1})
        standing, trouble = sent(tmp_path / "o.sqlite", given, publication(), people(9))
    assert standing.counts == {State.DOUBT: 1, State.PENDING: 8}
    assert trouble.startswith("no answer to the last 1 letters handed over")
