"""Against Postfix: what it takes, what a killed sender leaves in doubt, and how its own log settles that."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from report.deliver import settle
from report.deliver.ledger import State
from report.deliver.outbox import Outbox
from tests import crashing, postfix
from tests.crashing import sender
from tests.letters import CLOCK, outbox_of, people, publication, sent, settings
from tests.postfix import Postfix
from tests.relay import Relay

pytestmark = pytest.mark.skipif(bool(postfix.lacking()), reason=postfix.lacking())


@pytest.fixture
def behind() -> Iterator[Relay]:
    with Relay() as relay:
        yield relay


@pytest.fixture
def relay(behind: Relay) -> Iterator[Postfix]:
    with postfix.running(behind.port) as made:
        yield made


def arrived(behind: Relay, count: int) -> Counter[str]:
    """What the relay behind Postfix has, once it has so many letters or the wait is over."""
    until = time.monotonic() + 20
    while len(behind.taken) < count and time.monotonic() < until:
        time.sleep(0.05)
    return behind.counts()


def test_postfix_passes_on_one_letter_to_everybody(relay: Postfix, behind: Relay, tmp_path: Path) -> None:
    given = settings(relay.port, pace={"connections": 3})
    standing, _ = sent(tmp_path / "o.sqlite", given, publication(size=100_000), people(30))
    assert standing.counts == {State.SENT: 30}
    assert arrived(behind, 30) == {one.address: 1 for one in people(30)}
    assert len({one.mail["Message-ID"] for one in behind.taken}) == 30
    assert all("queued as" in one.answer for one in outbox_of(tmp_path / "o.sqlite"))


@pytest.mark.skipif(crashing.STRACE is None, reason="strace is not installed")
def test_what_a_killed_sender_left_in_doubt_is_settled_by_postfix_own_log(
    relay: Postfix, behind: Relay, tmp_path: Path
) -> None:
    place, many = tmp_path / "o.sqlite", 12
    doubted = 0
    with sender(tmp_path) as killed:
        asked = {"database": str(place), "port": relay.port, "recipients": many, "connections": 1}
        for call, number in (("sendto", 9), ("recvfrom", 8), ("sendto", 8), ("recvfrom", 7)):
            killed.send(f"trace={call}", f"inject={call}:signal=KILL:when={number}", **asked)
            doubted += settled(place, relay)
    standing, _ = sent(place, settings(relay.port), publication(), people(many))
    assert doubted == 4
    assert standing.counts == {State.SENT: many}
    assert arrived(behind, many) == {one.address: 1 for one in people(many)}


def settled(place: Path, relay: Postfix) -> int:
    """Settle what is in doubt by the log; gives how many letters that were, none of which may be left."""
    time.sleep(0.5)  # the log is written by a process of its own
    outbox = Outbox(place)
    outbox.free(CLOCK.moment())
    doubted = outbox.letters(states=(State.DOUBT,))
    found = settle.traces(relay.log, [one.message_id for one in doubted])
    assert outbox.settle(settle.settled(doubted, found, "mail.log", complete=True), CLOCK.moment()) == len(doubted)
    outbox.close()
    return len(doubted)
