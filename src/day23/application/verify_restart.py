"""Wait for what was recorded to come back, ask everything again, and judge."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from day23.application.disrupt_stack import recorded_state
from day23.application.ports import Progress, ProgressState
from day23.application.record_stack import WARM_UP_SECONDS
from day23.application.restart_evidence import collect
from day23.application.restart_ports import RunStates, StackMarks, StackReader, Watcher
from day23.domain.errors import ToolkitError
from day23.domain.restart.disruption import Disruption, DisruptionKind
from day23.domain.restart.evidence import Evidence
from day23.domain.restart.run_state import RunState
from day23.domain.restart.samples import CONSECUTIVE, longest_run
from day23.domain.restart.snapshot import Snapshot
from day23.domain.restart.timeline import ServiceTimes
from day23.domain.restart.watch_plan import FILE, PUSH

_LOOK_SECONDS = 0.5
_NOTICED_WITHIN = 5.0
"""A disruption is over when verifying begins: what is not seen down by then is not waited for."""

_SUBJECT = "verify"


@dataclass(frozen=True, slots=True)
class Patience:
    """How long to wait for what does not come.

    Attributes:
        ready: Seconds until every service that was hit is ready again.
        resumed: Seconds after that until samples and the Watchdog came through.
        lines: Seconds until every canary line can be read.
    """

    ready: float = 60.0
    resumed: float = 180.0
    lines: float = 20.0


class VerifyRestart:
    """Judges the validation that is under way.

    Args:
        use_services: Asks every service for something that its metrics count: a program that was just started
            shows a labelled series only once it has been used.
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
        use_services: Callable[[], None],
        now: Callable[[], float],
        sleep: Callable[[float], None],
        patience: Patience,
    ) -> None:
        self._reader = reader
        self._marks = marks
        self._watcher = watcher
        self._states = states
        self._progress = progress
        self._use_services = use_services
        self._now = now
        self._sleep = sleep
        self._patience = patience

    def run(self) -> Evidence:
        """Return the evidence of the validation that is under way.

        Raises:
            ToolkitError: Nothing is recorded, or a service that all others are asked through is not there.
        """
        state = recorded_state(self._states)
        before = self._states.recorded(state)
        if Disruption.parse(state.disruption).kind is DisruptionKind.HOST:
            self._watcher.start(state)
            self._sleep(WARM_UP_SECONDS)
        times = self._await_services(state, before)
        self._progress.report(_SUBJECT, ProgressState.RUNNING, detail="waiting for samples and the Watchdog")
        self._fire_again(state)
        self._use_services()
        ready = max((one.ready for one in times.values() if one.ready), default=state.stopped or 0.0)
        self._until(lambda: self._has_resumed(before, ready), self._patience.resumed)
        self._watcher.finish(state)
        self._until(lambda: self._lines_arrived(state), self._patience.lines)
        self._await_scrapes(before)
        evidence = collect(self._reader, self._watcher, state, before, self._now())
        self._marks.clear(state)
        self._progress.report(_SUBJECT, ProgressState.DONE)
        return evidence

    def _await_services(self, state: RunState, before: Snapshot) -> Mapping[str, ServiceTimes]:
        hit = Disruption.parse(state.disruption).hits(service.name for service in before.services)
        self._progress.report(_SUBJECT, ProgressState.RUNNING, detail="waiting for the services")

        noticed_by = self._now() + _NOTICED_WITHIN

        def all_back() -> bool:
            times = self._watcher.times(state)
            gone = [times[name] for name in hit if name in times]
            is_noticed = len(gone) == len(hit) or self._now() >= noticed_by
            return is_noticed and all(one.ready for one in gone)

        self._until(all_back, self._patience.ready)
        return self._watcher.times(state)

    def _fire_again(self, state: RunState) -> None:
        try:
            self._marks.fire_again(state.run_id)
        except ToolkitError as error:
            self._progress.report("alertmanager", ProgressState.FAILED, detail=error.what)

    def _has_resumed(self, before: Snapshot, ready: float) -> bool:
        try:
            watchdog = self._reader.watchdog_at()
            good = self._good_samples(since=ready)
        except ToolkitError:
            return False
        runs = [longest_run(good.get(each.key, []), each.interval_seconds) for each in before.targets]
        return all(run >= CONSECUTIVE for run in runs) and watchdog is not None and watchdog > ready

    def _await_scrapes(self, before: Snapshot) -> None:
        """Series count what was asked so far, of Loki the canary lines, only after one more scrape."""
        used = self._now()
        patience = 2 * max((each.interval_seconds for each in before.targets), default=0.0)

        def all_scraped() -> bool:
            try:
                good = self._good_samples(since=used)
            except ToolkitError:
                return False
            return all(good.get(each.key) for each in before.targets)

        self._until(all_scraped, patience)

    def _good_samples(self, since: float) -> Mapping[str, list[float]]:
        now = self._now()
        samples = self._reader.up(now, now - since + 1)
        return {
            key: [moment for moment, up in found if up == 1 and moment > since]
            for key, found in samples.items()
        }

    def _lines_arrived(self, state: RunState) -> bool:
        try:
            return all(self._has_lines(path, state) for path in (FILE, PUSH))
        except ToolkitError:
            return False

    def _has_lines(self, path: str, state: RunState) -> bool:
        stored = self._reader.stored_lines(path, state, self._now() + 60)
        return set(self._watcher.ledger(path, state).acknowledged) <= set(stored)

    def _until(self, condition: Callable[[], bool], within: float) -> None:
        deadline = self._now() + within
        while not condition() and self._now() < deadline:
            self._sleep(_LOOK_SECONDS)
