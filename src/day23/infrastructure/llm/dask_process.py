"""A scheduler or a worker of Dask, for one playbook; `DaskParts` starts it with what it is on its input."""

import asyncio
import os
import signal
import sys
from dataclasses import dataclass, field
from typing import Any

import dask
from distributed import Scheduler, Worker
from distributed.utils import get_ip
from pydantic import TypeAdapter

from day23.infrastructure.llm.dask_credentials import security

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
    """

    credentials: str = field(repr=False)
    scheduler: str = ""
    host: str = ""
    port: int = 0
    name: str = ""


PART = TypeAdapter(DaskPart)
QUIET: dict[str, Any] = {"dashboard_address": "127.0.0.1:0"}
"""Dask's pages are not encrypted: they are turned off, and their server is kept to the host."""


async def schedule(part: DaskPart) -> None:
    """Be the scheduler until nobody has called for a while."""
    place: dict[str, Any] = {"host": part.host, "port": part.port, "protocol": "tls"}
    trusted: dict[str, Any] = {"security": security(part.credentials)}
    async with Scheduler(**place, **trusted, **QUIET) as scheduler:
        print(scheduler.address, flush=True)
        uncalled = 0.0
        while uncalled < UNCALLED_SECONDS:
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


def main() -> None:
    """Be what the input says."""
    part = PART.validate_json(sys.stdin.buffer.read())
    signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
    dask.config.set({"distributed.scheduler.http.routes": [], "distributed.worker.http.routes": []})
    try:
        asyncio.run(work(part) if part.scheduler else schedule(part))
    except (RuntimeError, OSError, TimeoutError) as error:
        print(repr(error.__cause__ or error), flush=True)
    os._exit(0)  # a thread that still asks must not keep a worker without a scheduler


if __name__ == "__main__":
    main()
