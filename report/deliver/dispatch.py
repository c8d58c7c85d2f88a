"""Sending: several connections, one outbox, every letter's steps written down before they are taken.

A worker has one connection. It claims a few letters, hands each to the relay, and has it marked `data` while the relay
takes the letter in: the final dot waits for the mark. What the relay answered is written down together with the next
letter's mark, so that a letter costs one transaction, and the marks of all workers go into one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from report.deliver import claims
from report.deliver.crew import Round, Worker
from report.deliver.ledger import WAITING, Standing, State
from report.deliver.letter import Letters
from report.deliver.marking import Marking
from report.deliver.outbox import Outbox
from report.deliver.pace import Pacer
from report.deliver.smtp import Credentials
from report.delivery import Clock, Delivery

GLANCE = 2.0  # seconds between two looks at letters another sender has in hand


@dataclass
class Dispatch:
    """One run of sending: the letters of a publication that are waiting, to those wanted (None: to all)."""

    outbox: Outbox
    letters: Letters
    settings: Delivery
    credentials: Credentials
    clock: Clock
    progress: Callable[[str], None] = lambda _: None
    wanted: Collection[str] | None = None
    trouble: str = field(default="", init=False)
    doubts: int = field(default=0, init=False)

    def run(self) -> Standing:
        """Send until nothing waits, or no more can be done before `give_up`; gives where the letters stand then.

        `trouble` says why the relay could not be reached, or not be trusted with more, if that is what ended it.
        Raises MailError where only a changed setting helps, HistoryError where the outbox cannot be written.
        """
        until = self.clock.moment() + timedelta(seconds=self.settings.pace.give_up)
        claim = claims.own()
        server = self.settings.server
        turn = partial(self.outbox.turn, f"{server.host}:{server.port}")
        self.pacer = Pacer(self.settings.pace, self.clock, turn)
        try:
            self._rounds(claim, until)
        finally:
            self.outbox.give_back(claim)
        return self._standing()

    def _rounds(self, claim: str, until: datetime) -> None:
        while True:
            self.outbox.free(self.clock.moment())
            self._round(claim, until)
            standing = self._standing()
            self.progress(str(standing))
            wait = self._wait(standing)
            if wait is None or self.trouble or self.clock.moment() + timedelta(seconds=wait) > until:
                return
            if wait:
                self.progress(f"{standing}；{wait:.0f} 秒后再试")
                self.clock.sleep(wait)

    def _standing(self) -> Standing:
        return self.outbox.standing(self.letters.publication, self.wanted)

    def _wait(self, standing: Standing) -> float | None:
        """Seconds until there may be something to do again; None where nothing is left."""
        if standing.of(State.PENDING):
            return 0.0
        if standing.next_try is not None:
            return max((standing.next_try - self.clock.moment()).total_seconds(), 0.05)
        return GLANCE if standing.of(State.SENDING, State.DATA) else None

    def _round(self, claim: str, until: datetime) -> None:
        """Let the workers go through all that is waiting and due."""
        many = min(self.settings.pace.connections, self._standing().of(*WAITING))
        if not many:
            return
        shared = Round(self, claim, until, many)
        with Marking(self.outbox, claim, self.clock, many) as marking, ThreadPoolExecutor(many, "letter") as workers:
            try:
                shared.workers = [Worker(shared, marking) for _ in range(many)]
                for work in [workers.submit(one.work) for one in shared.workers]:
                    work.result()
            finally:
                shared.end()
        self.trouble = shared.trouble
