"""Marks written down by one thread for all connections, as many as there are in one flushed transaction.

Those that come while it writes go together into the next. The next one waits a moment for connections that have none in
it yet, at most half the time the last one took: where the disk is slow this is worth more than the moment, and where it
is quick the moment is nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from threading import Condition, Thread
from time import monotonic
from types import TracebackType

from report.deliver.ledger import Letter, Mark, State
from report.deliver.outbox import Outbox
from report.delivery import Clock

LINGER = 0.005  # seconds an answer may wait for the next letter's mark, to be written with it


class Overtaken(Exception):
    """The letter is another sender's by now, or was withdrawn; it must not be sent here."""


class Marking:
    """The marks of one claim; at the end of the block all of them are written, or HistoryError is raised."""

    def __init__(self, outbox: Outbox, claim: str, clock: Clock, connections: int) -> None:
        self._outbox, self._claim, self._clock, self._connections = outbox, claim, clock, connections
        self._took = 0.0  # seconds of the last transaction
        self._news = Condition()
        self._waiting: list[tuple[Mark, Future[bool] | None]] = []
        self._ending = False
        self._broken: BaseException | None = None
        self._writer = Thread(target=self._work, name="marks", daemon=True)

    def __enter__(self) -> Marking:
        self._writer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._news:
            self._ending = True
            self._news.notify()
        self._writer.join()
        if self._broken and kind is None:
            raise self._broken

    def about_to(self, letter: Letter) -> Callable[[], Callable[[], None]]:
        """What `Connection.deliver` calls: begins to mark the letter `data`, and then waits until that is written.

        The wait raises Overtaken where the claim does not hold any more, HistoryError where nothing can be written.
        """

        def begin() -> Callable[[], None]:
            kept: Future[bool] = Future()
            self._add(Mark(letter, State.DATA), kept)

            def settled() -> None:
                if not kept.result():
                    raise Overtaken

            return settled

        return begin

    def later(self, mark: Mark) -> None:
        """Write this down with the next mark that somebody waits for, or soon."""
        self._add(mark, None)

    def _add(self, mark: Mark, waited: Future[bool] | None) -> None:
        with self._news:
            if self._broken:
                raise self._broken
            self._waiting.append((mark, waited))
            self._news.notify()

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._waiting or self._ending)
                self._news.wait_for(lambda: self._ending or self._waited(), LINGER)
                self._news.wait_for(lambda: self._ending or self._waited() >= self._connections, self._took / 2)
                taken, self._waiting = self._waiting, []
            if taken:
                self._write(taken)
            elif self._ending:
                return

    def _waited(self) -> int:
        return sum(waited is not None for _, waited in self._waiting)

    def _write(self, taken: list[tuple[Mark, Future[bool] | None]]) -> None:
        began = monotonic()
        try:
            kept = self._outbox.mark(self._claim, [mark for mark, _ in taken], self._clock.moment())
        except BaseException as error:
            with self._news:
                self._broken = error
                taken += self._waiting
                self._waiting = []
            for _, waited in taken:
                if waited:
                    waited.set_exception(error)
            return
        self._took = monotonic() - began
        for mark, waited in taken:
            if waited:
                waited.set_result(mark.letter.id in kept)
