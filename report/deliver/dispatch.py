"""Sending: several connections, one outbox, every letter's steps written down before they are taken.

A worker has one connection. It claims a few letters, hands each to the relay, and has it marked `data` while the relay
takes the letter in: the final dot waits for the mark. What the relay answered is written down together with the next
letter's mark, so that a letter costs one transaction, and the marks of all workers go into one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from threading import Event, Lock

from report.deliver import claims
from report.deliver.ledger import WAITING, Letter, Mark, Standing, State
from report.deliver.letter import Letters
from report.deliver.marking import Marking, Overtaken
from report.deliver.outbox import Outbox
from report.deliver.pace import Pacer
from report.deliver.smtp import Connection, Credentials, Fate, Lost, Reply
from report.delivery import Clock, Delivery

AT_ONCE = 25
GLANCE = 2.0  # seconds between two looks at letters another sender has in hand
FATES = {Fate.SENT: State.SENT, Fate.REFUSED: State.FAILED, Fate.LATER: State.RETRY, Fate.DOUBT: State.DOUBT}


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
        shared = _Round(self, claim, until, many)
        with Marking(self.outbox, claim, self.clock, many) as marking, ThreadPoolExecutor(many, "letter") as workers:
            try:
                for work in [workers.submit(_Worker(shared, marking).work) for _ in range(many)]:
                    work.result()
            finally:
                shared.over.set()
        self.trouble = shared.trouble


class _Round:
    """What the workers of one round share: the letters claimed, and whether it is over."""

    def __init__(self, run: Dispatch, claim: str, until: datetime, many: int) -> None:
        self.run, self.claim, self.until, self.trouble = run, claim, until, ""
        self._bearable = run.settings.pace.doubts + many - 1
        self.over = Event()
        self._claimed: deque[Letter] = deque()
        self._lock = Lock()
        self._sent = 0

    def next(self) -> Letter | None:
        """A letter to send; None when there is none, or the round is over."""
        with self._lock:
            if not self._claimed and not self.over.is_set():
                run = self.run
                now = run.clock.moment()
                self._claimed += run.outbox.claim(run.letters.publication, self.claim, AT_ONCE, now, run.wanted)
            return self._claimed.popleft() if self._claimed and not self.over.is_set() else None

    def count(self) -> None:
        """Tell that one more is sent."""
        with self._lock:
            self.run.doubts = 0
            self._sent += 1
            if self._sent % AT_ONCE == 0:
                self.run.progress(f"已发出 {self._sent} 封")

    def doubted(self, answer: str) -> None:
        """Go slower after a letter in doubt; after a few in a row, or when the time is over, end the round."""
        run = self.run
        run.pacer.slow()
        with self._lock:
            run.doubts += 1
            if run.doubts >= self._bearable or run.clock.moment() > self.until:
                told = f"no answer to the last {run.doubts} letters handed over ({answer})"
                self.trouble = f"{told}; they are in doubt, the rest waits; see to the relay first"
                self.over.set()


class _Worker:
    """One connection and the letters that go over it."""

    def __init__(self, shared: _Round, marking: Marking) -> None:
        self.shared, self.run, self.marking = shared, shared.run, marking
        self.connection: Connection | None = None

    def work(self) -> None:
        """Send letters until there are none. What is raised here ends the whole round."""
        try:
            while (letter := self.shared.next()) and self._ready():
                self._send(letter)
        except BaseException:
            self.shared.over.set()
            raise
        finally:
            if self.connection:
                self.connection.close()

    def _ready(self) -> bool:
        """Whether there is a connection that takes another letter; waits for one longer and longer, up to a limit."""
        run, pacer = self.run, self.run.pacer
        if self.connection and self.connection.full:
            self.connection.close()
            self.connection = None
        while self.connection is None and not self.shared.over.is_set():
            pacer.wait()
            try:
                self.connection = Connection(run.settings.server, run.credentials, run.letters.size)
            except Lost as error:
                wait = pacer.slow()
                run.progress(f"{error}；{wait:.0f} 秒后再连")
                if run.clock.moment() + timedelta(seconds=wait) > self.shared.until:
                    self.shared.trouble = str(error)
                    self.shared.over.set()
        return not self.shared.over.is_set()

    def _send(self, letter: Letter) -> None:
        run, connection = self.run, self.connection
        assert connection is not None, "_ready says so"
        run.pacer.turn()
        head = run.letters.head(letter.recipient, letter.name, letter.address, letter.written_at)
        about_to = self.marking.about_to(letter)
        fresh = not connection.used
        try:
            reply = connection.deliver(run.settings.letter.sender, letter.address, head, run.letters.body, about_to)
        except Overtaken:
            self.connection = None
            return
        if reply.gone:
            connection.close()
            self.connection = None
        if reply.early and not fresh and self._ready():
            self._send(letter)  # the relay was tired of this connection, not of the letter
            return
        self._written(letter, reply)

    def _written(self, letter: Letter, reply: Reply) -> None:
        run = self.run
        again = None
        if reply.fate is Fate.LATER:
            again = run.clock.moment() + timedelta(seconds=run.pacer.again(letter.tries))
        self.marking.later(Mark(letter, FATES[reply.fate], reply.answer, again))
        if reply.fate is Fate.DOUBT:
            self.shared.doubted(reply.answer)
        elif reply.slow:
            run.pacer.slow()
        elif reply.fate is Fate.SENT:
            run.pacer.quick()
            self.shared.count()
