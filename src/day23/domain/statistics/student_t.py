"""Student's t: intervals of means that hold for few values, too.

Distribution: Abramowitz and Stegun, "Handbook of Mathematical Functions", 26.7.3 and 26.7.4, the finite
series for whole degrees of freedom.
"""

import math
from collections.abc import Sequence
from functools import lru_cache

from day23.domain.percentile import mean
from day23.domain.statistics.interval import CONFIDENCE, Interval

FEWEST_VALUES = 2
_EXACT_UP_TO = 2_000
"""Degrees of freedom; beyond, t and the normal distribution agree to three decimals."""


def mean_interval(values: Sequence[float], confidence: float = CONFIDENCE) -> Interval:
    """Return the interval of the mean of independent values; a single value bounds nothing."""
    if len(values) < FEWEST_VALUES:
        return Interval(low=None, high=None, method="student t", confidence=confidence)
    middle, half = mean(values), half_width(values, confidence)
    return Interval(low=middle - half, high=middle + half, method="student t", confidence=confidence)


def half_width(values: Sequence[float], confidence: float = CONFIDENCE) -> float:
    """Return how far the mean of at least two values may lie from the truth."""
    return quantile((1 + confidence) / 2, len(values) - 1) * standard_error(values)


def standard_error(values: Sequence[float]) -> float:
    """Return the standard error of the mean of at least two values."""
    return math.sqrt(variance(values) / len(values))


def variance(values: Sequence[float]) -> float:
    """Return the unbiased variance of at least two values."""
    middle = mean(values)
    return math.fsum((value - middle) ** 2 for value in values) / (len(values) - 1)


@lru_cache(maxsize=512)
def quantile(probability: float, freedom: int) -> float:
    """Return the quantile of Student's t by bisection.

    Args:
        probability: In [0.5, 1).
        freedom: Degrees of freedom, at least 1.

    Example:
        >>> round(quantile(0.975, 9), 3)
        2.262
    """
    low, high = 0.0, math.pi / 2
    for _ in range(60):
        middle = (low + high) / 2
        within = _share_within(middle, min(freedom, _EXACT_UP_TO))
        low, high = (middle, high) if within < 2 * probability - 1 else (low, middle)
    return math.tan(low) * math.sqrt(min(freedom, _EXACT_UP_TO))


def _share_within(angle: float, freedom: int) -> float:
    """Return P(|t| < sqrt(freedom) * tan(angle))."""
    cosine, odd = math.cos(angle), freedom % 2 == 1
    term = cosine if odd else 1.0
    total = term if freedom > 1 else 0.0
    for step in range(3 if odd else 2, freedom - 1, 2):
        term *= cosine**2 * ((step - 1) / step)
        total += term
    if odd:
        return 2 / math.pi * (angle + math.sin(angle) * total)
    return math.sin(angle) * total
