"""Confidence intervals of percentiles from order statistics: exact for every continuous distribution.

The number of values below the true percentile is binomial, so the ranks of the interval follow from
binomial tails (David and Nagaraja, "Order Statistics", 3rd edition, 2003, section 7.1; the interval of
Hahn and Meeker, "Statistical Intervals", 1991, section 5.2). Each tail gets half of what may be missed.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from day23.domain.errors import ToolkitError
from day23.domain.percentile import finite
from day23.domain.statistics.binomial import probability
from day23.domain.statistics.interval import CONFIDENCE, Interval


def percentile_interval(values: Sequence[float], percent: float, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval of a percentile; ends that so few values cannot bound are null.

    Args:
        values: Independent finite measurements, in any order.
        percent: In (0, 100).

    Example:
        >>> percentile_interval([1, 2, 3, 4, 5, 6], 50).high
        6.0
    """
    if not 0 < percent < 100:
        raise ToolkitError(f"{percent} has no interval", next_step="use a number between 0 and 100")
    ordered = sorted(map(float, finite(values)))
    low, high = _ranks(len(ordered), percent / 100, (1 - confidence) / 2)
    return Interval(
        low=ordered[low - 1] if low else None,
        high=ordered[high - 1] if high else None,
        method="order statistics",
        confidence=confidence,
    )


@lru_cache(maxsize=64)
def smallest_sample(percent: float, confidence: float = CONFIDENCE) -> int:
    """Return the fewest values that bound a percentile on both sides.

    The largest value is below the percentile with probability p^n, the smallest above it with (1-p)^n.

    Example:
        >>> [smallest_sample(percent) for percent in (50, 90, 95, 99)]
        [6, 36, 72, 368]
    """
    rare = max(percent, 100 - percent) / 100
    return math.ceil(math.log((1 - confidence) / 2) / math.log(rare))


@lru_cache(maxsize=256)
def _ranks(count: int, share: float, tail: float) -> tuple[int, int]:
    """Return the ranks, from 1, of both ends; 0 where no rank will do."""
    below, low, high = 0.0, 0, 0
    for successes in range(count + 1):
        if below <= tail:
            low = successes
        if not high and successes and 1 - below <= tail:
            high = successes
        below += probability(successes, count, share)
    return low, high
