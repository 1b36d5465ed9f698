"""What stands before the MCP endpoint: bearer token, rate limit, counted requests."""

import hmac
import time
from typing import Any

from starlette.datastructures import Headers
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from day23.domain.token_bucket import TokenBucket
from day23.presentation.runtime.http_service import METRICS_FORMAT, count_request
from day23.wiring.runtime_telemetry import RuntimeTelemetry

ENDPOINT = "/mcp"


class Gate:
    """An ASGI application around the MCP endpoint; `/health` and `/metrics` need no token.

    Args:
        token: What `Authorization: Bearer` must carry.
        largest_body: Bytes; a request that announces more is refused unread.
    """

    def __init__(
        self,
        application: ASGIApp,
        telemetry: RuntimeTelemetry,
        *,
        token: str,
        limit: TokenBucket,
        largest_body: int,
    ) -> None:
        self._application = application
        self._telemetry = telemetry
        self._expected = f"Bearer {token}".encode()
        self._limit = limit
        self._largest_body = largest_body

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or hand it to the MCP endpoint."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        started, status = time.perf_counter(), 500
        path = scope["path"]
        route = path if path in {ENDPOINT, "/health", "/metrics"} else "unmatched"

        async def observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await (self._own_answer(scope) or self._application)(scope, receive, observed)
        finally:
            count_request(self._telemetry, scope["method"], route, status, time.perf_counter() - started)

    def _own_answer(self, scope: Scope) -> Response | None:
        if scope["path"] == "/health":
            return JSONResponse({"status": "ok"})
        if scope["path"] == "/metrics":
            return self._metrics()
        if scope["path"] != ENDPOINT:
            return JSONResponse({"error": "not found"}, 404)
        return self._refusal(Headers(scope=scope))

    def _metrics(self) -> Response:
        if not self._telemetry.metrics_enabled:
            return PlainTextResponse("metrics are switched off\n", 404)
        return Response(self._telemetry.exposition(), headers={"Content-Type": METRICS_FORMAT})

    def _refusal(self, headers: Headers) -> Response | None:
        given = headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, self._expected):
            return self._refused(
                401, "unauthorized", "a valid bearer token is needed", {"WWW-Authenticate": "Bearer"}
            )
        if not self._limit.take(time.monotonic()):
            return self._refused(429, "rate_limited", "too many requests", {"Retry-After": "1"})
        if _announced(headers) > self._largest_body:
            return self._refused(413, "too_large", f"at most {self._largest_body} bytes", {})
        return None

    def _refused(self, status: int, reason: str, words: str, headers: dict[str, Any]) -> Response:
        self._telemetry.measure("mcp_rejected_requests_total", 1, reason=reason)
        return JSONResponse({"error": words}, status, headers)


def _announced(headers: Headers) -> int:
    length = headers.get("content-length", "0")
    return int(length) if length.isdecimal() else 0
