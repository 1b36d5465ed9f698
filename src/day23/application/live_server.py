"""Whom a live run asks."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from day23.application.benchmark_journal import Journal
from day23.application.ports import ChatModel, ChatRequest
from day23.application.worker_ports import Crew
from day23.domain.client_workers import ClientWorkers
from day23.domain.run_validity import Calibration
from day23.domain.server_facts import ServerFacts


@dataclass(frozen=True, slots=True)
class ServerBeside:
    """Another server that is asked in turns with the one that is measured.

    Attributes:
        url: How the record names it.
        describe: Returns what it tells about itself.
    """

    url: str
    model: ChatModel
    describe: Callable[[], Awaitable[ServerFacts]] | None = None


@dataclass(frozen=True, slots=True)
class LiveServer:
    """The server that a live run measures, and what is found out before.

    Attributes:
        model: Asked for every sample.
        describe: Returns what the server tells about itself.
        calibrate: Measures the client with a request as it will be sent, and so many in flight.
        journal: Keeps finished samples through an interruption.
        crew: Client processes that ask in place of this one.
        beside: Whom it is compared with.
    """

    model: ChatModel
    describe: Callable[[], Awaitable[ServerFacts]] | None = None
    calibrate: Callable[[ChatRequest, int], Awaitable[Calibration]] | None = None
    journal: Journal | None = None
    crew: Crew | None = None
    beside: ServerBeside | None = None

    @property
    def workers(self) -> ClientWorkers | None:
        """The client processes; None where this process asks alone."""
        return self.crew.members if self.crew else None
