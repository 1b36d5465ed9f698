"""Intervals against published values, and against the truth they must hold."""

import math
from random import Random

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.statistics.bootstrap import bootstrap_mean
from day23.domain.statistics.coverage import REQUIRED, simulate
from day23.domain.statistics.percentile_interval import percentile_interval, smallest_sample
from day23.domain.statistics.share_interval import share_interval
from day23.domain.statistics.student_t import mean_interval, quantile
from day23.domain.statistics.variance_shares import VarianceShares, variance_shares


@pytest.mark.parametrize(("percent", "fewest"), [(50, 6), (90, 36), (95, 72), (99, 368), (99.9, 3688)])
def test_a_percentile_is_bounded_from_the_published_number_of_values_on(percent: float, fewest: int) -> None:
    assert smallest_sample(percent) == fewest
    assert percentile_interval(range(fewest), percent).bounded
    assert not percentile_interval(range(fewest - 1), percent).bounded


@pytest.mark.parametrize(("values", "ranks"), [(10, (2, 9)), (25, (8, 18)), (50, (18, 33)), (100, (40, 61))])
def test_ranks_of_the_median_are_those_of_the_sign_test_tables(values: int, ranks: tuple[int, int]) -> None:
    found = percentile_interval([float(rank) for rank in range(1, values + 1)], 50)
    assert (found.low, found.high) == ranks


@pytest.mark.parametrize(
    ("freedom", "published"), [(1, 12.706), (2, 4.303), (5, 2.571), (9, 2.262), (30, 2.042), (120, 1.980)]
)
def test_quantiles_of_t_are_those_of_the_tables(freedom: int, published: float) -> None:
    assert quantile(0.975, freedom) == pytest.approx(published, abs=6e-4)


@pytest.mark.parametrize(
    ("successes", "of", "published"),
    [(0, 10, (0.0, 0.3085)), (1, 10, (0.0025, 0.4450)), (5, 10, (0.1871, 0.8129)), (10, 10, (0.6915, 1.0))],
)
def test_intervals_of_shares_are_those_of_the_tables(
    successes: int, of: int, published: tuple[float, float]
) -> None:
    found = share_interval(successes, of)
    assert (found.low, found.high) == pytest.approx(published, abs=6e-5)


def test_half_a_case_narrows_no_interval() -> None:
    found = share_interval(4.5, 10)
    assert found.low == share_interval(4, 10).low
    assert found.high == share_interval(5, 10).high


def test_t_becomes_normal() -> None:
    assert quantile(0.975, 10**6) == pytest.approx(1.96, abs=2e-3)


def test_a_single_value_bounds_nothing() -> None:
    assert not mean_interval([1.0]).bounded


def test_few_values_get_t_and_many_the_bootstrap() -> None:
    drawn = Random(7)  # noqa: S311  (the same figures each time)
    values = [drawn.gauss(5, 1) for _ in range(400)]
    assert bootstrap_mean(values[:20]) == mean_interval(values[:20])
    resampled, exact = bootstrap_mean(values), mean_interval(values)
    assert resampled.method == "bootstrap"
    assert resampled.lowest == pytest.approx(exact.lowest, abs=0.02)
    assert resampled.highest == pytest.approx(exact.highest, abs=0.02)


def test_variance_splits_as_simulated() -> None:
    drawn = Random(5)  # noqa: S311  (the same figures each time)
    prompts = [drawn.gauss(0, 3) for _ in range(4000)]
    found = variance_shares([[prompt + drawn.gauss(0, 1) for _ in range(5)] for prompt in prompts])
    assert found.within == pytest.approx(1, rel=0.05)
    assert found.between == pytest.approx(9, rel=0.08)
    assert found.ratio == pytest.approx(0.1, rel=0.1)


def test_nothing_varies_is_no_noise() -> None:
    assert variance_shares([[1.0, 1.0], [1.0, 1.0]]) == VarianceShares(0.0, 0.0)
    assert VarianceShares(0.0, 0.0).ratio == 0


def test_one_repetition_says_nothing_about_noise() -> None:
    with pytest.raises(ToolkitError, match="two repetitions"):
        variance_shares([[1.0], [2.0]])


def test_every_interval_that_is_shown_holds_the_truth_in_94_of_100_cases() -> None:
    found = list(simulate(1500))
    slack = 2 * math.sqrt(0.05 * 0.95 / 1000)
    assert len(found) == 20
    assert [one for one in found if one.held < REQUIRED - slack] == []
    assert [one.figure for one in found if "turns" in one.figure and one.held < 0.98] == []


@pytest.mark.parametrize("percent", [0, 100, -1])
def test_what_is_no_percentile_has_no_interval(percent: float) -> None:
    with pytest.raises(ToolkitError, match="no interval"):
        percentile_interval([1.0], percent)
