"""Exercising a stack asks every service until the time is over."""

from itertools import count

from day23.application.exercise_stack import ExerciseStackUseCase
from day23.domain.errors import ToolkitError


class Probe:
    def __init__(self, fails: bool = False) -> None:
        self.asked = 0
        self._fails = fails

    def ask(self) -> str:
        self.asked += 1
        if self._fails:
            raise ToolkitError("gone", next_step="look")
        return "here"


def exercised(probes: dict[str, Probe], progress: object, seconds: float) -> dict[str, bool]:
    ticks = count(start=0.0, step=1.0)
    use_case = ExerciseStackUseCase(
        probes,
        progress,  # type: ignore[arg-type]
        pause=lambda _: None,
        timer=lambda: next(ticks),
    )
    return {answer.step: answer.up for answer in use_case.execute(seconds)}


def test_everyone_is_asked_until_the_time_is_over(progress: object) -> None:
    probes = {"mcp tools": Probe(), "digest": Probe()}

    assert exercised(probes, progress, 5) == {"mcp tools": True, "digest": True}
    assert [probe.asked for probe in probes.values()] == [5, 5]


def test_no_time_is_one_round_and_a_service_that_fails_stops_nobody(progress: object) -> None:
    probes = {"mcp tools": Probe(fails=True), "digest": Probe()}

    assert exercised(probes, progress, 0) == {"mcp tools": False, "digest": True}
    assert [probe.asked for probe in probes.values()] == [1, 1]
