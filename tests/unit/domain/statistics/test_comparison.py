"""Better, worse, cannot tell: by simulation of servers that did and did not change."""

from random import Random

import pytest

from day23.domain.errors import ToolkitError
from day23.domain.statistics.comparison import (
    FEWEST_PAIRS,
    Change,
    compare_latencies,
    compare_scores,
    noise_floor,
    pairs_to_detect,
)


def measured_twice(pairs: int, factor: float, seed: int) -> tuple[list[float], list[float]]:
    drawn = Random(seed)  # noqa: S311  (the same figures each time)
    base = [drawn.lognormvariate(0, 0.5) for _ in range(pairs)]
    noise = [drawn.lognormvariate(0, 0.3) for _ in range(2 * pairs)]
    return (
        [value * noise[index] for index, value in enumerate(base)],
        [value * factor * noise[pairs + index] for index, value in enumerate(base)],
    )


def recommended() -> int:
    baseline, current = measured_twice(400, 1.0, 99)
    return pairs_to_detect([after / before for before, after in zip(baseline, current, strict=True)], 0.2)


def verdicts(pairs: int, factor: float, runs: int = 200) -> list[Change]:
    return [compare_latencies(*measured_twice(pairs, factor, seed)).verdict for seed in range(runs)]


def test_a_fifth_slower_is_worse_in_nine_of_ten_at_the_recommended_size() -> None:
    assert verdicts(recommended(), 1.2).count(Change.WORSE) >= 180


def test_a_fifth_slower_cannot_be_told_well_below_that() -> None:
    assert verdicts(max(FEWEST_PAIRS, recommended() // 6), 1.2).count(Change.CANNOT_TELL) > 100
    assert set(verdicts(FEWEST_PAIRS - 1, 1.2)) == {Change.CANNOT_TELL}


def test_equal_servers_cannot_be_told_apart() -> None:
    assert verdicts(recommended(), 1.0).count(Change.CANNOT_TELL) >= 180


def test_the_recommended_size_holds_for_pairs_with_outliers() -> None:
    drawn = Random(7)  # noqa: S311  (the same figures each time)

    def ratio() -> float:
        return drawn.lognormvariate(0, 0.6 if drawn.random() < 0.05 else 0.12)

    found = 0
    for _ in range(200):
        pairs = pairs_to_detect([ratio() for _ in range(150)], 0.2)
        current = [1.2 * ratio() for _ in range(pairs)]
        found += compare_latencies([1.0] * pairs, current).verdict is Change.WORSE
    assert found >= 180


def test_a_faster_server_is_better() -> None:
    assert verdicts(recommended(), 1 / 1.2).count(Change.BETTER) >= 180


def test_a_change_within_the_noise_of_equal_runs_raises_no_alarm() -> None:
    baseline, current = measured_twice(2000, 1.05, 3)
    assert compare_latencies(baseline, current).verdict is Change.WORSE
    assert compare_latencies(baseline, current, noise_floor=0.1).verdict is Change.CANNOT_TELL


def test_lower_scores_are_worse() -> None:
    drawn = Random(1)  # noqa: S311  (the same figures each time)
    before = [drawn.uniform(0.6, 0.9) for _ in range(50)]
    lower = [score - 0.1 + drawn.gauss(0, 0.02) for score in before]
    assert compare_scores(before, lower).verdict is Change.WORSE
    assert compare_scores(lower, before).verdict is Change.BETTER
    assert compare_scores(before, before).verdict is Change.CANNOT_TELL


def test_a_noise_floor_needs_three_equal_runs() -> None:
    assert noise_floor([1.0, 1.1]) is None
    assert noise_floor([1.0, 1.0, 1.0]) == 0
    found = noise_floor([0.9, 1.0, 1.1])
    assert found == pytest.approx(4.303 * 0.1 * 2**0.5, rel=1e-3)


def test_pairs_need_both_values() -> None:
    with pytest.raises(ToolkitError, match="both runs"):
        compare_latencies([1.0], [1.0, 2.0])
