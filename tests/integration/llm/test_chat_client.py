"""The chat client against servers that fail in every way, and against one that works."""

import asyncio
import json
import socket
import time

import pytest
from aiohttp import web
from fault_server import DROP, HANG, FaultServer, answer, stream

from day23.application.ports import ChatReply, ChatRequest
from day23.domain.chat_error import ChatError, ChatErrorKind
from day23.domain.errors import UsageError
from day23.infrastructure.llm import chat_client
from day23.infrastructure.llm.chat_client import OpenAIChatModel

REQUEST = ChatRequest(system="Кратко.", user="Доллар упал.", max_tokens=50)
GOOD = answer(
    json.dumps(
        {
            "model": "m-1",
            "choices": [{"message": {"content": "- Доллар упал."}}],
            "usage": {"prompt_tokens": 7, "completion_tokens": 4},
        }
    )
)
DELTA = '{"model":"m-1","choices":[{"delta":{"content":"- Да"}}]}'
ROLE = '{"model":"m-1","choices":[{"delta":{"role":"assistant","content":""}}]}'
USAGE = '{"model":"m-1","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":2}}'
BUSY = answer('{"error":{"message":"queue is full"}}', status="503 Service Unavailable")


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_client, "LONGEST_PAUSE_SECONDS", 0.01)


async def ask(*script: bytes, streamed: bool = False, timeout_seconds: float = 5) -> tuple[ChatReply, int]:
    async with (
        FaultServer(script) as server,
        OpenAIChatModel(server.url, "m", timeout_seconds=timeout_seconds) as chat,
    ):
        reply = await chat.complete(REQUEST, stream=streamed)
        assert chat.requests_sent == len(server.requests)
        return reply, len(server.requests)


async def failure(*script: bytes, streamed: bool = False, timeout_seconds: float = 5) -> ChatError:
    with pytest.raises(ChatError) as caught:
        await ask(*script, streamed=streamed, timeout_seconds=timeout_seconds)
    return caught.value


async def test_a_plain_reply_has_text_tokens_and_latency() -> None:
    reply, requests = await ask(GOOD)
    assert (reply.text, reply.model, reply.prompt_tokens, reply.completion_tokens) == (
        "- Доллар упал.",
        "m-1",
        7,
        4,
    )
    assert 0 < reply.latency_seconds < 5
    assert reply.first_token_seconds is None
    assert reply.attempts == requests == 1


async def test_a_streamed_reply_joins_its_content_and_reads_usage() -> None:
    reply, _ = await ask(stream(ROLE, DELTA, DELTA, USAGE, "[DONE]"), streamed=True)
    assert (reply.text, reply.prompt_tokens, reply.completion_tokens) == ("- Да- Да", 7, 2)
    assert reply.first_token_seconds is not None
    assert 0 < reply.first_token_seconds <= reply.latency_seconds


async def test_the_request_is_what_the_openai_api_expects() -> None:
    async with FaultServer([GOOD]) as server, OpenAIChatModel(f"{server.url}/v1/", "qwen") as chat:
        await chat.complete(REQUEST)
    assert json.loads(server.requests[0]) == {
        "model": "qwen",
        "messages": [{"role": "system", "content": "Кратко."}, {"role": "user", "content": "Доллар упал."}],
        "max_tokens": 50,
        "temperature": 0.0,
    }


