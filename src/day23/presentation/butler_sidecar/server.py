"""The sidecar's routes and its regular look into MongoDB."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from functools import partial

from aiohttp import web

from day23.presentation.butler_sidecar.webhooks import Webhooks
from day23.presentation.runtime.http_service import metrics_page, observation, serve_until_stopped
from day23.wiring.runtime_telemetry import RuntimeTelemetry

LARGEST_NOTIFICATION = 1024 * 1024


async def serve(
    host: str, port: int, telemetry: RuntimeTelemetry, look: Callable[[], bool], every: float
) -> None:
    """Serve until SIGTERM.

    Args:
        look: Refreshes the gauges and tells whether MongoDB answered; runs in a thread.
        every: Seconds between two looks.
    """
    application = sidecar(telemetry, look, every)
    await serve_until_stopped(application, telemetry, host, port)


def sidecar(telemetry: RuntimeTelemetry, look: Callable[[], bool], every: float) -> web.Application:
    """Return the application; `/metrics` shows the last look, so that a scrape never waits for MongoDB."""
    application = web.Application(middlewares=[observation(telemetry)], client_max_size=LARGEST_NOTIFICATION)
    application.add_routes(
        [
            web.get("/health", _health),
            web.get("/metrics", metrics_page(telemetry)),
            web.post("/hooks/{receiver}", Webhooks(telemetry).receive),
        ]
    )
    application.cleanup_ctx.append(partial(_looking, telemetry, look, every))
    return application


async def _health(_request: web.Request) -> web.Response:
    return web.json_response({"status": "ok"})


async def _looking(
    telemetry: RuntimeTelemetry, look: Callable[[], bool], every: float, _application: web.Application
) -> AsyncIterator[None]:
    task = asyncio.create_task(_look_regularly(telemetry, look, every))
    yield
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def _look_regularly(telemetry: RuntimeTelemetry, look: Callable[[], bool], every: float) -> None:
    answered = True
    while True:
        before, answered = answered, await asyncio.to_thread(look)
        telemetry.measure("runtime_healthy", int(answered), service="butler")
        if before != answered:
            level = "info" if answered else "warning"
            telemetry.log(level, "MongoDB answers again" if answered else "MongoDB does not answer")
        await asyncio.sleep(every)
