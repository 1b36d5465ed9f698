"""Verifying a restart: it waits for what was recorded, no longer than patience, and judges."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from service_fakes import FakeProgress

from day23.application.verify_restart import Patience, VerifyRestart
from day23.domain.errors import ToolkitError
from day23.domain.observability_policy import RESTART_CHECKS
from day23.domain.restart.judgement import RestartReport, RestartVerdict, judge
from day23.domain.restart.run_state import RunState
from day23.domain.restart.samples import Sample
from day23.domain.restart.snapshot import Snapshot
from day23.domain.restart.timeline import ServiceTimes

sys.path.append(str(Path(__file__).parents[1] / "domain" / "restart"))
from recorded import SERVICES, STOPPED, TARGETS, snapshot

STARTED = STOPPED - 30
INTERVAL = TARGETS[0].interval_seconds
PATIENCE = Patience(ready=60.0, resumed=100.0, lines=20.0)
RATE = 50


@dataclass
class Ledger:
    sent: list[int]
    acknowledged: list[int]
    moments: list[float]


@dataclass
class World:
    """A stack on a clock of its own; implements every port of `VerifyRestart`.

    Attributes:
        back: When each service is ready again; one that is not named never is.
        scraped_after: Seconds from ready to the first sample; None for never.
        lines_late: Seconds after the last one until Loki has every canary line.
    """

    clock: float = STOPPED + 1
    back: dict[str, float] = field(default_factory=lambda: dict.fromkeys(SERVICES, STOPPED + 12))
    scraped_after: float | None = 4.0
    lines_late: float = 0.0
    restarted: bool = True
    silent: bool = False
    used: bool = False
    read_at: float | None = None
    finished_at: float | None = None
    cleared: bool = False
    fired_again: int = 0
    state: RunState | None = field(
        default_factory=lambda: RunState(
            run_id="run",
            disruption="stack",
            folder=Path("/nowhere"),
            epoch=0.0,
            started=STARTED,
            stopped=STOPPED,
            heartbeats={"up": [990.0, 992.0]},
        )
    )

    def now(self) -> float:
        return self.clock

    def sleep(self, seconds: float) -> None:
        self.clock += seconds

    # StackReader
    def snapshot(self, name: str, state: RunState) -> Snapshot:
        rules = [
            rule.model_copy(update={"last_evaluation": self.clock}) for rule in self.recorded(state).rules
        ]
        return snapshot(self.clock, 200 if self.restarted else 100, rules=tuple(rules), **self._series())

    def _series(self) -> dict[str, Any]:
        """A program that was just started shows labelled series in the first scrape after it was used."""
        up = self.up(self.clock, 0.0)
        used = self.read_at is not None and all(found[-1][0] > self.read_at for found in up.values())
        return {"series": {target.key: 100 if used else 40 for target in TARGETS}}

    def heartbeats(self, name: str, until: float, span: float) -> Mapping[str, set[float]]:
        return {"up": {990.0, 992.0}}

    def up(self, until: float, span: float) -> Mapping[str, Sequence[Sample]]:
        if self.silent:
            raise ToolkitError("Prometheus does not answer")
        ready = max(self.back.values(), default=0.0)
        since = None if self.scraped_after is None else ready + self.scraped_after
        moments = [
            STARTED + INTERVAL * number for number in range(int((self.clock - STARTED) / INTERVAL) + 1)
        ]
        known = [one for one in moments if one <= STOPPED or (since is not None and one >= since)]
        return {target.key: [(moment, 1.0) for moment in known] for target in TARGETS}

    def watchdog_at(self) -> float | None:
        return self.clock

    def notifications(self, run_id: str, since: float, until: float) -> Sequence[Mapping[str, Any]]:
        return [{"resource": "RestartCanary", "outcome": "firing"}]

    def stored_lines(self, path: str, state: RunState, until: float) -> Sequence[int]:
        self.read_at = self.read_at or self.clock
        return self.numbers() if self.clock >= (self.finished_at or 0.0) + self.lines_late else []

    def stored_writes(self, run_id: str) -> Sequence[int]:
        return self.numbers()

    def log_times(self, since: float, until: float) -> Mapping[str, Sequence[float]]:
        return {}

    # Watcher
    def start(self, state: RunState) -> None:
        raise AssertionError("only a host that booted has no watcher any more")

    def finish(self, state: RunState) -> None:
        self.finished_at = self.clock

    def times(self, state: RunState) -> Mapping[str, ServiceTimes]:
        if not self.restarted:
            return {}
        seen = {name: moment if moment <= self.clock else None for name, moment in self.back.items()}
        return {name: ServiceTimes(down=STOPPED + 1, ready=seen.get(name)) for name in SERVICES}

    def ledger(self, name: str, state: RunState) -> Ledger:
        numbers = self.numbers()
        return Ledger(numbers, numbers, [STARTED + number / RATE for number in numbers])

    def numbers(self) -> list[int]:
        return list(range(int(((self.finished_at or self.clock) - STARTED) * RATE)))

    # StackMarks
    def fire_again(self, run_id: str) -> None:
        self.fired_again += 1

    def clear(self, state: RunState) -> None:
        self.cleared = True

    # RunStates
    def load(self) -> RunState | None:
        return self.state

    def recorded(self, state: RunState) -> Snapshot:
        return snapshot(STOPPED - 5, 100)

    def use_services(self) -> None:
        self.used = True


def verified(world: Any) -> RestartReport:
    use_case = VerifyRestart(
        world, world, world, world, FakeProgress(), world.use_services, world.now, world.sleep, PATIENCE
    )
    return judge(use_case.run())


def test_a_stack_that_came_back_passes_all_ten_points() -> None:
    world = World()

    report = verified(world)

    assert report.reasons == ()
    assert [check.name for check in report.checks] == list(RESTART_CHECKS)
    assert report.verdict is RestartVerdict.PASSED
    assert world.used
    assert world.fired_again == 1
    assert world.cleared


def test_it_waits_no_longer_than_six_samples_take() -> None:
    world = World()

    verified(world)

    assert world.clock - max(world.back.values()) <= 4.0 + 6 * INTERVAL + 1.0


def test_series_are_counted_after_a_scrape_that_followed_the_use() -> None:
    long_back = World(clock=STOPPED + 45)  # five samples are there before the services were used

    report = verified(long_back)

    assert report.figure("complete", "lowest share") == 1.0


def test_a_service_that_never_comes_back_is_named_when_patience_ends() -> None:
    world = World(back={name: STOPPED + 12 for name in SERVICES if name != "loki"})

    report = verified(world)

    assert report.verdict is RestartVerdict.FAILED
    assert "loki did not come back: make day-23-up" in report.reasons[0]
    assert world.clock <= STOPPED + 1 + PATIENCE.ready + PATIENCE.resumed + PATIENCE.lines + 2 * INTERVAL
    assert world.cleared


def test_a_target_that_is_not_scraped_any_more_is_named_when_patience_ends() -> None:
    report = verified(World(scraped_after=None))

    assert report.verdict is RestartVerdict.FAILED
    assert f"{TARGETS[0].key} is not scraped" in report.reasons[0]


def test_lines_may_come_late() -> None:
    report = verified(World(lines_late=PATIENCE.lines - 1))

    assert report.verdict is RestartVerdict.PASSED


def test_lines_that_come_later_than_patience_are_missing() -> None:
    world = World(lines_late=PATIENCE.lines + 2 * INTERVAL + 1)

    report = verified(world)

    assert report.verdict is RestartVerdict.FAILED
    assert report.figure("logs", "push missing") == len(world.numbers())


def test_an_untouched_stack_is_void() -> None:
    world = World(restarted=False)

    report = verified(world)

    assert report.verdict is RestartVerdict.VOID
    assert "did not restart" in report.reasons[0]
    assert not any("did not come back" in told for told in report.reasons)
    assert world.clock < STOPPED + PATIENCE.ready  # what never went down is not waited for


def test_without_a_record_there_is_nothing_to_verify() -> None:
    with pytest.raises(ToolkitError, match="nothing is recorded"):
        verified(World(state=None))


def test_a_prometheus_that_does_not_answer_ends_the_waiting_in_time() -> None:
    world = World(silent=True)

    with pytest.raises(ToolkitError, match="Prometheus does not answer"):
        verified(world)
    assert world.clock <= STOPPED + 1 + PATIENCE.ready + PATIENCE.resumed + PATIENCE.lines + 2 * INTERVAL
