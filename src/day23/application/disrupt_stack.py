"""Note what could be read to the last moment, then disrupt."""

from collections.abc import Callable

from day23.application.ports import Progress, ProgressState
from day23.application.restart_ports import Disruptor, RunStates, StackReader
from day23.domain.errors import ToolkitError
from day23.domain.restart.disruption import Disruption
from day23.domain.restart.run_state import RunState


class DisruptStack:
    """Marks the stop and does what no playbook does.

    Args:
        now: Unix seconds on a clock that is never set.
    """

    def __init__(
        self,
        reader: StackReader,
        disruptor: Disruptor,
        states: RunStates,
        progress: Progress,
        now: Callable[[], float],
    ) -> None:
        self._reader = reader
        self._disruptor = disruptor
        self._states = states
        self._progress = progress
        self._now = now

    def run(self) -> RunState:
        """Disrupt the stack that was recorded.

        Raises:
            ToolkitError: Nothing is recorded, or the disruption could not be done.
        """
        state = recorded_state(self._states)
        disruption = Disruption.parse(state.disruption)
        disruption.hits(service.name for service in self._states.recorded(state).services)
        state = about_to_stop(self._reader, state, self._now)
        self._states.save(state)
        self._progress.report(str(disruption), ProgressState.RUNNING)
        refusal = self._disruptor.disrupt(disruption)
        state = state.model_copy(update={"refusal": refusal})
        self._states.save(state)
        return state


def about_to_stop(reader: StackReader, state: RunState, now: Callable[[], float]) -> RunState:
    """Return the state with what could be read to the last moment, and that moment."""
    known = reader.heartbeats("heartbeats_before", now(), state.window_seconds)
    heartbeats = {key: sorted(moments) for key, moments in known.items()}
    return state.model_copy(update={"stopped": now(), "heartbeats": heartbeats})


def recorded_state(states: RunStates) -> RunState:
    """Return the validation under way.

    Raises:
        ToolkitError: None is.
    """
    state = states.load()
    if state is None:
        raise ToolkitError(
            "nothing is recorded for this stack", next_step="invoke day23.validate --phase record"
        )
    return state