async def test_first_token_is_timed_at_the_first_content_not_at_the_role() -> None:
    async def slow(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        for event in (ROLE, DELTA, DELTA, "[DONE]"):
            await response.write(f"data: {event}\n\n".encode())
            await asyncio.sleep(0.1)
        return response

    application = web.Application()
    application.router.add_post("/v1/chat/completions", slow)
    runner = web.AppRunner(application)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with OpenAIChatModel(f"http://127.0.0.1:{runner.addresses[0][1]}", "m") as chat:
        reply = await chat.complete(REQUEST, stream=True)
    await runner.cleanup()
    assert reply.first_token_seconds is not None
    assert reply.first_token_seconds >= 0.1
    assert reply.latency_seconds >= reply.first_token_seconds + 0.1


@pytest.mark.parametrize(
    ("entry", "streamed", "kind"),
    [
        (answer("<html><body>Welcome to nginx"), False, ChatErrorKind.NOT_A_COMPLETION),
        (answer("<html>", kind="text/html"), True, ChatErrorKind.NOT_A_COMPLETION),
        (answer(b"\xff\x00garbage"), False, ChatErrorKind.NOT_A_COMPLETION),
        (b"this is not HTTP at all\r\n\r\n", False, ChatErrorKind.NOT_A_COMPLETION),
        (answer("[]"), False, ChatErrorKind.NOT_A_COMPLETION),
        (answer('{"choices": []}'), False, ChatErrorKind.NOT_A_COMPLETION),
        (answer('{"choices": [{"message": "text"}]}'), False, ChatErrorKind.NOT_A_COMPLETION),
        (stream(ROLE, "{broken"), True, ChatErrorKind.NOT_A_COMPLETION),
        (answer('{"error": {"message": "out of memory"}}'), False, ChatErrorKind.ERROR_BODY),
        (answer('{"error": {"message": "out of memory"}}'), True, ChatErrorKind.ERROR_BODY),
        (stream(ROLE, DELTA, '{"error": "out of memory"}'), True, ChatErrorKind.ERROR_BODY),
        (stream(ROLE, DELTA), True, ChatErrorKind.STREAM_CUT),
        (stream(), True, ChatErrorKind.STREAM_CUT),
        (answer('{"choices": [{"mess', missing=500), False, ChatErrorKind.STREAM_CUT),
        (stream(ROLE, "[DONE]"), True, ChatErrorKind.EMPTY),
        (answer('{"choices": [{"message": {"content": null}}]}'), False, ChatErrorKind.EMPTY),
        (answer('{"choices": [{"message": {"content": " \\n"}}]}'), False, ChatErrorKind.EMPTY),
        (
            answer('{"error": {"message": "no such model"}}', status="404 Not Found"),
            False,
            ChatErrorKind.HTTP_STATUS,
        ),
        (answer("<html>", status="400 Bad Request"), True, ChatErrorKind.HTTP_STATUS),
    ],
)
async def test_every_fault_has_its_kind_and_is_not_repeated(
    entry: bytes, streamed: bool, kind: ChatErrorKind
) -> None:
    error = await failure(entry, streamed=streamed)
    assert error.kind is kind
    assert error.attempts == 1
    assert "/v1/chat/completions" in str(error)


async def test_the_servers_own_message_is_told() -> None:
    error = await failure(answer('{"error": {"message": "no such model"}}', status="404 Not Found"))
    assert "no such model" in str(error)
    assert error.status == 404


async def test_a_server_that_hangs_ends_in_a_timeout_and_is_asked_once() -> None:
    started = time.perf_counter()
    error = await failure(HANG, timeout_seconds=0.3)
    assert error.kind is ChatErrorKind.TIMEOUT
    assert error.attempts == 1
    assert time.perf_counter() - started < 3


@pytest.mark.parametrize("fault", [BUSY, DROP, answer("slow down", status="429 Too Many Requests")])
async def test_a_passing_fault_is_repeated_and_counted(fault: bytes) -> None:
    reply, requests = await ask(fault, fault, GOOD)
    assert reply.text == "- Доллар упал."
    assert reply.attempts == requests == 3


async def test_a_lasting_fault_is_given_up_with_its_count() -> None:
    error = await failure(BUSY)
    assert (error.kind, error.status, error.attempts) == (ChatErrorKind.HTTP_STATUS, 503, 4)
    assert "queue is full" in str(error)


async def test_nobody_listening_is_unreachable_after_all_attempts() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with OpenAIChatModel(url, "m") as chat:
            with pytest.raises(ChatError) as caught:
                await chat.complete(REQUEST)
    assert caught.value.kind is ChatErrorKind.UNREACHABLE
    assert caught.value.attempts == chat.requests_sent == 4


async def test_no_more_requests_are_in_flight_than_allowed() -> None:
    in_flight, most = 0, 0

    async def count(request: web.Request) -> web.Response:
        nonlocal in_flight, most
        in_flight += 1
        most = max(most, in_flight)
        await asyncio.sleep(0.02)
        in_flight -= 1
        return web.json_response({"choices": [{"message": {"content": "да"}}]})

    application = web.Application()
    application.router.add_post("/v1/chat/completions", count)
    runner = web.AppRunner(application)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    async with OpenAIChatModel(f"http://127.0.0.1:{runner.addresses[0][1]}", "m", max_concurrency=3) as chat:
        await asyncio.gather(*(chat.complete(REQUEST) for _ in range(12)))
    await runner.cleanup()
    assert most == 3


def test_an_address_without_scheme_is_refused() -> None:
    with pytest.raises(UsageError):
        OpenAIChatModel("localhost:8000", "m")


async def test_using_a_client_that_is_not_open_is_a_programming_error() -> None:
    with pytest.raises(RuntimeError):
        await OpenAIChatModel("http://127.0.0.1:1", "m").complete(REQUEST)
