"""Asking the model for every sample, in a closed or an open loop: each one timed, errors kept as data."""

import asyncio
import time
from collections.abc import Iterator, Sequence

from day23.application.answer_book import AnswerBook
from day23.application.load_shares import Question, Share
from day23.application.ports import ChatModel, ChatReply
from day23.domain.chat_error import ChatError
from day23.domain.recorded_answer import RecordedAnswer
from day23.domain.sample_times import SampleTimes


class SampleAnswers:
    """Asks questions about samples, streamed, so that the time to first token is known.

    Args:
        model: The endpoint.
        book: Takes every answer; when it is void, nothing more is asked.
        beside: The endpoint of the questions that are for the server beside.
    """

    def __init__(self, model: ChatModel, book: AnswerBook, beside: ChatModel | None = None) -> None:
        self._model = model
        self._book = book
        self._beside = beside or model
        self._begin = 0.0

    async def warm_up(self, questions: Sequence[Question]) -> None:
        """Ask one by one and forget the answers; the first failure ends it.

        Raises:
            ChatError: The server refuses us, as it would all that follows.
        """
        for question in questions:
            try:
                await self._asked(question).complete(question.request, stream=True)
            except ChatError as error:
                if error.refuses_caller:
                    raise
                return

    async def ask(self, share: Share, begin: float | None = None) -> None:
        """Ask everything, by the clock where the questions have send times, else in turns.

        Args:
            begin: The start of the run by `time.perf_counter`, which every process of a host shares; None
                starts now.
        """
        self._begin = time.perf_counter() if begin is None else begin
        await asyncio.sleep(max(0.0, -self._elapsed()))
        async with asyncio.TaskGroup() as group:
            if any(question.intended is not None for question in share.questions):
                await self._send_by_the_clock(group, share.questions)
            else:
                self._send_in_turns(group, share)

    async def _send_by_the_clock(self, group: asyncio.TaskGroup, questions: Sequence[Question]) -> None:
        for question in questions:
            offset = question.intended or 0.0
            await asyncio.sleep(max(0.0, offset - self._elapsed()))
            if self._book.is_void:
                return
            group.create_task(self._answer(question, offset))

    def _send_in_turns(self, group: asyncio.TaskGroup, share: Share) -> None:
        waiting = iter(share.questions)
        for _ in range(min(share.max_concurrency, len(share.questions))):
            group.create_task(self._take_turns(waiting))

    async def _take_turns(self, waiting: Iterator[Question]) -> None:
        for question in waiting:
            await self._answer(question, self._elapsed())
            if self._book.is_void:
                return

    def _elapsed(self) -> float:
        return time.perf_counter() - self._begin

    async def _answer(self, question: Question, intended: float) -> None:
        released = self._elapsed()
        try:
            reply = await self._asked(question).complete(question.request, stream=True)
            answer = RecordedAnswer(
                sample_id=question.sample_id,
                beside=question.beside,
                text=reply.text,
                model=reply.model,
                times=self._times(reply, intended, released),
                attempts=reply.attempts,
            )
        except ChatError as error:
            answer = RecordedAnswer(
                sample_id=question.sample_id,
                beside=question.beside,
                error_kind=error.label,
                error=error.what,
                attempts=error.attempts,
            )
        self._book.take(answer)

    def _asked(self, question: Question) -> ChatModel:
        return self._beside if question.beside else self._model

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
