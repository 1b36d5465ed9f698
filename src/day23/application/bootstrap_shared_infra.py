"""Use case: bring the shared infrastructure up, or check it, and leave a gauge per step behind."""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from day23.application.ports import Telemetry
from day23.domain.bootstrap_report import BootstrapReport, StepStatus
from day23.domain.errors import LockedError, ToolkitError, UsageError

NEXT_STEP = "make day-23-up"


class Probe(Protocol):
    """Asks one service in its own protocol whether it serves."""

    def ask(self) -> str:
        """Return what it answered, in a few words.

        Raises:
            ToolkitError: It does not serve; says why.
        """
        ...


@dataclass(frozen=True, slots=True)
class Patience:
    """How often to try, and how long to wait between two tries."""

    attempts: int = 3
    pause_seconds: float = 2.0


class SharedInfraBootstrapUseCase:
    """Measures `shared_infra_bootstrap_status{step}` for every step, whatever happens.

    Args:
        probes: By step, in the order of the bootstrap.
        pause: Waits; `time.sleep` unless a test brings another.
    """

    def __init__(
        self,
        probes: Mapping[str, Probe],
        telemetry: Telemetry,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._probes = probes
        self._telemetry = telemetry
        self._pause = pause

    def check(self) -> BootstrapReport:
        """Ask every service once, all at the same time, and record the answers."""
        with self._telemetry.span("bootstrap.check"):
            steps = ask_all(self._probes)
        for step in steps:
            self._record(step)
        return BootstrapReport(steps=steps, trace_id=self._telemetry.trace_id)

    def bootstrap(self, start: Callable[[], None], patience: Patience | None = None) -> BootstrapReport:
        """Start the stack, then check it until every step is up or patience ends.

        Args:
            start: Brings the stack up; safe to repeat.
            patience: Limits of both the starting and the checking.

        Raises:
            ToolkitError: The stack could not be started; the gauges tell how far it came.
        """
        limits = patience or Patience()
        try:
            self._start(start, limits)
        except ToolkitError:
            self.check()
            raise
        report = self.check()
        for _ in range(limits.attempts - 1):
            if report.up:
                break
            self._pause(limits.pause_seconds)
            report = self.check()
        return report

    def _start(self, start: Callable[[], None], limits: Patience) -> None:
        """Start, again after a failure; a lock or a wrong call does not go away by itself."""
        for attempt in range(1, limits.attempts + 1):
            try:
                with self._telemetry.span("bootstrap.start", attempt=attempt):
                    start()
            except (LockedError, UsageError):
                raise
            except ToolkitError as error:
                self._telemetry.log("warning", "bootstrap attempt failed", attempt=attempt, reason=error.what)
                if attempt == limits.attempts:
                    raise
                self._pause(limits.pause_seconds)
            else:
                return

    def _record(self, step: StepStatus) -> None:
        self._telemetry.measure("shared_infra_bootstrap_status", float(step.up), step=step.step)
        self._telemetry.log(
            "info" if step.up else "error",
            "bootstrap step is up" if step.up else "bootstrap step is down",
            step=step.step,
            detail=step.detail,
        )


def ask_all(probes: Mapping[str, Probe]) -> tuple[StepStatus, ...]:
    """Ask every probe at the same time; return the answers in the order of `probes`."""
    with ThreadPoolExecutor(len(probes)) as pool:
        return tuple(pool.map(_ask, probes.keys(), probes.values()))


def _ask(step: str, probe: Probe) -> StepStatus:
    began = time.monotonic()
    try:
        detail, up, next_step = probe.ask(), True, ""
    except ToolkitError as error:
        place = f" ({error.where})" if error.where else ""
        detail, up, next_step = f"{error.what}{place}", False, error.next_step or NEXT_STEP
    seconds = round(time.monotonic() - began, 3)
    return StepStatus(step=step, up=up, detail=detail, next_step=next_step, seconds=seconds)
