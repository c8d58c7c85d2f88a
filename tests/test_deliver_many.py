"""Five thousand clients and a PDF of half a megabyte, to a real SMTP server: part of `make soak`."""

from __future__ import annotations

import resource
import time
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from report.deliver.ledger import State
from tests.letters import outbox_of, people, publication, sent, settings
from tests.test_deliver_tls import Kept, served

MANY = 5000


class Counted(Kept):
    """Keeps who got what, not the letters themselves."""

    def __init__(self) -> None:
        super().__init__()
        self.found: Counter[tuple[str, str]] = Counter()
        self.bodies: set[str] = set()

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (to,) = envelope.rcpt_tos
        content = envelope.content
        at = content.index(b"\r\nFrom: ")
        head = content[:at].decode("ascii")
        assert f" <{to}>\r\n" in head or f"To: {to}\r\n" in head
        assert head.count("@example.com") == 3  # to whom, the Message-ID, where to unsubscribe
        name = head.partition("Message-ID: ")[2].partition("\r\n")[0]
        self.found[to, name] += 1
        self.bodies.add(sha256(content[at:]).hexdigest())
        return "250 2.0.0 Ok"


@pytest.mark.soak
def test_five_thousand_clients_get_one_letter_each_and_none_sees_another(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(kept=Counted()) as (kept, port):
        assert isinstance(kept, Counted)
        waits = {"give_up": 3600, "connections": 4}
        given = settings(port, pace=waits, server={"timeout": 60, "patience": 60})
        started = time.monotonic()
        standing, _ = sent(tmp_path / "o.sqlite", given, publication(size=500_000), people(MANY))
        seconds = time.monotonic() - started
    assert standing.counts == {State.SENT: MANY}
    assert kept.found == {(one.address, one.message_id): 1 for one in outbox_of(tmp_path / "o.sqlite")}
    assert len(kept.bodies) == 1
    with capsys.disabled():
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"\n{MANY} letters of 500 kB in {seconds:.0f} s, server and sender in one process of {memory:.0f} MB")
