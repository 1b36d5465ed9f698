"""`RestartReport`: the ten checks, the verdict and the exit code."""

from enum import StrEnum

from pydantic import Field

from day23.domain.exit_codes import ExitCode
from day23.domain.restart.checks import CHECKS, Check
from day23.domain.restart.evidence import Evidence
from day23.domain.restart.snapshot import Part
from day23.domain.restart.timeline import Timeline
from day23.domain.stack_words import StackWords


class RestartVerdict(StrEnum):
    """What a validation came to."""

    PASSED = "passed"
    FAILED = "failed"
    VOID = "void"

    @property
    def exit_code(self) -> ExitCode:
        """What the process leaves with."""
        return _EXIT_CODES[self]


_EXIT_CODES = {
    RestartVerdict.PASSED: ExitCode.DONE,
    RestartVerdict.FAILED: ExitCode.ERROR,
    RestartVerdict.VOID: ExitCode.VOID,
}


class RestartReport(Part):
    """One validation, judged.

    Attributes:
        holes: Longest distance between two good samples, by job.
        hole: The good samples before and after the longest of them.
    """

    run_id: str
    disruption: str
    verdict: RestartVerdict
    checks: tuple[Check, ...]
    timeline: Timeline
    holes: dict[str, float] = Field(default_factory=dict)
    hole: tuple[float, float] | None = None

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why it did not pass, one per check."""
        return tuple(f"{check.name}: {check.reason}" for check in self.checks if not check.holds)

    def told_of(self, words: StackWords) -> "RestartReport":
        """Return the report with commands that reach the stack that was judged."""
        checks = (each.model_copy(update={"reason": words.completed(each.reason)}) for each in self.checks)
        return self.model_copy(update={"checks": tuple(checks)})

    def figure(self, check: str, name: str) -> int | float | str | None:
        """Return one number of one check; None when it has none of that name."""
        return next((each.figures.get(name) for each in self.checks if each.name == check), None)


def judge(evidence: Evidence) -> RestartReport:
    """Judge recorded evidence by the ten checks; a void check makes the whole run void."""
    checks = tuple(check(evidence) for check in CHECKS)
    holes: dict[str, float] = {}
    for target in evidence.before.targets:
        found = evidence.resumptions.get(target.key)
        holes[target.job] = max(holes.get(target.job, 0.0), found.hole_seconds if found else 0.0)
    return RestartReport(
        run_id=evidence.run_id,
        disruption=evidence.disruption,
        verdict=_verdict(checks),
        checks=checks,
        timeline=evidence.timeline,
        holes=holes,
        hole=_widest(evidence),
    )


def _widest(evidence: Evidence) -> tuple[float, float] | None:
    holes = [
        (one.hole_start, one.hole_start + one.hole_seconds)
        for one in evidence.resumptions.values()
        if one.hole_start is not None
    ]
    return max(holes, key=lambda hole: hole[1] - hole[0], default=None)


def _verdict(checks: tuple[Check, ...]) -> RestartVerdict:
    if any(check.void for check in checks):
        return RestartVerdict.VOID
    return RestartVerdict.PASSED if all(check.holds for check in checks) else RestartVerdict.FAILED
