"""The MCP server's HTTP side."""

import socket

import uvicorn
from mcp.server.transport_security import TransportSecuritySettings

from day23.domain.errors import ToolkitError
from day23.domain.token_bucket import TokenBucket
from day23.presentation.mcp_server.assistant import Assistant
from day23.presentation.mcp_server.benchmark_tools import BenchmarkTools
from day23.presentation.mcp_server.dataset_tools import DatasetTools
from day23.presentation.mcp_server.gate import ENDPOINT, Gate
from day23.presentation.mcp_server.stack_tools import StackTools
from day23.wiring.mcp_server import StackAccess
from day23.wiring.runtime_telemetry import RuntimeTelemetry

LARGEST_BODY = 256 * 1024
"""Bytes of one request; a tool's arguments are far smaller."""

_FINISH_SECONDS = 5


def serve(
    host: str, port: int, stack: StackAccess, telemetry: RuntimeTelemetry, token: str, limit: TokenBucket
) -> None:
    """Serve until SIGTERM.

    Raises:
        ToolkitError: The address cannot be listened on.
    """
    tools = (*DatasetTools(stack).tools(), *BenchmarkTools(stack).tools(), *StackTools(stack).tools())
    assistant = Assistant(stack, telemetry, tools)
    endpoint = assistant.streamable_http_app(
        streamable_http_path=ENDPOINT,
        json_response=True,
        stateless_http=True,
        max_request_body_size=LARGEST_BODY,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
    gate = Gate(endpoint, telemetry, token=token, limit=limit, largest_body=LARGEST_BODY)
    listener = _listener(host, port)
    telemetry.measure("runtime_healthy", 1, service="mcp")
    telemetry.log("info", "listening", host=host, port=listener.getsockname()[1])
    config = uvicorn.Config(
        gate, log_config=None, access_log=False, timeout_graceful_shutdown=_FINISH_SECONDS
    )
    uvicorn.Server(config).run([listener])
    telemetry.log("info", "stopped")


def _listener(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), backlog=128)
    except OSError as error:
        raise ToolkitError(
            f"the MCP server cannot listen: {error.strerror}",
            where=f"{host}:{port}",
            next_step="free the port or choose another stack_port_offset",
        ) from None
