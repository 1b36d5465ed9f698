"""Wiring of the restart validation: record, disrupt, verify, report."""

import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path

from day23.application.bootstrap_shared_infra import ask_all
from day23.application.disrupt_stack import DisruptStack, recorded_state
from day23.application.ports import Progress, ServiceEngine
from day23.application.record_stack import RecordStack
from day23.application.restart_ports import Ledger
from day23.application.verify_restart import Patience, VerifyRestart
from day23.domain.errors import ToolkitError
from day23.domain.restart.disruption import DisruptionKind
from day23.domain.restart.run_state import RunState
from day23.domain.restart.timeline import ServiceTimes
from day23.domain.restart.watch_plan import WatchPlan
from day23.domain.stack_context import StackContext
from day23.infrastructure.engines import engine_for
from day23.infrastructure.progress import NoProgress
from day23.infrastructure.restart.alert_desk import AlertDesk
from day23.infrastructure.restart.answers import Answers
from day23.infrastructure.restart.disruptors import EngineDisruptor
from day23.infrastructure.restart.grafana_reader import GrafanaReader
from day23.infrastructure.restart.ledger_file import LedgerContent, entries
from day23.infrastructure.restart.loki_reader import LokiReader
from day23.infrastructure.restart.looks import service_times
from day23.infrastructure.restart.mongo_reader import MongoReader
from day23.infrastructure.restart.prometheus_reader import PrometheusReader
from day23.infrastructure.restart.run_files import RunFiles
from day23.infrastructure.restart.stack_reader import Desks, LiveStackReader
from day23.infrastructure.secret_store import SecretStore
from day23.infrastructure.stack_records import StackRecords
from day23.settings import Settings
from day23.wiring.connections import loki_url, mongo_client, prometheus_url, service_address
from day23.wiring.dashboards import FOLDER, committed_dashboards, dashboard_reading
from day23.wiring.progress import event_progress
from day23.wiring.restart_watch import moment_of, start_watcher
from day23.wiring.smoke import smoke_probes

RATE = 200.0
"""Canary lines per second and path, and writes per second."""

_ENDED_WITHIN = 60.0
_DISMISSED_WITHIN = 5.0
_MONGO_MILLISECONDS = 5000


@dataclass(frozen=True)
class Validation:
    """The parts of one validation of one stack.

    Attributes:
        folder: Evidence of the run.
    """

    context: StackContext
    settings: Settings
    folder: Path

    @cached_property
    def files(self) -> RunFiles:
        """State and record."""
        return RunFiles(self.context.paths)

    @cached_property
    def reader(self) -> LiveStackReader:
        """Asks the stack."""
        records = StackRecords(self.context.paths)
        return LiveStackReader(self.context.paths, self._engine, records.load_all, self._desks, self._views)

    @cached_property
    def progress(self) -> Progress:
        """Tells whoever watches the playbook."""
        return event_progress(self.context.paths, "validate")

    def begin(self, run_id: str, disruption: str) -> RunState:
        """Return the state of a new validation; of one that was broken off nothing stays.

        Raises:
            ToolkitError: A service does not run: what does not run cannot be validated.
        """
        former = self.files.load()
        if former is not None:
            self._clear(former)
        if stopped := self._stopped():
            raise ToolkitError(
                f"not running: {', '.join(stopped)}", next_step="make day-23-up; then record again"
            )
        epoch = time.time() - time.monotonic()
        self.folder.mkdir(parents=True, exist_ok=True)
        return RunState(
            run_id=run_id, disruption=disruption, folder=self.folder, epoch=epoch, started=time.time()
        )

    def abandon(self) -> tuple[tuple[str, ...], bool]:
        """End what a validation that was broken off left running.

        What was recorded before a boot stays, so that it can be verified again. Marks that cannot be reached
        now go with the next validation.

        Returns:
            The services that do not run, and whether a record stays.
        """
        state, stopped = self.files.load(), self._stopped()
        if state is not None and state.disruption == DisruptionKind.HOST and state.stopped:
            self._watcher.dismiss(state)
            return stopped, True
        if state is not None:
            self._clear(state)
            if not stopped:
                self.files.forget()
        return stopped, False

    def _clear(self, state: RunState) -> None:
        self._watcher.dismiss(state)
        self._marks.clear(state)

    def _stopped(self) -> tuple[str, ...]:
        seen = self._engine.observe()
        names = (one.name for one in StackRecords(self.context.paths).load_all() if one.state == "applied")
        return tuple(name for name in names if name not in seen or not seen[name].state.is_alive)

    def resume(self) -> "Validation":
        """Return the validation that is under way on this stack, whichever playbook began it.

        Raises:
            ToolkitError: None is.
        """
        state = recorded_state(self.files)
        if state.disruption == DisruptionKind.HOST:
            epoch = time.time() - time.monotonic()  # the monotonic clock begins anew with every boot
            self.files.save(state.model_copy(update={"epoch": epoch}))
        return replace(self, folder=state.folder)

    def record(self, state: RunState) -> RecordStack:
        """Build the use case that records."""
        now = partial(moment_of, state.epoch)
        return RecordStack(
            self.reader, self._marks, self._watcher, self.files, self.progress, now, time.sleep
        )

    def disrupt(self, engine_command: Sequence[str]) -> DisruptStack:
        """Build the use case that disrupts.

        Args:
            engine_command: Restarts the engine itself; empty where its supervisor is simply ended.
        """
        disruptor = EngineDisruptor(
            self._engine, self.context.paths, self._restart, engine_command, prometheus_url(self.settings)
        )
        return DisruptStack(self.reader, disruptor, self.files, self.progress, self._now)

    def verify(self, patience: Patience) -> VerifyRestart:
        """Build the use case that judges."""
        return VerifyRestart(
            self.reader,
            self._marks,
            self._watcher,
            self.files,
            self.progress,
            self._use_services,
            self._now,
            time.sleep,
            patience,
        )

    def _use_services(self) -> None:
        """Ask the smoke check's questions once; whoever does not answer is found by the ten points."""
        ask_all(smoke_probes(self.settings, metrics=False))

    @property
    def _now(self) -> Callable[[], float]:
        state = self.files.load()
        return partial(moment_of, state.epoch) if state else time.time

    @cached_property
    def _engine(self) -> "ServiceEngine":
        return engine_for(self.context.engine, self.context.paths, self.context.placement)

    @cached_property
    def _marks(self) -> "Marks":
        return Marks(self._desks("marks"))

    @cached_property
    def _watcher(self) -> "WatcherProcess":
        return WatcherProcess(self.context, self.folder)

    def _restart(self, service: str) -> None:
        record = StackRecords(self.context.paths).load(service)
        if record is None:
            raise ToolkitError(f"the stack runs no service {service}", next_step="make day-23-status")
        self._engine.restart(service, record.stop.within)

    def _desks(self, name: str) -> Desks:
        answers = Answers(self.folder / "raw" / name)
        patient = self.settings.model_copy(update={"mongo_timeout_ms": _MONGO_MILLISECONDS})
        mongo = MongoReader(partial(mongo_client, patient, "seeder"), self.settings.db_name)
        alerts = AlertDesk(f"http://{service_address(self.settings, 'alertmanager')}", answers)
        prometheus = PrometheusReader(prometheus_url(self.settings), answers)
        return Desks(prometheus, LokiReader(loki_url(self.settings), answers), alerts, mongo, self._grafana())

    def _grafana(self) -> GrafanaReader | None:
        with suppress(ToolkitError):
            address = service_address(self.settings, "grafana")
            password = SecretStore(self.context.paths).read("grafana_password")
            return GrafanaReader(f"http://{address}", password)
        return None

    def _views(self) -> Mapping[str, bool]:
        pages = committed_dashboards(self.context.repository / FOLDER, ())
        answers = dashboard_reading(self.settings, NoProgress()).read(pages)
        return {
            f"{one.dashboard.name} / {one.panel.title} / {number}": bool(query.series or query.lines)
            for one in answers
            for number, query in enumerate(one.queries, 1)
        }


