"""A client of the MCP server that calls tools as an assistant would."""

import asyncio
from collections.abc import Callable

import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from day23.domain.errors import ToolkitError

_TOOLS = ("stack_health", "dataset_audit", "list_digests", "list_review_reports")
"""Tools that need no argument, change nothing and together ask the record folder and the database."""

_ANSWER_SECONDS = 10.0


class McpToolsProbe:
    """Passes when tools of the MCP server answer a client that has the token.

    Args:
        address: Returns the server's base URL; raises ToolkitError when it is not known.
        token: Returns the bearer token.
    """

    def __init__(self, address: Callable[[], str], token: Callable[[], str]) -> None:
        self._address = address
        self._token = token

    def ask(self) -> str:
        """Return which tools answered."""
        url = self._address()
        try:
            refused = asyncio.run(asyncio.wait_for(self._call(url), _ANSWER_SECONDS))
        except (MCPError, OSError, TimeoutError, ExceptionGroup, httpx2.HTTPError) as error:
            raise ToolkitError(f"no tool can be called: {type(error).__name__}", where=url) from None
        if refused:
            raise ToolkitError(f"{', '.join(refused)} did not answer", where=url)
        return f"{', '.join(_TOOLS)} answered"

    async def _call(self, url: str) -> tuple[str, ...]:
        headers = {"Authorization": f"Bearer {self._token()}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=_ANSWER_SECONDS) as http,
            Client(streamable_http_client(f"{url}/mcp", http_client=http)) as client,
        ):
            return tuple([tool for tool in _TOOLS if (await client.call_tool(tool, {})).is_error])
