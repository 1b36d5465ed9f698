"""One load dealt to several client processes, so that together they offer that very load."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from day23.application.ports import ChatRequest
from day23.domain.errors import UsageError
from day23.domain.load_schedule import Load


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about one sample.

    Attributes:
        beside: Whether it goes to the server beside the one that is measured.
        intended: Seconds from the start of the run to the intended send time; None in a closed loop.
    """

    sample_id: str
    request: ChatRequest
    intended: float | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Share:
    """What one client process asks, and how many requests it may have in flight."""

    questions: tuple[Question, ...]
    max_concurrency: int


def scheduled(questions: Sequence[Question], load: Load) -> tuple[Question, ...]:
    """Return the questions with the send times of an open loop; those of a closed loop have none."""
    if not load.open_loop:
        return tuple(questions)
    return tuple(
        replace(question, intended=offset)
        for question, offset in zip(questions, load.offsets(), strict=False)
    )


def deal(questions: Sequence[Question], max_concurrency: int, workers: int) -> tuple[Share, ...]:
    """Deal questions that are scheduled already, the same way every time.

    The slots for requests in flight are dealt in turn, then the questions to the slots, so that a worker
    with one slot more has more to ask. In sum the shares are the load itself: every question once, with its
    own send time, and `max_concurrency` in flight.

    Raises:
        UsageError: More workers than requests in flight.

    Example:
        >>> asked = [Question(name, ChatRequest("", "")) for name in "abcde"]
        >>> [[one.sample_id for one in share.questions] for share in deal(asked, 3, 2)]
        [['a', 'c', 'd'], ['b', 'e']]
    """
    if workers > max_concurrency:
        step = f"give --max-concurrency {workers} or more, or fewer workers"
        raise UsageError(f"{workers} workers cannot share {max_concurrency} in flight", next_step=step)
    return tuple(
        Share(
            questions=tuple(
                question
                for position, question in enumerate(questions)
                if position % max_concurrency % workers == worker
            ),
            max_concurrency=len(range(worker, max_concurrency, workers)),
        )
        for worker in range(workers)
    )
