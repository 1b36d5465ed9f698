import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from day23.domain.errors import ToolkitError
from day23.domain.percentile import mean, nearest_rank

VALUES = st.lists(st.floats(min_value=-1e9, max_value=1e9), min_size=1, max_size=50)


@pytest.mark.parametrize(("percent", "value"), [(5, 15), (30, 20), (40, 20), (50, 35), (95, 50), (100, 50)])
def test_the_nearest_rank_is_that_of_the_textbook_example(percent, value):
    assert nearest_rank([15, 20, 35, 40, 50], percent) == value


@given(VALUES, st.floats(min_value=0.1, max_value=100))
def test_at_least_that_share_of_the_values_is_not_greater(values, percent):
    found = nearest_rank(values, percent)
    assert found in values
    assert sum(value <= found for value in values) / len(values) >= percent / 100 - 1e-9
    assert sum(value < found for value in values) < percent / 100 * len(values) + 1e-9


@given(VALUES)
def test_the_mean_lies_between_the_extremes(values):
    assert min(values) - 1e-6 <= mean(values) <= max(values) + 1e-6


@pytest.mark.parametrize("values", [[], [1.0, math.nan], [math.inf]])
@pytest.mark.parametrize("measure", [mean, lambda values: nearest_rank(values, 95)])
def test_nothing_and_no_numbers_are_refused(values, measure):
    with pytest.raises(ToolkitError):
        measure(values)


@pytest.mark.parametrize("percent", [0, -1, 100.1])
def test_a_percentile_lies_between_0_and_100(percent):
    with pytest.raises(ToolkitError, match="percentile"):
        nearest_rank([1.0], percent)
