"""Asking the model for every sample: a few at a time, each one timed, errors kept as data."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from day23.application.ports import ChatModel, ChatReply, ChatRequest, Progress, ProgressState
from day23.domain.benchmark_sample import BenchmarkSample
from day23.domain.chat_error import ChatError

MakeRequest = Callable[[BenchmarkSample], ChatRequest]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of one sample: the reply, or the error that stands in its place."""

    sample: BenchmarkSample
    outcome: ChatReply | ChatError

    @property
    def attempts(self) -> int:
        """How many requests it took."""
        return self.outcome.attempts

    @property
    def failed(self) -> bool:
        """Whether there is no reply."""
        return isinstance(self.outcome, ChatError)


class SampleAnswers:
    """Sends samples to the model, streamed, so that the time to first token is known.

    Args:
        model: The endpoint.
        make_request: What to ask about a sample.
        progress: Told about every answer.
        max_concurrency: Requests in flight at once.
        failures_allowed: With more failures than this the run is void, and nothing more is asked.
    """

    def __init__(
        self,
        model: ChatModel,
        make_request: MakeRequest,
        progress: Progress,
        *,
        max_concurrency: int,
        failures_allowed: int,
    ) -> None:
        self._model = model
        self._make_request = make_request
        self._progress = progress
        self._max_concurrency = max_concurrency
        self._failures_allowed = failures_allowed
        self._answers: list[Answer] = []
        self._failures = 0

    async def ask(self, subject: str, samples: Sequence[BenchmarkSample]) -> list[Answer]:
        """Return the answers in the order of the samples."""
        waiting = iter(samples)
        async with asyncio.TaskGroup() as group:
            for _ in range(min(self._max_concurrency, len(samples))):
                group.create_task(self._work(subject, waiting, len(samples)))
        return sorted(self._answers, key=lambda answer: answer.sample.line)

    async def _work(self, subject: str, waiting: Iterator[BenchmarkSample], total: int) -> None:
        for sample in waiting:
            answer = await self._answer(sample)
            self._answers.append(answer)
            self._failures += answer.failed
            self._progress.report(
                subject, ProgressState.RUNNING, done=len(self._answers), total=total, detail=sample.sample_id
            )
            if self._failures > self._failures_allowed:
                return

    async def _answer(self, sample: BenchmarkSample) -> Answer:
        try:
            return Answer(sample, await self._model.complete(self._make_request(sample), stream=True))
        except ChatError as error:
            return Answer(sample, error)
