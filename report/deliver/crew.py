"""The workers of one round of sending: a connection each, and the letters they have claimed together."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Event, Lock
from typing import TYPE_CHECKING

from report.deliver.ledger import Letter, Mark, State
from report.deliver.marking import Marking, Overtaken
from report.deliver.smtp import Connection, Fate, Lost, Reply
from report.errors import MailError

if TYPE_CHECKING:
    from report.deliver.dispatch import Dispatch

AT_ONCE = 25  # letters claimed, or sent and told of, at a time
FATES = {Fate.SENT: State.SENT, Fate.REFUSED: State.FAILED, Fate.LATER: State.RETRY, Fate.DOUBT: State.DOUBT}


class Round:
    """What the workers of one round share: the letters claimed, and whether it is over."""

    def __init__(self, run: Dispatch, claim: str, until: datetime, many: int) -> None:
        self.run, self.claim, self.until, self.trouble = run, claim, until, ""
        self._bearable = run.settings.pace.doubts + many - 1
        self.over, self._nothing_left = Event(), Event()
        self.workers: list[Worker] = []
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
            if self._claimed and not self.over.is_set():
                return self._claimed.popleft()
            self._nothing_left.set()
            return None

    def leave(self, letter: Letter, seconds: float) -> None:
        """Leave the letter to the other connections, and wait so long, or until they have sent all there is."""
        with self._lock:
            self._claimed.append(letter)
            self._nothing_left.clear()
        if not self.over.is_set():
            self._nothing_left.wait(seconds)

    def end(self) -> None:
        """Let nobody begin another letter, or wait for one."""
        self.over.set()
        self._nothing_left.set()

    def left(self) -> None:
        """Tell those who wait that a connection has become free."""
        self._nothing_left.set()

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
                self.end()


class Worker:
    """One connection and the letters that go over it."""

    def __init__(self, shared: Round, marking: Marking) -> None:
        self.shared, self.run, self.marking = shared, shared.run, marking
        self.connection: Connection | None = None
        self._patience = 0.0

    def work(self) -> None:
        """Send letters until there are none. What is raised here ends the whole round."""
        try:
            while letter := self.shared.next():
                if self._ready():
                    self._send(letter)
                else:
                    self.shared.leave(letter, self._patience)
        except BaseException:
            self.shared.end()
            raise
        finally:
            if self.connection:
                self.connection.close()
                self.connection = None
            self.shared.left()

    def _ready(self) -> bool:
        """Whether there is a connection that takes another letter; waits for one longer and longer, up to a limit.

        Where the relay will have no further one beside those it has, the others go on, and this one asks again later.
        """
        run, pacer = self.run, self.run.pacer
        if self.connection and self.connection.full:
            self.connection.close()
            self.connection = None
        while self.connection is None and not self.shared.over.is_set():
            pacer.wait()
            try:
                self.connection = Connection(run.settings.server, run.credentials, run.letters.size)
            except (Lost, MailError) as error:
                if any(one.connection for one in self.shared.workers):
                    self._patience = pacer.longer(self._patience)
                    return False
                if isinstance(error, MailError):
                    raise
                wait = pacer.slow()
                run.progress(f"{error}；{wait:.0f} 秒后再连")
                if run.clock.moment() + timedelta(seconds=wait) > self.shared.until:
                    self.shared.trouble = str(error)
                    self.shared.end()
        self._patience = 0.0
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
        if not reply.early or fresh:
            self._written(letter, reply)
        elif self._ready():
            self._send(letter)  # the relay was tired of this connection, not of the letter
        else:
            self.shared.leave(letter, self._patience)

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
