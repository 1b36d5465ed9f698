"""An HTTP program: counted requests, `/metrics`, listening until it is told to stop."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from day23.domain.errors import ToolkitError
from day23.wiring.runtime_telemetry import RuntimeTelemetry

METRICS_FORMAT = "text/plain; version=0.0.4; charset=utf-8"

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


def count_request(telemetry: RuntimeTelemetry, method: str, route: str, status: int, seconds: float) -> None:
    """Count and time one answered request; methods that HTTP does not know are left out."""
    if method not in _METHODS:
        return
    telemetry.measure("http_requests_total", 1, method=method, route=route, status=str(status))
    telemetry.measure("http_request_duration_seconds", seconds, method=method, route=route)


def route_of(request: web.Request) -> str:
    """Return the pattern that the request matched, never its path."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unmatched"


def observation(telemetry: RuntimeTelemetry) -> Middleware:
    """Return the middleware that counts requests and survives faults of handlers."""

    @web.middleware
    async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
        started, status = time.perf_counter(), 500
        try:
            response = await handler(request)
            status = response.status
        except web.HTTPException as error:
            status = error.status
            raise
        except Exception as error:  # the server must outlive any single request
            telemetry.log("error", "request failed", error=type(error).__name__, route=route_of(request))
            response = web.json_response({"error": "internal error"}, status=status)
        finally:
            count_request(telemetry, request.method, route_of(request), status, time.perf_counter() - started)
        return response

    return observe


def metrics_page(telemetry: RuntimeTelemetry) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return the handler of `/metrics`: 404 where metrics are switched off."""

    async def metrics(_request: web.Request) -> web.Response:
        if not telemetry.metrics_enabled:
            raise web.HTTPNotFound(text="metrics are switched off\n")
        return web.Response(body=telemetry.exposition(), headers={"Content-Type": METRICS_FORMAT})

    return metrics


async def serve_until_stopped(
    application: web.Application, telemetry: RuntimeTelemetry, host: str, port: int
) -> None:
    """Serve until SIGTERM or SIGINT.

    Raises:
        ToolkitError: The address cannot be listened on.
    """
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=5.0)
    await runner.setup()
    try:
        await _listen(runner, host, port)
        telemetry.log("info", "listening", host=host, port=runner.addresses[0][1])
        await stop.wait()
    finally:
        await runner.cleanup()
    telemetry.log("info", "stopped")


async def _listen(runner: web.AppRunner, host: str, port: int) -> None:
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        raise ToolkitError(
            f"the program cannot listen: {error.strerror}",
            where=f"{host}:{port}",
            next_step="free the port or choose another stack_port_offset",
        ) from None
