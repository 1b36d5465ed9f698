"""The LLM API as its clients see it: a real process, real requests."""

import asyncio
import json
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from datetime import date
from typing import Any

import aiohttp
import pytest
from runtime_process import RuntimeProcess

from day23.domain.digest_prompt import build_digest_prompt

MODEL = "extractive-lexrank-ru-v1"
SECRET_WORD = "Совершенносекретное"
POSTS = (
    f"Центробанк повысил ключевую ставку до 23% годовых, сообщает {SECRET_WORD} агентство.",
    "В Москве открыли новую станцию метро на 300 тысяч пассажиров.\n\nhttps://example.org/metro",
    "Учёные нашли на Марсе следы древней реки длиной 40 км.",
)
PROMPT = build_digest_prompt("habr", date(2024, 12, 3), POSTS)
MESSAGES = [{"role": "system", "content": PROMPT.system}, {"role": "user", "content": PROMPT.user}]


@pytest.fixture(scope="module")
def server() -> Iterator[RuntimeProcess]:
    with RuntimeProcess("llm_api", ["--alias", "qwen", "--max-body-mb", "1"]) as running:
        yield running


@pytest.fixture
async def session(server: RuntimeProcess) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.url, timeout=aiohttp.ClientTimeout(total=30)) as opened:
        yield opened


async def chat(session: aiohttp.ClientSession, **fields: Any) -> tuple[int, dict[str, Any]]:
    body = {"model": "qwen", "messages": MESSAGES} | fields
    async with session.post("/v1/chat/completions", json=body) as response:
        return response.status, await response.json()


async def events(session: aiohttp.ClientSession, **fields: Any) -> list[str]:
    body = {"model": "qwen", "messages": MESSAGES, "stream": True} | fields
    async with session.post("/v1/chat/completions", json=body) as response:
        assert response.content_type == "text/event-stream"
        text = await response.text()
    return [event.removeprefix("data: ") for event in text.removesuffix("\n\n").split("\n\n")]


async def test_a_plain_completion_is_a_digest_with_usage(session: aiohttp.ClientSession) -> None:
    status, body = await chat(session)
    choice = body["choices"][0]
    assert status == 200
    assert body["object"] == "chat.completion"
    assert body["model"] == MODEL
    assert choice["finish_reason"] == "stop"
    assert choice["message"]["role"] == "assistant"
    assert choice["message"]["content"].startswith("## Главное за день\n\n- ")
    assert "<https://example.org/metro>" in choice["message"]["content"]
    usage = body["usage"]
    assert usage["total_tokens"] == usage["prompt_tokens"] + usage["completion_tokens"]
    assert usage["completion_tokens"] > 10


async def test_the_same_request_gets_the_same_id_and_text(session: aiohttp.ClientSession) -> None:
    (_, first), (_, second) = await chat(session), await chat(session)
    assert first["id"] == second["id"]
    assert first["choices"] == second["choices"]


async def test_a_stream_says_role_content_reason_usage_and_done(session: aiohttp.ClientSession) -> None:
    *chunks, last = await events(session, stream_options={"include_usage": True})
    parsed = [json.loads(chunk) for chunk in chunks]
    deltas = [chunk["choices"][0] for chunk in parsed[:-1]]
    assert last == "[DONE]"
    assert {chunk["object"] for chunk in parsed} == {"chat.completion.chunk"}
    assert len({chunk["id"] for chunk in parsed}) == 1
    assert deltas[0]["delta"] == {"role": "assistant", "content": ""}
    assert [delta["finish_reason"] for delta in deltas] == [None] * (len(deltas) - 1) + ["stop"]
    assert parsed[-1]["choices"] == []
    _, plain = await chat(session)
    assert "".join(delta["delta"].get("content", "") for delta in deltas) == text_of(plain)
    assert parsed[-1]["usage"] == plain["usage"]


async def test_a_stream_has_no_usage_unless_asked(session: aiohttp.ClientSession) -> None:
    *chunks, _ = await events(session)
    assert all("usage" not in json.loads(chunk) for chunk in chunks)


async def test_max_tokens_is_kept_and_told(session: aiohttp.ClientSession) -> None:
    _, body = await chat(session, max_tokens=9)
    assert body["usage"]["completion_tokens"] == 9
    assert body["choices"][0]["finish_reason"] == "length"


async def test_message_parts_and_unknown_fields_are_accepted(session: aiohttp.ClientSession) -> None:
    parts = [{"type": "text", "text": POSTS[0]}, {"type": "text", "text": POSTS[2]}]
    status, body = await chat(
        session, messages=[{"role": "user", "content": parts}], temperature=0, seed=7, top_p=1, user="x"
    )
    assert status == 200
    assert "23%" in text_of(body)


async def test_models_lists_the_model_and_its_aliases(session: aiohttp.ClientSession) -> None:
    async with session.get("/v1/models") as response:
        body = await response.json()
    assert body["object"] == "list"
    assert [model["id"] for model in body["data"]] == [MODEL, "qwen"]


async def test_health_names_model_and_self_test(session: aiohttp.ClientSession) -> None:
    async with session.get("/health") as response:
        body = await response.json()
    assert response.status == 200
    assert (body["status"], body["model"], body["self_test"]["passed"]) == ("ok", MODEL, True)


async def test_metrics_count_requests_tokens_and_errors(session: aiohttp.ClientSession) -> None:
    await chat(session)
    await chat(session, model="nobody")
    async with session.get("/nowhere/at/all"), session.get("/metrics") as response:
        text = await response.text()
    assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    for series in (
        'http_requests_total{method="POST",route="/v1/chat/completions",status="200"}',
        'http_requests_total{method="POST",route="/v1/chat/completions",status="404"}',
        'http_requests_total{method="GET",route="unmatched",status="404"}',
        'http_request_duration_seconds_count{method="POST",route="/v1/chat/completions"}',
        f'llm_inference_latency_seconds_count{{model_name="{MODEL}"}}',
        f'llm_tokens_total{{direction="completion",model_name="{MODEL}"}}',
        f'llm_error_rate_total{{error_type="bad_request",model_name="{MODEL}"}}',
        "process_resident_memory_bytes",
    ):
        assert series in text


