"""What one client process of a crew is told to do, and the doing of it."""

import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass

from pydantic import ConfigDict, TypeAdapter

from day23.application.answer_book import AnswerBook
from day23.application.load_shares import Share
from day23.application.sample_answers import SampleAnswers
from day23.domain.recorded_answer import RecordedAnswer
from day23.infrastructure.llm.api_key import NO_KEY, ApiKey
from day23.infrastructure.llm.calibration import loopback_stub
from day23.infrastructure.llm.chat_client import OpenAIChatModel


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whom the workers ask.

    Attributes:
        url: `http://host:port`; empty for a stub of each worker's own.
        key: What it asks its callers for.
    """

    url: str
    model: str
    timeout_seconds: float
    key: ApiKey = NO_KEY


STUB = Endpoint("", "stub", 10.0)


@dataclass(frozen=True, slots=True)
class WorkerTask:
    """One worker's part of a run; travels as JSON.

    Attributes:
        __pydantic_config__: Keeps JSON that cannot be read, and the key in it, out of the error.
    """

    __pydantic_config__ = ConfigDict(hide_input_in_errors=True)

    endpoint: Endpoint
    share: Share
    failures_allowed: int


TASK = TypeAdapter(WorkerTask)


async def perform(
    task: WorkerTask, begin: Callable[[], Awaitable[float]], tell: Callable[[RecordedAnswer], None]
) -> None:
    """Ask the share.

    Args:
        begin: Awaited when everything is ready; returns the start of the run by `time.perf_counter`.
        tell: Told every answer.
    """
    async with AsyncExitStack() as resources:
        url = task.endpoint.url or await resources.enter_async_context(loopback_stub())
        client = OpenAIChatModel(
            url,
            task.endpoint.model,
            timeout_seconds=task.endpoint.timeout_seconds,
            max_concurrency=task.share.max_concurrency,
            key=task.endpoint.key,
        )
        model = await resources.enter_async_context(client)
        book = AnswerBook(task.failures_allowed, tell)
        await SampleAnswers(model, book).ask(task.share, await begin())


def begin_at(wall_clock: float) -> float:
    """Return the moment of a wall clock by this host's `time.perf_counter`."""
    return time.perf_counter() + wall_clock - time.time()
