"""Errors as the OpenAI API words them: a JSON object with message, type, parameter and code."""

from dataclasses import dataclass

import orjson
from aiohttp import web
from pydantic import ValidationError


@dataclass(frozen=True)
class ApiError(Exception):
    """A request that gets an error object instead of a completion.

    Attributes:
        reason: Value of the label `error_type` in metrics.
    """

    status: int
    message: str
    type: str
    reason: str
    param: str | None = None
    code: str | None = None

    @classmethod
    def invalid(cls, message: str, param: str | None = None) -> "ApiError":
        """Return the error for a request that cannot be understood."""
        return cls(400, message, "invalid_request_error", "bad_request", param)

    @classmethod
    def from_validation(cls, error: ValidationError) -> "ApiError":
        """Return the error for the first field that is wrong, without its value."""
        problem = error.errors(include_url=False, include_input=False, include_context=False)[0]
        place = ".".join(str(part) for part in problem["loc"])
        return cls.invalid(f"{place}: {problem['msg']}" if place else problem["msg"], place or None)

    @classmethod
    def unknown_model(cls, name: str, known: str) -> "ApiError":
        """Return the error for a model that this server does not have."""
        message = f"The model {name!r:.80} does not exist; this server has {known}"
        return cls(404, message, "invalid_request_error", "bad_request", "model", "model_not_found")

    @classmethod
    def overloaded(cls, pending: int) -> "ApiError":
        """Return the error for a request beyond the queue's end."""
        return cls(503, f"{pending} completions are waiting; try again later", "server_error", "overloaded")

    @classmethod
    def timed_out(cls, seconds: float) -> "ApiError":
        """Return the error for a completion that took too long."""
        return cls(504, f"The completion took more than {seconds:g} s", "server_error", "timeout")

    @classmethod
    def internal(cls) -> "ApiError":
        """Return the error for a fault of our own; the log has the details."""
        return cls(500, "The server failed to answer", "server_error", "internal")

    @classmethod
    def from_http(cls, error: web.HTTPException) -> "ApiError":
        """Return the error for what the web framework refused: route, method, size."""
        reason = "too_large" if error.status == 413 else "bad_request"
        return cls(error.status, error.reason, "invalid_request_error", reason)

    def response(self) -> web.Response:
        """Return the HTTP answer."""
        told = {"message": self.message, "type": self.type, "param": self.param, "code": self.code}
        headers = {"Retry-After": "1"} if self.status == 503 else None
        return web.Response(
            body=orjson.dumps({"error": told}),
            status=self.status,
            content_type="application/json",
            headers=headers,
        )
