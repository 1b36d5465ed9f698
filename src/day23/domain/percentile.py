"""Percentiles and means of measured values."""

import math
from collections.abc import Sequence

from day23.domain.errors import ToolkitError


def nearest_rank(values: Sequence[float], percent: float) -> float:
    """Return the smallest value such that at least `percent` % of all values are not greater.

    The nearest-rank definition (rank = ceil(p/100 * n)): always a value that was measured, never an
    interpolation.

    Args:
        values: Finite measurements, in any order and unit.
        percent: In (0, 100].

    Example:
        >>> nearest_rank([4.0, 1.0, 3.0, 2.0], 50)
        2.0
    """
    if not 0 < percent <= 100:
        raise ToolkitError(f"{percent} is not a percentile", next_step="use a number above 0, up to 100")
    ordered = sorted(finite(values))
    return ordered[math.ceil(percent / 100 * len(ordered)) - 1]


def mean(values: Sequence[float]) -> float:
    """Return the arithmetic mean of finite values, summed without rounding loss."""
    return math.fsum(finite(values)) / len(values)


def finite(values: Sequence[float]) -> Sequence[float]:
    """Return the values.

    Raises:
        ToolkitError: There are none, or one is NaN or infinite.
    """
    if not values:
        raise ToolkitError("nothing was measured", next_step="use a dataset with at least one sample")
    strange = next((value for value in values if not math.isfinite(value)), None)
    if strange is not None:
        raise ToolkitError(f"{strange} is not a measurement", next_step="repair the sample that carries it")
    return values
