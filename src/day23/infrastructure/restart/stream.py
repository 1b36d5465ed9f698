"""A steady stream of numbered items: noted in a ledger at a fixed rate, sent until acknowledged."""

import queue
import threading
import time
from collections.abc import Callable

from day23.infrastructure.restart.ledger_file import LedgerFile

Deliver = Callable[[range], bool]
"""Sends the items with these numbers; returns whether their receipt was confirmed, also in an outage."""

TICK_SECONDS = 0.1
"""Distance of two batches: one ledger line and one fsync each."""

_RETRY_SECONDS = 0.2
_MOST_AT_ONCE = 1000


class Stream:
    """Notes items whatever happens to the receiver, and sends them in their order.

    Args:
        ledger: Where items are noted before, and confirmed after they are sent.
        rate: Items per second.
        moment: The clock of the ledger.
        first: Number of the first item; not 0 when the host was booted in between.
    """

    def __init__(
        self,
        ledger: LedgerFile,
        rate: float,
        deliver: Deliver,
        moment: Callable[[], float],
        first: int = 0,
    ) -> None:
        self._ledger = ledger
        self._batch = max(1, round(rate * TICK_SECONDS))
        self._deliver = deliver
        self._moment = moment
        self._first = first
        self._waiting: queue.SimpleQueue[range | None] = queue.SimpleQueue()
        self._over = threading.Event()
        self._given_up = threading.Event()
        self._threads = [threading.Thread(target=run, daemon=True) for run in (self._produce, self._send)]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def finish(self, within: float) -> None:
        """Note no more, and give what was noted `within` seconds to arrive."""
        self._over.set()
        self._threads[0].join()
        self._threads[1].join(within)
        self._given_up.set()
        self._threads[1].join()

    def _produce(self) -> None:
        first, due = self._first, time.monotonic()
        while not self._over.is_set():
            numbers = range(first, first + self._batch)
            self._ledger.note(state="sent", first=numbers.start, end=numbers.stop, moment=self._moment())
            self._waiting.put(numbers)
            first, due = numbers.stop, due + TICK_SECONDS
            self._over.wait(max(0.0, due - time.monotonic()))
        self._waiting.put(None)

    def _send(self) -> None:
        is_last = False
        while not is_last and not self._given_up.is_set():
            numbers, is_last = self._next()
            while numbers and not self._deliver(numbers):
                if self._given_up.wait(_RETRY_SECONDS):
                    return
            if numbers:
                self._ledger.note(
                    state="acknowledged", first=numbers.start, end=numbers.stop, moment=self._moment()
                )

    def _next(self) -> tuple[range, bool]:
        """Return what waits, as one batch, and whether nothing comes after it."""
        taken = self._waiting.get()
        if taken is None:
            return range(0), True
        while len(taken) < _MOST_AT_ONCE and not self._waiting.empty():
            more = self._waiting.get()
            if more is None:
                return taken, True
            taken = range(taken.start, more.stop)
        return taken, False
