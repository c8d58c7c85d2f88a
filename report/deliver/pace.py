"""How fast: so many letters a minute, and slower when the relay asks for it. One for all connections.

The minute's letters are counted in the outbox, for every sender there is; patience is each sender's own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from report.delivery import Clock, Pace

FIRST, LONGEST = 1.0, 60.0  # seconds without any letter after the relay asked for patience


class Pacer:
    """The waits of one run."""

    def __init__(self, pace: Pace, clock: Clock, turn: Callable[[timedelta, datetime], datetime]) -> None:
        """turn: given the time between two letters and this moment, when the next one may go."""
        self._pace, self._clock, self._lock, self._turn = pace, clock, Lock(), turn
        self._gap = timedelta(seconds=60 / pace.per_minute) if pace.per_minute else timedelta()
        self._next = clock.moment()
        self._patience = 0.0

    def turn(self) -> None:
        """Wait until the next letter may go."""
        self.wait()
        if self._gap:
            self._until(self._turn(self._gap, self._clock.moment()))

    def wait(self) -> None:
        """Wait until the relay may be spoken to again."""
        with self._lock:
            due = self._next
        self._until(due)

    def _until(self, due: datetime) -> None:
        seconds = (due - self._clock.moment()).total_seconds()
        if seconds > 0:
            self._clock.sleep(seconds)

    def slow(self) -> float:
        """The relay asks for patience, or does not answer: nothing goes for so many seconds, each time more."""
        with self._lock:
            self._patience = self.longer(self._patience)
            self._next = max(self._next, self._clock.moment() + timedelta(seconds=self._patience))
            return self._patience

    def longer(self, wait: float) -> float:
        """The seconds to wait after a wait of so many did not help."""
        return min(max(wait * 2, min(FIRST, self._pace.first_wait)), LONGEST, self._pace.longest_wait)

    def quick(self) -> None:
        """The relay took a letter: the next wait is shorter again."""
        if self._patience:
            with self._lock:
                self._patience /= 2

    def again(self, tries: int) -> float:
        """Seconds before a letter that was refused for now is tried again, after so many tries before."""
        return min(self._pace.first_wait * 2.0 ** min(tries, 30), self._pace.longest_wait)
