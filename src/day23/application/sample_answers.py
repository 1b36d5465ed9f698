"""Asking the model for every sample, in a closed or an open loop: each one timed, errors kept as data."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence

from day23.application.ports import ChatModel, ChatReply, ChatRequest, Progress, ProgressState
from day23.domain.benchmark_sample import BenchmarkSample
from day23.domain.chat_error import ChatError
from day23.domain.load_schedule import Load
from day23.domain.recorded_answer import RecordedAnswer
from day23.domain.sample_times import SampleTimes

MakeRequest = Callable[[BenchmarkSample], ChatRequest]


class SampleAnswers:
    """Sends samples to the model, streamed, so that the time to first token is known.

    Args:
        model: The endpoint.
        make_request: What to ask about a sample.
        progress: Told about every answer.
        load: When requests are sent.
        failures_allowed: With more failures than this the run is void, and nothing more is asked.
        keep: Told every answer as soon as it is there, so that an interruption loses none.
    """

    def __init__(
        self,
        model: ChatModel,
        make_request: MakeRequest,
        progress: Progress,
        *,
        load: Load,
        failures_allowed: int,
        keep: Callable[[RecordedAnswer], None] = lambda _answer: None,
    ) -> None:
        self._model = model
        self._make_request = make_request
        self._progress = progress
        self._load = load
        self._failures_allowed = failures_allowed
        self._keep = keep
        self._answers: list[RecordedAnswer] = []
        self._failures = 0
        self._begin = 0.0
        self._subject = ""
        self._total = 0

    async def warm_up(self, samples: Sequence[BenchmarkSample]) -> None:
        """Ask about samples one by one and forget the answers; the first failure ends it."""
        for sample in samples:
            try:
                await self._model.complete(self._make_request(sample), stream=True)
            except ChatError:
                return

    async def ask(self, subject: str, samples: Sequence[BenchmarkSample]) -> list[RecordedAnswer]:
        """Return the answers in the order in which they came."""
        self._subject, self._total, self._begin = subject, len(samples), time.perf_counter()
        async with asyncio.TaskGroup() as group:
            if self._load.open_loop:
                await self._send_by_the_clock(group, samples)
            else:
                self._send_in_turns(group, samples)
        return self._answers

    async def _send_by_the_clock(self, group: asyncio.TaskGroup, samples: Sequence[BenchmarkSample]) -> None:
        for sample, offset in zip(samples, self._load.offsets(), strict=False):
            await asyncio.sleep(max(0.0, offset - self._elapsed()))
            if self._is_void:
                return
            group.create_task(self._answer(sample, offset))

    def _send_in_turns(self, group: asyncio.TaskGroup, samples: Sequence[BenchmarkSample]) -> None:
        waiting = iter(samples)
        for _ in range(min(self._load.max_concurrency, len(samples))):
            group.create_task(self._take_turns(waiting))

    async def _take_turns(self, waiting: Iterator[BenchmarkSample]) -> None:
        for sample in waiting:
            await self._answer(sample, self._elapsed())
            if self._is_void:
                return

    @property
    def _is_void(self) -> bool:
        return self._failures > self._failures_allowed

    def _elapsed(self) -> float:
        return time.perf_counter() - self._begin

    async def _answer(self, sample: BenchmarkSample, intended: float) -> None:
        released = self._elapsed()
        try:
            reply = await self._model.complete(self._make_request(sample), stream=True)
            answer = RecordedAnswer(
                sample_id=sample.sample_id,
                text=reply.text,
                model=reply.model,
                times=self._times(reply, intended, released),
                attempts=reply.attempts,
            )
        except ChatError as error:
            answer = RecordedAnswer(
                sample_id=sample.sample_id,
                error_kind=error.label,
                error=error.what,
                attempts=error.attempts,
            )
        self._record(answer)

    def _record(self, answer: RecordedAnswer) -> None:
        self._answers.append(answer)
        self._failures += answer.failed
        self._keep(answer)
        self._progress.report(
            self._subject,
            ProgressState.RUNNING,
            done=len(self._answers),
            total=self._total,
            detail=answer.sample_id,
        )

    def _times(self, reply: ChatReply, intended: float, released: float) -> SampleTimes:
        sent = released if reply.sent_at is None else reply.sent_at - self._begin
        first, last = reply.first_token_seconds, reply.last_token_seconds
        return SampleTimes(
            intended=intended,
            released=released,
            sent=sent,
            first_token=None if first is None else sent + first,
            last_token=None if last is None else sent + last,
            finished=sent + reply.latency_seconds,
            attempts=reply.attempts,
            prompt_tokens=reply.prompt_tokens,
            completion_tokens=reply.completion_tokens,
        )
