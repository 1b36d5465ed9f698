"""Measures the client itself, against a stub on loopback, before it measures a server."""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from day23.application.ports import ChatRequest
from day23.domain.errors import ToolkitError
from day23.domain.percentile import nearest_rank
from day23.domain.run_validity import Calibration
from day23.domain.statistics.percentile_interval import percentile_interval
from day23.infrastructure.llm.chat_client import OpenAIChatModel

REQUESTS = 300
_WARM_UP = 20
_START_WITHIN_SECONDS = 15.0


async def calibrate(request: ChatRequest, max_concurrency: int) -> Calibration:
    """Return the client's overhead at one request at a time, and its greatest rate.

    Args:
        request: A request as the run will send it; its length matters.
        max_concurrency: Requests in flight for the rate.

    Raises:
        ToolkitError: The stub does not start.
    """
    async with loopback_stub() as url:
        return await measured_client(url, request, max_concurrency, REQUESTS)


async def measured_client(url: str, request: ChatRequest, max_concurrency: int, requests: int) -> Calibration:
    """Return the figures of `requests` one at a time, then of as many with `max_concurrency` in flight."""
    async with OpenAIChatModel(
        url, "stub", max_concurrency=max_concurrency, attempts=1, timeout_seconds=10
    ) as client:
        await _timed(client, request, _WARM_UP)
        seconds = await _timed(client, request, requests)
        rate = await _rate(client, request, max_concurrency, requests)
    return Calibration(
        overhead_seconds=nearest_rank(seconds, 50),
        overhead_interval=percentile_interval(seconds, 50),
        maximum_rate=rate,
        max_concurrency=max_concurrency,
        requests=requests,
    )


async def _rate(client: OpenAIChatModel, request: ChatRequest, max_concurrency: int, requests: int) -> float:
    """Return requests per second over connections that are open already."""
    each = max(3, -(-requests // max_concurrency))
    for count in (1, each):
        started = time.perf_counter()
        await asyncio.gather(*(_timed(client, request, count) for _ in range(max_concurrency)))
    return each * max_concurrency / (time.perf_counter() - started)


@asynccontextmanager
async def loopback_stub() -> AsyncIterator[str]:
    """Run the stub as a process of its own, so that it takes no time from the client; yields its URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "day23.infrastructure.llm.loopback_stub"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield f"http://127.0.0.1:{await _port(process)}"
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def _port(process: asyncio.subprocess.Process) -> int:
    if process.stdout is None:
        raise RuntimeError("the stub was started without a pipe")
    try:
        return int(await asyncio.wait_for(process.stdout.readline(), _START_WITHIN_SECONDS))
    except (TimeoutError, ValueError):
        step = "try again; the client is not measured, so the run would prove nothing"
        raise ToolkitError("the calibration stub did not start", next_step=step) from None


async def _timed(client: OpenAIChatModel, request: ChatRequest, count: int) -> list[float]:
    return [(await client.complete(request, stream=True)).latency_seconds for _ in range(count)]