@pytest.mark.parametrize(
    ("fields", "status", "param"),
    [
        ({"model": "gpt-5"}, 404, "model"),
        ({"model": ""}, 400, "model"),
        ({"messages": []}, 400, "messages"),
        ({"messages": [{"role": "user", "content": "  "}]}, 400, "messages"),
        ({"messages": [{"role": "king", "content": "x"}]}, 400, "messages.0.role"),
        ({"max_tokens": 0}, 400, "max_tokens"),
        ({"temperature": 9}, 400, "temperature"),
        ({"n": 2}, 400, "n"),
    ],
)
async def test_wrong_fields_get_an_error_object(
    session: aiohttp.ClientSession, fields: dict[str, Any], status: int, param: str
) -> None:
    answered, body = await chat(session, **fields)
    assert answered == status
    assert body["error"]["param"] == param
    assert body["error"]["type"] == "invalid_request_error"
    assert body["error"]["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"\xff\xfe", b'{"model": NaN}', b"null", b"[" * 100_000])
async def test_a_body_that_is_no_request_gets_an_error_object(
    session: aiohttp.ClientSession, body: bytes
) -> None:
    async with session.post("/v1/chat/completions", data=body) as response:
        answer = await response.json()
    assert response.status == 400
    assert answer["error"]["type"] == "invalid_request_error"


async def test_a_body_over_the_limit_is_refused(session: aiohttp.ClientSession) -> None:
    status, body = await chat(session, messages=[{"role": "user", "content": "я" * 1_000_000}])
    assert status == 413
    assert body["error"]["message"]


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/v2", 404), ("GET", "/v1/chat/completions", 405)]
)
async def test_unknown_routes_and_methods_get_an_error_object(
    session: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    async with session.request(method, path) as response:
        body = await response.json()
    assert response.status == status
    assert body["error"]["code"] is None


async def test_health_answers_while_eight_large_prompts_are_summarised(
    session: aiohttp.ClientSession,
) -> None:
    work = [asyncio.create_task(chat(session, messages=events_of(4_000))) for _ in range(8)]
    slowest, answered = 0.0, 0
    while not all(task.done() for task in work):
        started = time.perf_counter()
        async with session.get("/health") as response:
            assert response.status == 200
        slowest, answered = max(slowest, time.perf_counter() - started), answered + 1
        await asyncio.sleep(0.02)
    assert answered > 3
    assert slowest < 2
    assert {status for status, _ in [await task for task in work]} == {200}


async def test_what_exceeds_the_queue_is_refused_at_once() -> None:
    with RuntimeProcess("llm_api", ["--max-pending", "1"]) as running:
        async with aiohttp.ClientSession(running.url) as session:
            answers = await asyncio.gather(*(chat(session, messages=events_of(4_000)) for _ in range(4)))
    statuses = [status for status, _ in answers]
    assert set(statuses) == {200, 503}
    assert "try again" in answers[statuses.index(503)][1]["error"]["message"]


async def test_what_takes_too_long_ends_in_a_timeout() -> None:
    with RuntimeProcess("llm_api", ["--request-timeout", "0.1"]) as running:
        async with aiohttp.ClientSession(running.url) as session:
            status, body = await chat(session, messages=events_of(20_000))
    assert status == 504
    assert "0.1 s" in body["error"]["message"]


async def test_log_lines_are_structured_and_never_hold_a_prompt(
    server: RuntimeProcess, session: aiohttp.ClientSession
) -> None:
    _, body = await chat(session)
    assert SECRET_WORD in text_of(body)
    await chat(session, messages=[{"role": "king", "content": SECRET_WORD}])
    await asyncio.sleep(0.1)
    completions = [line for line in server.lines if line["event"] == "completion"]
    assert completions
    for line in server.lines:
        assert {"timestamp", "level", "event", "service", "trace_id", "stream"} <= line.keys()
        assert line["service"] == "llm_api"
    assert SECRET_WORD not in json.dumps(server.lines, ensure_ascii=False)


async def test_sigterm_lets_a_running_completion_finish() -> None:
    with RuntimeProcess("llm_api") as running:
        async with aiohttp.ClientSession(running.url) as session:
            task = asyncio.create_task(chat(session, messages=events_of(4_000)))
            await asyncio.sleep(0.15)
            running.process.send_signal(signal.SIGTERM)
            status, _ = await task
        assert status == 200
        assert await asyncio.to_thread(running.process.wait, 15) == 0
    assert running.lines[-1]["event"] == "stopped"


def test_a_taken_port_is_told_in_one_line(server: RuntimeProcess) -> None:
    port = server.url.rpartition(":")[2]
    run = subprocess.run(
        [sys.executable, "-m", "day23.presentation.llm_api", "--port", port],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert run.returncode == 1
    assert f"127.0.0.1:{port}" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_wrong_option_is_a_usage_error() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "day23.presentation.llm_api", "--port", "99999999"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert run.returncode == 64


def text_of(body: dict[str, Any]) -> str:
    content: str = body["choices"][0]["message"]["content"]
    return content


def events_of(count: int) -> list[dict[str, str]]:
    """A prompt large enough to keep a thread busy."""
    text = "\n\n".join(f"Событие {number} случилось в городе {number % 97} утром." for number in range(count))
    return [{"role": "user", "content": text}]
