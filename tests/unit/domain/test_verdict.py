import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.exit_codes import ExitCode
from day23.domain.statistics.interval import Interval
from day23.domain.verdict import SEVERITY, Direction, Outcome, Threshold, exit_code, worst

HIGHER = Threshold(direction=Direction.HIGHER, passes=0.88, warns=0.80)
LOWER = Threshold(direction=Direction.LOWER, passes=210, warns=240)
FINITE = st.floats(allow_nan=False, allow_infinity=False, width=32)


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (0.88, Outcome.PASS),
        (math.nextafter(0.88, 0), Outcome.WARN),
        (0.80, Outcome.WARN),
        (math.nextafter(0.80, 0), Outcome.FAIL),
    ],
)
def test_a_boundary_of_a_higher_is_better_metric_belongs_to_the_better_side(value, outcome):
    assert HIGHER.judge(value) is outcome


@pytest.mark.parametrize(
    ("value", "outcome"),
    [
        (210, Outcome.PASS),
        (math.nextafter(210, 300), Outcome.WARN),
        (240, Outcome.WARN),
        (math.nextafter(240, 300), Outcome.FAIL),
    ],
)
def test_a_boundary_of_a_lower_is_better_metric_belongs_to_the_better_side(value, outcome):
    assert LOWER.judge(value) is outcome


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_judged(value):
    with pytest.raises(ToolkitError, match="cannot judge"):
        LOWER.judge(value)


@given(direction=st.sampled_from(Direction), first=FINITE, second=FINITE, value=FINITE, other=FINITE)
def test_a_better_value_never_has_a_worse_outcome(direction, first, second, value, other):
    higher = direction is Direction.HIGHER
    better, worse = (
        (max(value, other), min(value, other)) if higher else (min(value, other), max(value, other))
    )
    passes, warns = (
        (max(first, second), min(first, second)) if higher else (min(first, second), max(first, second))
    )
    threshold = Threshold(direction=direction, passes=passes, warns=warns)
    assert SEVERITY[threshold.judge(better)] <= SEVERITY[threshold.judge(worse)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"direction": "higher", "pass": 0.8, "warn": 0.9},
        {"direction": "lower", "pass": 240, "warn": 210},
        {"direction": "sideways", "pass": 1, "warn": 1},
        {"direction": "higher", "pass": math.nan, "warn": 0.8},
        {"direction": "higher", "pass": 0.9, "warn": 0.8, "extra": 1},
    ],
)
def test_a_threshold_that_contradicts_itself_is_refused(wrong):
    with pytest.raises(ValidationError):
        Threshold.model_validate(wrong)


@given(st.lists(st.sampled_from(Outcome), min_size=1))
def test_the_overall_outcome_is_the_worst(outcomes):
    from_good_to_bad = ("pass", "warn", "undecided", "fail", "void")
    assert worst(outcomes) == max(outcomes, key=from_good_to_bad.index)


@pytest.mark.parametrize(
    ("low", "high", "outcome"),
    [
        (200.0, 210.0, Outcome.PASS),
        (211.0, 240.0, Outcome.WARN),
        (241.0, None, Outcome.FAIL),
        (200.0, 211.0, Outcome.UNDECIDED),
        (1.0, None, Outcome.UNDECIDED),
    ],
)
def test_an_interval_is_judged_as_a_whole(low, high, outcome):
    assert LOWER.judge_interval(Interval(low=low, high=high, method="order statistics")) is outcome


def test_undecided_leaves_with_4():
    assert exit_code(Outcome.UNDECIDED) is ExitCode.VOID


def test_no_outcome_at_all_is_not_a_pass():
    with pytest.raises(ToolkitError, match="no metric was judged"):
        worst([])


@pytest.mark.parametrize(
    ("outcome", "fail_on_warn", "code"),
    [
        (Outcome.PASS, True, ExitCode.DONE),
        (Outcome.WARN, False, ExitCode.DONE),
        (Outcome.WARN, True, ExitCode.VERDICT_WARN),
        (Outcome.FAIL, False, ExitCode.VERDICT_FAIL),
        (Outcome.VOID, False, ExitCode.VOID),
    ],
)
def test_each_outcome_has_its_exit_code(outcome, fail_on_warn, code):
    assert exit_code(outcome, fail_on_warn=fail_on_warn) is code
