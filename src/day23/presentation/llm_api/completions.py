"""`POST /v1/chat/completions`: checks the request, summarises off the event loop, answers or streams."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

from aiohttp import web
from pydantic import ValidationError

from day23.domain.extractive_model import answer
from day23.domain.token_count import count_tokens
from day23.presentation.llm_api.api_error import ApiError
from day23.presentation.llm_api.chat_answer import ChatAnswer, request_digest
from day23.presentation.llm_api.chat_request import ChatCompletionRequest
from day23.presentation.llm_api.options import LlmApiOptions
from day23.wiring.runtime_telemetry import RuntimeTelemetry


class Completions:
    """Answers chat completions with a few threads, so that the event loop stays free for the rest.

    Args:
        options: Names and limits.
        telemetry: Told the time, tokens and outcome of each completion, never its text.
    """

    def __init__(self, options: LlmApiOptions, telemetry: RuntimeTelemetry) -> None:
        self._options = options
        self._telemetry = telemetry
        self._threads = ThreadPoolExecutor(options.workers, thread_name_prefix="summarise")
        self._pending = 0

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one request.

        Raises:
            ApiError: The request is wrong, the server is full, or the completion took too long.
        """
        body = await request.read()
        chat = self._parsed(body)
        started = time.perf_counter()
        completion = await self._completed(chat, request_digest(body))
        self._record(completion, time.perf_counter() - started, streamed=chat.stream)
        if not chat.stream:
            return web.Response(body=completion.body(), content_type="application/json")
        return await _streamed(request, completion, include_usage=chat.stream_options.include_usage)

    def close(self) -> None:
        """Let the threads go; what waits is dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _parsed(self, body: bytes) -> ChatCompletionRequest:
        try:
            chat = ChatCompletionRequest.model_validate_json(body)
        except ValidationError as error:
            raise ApiError.from_validation(error) from None
        if not self._options.knows(chat.model):
            raise ApiError.unknown_model(chat.model, self._options.model)
        if not chat.source.strip():
            raise ApiError.invalid("no message of role user has any text", "messages")
        return chat

    async def _completed(self, chat: ChatCompletionRequest, digest: str) -> ChatAnswer:
        if self._pending >= self._options.max_pending:
            raise ApiError.overloaded(self._pending)
        self._pending += 1
        try:
            work = asyncio.get_running_loop().run_in_executor(self._threads, self._answer, chat, digest)
            return await asyncio.wait_for(work, self._options.request_timeout_seconds)
        except TimeoutError:
            raise ApiError.timed_out(self._options.request_timeout_seconds) from None
        finally:
            self._pending -= 1

    def _answer(self, chat: ChatCompletionRequest, digest: str) -> ChatAnswer:
        said = answer(chat.source, chat.token_limit)
        return ChatAnswer(
            text=said.text,
            model=self._options.model,
            prompt_tokens=count_tokens(chat.prompt),
            completion_tokens=count_tokens(said.text),
            cut=said.cut,
            digest=digest,
        )

    def _record(self, completion: ChatAnswer, seconds: float, *, streamed: bool) -> None:
        name, measure = self._options.model, self._telemetry.measure
        measure("llm_inference_latency_seconds", seconds, model_name=name)
        measure("llm_tokens_total", completion.prompt_tokens, model_name=name, direction="prompt")
        measure("llm_tokens_total", completion.completion_tokens, model_name=name, direction="completion")
        self._telemetry.log(
            "info",
            "completion",
            model_name=name,
            streamed=streamed,
            prompt_size=completion.prompt_tokens,
            completion_size=completion.completion_tokens,
            finish_reason=completion.finish_reason,
            seconds=round(seconds, 6),
        )


async def _streamed(
    request: web.Request, completion: ChatAnswer, *, include_usage: bool
) -> web.StreamResponse:
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}
    )
    await response.prepare(request)
    for event in completion.events(include_usage=include_usage):
        await response.write(event)
    await response.write_eof()
    return response
