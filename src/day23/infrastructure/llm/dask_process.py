"""A scheduler or a worker of Dask, for one playbook; `DaskParts` starts it with what it is on its input."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from typing import Any

import dask
from distributed import Scheduler, Status, Worker
from distributed.utils import get_ip
from pydantic import TypeAdapter

from day23.infrastructure.llm.dask_credentials import security
from day23.infrastructure.playbook_lock import is_alive

SCHEDULER_WITHIN_SECONDS = 60
UNCALLED_SECONDS = 300
"""How long a scheduler stays without a caller: a dry run between two live ones is shorter."""
LOOK_SECONDS = 1.0
NOBODY = {"fire-and-forget"}
"""The caller that every scheduler has from the start."""


@dataclass(frozen=True, slots=True)
class DaskPart:
    """What a process is to be.

    Attributes:
        credentials: See `new_credentials`.
        scheduler: Whom a worker serves; empty for the scheduler itself.
        host: Where a scheduler listens. A worker listens where its scheduler is in reach.
        port: Of a scheduler.
        name: Of a worker.
        caller: Process of this host that it ends with; 0 where the playbook runs elsewhere.
    """

    credentials: str = field(repr=False)
    scheduler: str = ""
    host: str = ""
    port: int = 0
    name: str = ""
    caller: int = 0


PART = TypeAdapter(DaskPart)
QUIET: dict[str, Any] = {"dashboard_address": "127.0.0.1:0"}
"""Dask's pages are not encrypted: they are turned off, and their server is kept to the host."""


async def schedule(part: DaskPart) -> None:
    """Be the scheduler until a caller ends it, or nobody has called for a while."""
    place: dict[str, Any] = {"host": part.host, "port": part.port, "protocol": "tls"}
    trusted: dict[str, Any] = {"security": security(part.credentials)}
    async with Scheduler(**place, **trusted, **QUIET) as scheduler:
        print(scheduler.address, flush=True)
        uncalled = 0.0
        while uncalled < UNCALLED_SECONDS and scheduler.status is Status.running:
            await asyncio.sleep(LOOK_SECONDS)
            uncalled = uncalled + LOOK_SECONDS if scheduler.clients.keys() <= NOBODY else 0.0


async def work(part: DaskPart) -> None:
    """Serve the scheduler until it is gone."""
    here = get_ip(*_host_and_port(part.scheduler))  # type: ignore[no-untyped-call]
    place: dict[str, Any] = {"host": here, "name": part.name, "death_timeout": SCHEDULER_WITHIN_SECONDS}
    trusted: dict[str, Any] = {"security": security(part.credentials)}
    async with Worker(part.scheduler, nthreads=1, **place, **trusted, **QUIET) as worker:
        print(worker.address, flush=True)
        await worker.finished()


def _host_and_port(address: str) -> tuple[str, int]:
    host, _, port = address.rpartition("://")[2].rpartition(":")
    return host.strip("[]"), int(port)


async def be(part: DaskPart) -> None:
    """Be the part to its end, or to that of the playbook, even while a worker looks for its scheduler."""
    being = asyncio.create_task(work(part) if part.scheduler else schedule(part))
    while not being.done() and (not part.caller or is_alive(part.caller)):
        await asyncio.wait({being}, timeout=LOOK_SECONDS)
    if not being.done():
        os._exit(0)  # asyncio would wait for what is given up
    await being


def main() -> None:
    """Be what the input says."""
    part = PART.validate_json(sys.stdin.buffer.read())
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    dask.config.set({"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []})
    try:
        asyncio.run(be(part))
    except (RuntimeError, OSError, TimeoutError) as error:
        print(repr(error.__cause__ or error), flush=True)
    os._exit(0)  # a thread that still asks must not keep a worker without a scheduler


if __name__ == "__main__":
    main()
