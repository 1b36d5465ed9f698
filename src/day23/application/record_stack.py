"""Record what must come back, under load."""

from collections.abc import Callable

from day23.application.disrupt_stack import about_to_stop
from day23.application.ports import Progress, ProgressState
from day23.application.restart_ports import RunStates, StackMarks, StackReader, Watcher
from day23.domain.errors import ToolkitError
from day23.domain.restart.disruption import DisruptionKind
from day23.domain.restart.run_state import RunState
from day23.domain.restart.watch_plan import LEDGERS

WARM_UP_SECONDS = 8.0
"""Longer than Alertmanager takes to write silences to disk (5 s)."""

WINDOW_SECONDS = 60.0
_SETTLE_SECONDS = 5.0
_ACKNOWLEDGED_WITHIN = 20.0
_NOTIFIED_WITHIN = 30.0
_SUBJECT = "record"


class RecordStack:
    """Leaves marks, lets the streams run for a while, and asks everything.

    Args:
        now: Unix seconds on a clock that is never set.
        sleep: Waits.
    """

    def __init__(
        self,
        reader: StackReader,
        marks: StackMarks,
        watcher: Watcher,
        states: RunStates,
        progress: Progress,
        now: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        self._reader = reader
        self._marks = marks
        self._watcher = watcher
        self._states = states
        self._progress = progress
        self._now = now
        self._sleep = sleep

    def run(self, state: RunState) -> RunState:
        """Record the stack; return the state of the validation.

        Raises:
            ToolkitError: A service does not answer: what does not run cannot be validated.
        """
        self._tell(ProgressState.RUNNING, "sending log lines and writes")
        self._watcher.start(state)
        try:
            return self._record(state)
        except BaseException:
            self._watcher.finish(state)
            self._marks.clear(self._states.load() or state)
            raise

    def _record(self, state: RunState) -> RunState:
        state = state.model_copy(update={"silence": self._marks.leave(state.run_id)})
        self._states.save(state)
        interval = max((target.interval_seconds for target in self._reader.targets()), default=0.0)
        self._sleep(WARM_UP_SECONDS)
        self._refuse_silence(state)
        self._await_notification(state)
        until = self._now() - max(_SETTLE_SECONDS, 2 * interval)
        window = {"window_until": until, "window_seconds": max(WINDOW_SECONDS, 8 * interval)}
        state = state.model_copy(update=window)
        snapshot = self._reader.snapshot("before", state)
        self._states.record(state, snapshot)
        self._states.save(state)
        if state.disruption == DisruptionKind.HOST:
            state = self._leave_alone(state)
        told = f"{len(snapshot.targets)} targets, {len(snapshot.rules)} rule groups"
        self._tell(ProgressState.DONE, told)
        return state

    def _leave_alone(self, state: RunState) -> RunState:
        """A host may boot at any time from now on, and takes the watcher with it."""
        self._watcher.finish(state)
        state = about_to_stop(self._reader, state, self._now)
        self._states.save(state)
        return state

    def _refuse_silence(self, state: RunState) -> None:
        """A watcher that does not send would be found out after the disruption only."""
        deadline = self._now() + _ACKNOWLEDGED_WITHIN
        while silent := [name for name in LEDGERS if not self._watcher.ledger(name, state).acknowledged]:
            if self._now() >= deadline:
                raise ToolkitError(
                    f"nothing was acknowledged in {WARM_UP_SECONDS + _ACKNOWLEDGED_WITHIN:.0f} s: "
                    f"{', '.join(silent)}",
                    where=str(state.folder / "watch.log"),
                    next_step="make day-23-status",
                )
            self._sleep(1.0)

    def _await_notification(self, state: RunState) -> None:
        """The alert must have been notified before the stop, or its second notification proves nothing."""
        deadline = self._now() + _NOTIFIED_WITHIN
        while not self._reader.notifications(state.run_id, state.started - 60, self._now() + 60):
            if self._now() >= deadline:
                raise ToolkitError(
                    "no notification of the validation's alert has come through",
                    where="Alertmanager, Butler sidecar, collector, Loki",
                    next_step="make day-23-up, so that Alertmanager has its present routes; record again",
                )
            self._sleep(1.0)

    def _tell(self, state: ProgressState, detail: str) -> None:
        self._progress.report(_SUBJECT, state, detail=detail)
