"""Having a crew of client processes ask: shares dealt, answers merged one by one, the lost ones named."""

from collections.abc import Mapping, Sequence

from day23.application.answer_book import AnswerBook
from day23.application.load_shares import Question, Share, deal
from day23.application.ports import ChatRequest
from day23.application.worker_ports import Crew
from day23.domain.chat_error import ChatErrorKind
from day23.domain.errors import ToolkitError
from day23.domain.load_schedule import Load
from day23.domain.percentile import nearest_rank
from day23.domain.recorded_answer import RecordedAnswer
from day23.domain.run_validity import Calibration
from day23.domain.sample_times import SampleTimes
from day23.domain.statistics.percentile_interval import percentile_interval

REQUESTS = 300
"""For the overhead, one at a time in each worker; as for one process."""

RATE_REQUESTS = 400
"""For the rate, of each worker: enough that a start some milliseconds apart does not show."""


async def spread(
    crew: Crew, questions: Sequence[Question], load: Load, book: AnswerBook, failures_allowed: int
) -> None:
    """Have the crew ask; what a lost worker leaves unanswered enters the book as an error of its kind."""
    shares = deal(questions, load.max_concurrency, crew.members.count)
    lost = await crew.ask(shares, failures_allowed, book.take)
    for answer in _lost(shares, lost):
        book.take(answer)


def _lost(shares: Sequence[Share], lost: Mapping[int, str]) -> list[RecordedAnswer]:
    return [
        RecordedAnswer(sample_id=question.sample_id, error_kind=ChatErrorKind.WORKER_LOST, error=reason)
        for worker, reason in lost.items()
        for question in shares[worker].questions
    ]


async def calibrate_crew(crew: Crew, request: ChatRequest, max_concurrency: int) -> Calibration:
    """Return what the workers achieve together, each against a stub on its own loopback, all at once.

    The rate includes what it takes to bring the answers together.

    Args:
        request: A request as the run will send it.
        max_concurrency: Requests in flight for the rate, in sum.

    Raises:
        ToolkitError: A worker did not answer all of it.
    """
    workers = crew.members.count
    alone = await _answers(crew, deal(_same(request, REQUESTS + workers), workers, workers))
    many = max(RATE_REQUESTS * workers, 4 * max_concurrency)
    together = await _answers(crew, deal(_same(request, many), max_concurrency, workers))
    # The first answers pay for the connections.
    seconds = [one.service for one in alone[workers:]]
    span = together[-1].finished - together[max_concurrency - 1].finished
    return Calibration(
        overhead_seconds=nearest_rank(seconds, 50),
        overhead_interval=percentile_interval(seconds, 50),
        maximum_rate=(len(together) - max_concurrency) / span,
        max_concurrency=max_concurrency,
        requests=len(seconds),
    )


def _same(request: ChatRequest, count: int) -> tuple[Question, ...]:
    return tuple(Question(str(number), request) for number in range(count))


async def _answers(crew: Crew, shares: Sequence[Share]) -> list[SampleTimes]:
    """Return the times of all answers of the stubs, by the moment they were there."""
    book = AnswerBook(0, lambda _answer: None)
    for reason in (await crew.ask(shares, 0, book.take, stub=True)).values():
        raise ToolkitError(f"the client was not measured: {reason}", next_step="try again")
    times = [answer.times for answer in book.answers if answer.times]
    if len(times) < sum(len(share.questions) for share in shares):
        raise ToolkitError("the calibration stub did not answer everything", next_step="try again")
    return sorted(times, key=lambda one: one.finished)
