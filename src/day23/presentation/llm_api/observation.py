"""Counts and times every request, and turns every failure into an error object."""

import time

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from day23.presentation.llm_api.api_error import ApiError
from day23.presentation.runtime.http_service import count_request, route_of
from day23.wiring.runtime_telemetry import RuntimeTelemetry

CLIENT_GONE = 499
"""Status counted for a client that left before its answer was complete."""


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
            seconds = time.perf_counter() - started
            count_request(telemetry, request.method, route_of(request), status, seconds)

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
        telemetry.log("error", "request failed", error=type(error).__name__, route=route_of(request))
    if request.method == "POST":
        telemetry.measure("llm_error_rate_total", 1, error_type=failure.reason, model_name=model)
    return failure.response()