@dataclass(frozen=True)
class Marks:
    """Implements `StackMarks`."""

    desks: Desks

    def leave(self, run_id: str) -> str:
        """Write the sentinel, silence one alert, fire both; return the silence's id."""
        self.desks.mongo.plant(run_id)
        silence = self.desks.alerts.silence(run_id)
        self.desks.alerts.fire(run_id)
        return silence

    def fire_again(self, run_id: str) -> None:
        """Post both alerts again."""
        self.desks.alerts.fire(run_id)

    def clear(self, state: RunState) -> None:
        """Take back what can be taken back; what is gone already needs no clearing."""
        with suppress(ToolkitError):
            self.desks.alerts.resolve(state.run_id, state.silence)
        with suppress(ToolkitError):
            self.desks.mongo.forget(state.run_id)


class WatcherProcess:
    """Implements `Watcher` with a process of its own."""

    def __init__(self, context: StackContext, folder: Path) -> None:
        self._context = context
        self._folder = folder

    def start(self, state: RunState) -> None:
        """Start the process."""
        start_watcher(self._plan(state))

    def dismiss(self, state: RunState) -> None:
        """End the watcher of a validation that was broken off."""
        plan = self._plan(state).model_copy(update={"folder": state.folder})
        if state.folder.is_dir():
            plan.dismissal.touch()
            _await(plan.ended, _DISMISSED_WITHIN)
        plan.canary_file.unlink(missing_ok=True)

    def finish(self, state: RunState) -> None:
        """Let it end and wait until it did."""
        plan = self._plan(state)
        plan.stop_wish.touch()
        _await(plan.ended, _ENDED_WITHIN)
        plan.canary_file.unlink(missing_ok=True)

    def times(self, state: RunState) -> Mapping[str, ServiceTimes]:
        """Return when each service went down and came back since the stop."""
        return service_times(entries(self._plan(state).looks), state.stopped or 0.0)

    def ledger(self, name: str, state: RunState) -> Ledger:
        """Return what one stream noted so far."""
        return LedgerContent(self._plan(state).ledger(name))

    def _plan(self, state: RunState) -> WatchPlan:
        context = self._context
        return WatchPlan(
            run_id=state.run_id,
            folder=self._folder,
            stack_root=context.paths.root,
            engine=context.engine,
            bind=context.bind,
            network=str(context.placement.network),
            project=context.placement.project,
            epoch=state.epoch,
            rate=RATE,
        )


def _await(mark: Path, within: float) -> None:
    deadline = time.monotonic() + within
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
