"""Client processes of other hosts: the workers of a Dask scheduler that someone has started."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

from distributed import Client

from day23.application.load_shares import Share
from day23.application.worker_ports import TakeAnswer
from day23.domain.client_workers import ClientWorkers
from day23.domain.errors import ToolkitError, UsageError
from day23.domain.recorded_answer import RecordedAnswer
from day23.infrastructure.llm.dask_credentials import security
from day23.infrastructure.llm.dask_names import host_of
from day23.infrastructure.llm.dask_task import SealedTask, perform_on_dask
from day23.infrastructure.llm.worker_task import STUB, TASK, Endpoint, WorkerTask

CONNECT_WITHIN = "10s"
ENCRYPTED = "tls://"
LEAD_SECONDS = 2.0
"""From the dealing to the agreed start: a worker imports the toolkit and starts its stub in that time."""
LOOK_SECONDS = 0.5
"""How often is looked whether a worker is still there."""


class DaskCrew:
    """Implements `Crew` with one task for each Dask worker; starts no worker and ends none.

    Durations are of each host's own monotonic clock. The start is agreed by wall clock, so that moments of
    different hosts are as comparable as their wall clocks are. An interruption loses the answers of the last
    moment, which are on their way.

    Args:
        address: The scheduler, `tcp://host:8786` or `tls://host:8786`.
        count: Workers to take; None takes all there are.
        endpoint: Whom they ask, by an address that means the same on every host.
        credentials: Of a scheduler that a playbook started; else Dask's own configuration is used.

    Raises:
        UsageError: The endpoint's key would pass a scheduler without TLS.
    """

    def __init__(
        self, address: str, count: int | None, endpoint: Endpoint, credentials: str | None = None
    ) -> None:
        if endpoint.key.value and not address.startswith(ENCRYPTED):
            name = endpoint.key.variable
            what = f"{name} is not sent over a scheduler without TLS"
            raise UsageError(what, where=address, next_step=f"use {ENCRYPTED}, or unset {name}")
        self._address = address
        self._count = count
        self._endpoint = endpoint
        self._security = security(credentials) if credentials else None
        self._workers: tuple[str, ...] = ()
        self._hosts: tuple[str, ...] = ()
        self._stopped = False

    @property
    def members(self) -> ClientWorkers:
        """How many there are, and on which hosts."""
        clock = "shared" if len(self._hosts) == 1 else "per host"
        return ClientWorkers.model_validate(
            {"count": len(self._workers), "hosts": self._hosts, "clock": clock}
        )

    async def __aenter__(self) -> Self:
        client = Client(  # type: ignore[no-untyped-call]
            self._address, asynchronous=True, timeout=CONNECT_WITHIN, security=self._security
        )
        try:
            self._client = await client
        except (OSError, ValueError, TypeError):  # the last where TLS is asked for and not configured
            await client.close()  # type: ignore[no-untyped-call]
            step = "dask scheduler on one host, dask worker ADDRESS on each"
            raise ToolkitError("no Dask scheduler answers", where=self._address, next_step=step) from None
        known = await self._present()
        present = sorted(known)
        if len(present) < (self._count or 1):
            await self._client.close()
            what = f"the scheduler has {len(present)} workers, {self._count or 1} are asked for"
            raise ToolkitError(what, where=self._address, next_step=f"dask worker {self._address}")
        self._workers = tuple(present[: self._count])
        self._hosts = tuple(sorted({host_of(str(known[worker]["name"]), worker) for worker in self._workers}))
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._security and isinstance(exception, asyncio.CancelledError):
            await self._client.shutdown()  # the run is over, and so is what was started for it alone
        else:
            await self._client.close()

    async def ask(
        self, shares: Sequence[Share], failures_allowed: int, take: TakeAnswer, *, stub: bool = False
    ) -> Mapping[int, str]:
        """Have every worker ask its share; see `Crew`."""
        topic, begin = f"day23-{uuid4().hex}", time.time() + LEAD_SECONDS
        endpoint = STUB if stub else self._endpoint
        # Events bring each answer at once; what a worker returns is all of them, for events are no promise.
        self._client.subscribe_topic(topic, lambda event: self._take([event[1]], take))
        futures = [
            self._submit(worker, WorkerTask(endpoint, share, failures_allowed), topic, begin)
            for worker, share in zip(self._workers, shares, strict=True)
        ]
        reasons = await asyncio.gather(
            *(
                self._ended(worker, future, take)
                for worker, future in zip(self._workers, futures, strict=True)
            )
        )
        self._client.unsubscribe_topic(topic)
        return {} if self._stopped else {number: why for number, why in enumerate(reasons) if why}

    def _submit(self, worker: str, task: WorkerTask, topic: str, begin: float) -> Any:
        key, sealed = f"{topic}-{worker}", SealedTask(TASK.dump_json(task))
        place = {"workers": [worker], "allow_other_workers": False}
        return self._client.submit(perform_on_dask, sealed, key, topic, begin, key=key, retries=0, **place)

    async def _ended(self, worker: str, future: Any, take: TakeAnswer) -> str:
        """Wait for a worker's task; return why it brought nothing."""
        while not future.done():
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.shield(future), LOOK_SECONDS)
            if self._stopped:
                return ""
            if not future.done() and worker not in await self._present():
                return f"the scheduler lost its worker {worker}"
        if future.status != "finished":
            return f"worker {worker}: {await future.exception()!r:.200}"
        self._take(await future, take)
        return ""

    def _take(self, answers: Sequence[str], take: TakeAnswer) -> None:
        for answer in answers:
            self._stopped = self._stopped or not take(RecordedAnswer.model_validate_json(answer))

    async def _present(self) -> Mapping[str, Any]:
        found: Mapping[str, Any] = (await self._client.scheduler.identity(n_workers=-1))["workers"]
        return found
