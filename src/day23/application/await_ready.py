"""Wait until every service of the stack serves, all at the same time."""

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import dataclass
from threading import Event

from day23.application.ports import Progress, ProgressState, ServiceEngine
from day23.application.service_ports import ProbeMaker, ServiceRecords
from day23.domain.errors import ToolkitError
from day23.domain.observed_service import Observed, ServiceState
from day23.domain.service_record import ServiceRecord
from day23.domain.service_spec import Ready

_POLL_SECONDS = 0.05
_OBSERVE_SECONDS = 0.5
_SHOWN_LINES = 8


@dataclass(frozen=True, slots=True)
class Readiness:
    """What became of the wait for one service.

    Attributes:
        seconds: How long it took, from the start of the wait.
        complaint: Why the service is not ready; None when it is.
    """

    name: str
    seconds: float
    complaint: str | None = None


class AwaitReady:
    """Probes every applied service until it is ready, gave up, or its time is over."""

    def __init__(
        self, engine: ServiceEngine, records: ServiceRecords, make_probe: ProbeMaker, progress: Progress
    ) -> None:
        self._engine = engine
        self._records = records
        self._make_probe = make_probe
        self._progress = progress

    def run(self, *, within: float | None = None, only: Sequence[str] = ()) -> tuple[Readiness, ...]:
        """Wait and return how long each service took, by name.

        Args:
            within: Seconds for every service; None takes what each service's role says.
            only: Names of the services to wait for; empty means all.

        Raises:
            ToolkitError: Names each service that is not ready, its state and its last words.
        """
        outcomes = self._wait_for_all(self._selected(only), within)
        observed = self._engine.observe()
        judged = tuple(_judged(outcome, observed.get(outcome.name)) for outcome in outcomes)
        late = [outcome for outcome in judged if outcome.complaint is not None]
        if late:
            raise self._not_ready(late, observed)
        return judged

    def _selected(self, only: Sequence[str]) -> list[tuple[ServiceRecord, Ready]]:
        return [
            (record, record.ready)
            for record in self._records.load_all()
            if record.state == "applied" and record.ready and (not only or record.name in only)
        ]

    def _wait_for_all(
        self, records: Sequence[tuple[ServiceRecord, Ready]], within: float | None
    ) -> list[Readiness]:
        if not records:
            return []
        given_up = {record.name: Event() for record, _ in records}
        with ThreadPoolExecutor(len(records)) as threads:
            futures = [
                threads.submit(
                    self._wait_for,
                    record,
                    ready,
                    ready.within if within is None else within,
                    given_up[record.name],
                )
                for record, ready in records
            ]
            try:
                self._watch(futures, given_up)
            except BaseException:
                _set_all(given_up)
                raise
        return [future.result() for future in futures]

    def _watch(self, futures: Sequence[Future[Readiness]], given_up: Mapping[str, Event]) -> None:
        while wait(futures, timeout=_OBSERVE_SECONDS).not_done:
            for name, observed in self._engine.observe().items():
                if observed.state is ServiceState.FAILED and name in given_up:
                    given_up[name].set()

    def _wait_for(self, record: ServiceRecord, ready: Ready, within: float, given_up: Event) -> Readiness:
        started = time.monotonic()
        with closing(self._make_probe(ready, record.endpoints)) as probe:
            complaint = probe.complaint()
            if complaint is not None:
                self._progress.report(record.name, ProgressState.STARTING)
            while complaint is not None and time.monotonic() < started + within:
                if given_up.wait(_POLL_SECONDS):
                    break
                complaint = probe.complaint()
        outcome = Readiness(record.name, time.monotonic() - started, complaint)
        self._tell(outcome)
        return outcome

    def _tell(self, outcome: Readiness) -> None:
        if outcome.complaint is None:
            self._progress.report(
                outcome.name, ProgressState.READY, detail=f"ready in {outcome.seconds:.1f} s"
            )
        else:
            self._progress.report(outcome.name, ProgressState.FAILED, detail=outcome.complaint)

    def _not_ready(self, late: Sequence[Readiness], observed: Mapping[str, Observed]) -> ToolkitError:
        stories = [self._story(outcome, observed.get(outcome.name)) for outcome in late]
        names = ", ".join(outcome.name for outcome in late)
        return ToolkitError(
            f"not ready: {names}\n" + "\n".join(stories),
            next_step=f"invoke day23.logs {late[0].name}",
        )

    def _story(self, outcome: Readiness, observed: Observed | None) -> str:
        state = observed.state.value if observed else "unknown to the engine"
        detail = f" ({observed.detail})" if observed and observed.detail else ""
        lines = self._engine.logs(outcome.name, _SHOWN_LINES) or ["(it wrote nothing)"]
        head = f"{outcome.name} is {state}{detail} after {outcome.seconds:.0f} s: {outcome.complaint}"
        return "\n".join([head, *(f"  {line}" for line in lines)])


def _judged(outcome: Readiness, observed: Observed | None) -> Readiness:
    """A probe that is answered proves nothing when the service itself does not run."""
    if outcome.complaint is None and (observed is None or not observed.state.is_alive):
        return Readiness(outcome.name, outcome.seconds, "another program answers on its port")
    return outcome


def _set_all(events: Mapping[str, Event]) -> None:
    for event in events.values():
        event.set()
