"""The bootstrap leaves a gauge per step, whatever happens."""

import pytest

from day23.application.bootstrap_shared_infra import Patience, SharedInfraBootstrapUseCase
from day23.application.null_telemetry import NullTelemetry
from day23.domain.errors import LockedError, ToolkitError


class Service:
    """Answers after a number of questions; never when that is None."""

    def __init__(self, up_after: int | None = 0) -> None:
        self._up_after = up_after
        self._asked = 0

    def ask(self) -> str:
        self._asked += 1
        if self._up_after is None or self._asked <= self._up_after:
            raise ToolkitError("no answer: connection refused", where="127.0.0.1:1")
        return "ok"


class Starter:
    """Starts the stack after a number of failures."""

    def __init__(self, failures: int = 0, error: type[ToolkitError] = ToolkitError) -> None:
        self.calls = 0
        self._failures = failures
        self._error = error

    def __call__(self) -> None:
        self.calls += 1
        if self.calls <= self._failures:
            raise self._error("loki did not become ready")


@pytest.fixture
def telemetry() -> NullTelemetry:
    return NullTelemetry()


def use_case(telemetry: NullTelemetry, **services: Service) -> SharedInfraBootstrapUseCase:
    return SharedInfraBootstrapUseCase(services, telemetry, pause=lambda _: None)


def gauges(telemetry: NullTelemetry) -> dict[str, float]:
    return {labels["step"]: value for _, value, labels in telemetry.measurements}


def test_a_check_tells_every_step_in_order_with_the_next_command(telemetry: NullTelemetry) -> None:
    report = use_case(telemetry, mongo=Service(), loki=Service(None)).check()
    assert [(step.step, step.up) for step in report.steps] == [("mongo", True), ("loki", False)]
    assert not report.up
    (down,) = report.down
    assert down.detail == "no answer: connection refused (127.0.0.1:1)"
    assert down.next_step == "make day-23-up"
    assert gauges(telemetry) == {"mongo": 1, "loki": 0}
    assert [level for level, _, _ in telemetry.lines] == ["info", "error"]


def test_a_bootstrap_starts_and_then_checks_until_all_are_up(telemetry: NullTelemetry) -> None:
    starter = Starter()
    report = use_case(telemetry, mongo=Service(), loki=Service(2)).bootstrap(starter)
    assert report.up
    assert starter.calls == 1
    assert gauges(telemetry) == {"mongo": 1, "loki": 1}


def test_a_bootstrap_ends_although_a_service_never_answers(telemetry: NullTelemetry) -> None:
    report = use_case(telemetry, mongo=Service(), loki=Service(None)).bootstrap(
        Starter(), Patience(attempts=2)
    )
    assert [step.step for step in report.down] == ["loki"]


def test_a_failed_start_is_tried_again(telemetry: NullTelemetry) -> None:
    starter = Starter(failures=2)
    assert use_case(telemetry, mongo=Service()).bootstrap(starter).up
    assert starter.calls == 3


def test_the_gauges_are_written_also_when_the_start_fails_for_good(telemetry: NullTelemetry) -> None:
    starter = Starter(failures=9)
    with pytest.raises(ToolkitError, match="loki did not become ready"):
        use_case(telemetry, mongo=Service(), loki=Service(None)).bootstrap(starter, Patience(attempts=2))
    assert starter.calls == 2
    assert gauges(telemetry) == {"mongo": 1, "loki": 0}


def test_a_lock_is_not_waited_out(telemetry: NullTelemetry) -> None:
    starter = Starter(failures=9, error=LockedError)
    with pytest.raises(LockedError):
        use_case(telemetry, mongo=Service()).bootstrap(starter)
    assert starter.calls == 1
    assert gauges(telemetry) == {"mongo": 1}
