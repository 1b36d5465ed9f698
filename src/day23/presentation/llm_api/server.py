"""The HTTP server: routes, start, graceful stop."""

import asyncio
import signal
import sys
import time
from importlib.metadata import version

import orjson
from aiohttp import web

from day23.domain.errors import ToolkitError
from day23.domain.token_count import TOKENIZER
from day23.presentation.llm_api.completions import Completions
from day23.presentation.llm_api.observation import observation
from day23.presentation.llm_api.options import LlmApiOptions
from day23.presentation.llm_api.self_test import self_test
from day23.presentation.runtime.http_service import metrics_page
from day23.wiring.runtime_telemetry import RuntimeTelemetry, runtime_telemetry

SWITCH_SECONDS = 0.001
"""How long a summarising thread may keep the interpreter from the event loop; halves `/health` under load."""


async def serve(options: LlmApiOptions) -> None:
    """Serve until SIGTERM or SIGINT; then finish what is in work and return.

    Raises:
        ToolkitError: The self-test failed, or the address cannot be listened on.
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    telemetry = runtime_telemetry("llm_api")
    completions = Completions(options, telemetry)
    server = _Server(options, telemetry, self_test())
    runner = web.AppRunner(
        server.application(completions), access_log=None, shutdown_timeout=options.stop_within_seconds
    )
    await runner.setup()
    try:
        await _listen(runner, options)
        port = runner.addresses[0][1]
        telemetry.measure("runtime_healthy", 1, service="llm_api")
        telemetry.log("info", "listening", host=options.host, port=port, model_name=options.model)
        await stop.wait()
    finally:
        await runner.cleanup()
        completions.close()
    telemetry.log("info", "stopped")


async def _listen(runner: web.AppRunner, options: LlmApiOptions) -> None:
    try:
        await web.TCPSite(runner, options.host, options.port).start()
    except OSError as error:
        raise ToolkitError(
            f"the LLM API cannot listen: {error.strerror}",
            where=f"{options.host}:{options.port}",
            next_step="free the port or choose another stack_port_offset",
        ) from None


class _Server:
    """The routes beside chat completions."""

    def __init__(self, options: LlmApiOptions, telemetry: RuntimeTelemetry, tested_in: float) -> None:
        self._options = options
        self._telemetry = telemetry
        self._tested_in = tested_in
        self._created = int(time.time())

    def application(self, completions: Completions) -> web.Application:
        application = web.Application(
            middlewares=[observation(self._telemetry, self._options.model)],
            client_max_size=self._options.max_body_bytes,
        )
        application.add_routes(
            [
                web.post("/v1/chat/completions", completions.handle),
                web.get("/v1/models", self._models),
                web.get("/health", self._health),
                web.get("/metrics", metrics_page(self._telemetry)),
            ]
        )
        return application

    async def _models(self, _request: web.Request) -> web.Response:
        names = (self._options.model, *self._options.aliases)
        models = [
            {"id": name, "object": "model", "created": self._created, "owned_by": "day23"} for name in names
        ]
        return _json({"object": "list", "data": models})

    async def _health(self, _request: web.Request) -> web.Response:
        return _json(
            {
                "status": "ok",
                "model": self._options.model,
                "aliases": self._options.aliases,
                "version": version("day23"),
                "tokenizer": TOKENIZER,
                "self_test": {"passed": True, "seconds": round(self._tested_in, 6)},
            }
        )


def _json(document: dict[str, object]) -> web.Response:
    return web.Response(body=orjson.dumps(document), content_type="application/json")
