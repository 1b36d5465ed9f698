"""The key of an LLM API: sent to the server it is for, and told by nothing that comes back."""

import asyncio

import pytest
from fault_server import FaultServer, answer, stream

from day23.application.answer_book import AnswerBook
from day23.application.load_shares import Question
from day23.application.ports import ChatReply, ChatRequest
from day23.application.spread_answers import spread
from day23.domain.chat_error import ChatError
from day23.domain.errors import UsageError
from day23.domain.load_schedule import Load
from day23.infrastructure.llm.api_key import NO_KEY, ApiKey
from day23.infrastructure.llm.chat_client import OpenAIChatModel
from day23.infrastructure.llm.dask_credentials import new_credentials
from day23.infrastructure.llm.dask_crew import DaskCrew
from day23.infrastructure.llm.dask_parts import end, start
from day23.infrastructure.llm.dask_process import DaskPart
from day23.infrastructure.llm.dask_task import SealedTask
from day23.infrastructure.llm.process_crew import ProcessCrew
from day23.infrastructure.llm.server_facts import read_server_facts
from day23.infrastructure.llm.worker_task import TASK, Endpoint
from keyed_server import LONG, keyed_server

SECRET = "sk-9f/86d0-81884c7d659a2feaa0c5"
KEY = ApiKey(SECRET)
REQUEST = ChatRequest("Кратко.", "Доллар упал.")
QUESTIONS = [Question(f"s{number}", REQUEST) for number in range(8)]


async def ask(url: str, key: ApiKey = KEY, *, streamed: bool = False) -> ChatReply:
    async with OpenAIChatModel(url, "m", attempts=1, key=key) as chat:
        return await chat.complete(REQUEST, stream=streamed)


@pytest.mark.parametrize("streamed", [False, True])
async def test_a_server_that_wants_a_key_gets_it_and_a_reply_never_holds_it(streamed: bool) -> None:
    with keyed_server(SECRET) as server:
        reply = await ask(server.url, streamed=streamed)
    assert server.headers == [f"Bearer {SECRET}"]
    assert reply.model == "m Bearer ***"
    assert SECRET not in reply.text
    assert "Bearer ***" in reply.text or not streamed


@pytest.mark.parametrize("key", [NO_KEY, ApiKey("sk-of-somebody-else"), ApiKey("old", "JUDGE_API_KEY")])
async def test_a_refusal_says_what_to_set_and_not_what_was_sent(key: ApiKey) -> None:
    with keyed_server(SECRET) as server, pytest.raises(ChatError) as caught:
        await ask(server.url, key)
    assert caught.value.refuses_caller
    assert f"Next: set {key.variable} to a key that this server accepts" in str(caught.value)
    assert "no such key" in str(caught.value)
    assert not key.value or key.value not in str(caught.value)


@pytest.mark.parametrize(
    ("entry", "streamed"),
    [
        (answer(f'{{"error": {{"message": "{LONG} {SECRET}"}}}}', status="403 Forbidden"), False),
        (answer(f'{{"error": "{SECRET.replace("/", chr(92) + "/")}"}}', status="500 Oops"), False),
        (answer(f'{{"error": {{"message": "{LONG}{SECRET}"}}}}'), False),
        (answer(f"<html>{'x' * 40} Authorization: Bearer {SECRET}"), False),
        (answer(f"Authorization: Bearer {SECRET}", kind="text/plain"), True),
        (stream(f'{{"error": {{"message": "{LONG}{SECRET}"}}}}'), True),
        (stream(f"{{broken {SECRET}"), True),
    ],
)
async def test_an_error_that_sends_the_key_back_is_told_without_any_of_it(
    entry: bytes, streamed: bool
) -> None:
    async with FaultServer([entry]) as server:
        with pytest.raises(ChatError) as caught:
            await ask(server.url, streamed=streamed)
    assert server.requests
    assert "sk-" not in str(caught.value)
    assert "***" in str(caught.value)


