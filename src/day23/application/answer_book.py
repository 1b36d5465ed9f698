"""Takes the answers of a run as they come: remembered, kept, counted and shown."""

from collections import Counter
from collections.abc import Callable

from day23.application.ports import Progress, ProgressState
from day23.domain.recorded_answer import RecordedAnswer


class AnswerBook:
    """The answers of one run, whoever asked for them.

    Args:
        failures_allowed: With more failures of one server than this the run is void.
        keep: Told every answer as soon as it is there, so that an interruption loses none.
        show: Told how many there are, and the sample of the last.
    """

    def __init__(
        self,
        failures_allowed: int,
        keep: Callable[[RecordedAnswer], None],
        show: Callable[[int, str], None] = lambda _done, _sample_id: None,
    ) -> None:
        self._failures_allowed = failures_allowed
        self._keep = keep
        self._show = show
        self._answers: dict[tuple[str, bool], RecordedAnswer] = {}
        self._failures = Counter[bool]()

    @property
    def answers(self) -> tuple[RecordedAnswer, ...]:
        """The answers in the order in which they came."""
        return tuple(self._answers.values())

    @property
    def is_void(self) -> bool:
        """Whether so many samples failed that nothing more need be asked."""
        return max(self._failures.values(), default=0) > self._failures_allowed

    def take(self, answer: RecordedAnswer) -> bool:
        """Take an answer; one that is here already counts once. Return whether to go on."""
        asked = (answer.sample_id, answer.beside)
        if asked not in self._answers:
            self._answers[asked] = answer
            self._failures[answer.beside] += answer.failed
            self._keep(answer)
            self._show(len(self._answers), answer.sample_id)
        return not self.is_void


def shown_by(progress: Progress, subject: str, total: int) -> Callable[[int, str], None]:
    """Return what tells a person how far the run is."""

    def show(done: int, sample_id: str) -> None:
        progress.report(subject, ProgressState.RUNNING, done=done, total=total, detail=sample_id)

    return show
