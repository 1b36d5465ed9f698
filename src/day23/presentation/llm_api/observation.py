"""Counts and times every request, and turns every failure into an error object."""

import time

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from day23.presentation.llm_api.api_error import ApiError
from day23.wiring.runtime_telemetry import RuntimeTelemetry

CLIENT_GONE = 499
"""Status counted for a client that left before its answer was complete."""

_METHODS = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})


def observation(telemetry: RuntimeTelemetry, model: str) -> Middleware:
    """Return the middleware that stands around every handler."""

    @web.middleware
    async def observe(request: web.Request, handler: Handler) -> web.StreamResponse:
        started = time.perf_counter()
        status = CLIENT_GONE
        try:
            response = await _answered(request, handler, telemetry, model)
            status = response.status
        except ConnectionResetError:
            telemetry.measure("llm_error_rate_total", 1, error_type="connection", model_name=model)
            raise
        else:
            return response
        finally:
            _count(telemetry, request, status, time.perf_counter() - started)

    return observe


async def _answered(
    request: web.Request, handler: Handler, telemetry: RuntimeTelemetry, model: str
) -> web.StreamResponse:
    try:
        return await handler(request)
    except ApiError as error:
        failure = error
    except web.HTTPException as error:
        failure = ApiError.from_http(error)
    except ConnectionResetError:
        raise
    except Exception as error:  # the server must outlive any single request
        failure = ApiError.internal()
        telemetry.log("error", "request failed", error=type(error).__name__, route=_route(request))
    if request.method == "POST":
        telemetry.measure("llm_error_rate_total", 1, error_type=failure.reason, model_name=model)
    return failure.response()


def _count(telemetry: RuntimeTelemetry, request: web.Request, status: int, seconds: float) -> None:
    if request.method not in _METHODS:
        return
    labels = {"method": request.method, "route": _route(request)}
    telemetry.measure("http_requests_total", 1, **labels, status=str(status))
    telemetry.measure("http_request_duration_seconds", seconds, **labels)


def _route(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unmatched"
