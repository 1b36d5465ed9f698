"""What a restart validation needs from the outside world."""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from day23.domain.restart.disruption import Disruption
from day23.domain.restart.run_state import RunState
from day23.domain.restart.samples import Sample
from day23.domain.restart.snapshot import Snapshot, Target
from day23.domain.restart.timeline import ServiceTimes


class StackReader(Protocol):
    """Asks the stack; every raw answer becomes evidence. All methods raise ToolkitError without an answer."""

    def snapshot(self, name: str, state: RunState) -> Snapshot:
        """Return what the stack answers now, and what the fixed window of the run holds."""
        ...

    def targets(self) -> Sequence[Target]:
        """Return the active scrape targets."""
        ...

    def heartbeats(self, name: str, until: float, span: float) -> Mapping[str, set[float]]:
        """Return when each target was scraped in the `span` seconds before `until`."""
        ...

    def up(self, until: float, span: float) -> Mapping[str, Sequence[Sample]]:
        """Return the raw samples of `up` by target key."""
        ...

    def watchdog_at(self) -> float | None:
        """Return when the Watchdog last reached its receiver; None when it never did or nobody knows."""
        ...

    def notifications(self, run_id: str, since: float, until: float) -> Sequence[Mapping[str, Any]]:
        """Return the notifications about alerts of this run."""
        ...

    def stored_lines(self, path: str, state: RunState, until: float) -> Sequence[int]:
        """Return the sequence numbers of one path's canary lines, as often as each is stored."""
        ...

    def stored_writes(self, run_id: str) -> Sequence[int]:
        """Return the sequence numbers of the run's documents, as often as each is stored."""
        ...

    def log_times(self, since: float, until: float) -> Mapping[str, Sequence[float]]:
        """Return when each service wrote its log lines inside the window, in the order of time."""
        ...


class StackMarks(Protocol):
    """What the validation leaves in the stack to find again: a document, a silence, alerts."""

    def leave(self, run_id: str) -> str:
        """Write the sentinel, silence one alert, fire both; return the silence's id."""
        ...

    def fire_again(self, run_id: str) -> None:
        """Post both alerts again, as Prometheus does while a rule holds."""
        ...

    def clear(self, state: RunState) -> None:
        """Take everything back."""
        ...


class Ledger(Protocol):
    """What one stream noted."""

    sent: list[int]
    acknowledged: list[int]
    moments: list[float]


class Watcher(Protocol):
    """The poller and the streams outside the stack."""

    def start(self, state: RunState) -> None:
        """Begin to look and to send."""
        ...

    def finish(self, state: RunState) -> None:
        """Send no more; return when what was noted is on its way or given up."""
        ...

    def times(self, state: RunState) -> Mapping[str, ServiceTimes]:
        """Return when each service went down and came back since the stop."""
        ...

    def ledger(self, name: str, state: RunState) -> Ledger:
        """Return what one stream noted so far."""
        ...


class Disruptor(Protocol):
    """Does to the stack what its playbooks do not."""

    def disrupt(self, disruption: Disruption) -> str:
        """Do it; return what a service said against a broken configuration, else nothing.

        Raises:
            ToolkitError: It could not be done.
        """
        ...


class RunStates(Protocol):
    """The validation under way of one stack."""

    def save(self, state: RunState) -> None:
        """Remember it durably."""
        ...

    def load(self) -> RunState | None:
        """Return it, or None when none is under way."""
        ...

    def record(self, state: RunState, snapshot: Snapshot) -> None:
        """Keep the record of what must come back, also where the stack's own tests read it."""
        ...

    def recorded(self, state: RunState) -> Snapshot:
        """Return that record."""
        ...
