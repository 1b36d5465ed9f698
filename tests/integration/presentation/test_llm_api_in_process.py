"""The server's whole life inside one event loop: start, answer, refuse, stop on SIGTERM."""

import asyncio
import json
import os
import signal

import aiohttp
import pytest

from day23.presentation.llm_api import completions
from day23.presentation.llm_api.options import LlmApiOptions
from day23.presentation.llm_api.server import serve

OPTIONS = LlmApiOptions(
    host="127.0.0.1",
    port=0,
    model="m",
    aliases=("qwen",),
    workers=1,
    max_pending=4,
    max_body_bytes=10_000,
    request_timeout_seconds=5,
    stop_within_seconds=1,
)
REQUEST = {"model": "qwen", "messages": [{"role": "user", "content": "Доллар упал ниже 104 рублей."}]}


async def test_a_fault_of_our_own_is_an_error_object_and_the_server_lives_on(
    capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    running = asyncio.create_task(serve(OPTIONS))
    port = await listening_port(capfd)
    async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
        with monkeypatch.context() as broken:
            broken.setattr(completions, "answer", lambda *_: 1 / 0)
            assert await status_and_type(session) == (500, "server_error")
        assert await status_and_type(session) == (200, None)
        for path in ("/health", "/v1/models", "/metrics"):
            async with session.get(path) as response:
                assert response.status == 200
        async with session.post("/v1/chat/completions", json=REQUEST | {"stream": True}) as response:
            assert (await response.text()).endswith("data: [DONE]\n\n")
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(running, 5)
    lines = [json.loads(line) for line in capfd.readouterr().out.splitlines()]
    assert {"error": "ZeroDivisionError", "event": "request failed"}.items() <= lines[0].items()
    assert lines[-1]["event"] == "stopped"


async def listening_port(capfd: pytest.CaptureFixture[str]) -> int:
    for _ in range(500):
        if line := capfd.readouterr().out:
            return int(json.loads(line)["port"])
        await asyncio.sleep(0.01)
    pytest.fail("the server did not start")


async def status_and_type(session: aiohttp.ClientSession) -> tuple[int, str | None]:
    async with session.post("/v1/chat/completions", json=REQUEST) as response:
        body = await response.json()
    return response.status, body.get("error", {}).get("type")
