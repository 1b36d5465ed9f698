"""The percentile bootstrap, where it is trustworthy: means of many values.

Efron and Tibshirani, "An Introduction to the Bootstrap" (1993), section 13.3. With ten skewed values its
95 % interval held the mean in 86 % of simulations, so fewer than `FEWEST_VALUES` get Student's t instead.
"""

from collections.abc import Sequence

import numpy as np

from day23.domain.percentile import finite
from day23.domain.statistics.interval import CONFIDENCE, Interval
from day23.domain.statistics.student_t import mean_interval

FEWEST_VALUES = 200
RESAMPLES = 2_000
SEED = 23


def bootstrap_mean(values: Sequence[float], confidence: float = CONFIDENCE, seed: int = SEED) -> Interval:
    """Return the interval of the mean: resampled for many values, Student's t for few.

    Args:
        values: Independent finite measurements.
        seed: The same seed gives the same interval.
    """
    if len(values) < FEWEST_VALUES:
        return mean_interval(values, confidence)
    measured = np.asarray(finite(values), dtype=np.float64)
    chosen = np.random.default_rng(seed).integers(0, len(measured), (RESAMPLES, len(measured)))
    tail = 100 * (1 - confidence) / 2
    low, high = np.percentile(measured[chosen].mean(axis=1), [tail, 100 - tail])
    return Interval(low=float(low), high=float(high), method="bootstrap", confidence=confidence)
