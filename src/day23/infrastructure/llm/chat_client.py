"""Client of an OpenAI-compatible chat endpoint, plain and streamed, with times and retries."""

import asyncio
import random
import time
from itertools import count
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import aiohttp
import orjson

from day23.application.ports import ChatReply, ChatRequest
from day23.domain.chat_error import ChatError, ChatErrorKind
from day23.domain.errors import UsageError
from day23.infrastructure.llm.api_key import NO_KEY, ApiKey, AskedServer
from day23.infrastructure.llm.completion_body import Completion, parse_completion, status_error
from day23.infrastructure.llm.completion_stream import CompletionStream

DEFAULT_ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
READ_BUFFER_BYTES = 1 << 20
"""Room for a long streamed line; the default of 64 KB stalls under load."""


class OpenAIChatModel:
    """A `ChatModel` behind HTTP; one session, and so one connection pool, for its whole life.

    Run it on uvloop (`uvloop.run`): the stdlib loop costs a third more time per request.

    Args:
        base_url: `http://host:port`, with or without `/v1` or `/v1/chat/completions`.
        model: The model's name as the server knows it.
        timeout_seconds: Longest time for one attempt, from connecting to the last byte.
        max_concurrency: Most requests in flight; more wait, which does not count as latency.
        attempts: Most requests for one answer; only refused connections, 429 and 5xx are repeated.
        key: Sent with every request; what the server tells never holds it.

    Raises:
        UsageError: `base_url` is no web address, or holds a password beside a key.

    Example:
        >>> async with OpenAIChatModel("http://127.0.0.1:8000", "qwen") as chat:  # doctest: +SKIP
        ...     reply = await chat.complete(ChatRequest(system="...", user="..."), stream=True)
    """

    def __init__(
        self,
        base_url: str,
        model: str,
        *,
        timeout_seconds: float = 120.0,
        max_concurrency: int = 4,
        attempts: int = DEFAULT_ATTEMPTS,
        key: ApiKey = NO_KEY,
    ) -> None:
        self.origin = origin_of(base_url)
        self.url = f"{self.origin}/v1/chat/completions"
        self.model = model
        self.requests_sent = 0
        self._timeout_seconds = timeout_seconds
        self._max_concurrency = max_concurrency
        self._attempts = attempts
        self._key = key
        self._asked = AskedServer(self.url, key)
        _refuse_two_secrets(self.origin, key)
        self._headers = {"Content-Type": "application/json", **key.headers}
        self._slots = asyncio.Semaphore(max_concurrency)
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=self._max_concurrency),
            timeout=aiohttp.ClientTimeout(total=self._timeout_seconds),
            read_bufsize=READ_BUFFER_BYTES,
        )
        return self

    async def __aexit__(
        self,
        exception_type: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._session:
            await self._session.close()
            self._session = None

    async def complete(self, request: ChatRequest, *, stream: bool = False) -> ChatReply:
        """Answer one request.

        Returns:
            The reply, with the times of the attempt that succeeded and the number of attempts.

        Raises:
            ChatError: No completion came; its `kind` says why, its `attempts` how often it was tried.
        """
        for sent in count(1):
            try:
                async with self._slots:
                    return await self._attempt(request, stream, sent)
            except ChatError as error:
                error.attempts = sent
                if sent >= self._attempts or not error.is_passing:
                    raise
            await asyncio.sleep(_pause(sent))
        raise AssertionError("counting has no end")

    async def _attempt(self, request: ChatRequest, stream: bool, sent: int) -> ChatReply:
        self.requests_sent += 1
        started = time.perf_counter()
        try:
            completion = await self._exchange(request, stream)
        except TimeoutError:
            raise self._error(
                f"no answer within {self._timeout_seconds:g} s", ChatErrorKind.TIMEOUT
            ) from None
        except aiohttp.ClientConnectionError:
            what = "the LLM API cannot be reached, or closed the connection unanswered"
            raise self._error(what, ChatErrorKind.UNREACHABLE) from None
        except aiohttp.ClientError:
            raise self._error("the answer is not HTTP", ChatErrorKind.NOT_A_COMPLETION) from None
        return self._reply(completion, started, sent)

    async def _exchange(self, request: ChatRequest, stream: bool) -> Completion:
        if self._session is None:
            raise RuntimeError("use the client as an async context manager")
        async with self._session.post(
            self.url, data=self._body(request, stream), headers=self._headers
        ) as response:
            try:
                return await self._read(response, stream)
            except TimeoutError:
                raise
            except (aiohttp.ClientPayloadError, aiohttp.ClientConnectionError):
                raise self._error("the answer was cut off", ChatErrorKind.STREAM_CUT) from None

    async def _read(self, response: aiohttp.ClientResponse, stream: bool) -> Completion:
        if response.status != 200:
            raise status_error(self._asked, response.status, await response.text(errors="replace"))
        if stream:
            return await CompletionStream(self._asked).read(response)
        return parse_completion(self._asked, await response.read())

    def _body(self, request: ChatRequest, stream: bool) -> bytes:
        body: dict[str, object] = {
            "model": self.model,
            "messages": [
                {"role": "system", "content": request.system},
                {"role": "user", "content": request.user},
            ],
            "max_tokens": request.max_tokens,
            "temperature": request.temperature,
        }
        if stream:
            body |= {"stream": True, "stream_options": {"include_usage": True}}
        return orjson.dumps(body)

    def _reply(self, completion: Completion, started: float, sent: int) -> ChatReply:
        first, last = completion.first_content_at, completion.last_content_at
        return ChatReply(
            text=self._key.hide_in_answer(completion.text),
            model=self._key.hide_in_answer(completion.model) or self.model,
            latency_seconds=time.perf_counter() - started,
            first_token_seconds=None if first is None else first - started,
            prompt_tokens=completion.prompt_tokens,
            completion_tokens=completion.completion_tokens,
            attempts=sent,
            last_token_seconds=None if last is None else last - started,
            sent_at=started,
        )

    def _error(self, what: str, kind: ChatErrorKind) -> ChatError:
        return ChatError(what, kind=kind, where=self.url, next_step="check its /health and LLM_URL")


def _pause(sent: int) -> float:
    """Return how long to wait after so many attempts: random, so that many clients don't return at once.

    Full jitter of an exponential back-off (Brooker, "Exponential Backoff And Jitter", AWS, 2015). A loop of
    our own, for a retry library took 0.1 ms per request that needed none.
    """
    longest = min(LONGEST_PAUSE_SECONDS, FIRST_PAUSE_SECONDS * 2 ** (sent - 1))
    return random.uniform(0, longest)  # noqa: S311  # nosec B311


def _refuse_two_secrets(origin: str, key: ApiKey) -> None:
    if key.value and urlsplit(origin).username is not None:
        what = f"the address of the LLM API holds a password, and {key.variable} is set, too"
        raise UsageError(what, next_step="leave one of them out: a request carries one")


def origin_of(base_url: str) -> str:
    """Return the address without a path of the OpenAI API at its end.

    Raises:
        UsageError: It is no web address.
    """
    if not base_url.strip().startswith(("http://", "https://")):
        raise UsageError(f"{base_url!r} is not a web address", next_step="set LLM_URL to http://host:port")
    return base_url.strip().rstrip("/").removesuffix("/chat/completions").removesuffix("/v1").rstrip("/")
