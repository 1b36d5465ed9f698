"""Verdicts: a measured value against its threshold, and many verdicts against each other."""

import math
from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field, model_validator

from day23.domain.errors import ToolkitError
from day23.domain.exit_codes import ExitCode
from day23.domain.statistics.interval import Interval


class Outcome(StrEnum):
    """What a threshold says about a value.

    `undecided`: the interval of the value reaches over a threshold. `void`: the run supports no verdict.
    """

    PASS = "pass"  # noqa: S105 - a verdict, not a secret
    WARN = "warn"
    FAIL = "fail"
    VOID = "void"
    UNDECIDED = "undecided"


class Direction(StrEnum):
    """Which way is better."""

    HIGHER = "higher"
    LOWER = "lower"


SEVERITY = {Outcome.PASS: 0, Outcome.WARN: 1, Outcome.FAIL: 2, Outcome.VOID: 3, Outcome.UNDECIDED: 4}
"""The value of the outcome gauges."""

_RANKS = (Outcome.PASS, Outcome.WARN, Outcome.UNDECIDED, Outcome.FAIL, Outcome.VOID)
"""From good to bad: a certain failure outweighs what is not decided, which outweighs a pass."""

_EXIT_CODES = {
    Outcome.PASS: ExitCode.DONE,
    Outcome.WARN: ExitCode.DONE,
    Outcome.FAIL: ExitCode.VERDICT_FAIL,
    Outcome.VOID: ExitCode.VOID,
    Outcome.UNDECIDED: ExitCode.VOID,
}


class Threshold(BaseModel):
    """Where a metric passes and where it only warns; both boundaries belong to the better side.

    Example:
        >>> Threshold(direction="higher", passes=0.88, warns=0.80).judge(0.88)
        <Outcome.PASS: 'pass'>
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True, allow_inf_nan=False)

    direction: Direction
    passes: float = Field(alias="pass")
    warns: float = Field(alias="warn")

    @model_validator(mode="after")
    def _warn_is_not_stricter(self) -> "Threshold":
        if self._better_or_equal(self.warns, self.passes) and self.warns != self.passes:
            raise ValueError(f"warn {self.warns} is stricter than pass {self.passes}")
        return self

    def judge(self, value: float) -> Outcome:
        """Return the outcome of a finite value.

        Raises:
            ToolkitError: The value is NaN or infinite.
        """
        if not math.isfinite(value):
            raise ToolkitError(f"cannot judge {value}", next_step="measure it again; it is not a number")
        return self._outcome(value)

    def judge_interval(self, interval: Interval) -> Outcome:
        """Return the outcome that all of an interval has; `undecided` where its ends disagree."""
        ends = {self._outcome(interval.lowest), self._outcome(interval.highest)}
        return ends.pop() if len(ends) == 1 else Outcome.UNDECIDED

    def _outcome(self, value: float) -> Outcome:
        if self._better_or_equal(value, self.passes):
            return Outcome.PASS
        return Outcome.WARN if self._better_or_equal(value, self.warns) else Outcome.FAIL

    def _better_or_equal(self, value: float, bound: float) -> bool:
        return value >= bound if self.direction is Direction.HIGHER else value <= bound


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the most severe outcome.

    Raises:
        ToolkitError: There is none: nothing was judged, so nothing passed.
    """
    ranked = sorted(outcomes, key=_RANKS.index)
    if not ranked:
        raise ToolkitError("no metric was judged", next_step="give the scenario at least one threshold")
    return ranked[-1]


def exit_code(overall: Outcome, *, fail_on_warn: bool = False) -> ExitCode:
    """Return what a command that gates on the verdict leaves with."""
    if overall is Outcome.WARN and fail_on_warn:
        return ExitCode.VERDICT_WARN
    return _EXIT_CODES[overall]
