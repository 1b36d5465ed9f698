"""The MCP server's tools, each call counted, timed, traced and written to the audit stream."""

import secrets
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from mcp.server.mcpserver import Context, MCPServer
from mcp.server.mcpserver.exceptions import ToolError, UnexpectedToolError

from day23.domain.errors import ToolkitError
from day23.domain.runtime_metrics import MCP_TOOLS, UNKNOWN_TOOL
from day23.wiring.mcp_server import StackAccess
from day23.wiring.runtime_telemetry import RuntimeTelemetry


class Assistant(MCPServer[Any]):
    """An MCP server whose failures say what to do next and whose calls leave a trail."""

    def __init__(
        self, stack: StackAccess, telemetry: RuntimeTelemetry, tools: Iterable[Callable[..., object]]
    ) -> None:
        super().__init__(
            "day23", log_level="CRITICAL", instructions="Questions about the shared stack and its dataset."
        )
        self._stack = stack
        self._telemetry = telemetry
        self._span_queue = ThreadPoolExecutor(1, thread_name_prefix="spans")
        for number, tool in enumerate(tools, start=1):
            self.add_tool(tool)
            telemetry.measure("mcp_tools_registered", number)

    async def call_tool(
        self, name: str, arguments: dict[str, Any], context: Context[Any, Any] | None = None
    ) -> Any:
        """Call a tool; see `MCPServer.call_tool`."""
        trace_id, begin, started = secrets.token_hex(16), time.time_ns(), time.perf_counter()
        tool, status = name if name in MCP_TOOLS else UNKNOWN_TOOL, "error"
        try:
            answer = await super().call_tool(name, arguments, context)
            status = "success"
        except UnexpectedToolError as error:
            if isinstance(error.__cause__, ToolkitError):
                raise ToolError(str(error.__cause__)) from None
            self._telemetry.log("error", "tool failed", tool=tool, error=type(error.__cause__).__name__)
            raise
        else:
            return answer
        finally:
            self._telemetry.measure("mcp_requests_total", 1, tool=tool, status=status)
            seconds = time.perf_counter() - started
            self._telemetry.measure("mcp_request_duration_seconds", seconds, tool=tool)
            self._write_audit(trace_id, tool, status, seconds, sorted(arguments))
            self._span_queue.submit(self._keep_span, trace_id, tool, status, begin, time.time_ns())

    def _write_audit(
        self, trace_id: str, tool: str, status: str, seconds: float, arguments: list[str]
    ) -> None:
        self._telemetry.audit(
            "tool call",
            trace_id,
            action="mcp_tool_call",
            actor="mcp_client",
            resource=tool,
            outcome=status,
            duration_ms=round(seconds * 1000, 3),
            arguments=arguments[:20],
        )

    def _keep_span(self, trace_id: str, tool: str, status: str, begin: int, end: int) -> None:
        ended = "ok" if status == "success" else "error"
        try:
            self._stack.keep_span(f"mcp.{tool}", trace_id, begin, end, ended, {"tool": tool})
        except ToolkitError as error:
            self._telemetry.log("warning", "span lost", reason=error.what)
