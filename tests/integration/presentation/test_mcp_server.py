"""The MCP server as a client of the official SDK sees it, over a real socket."""

import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from runtime_process import RuntimeProcess

from day23.domain.runtime_metrics import MCP_TOOLS

TOKEN = "0123456789abcdef0123"
BODY = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
HEADERS = {"Accept": "application/json, text/event-stream", "Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def server(tmp_path: Path, database: Any) -> Iterator[RuntimeProcess]:
    (tmp_path / "token").write_text(TOKEN)
    day = datetime(2025, 11, 14, 12, tzinfo=UTC)
    digest = {"digest_id": "@habr-20251114-1", "channel": "@habr", "created_at": day}
    database.collection("digests").insert_one(digest | {"_id": "a", "summary_markdown": "Курс (доллара)"})
    arguments = [
        f"--secret={tmp_path / 'token'}",
        f"--token={tmp_path / 'token'}",
        "--burst=30",
        "--rate=0.1",
    ]
    environment = {"MONGODB_URL": database.url, "DB_NAME": database.name}
    with RuntimeProcess("mcp_server", [*arguments, f"--evidence={tmp_path}"], environment) as running:
        yield running


@asynccontextmanager
async def connected(server: RuntimeProcess) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers={"Authorization": f"Bearer {TOKEN}"}) as http,
        Client(streamable_http_client(f"{server.url}/mcp", http_client=http)) as client,
    ):
        yield client


def post(server: RuntimeProcess, **changes: Any) -> int:
    request = {"json": BODY, "headers": HEADERS} | changes
    return httpx2.post(f"{server.url}/mcp", **request).status_code


async def test_tools_are_typed_and_answer(server: RuntimeProcess) -> None:
    async with connected(server) as client:
        tools = (await client.list_tools()).tools
        assert {tool.name for tool in tools} == set(MCP_TOOLS)
        assert all(tool.description and tool.output_schema for tool in tools)
        found = await client.call_tool("search_digests", {"words": "(ДОЛЛАРА)"})
        whole = await client.call_tool("get_digest", {"digest_id": "@habr-20251114-1"})
        verdicts = await client.call_tool("restart_verdicts", {})
    assert [one["channel"] for one in found.structured_content["documents"]] == ["@habr"]
    assert whole.structured_content["document"]["summary_markdown"] == "Курс (доллара)"
    assert verdicts.structured_content["note"] == "no restart validation has run yet"


@pytest.mark.parametrize(
    ("tool", "arguments", "said"),
    [
        ("no_such_tool", {}, "Unknown tool"),
        ("query_prometheus", {"promql": "x" * 2001}, "at most 2000"),
        ("query_prometheus", {"promql": "up[30d]"}, "7 days"),
        ("list_digests", {"limit": 1000}, "less than or equal to 100"),
        ("get_digest", {"digest_id": "nobody"}, "no document"),
    ],
)
async def test_what_cannot_be_answered_is_refused_with_the_reason(
    server: RuntimeProcess, tool: str, arguments: dict[str, Any], said: str
) -> None:
    async with connected(server) as client:
        answer = await client.call_tool(tool, arguments)
    assert answer.is_error
    assert said in answer.content[0].text


async def test_a_call_leaves_metric_audit_line_and_span_under_one_trace(
    server: RuntimeProcess, database: Any
) -> None:
    async with connected(server) as client:
        await client.call_tool("list_digests", {"limit": 5})
    text = httpx2.get(f"{server.url}/metrics").text
    deadline = time.monotonic() + 10
    while not (span := database.collection("spans").find_one()) and time.monotonic() < deadline:
        time.sleep(0.05)
    server.stop()
    assert 'mcp_requests_total{status="success",tool="list_digests"} 1.0' in text
    assert [line["resource"] for line in server.audit()] == ["list_digests"]
    assert span["trace_id"] == server.audit()[0]["trace_id"]
    assert not [line for line in server.lines if TOKEN in str(line)]


def test_a_wrong_token_too_many_and_too_large_requests_are_refused(server: RuntimeProcess) -> None:
    assert post(server, headers=HEADERS | {"Authorization": "Bearer wrong"}) == 401
    assert post(server, headers={"Accept": HEADERS["Accept"]}) == 401
    assert post(server, json=BODY | {"params": {"x": "y" * 300_000}}) == 413
    assert 429 in {post(server) for _ in range(40)}
    text = httpx2.get(f"{server.url}/metrics").text
    for reason in ("unauthorized", "rate_limited", "too_large"):
        assert f'mcp_rejected_requests_total{{reason="{reason}"}}' in text
