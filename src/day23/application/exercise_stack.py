"""Use case: send a stack some work, so that rates and latencies have something to show."""

import time
from collections.abc import Callable, Mapping

from day23.application.bootstrap_shared_infra import Probe, ask_all
from day23.application.ports import Progress, ProgressState
from day23.domain.bootstrap_report import StepStatus

_PAUSE_SECONDS = 1.0


class ExerciseStackUseCase:
    """Asks every service again and again.

    Args:
        probes: By name; each asks one service for something that its metrics count.
        pause: Waits; `time.sleep` unless a test brings another.
        timer: Monotonic seconds.
    """

    def __init__(
        self,
        probes: Mapping[str, Probe],
        progress: Progress,
        pause: Callable[[float], None] = time.sleep,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._probes = probes
        self._progress = progress
        self._pause = pause
        self._timer = timer

    def execute(self, seconds: float) -> tuple[StepStatus, ...]:
        """Ask for this long, at least once; return the last answer of each service."""
        began = self._timer()
        while True:
            answers = ask_all(self._probes)
            spent = self._timer() - began
            if spent >= seconds:
                self._progress.report("traffic", ProgressState.DONE)
                return answers
            self._progress.report("traffic", ProgressState.RUNNING, done=int(spent), total=int(seconds))
            self._pause(_PAUSE_SECONDS)