async def test_a_key_does_not_follow_a_redirection_to_another_server() -> None:
    with keyed_server(SECRET) as other:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: {other.url}/v1/chat/completions\r\nContent-Length: 0\r\n"
        async with FaultServer([f"{moved}Connection: close\r\n\r\n".encode()]) as server:
            with pytest.raises(ChatError):
                await ask(server.url)
    assert other.headers == [""]


async def test_a_server_is_asked_what_it_is_with_the_key_and_a_digest_does_not_depend_on_it() -> None:
    with keyed_server(SECRET, "sk-another-key") as server:
        facts = await read_server_facts(server.url, "m", KEY)
        same = await read_server_facts(server.url, "m", ApiKey("sk-another-key"))
        with pytest.raises(ChatError, match=r"answered 401.*LLM_API_KEY"):
            await read_server_facts(server.url, "m")
        refused = await read_server_facts(server.url, "m", ApiKey("sk-for-chat-alone"))
    assert facts == same
    assert facts.engine == "echo Bearer *** Bearer ***"
    assert refused.engine == "unknown"


def test_a_key_is_not_shown_and_one_that_no_header_carries_is_refused() -> None:
    endpoint = Endpoint("http://127.0.0.1:9", "m", 1.0, KEY)
    assert SECRET not in f"{KEY} {endpoint!r} {SealedTask(SECRET.encode())!r}"
    for bad in ("two\nlines", "ключ", " sk"):
        with pytest.raises(UsageError, match="JUDGE_API_KEY holds") as caught:
            ApiKey(bad, "JUDGE_API_KEY")
        assert bad not in str(caught.value)
    with pytest.raises(UsageError, match="holds a password") as caught:
        OpenAIChatModel("http://me:pass@127.0.0.1:9", "m", key=KEY)
    assert "pass@" not in str(caught.value)


def test_a_task_that_cannot_be_read_does_not_tell_its_key() -> None:
    with pytest.raises(ValueError, match="share") as caught:
        TASK.validate_json(f'{{"endpoint": {{"url": "", "key": {{"value": "{SECRET}"}}}}}}')
    assert "sk-" not in str(caught.value)


def test_a_word_that_serves_as_key_stays_in_answers() -> None:
    assert ApiKey("none").hide_in_answer("none of it") == "none of it"
    assert ApiKey("none").hide("no such key: none") == "no such key: ***"


async def test_client_processes_are_told_the_key() -> None:
    with keyed_server(SECRET) as server:
        book = AnswerBook(0, lambda _: None)
        async with ProcessCrew(2, Endpoint(server.url, "m", 20.0, KEY)) as crew:
            await spread(crew, QUESTIONS, Load(max_concurrency=2), book, 0)
    assert server.headers == [f"Bearer {SECRET}"] * len(QUESTIONS)
    assert not [answer for answer in book.answers if answer.failed or SECRET in answer.text]


async def test_workers_of_a_scheduler_are_told_the_key_where_nobody_else_reads_it() -> None:
    credentials = new_credentials()
    (scheduler,) = start([DaskPart(credentials, host="127.0.0.1")])
    try:
        start([DaskPart(credentials, scheduler.address, name="far#1")])
        with keyed_server(SECRET) as server:
            book, endpoint = AnswerBook(0, lambda _: None), Endpoint(server.url, "m", 20.0, KEY)
            async with DaskCrew(scheduler.address, 1, endpoint, credentials) as crew:
                await spread(crew, QUESTIONS, Load(max_concurrency=1), book, 0)
    finally:
        await asyncio.to_thread(end, [scheduler.pid])
    assert server.headers == [f"Bearer {SECRET}"] * len(QUESTIONS)
    assert not [answer for answer in book.answers if answer.failed or SECRET in answer.text]


def test_a_scheduler_without_tls_is_not_told_the_key() -> None:
    with pytest.raises(UsageError, match="LLM_API_KEY is not sent over a scheduler without TLS") as caught:
        DaskCrew("tcp://127.0.0.1:8786", 1, Endpoint("http://127.0.0.1:9", "m", 1.0, KEY))
    assert SECRET not in str(caught.value)
    DaskCrew("tcp://127.0.0.1:8786", 1, Endpoint("http://127.0.0.1:9", "m", 1.0))
