"""The client processes that a live run may be spread over."""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from day23.application.load_shares import Share
from day23.domain.client_workers import ClientWorkers
from day23.domain.recorded_answer import RecordedAnswer

TakeAnswer = Callable[[RecordedAnswer], bool]
"""Is given every answer once; returns whether to go on."""


class Crew(Protocol):
    """Client processes, of this host or of several, that ask one endpoint."""

    @property
    def members(self) -> ClientWorkers:
        """Who they are, for the record."""
        ...

    async def ask(
        self, shares: Sequence[Share], failures_allowed: int, take: TakeAnswer, *, stub: bool = False
    ) -> Mapping[int, str]:
        """Have every worker ask its share, all from the same moment on.

        Requests under way when `take` says no, or when the caller is interrupted, are given up.

        Args:
            shares: One for each worker.
            failures_allowed: A worker with more failures than this asks nothing more.
            take: Told every answer as soon as it is there, in the caller's thread.
            stub: Ask a stub on each worker's own loopback instead, to measure the workers themselves.

        Returns:
            Why a worker ended early, by its position in `shares`; empty when none did.
        """
        ...
