"""The interval of a share: exact for counts, so that it never claims more than few cases can show.

Clopper and Pearson, "The Use of Confidence or Fiducial Limits Illustrated in the Case of the Binomial"
(1934). Cases that count as a half are rounded away from the interval's middle: of all values between 0 and
1 with the same mean, whole ones vary most (Hoeffding, "On the Distribution of the Number of Successes in
Independent Trials", 1956), so the interval is at least as wide as it must be.
"""

import math
from collections.abc import Callable
from functools import lru_cache

from day23.domain.statistics.binomial import probability
from day23.domain.statistics.interval import CONFIDENCE, Interval

_STEPS = 50


@lru_cache(maxsize=512)
def share_interval(successes: float, of: int, confidence: float = CONFIDENCE) -> Interval:
    """Return the interval of a share.

    Args:
        successes: How many of the independent cases; halves are allowed.
        of: All cases, at least one.

    Example:
        >>> round(share_interval(0, 10).highest, 3)
        0.308
    """
    tail = (1 - confidence) / 2
    fewest, most = math.floor(successes), math.ceil(successes)
    low = _share_where(lambda share: 1 - _at_most(fewest - 1, of, share) >= tail) if fewest else 0.0
    high = _share_where(lambda share: _at_most(most, of, share) <= tail) if most < of else 1.0
    return Interval(low=low, high=high, method="Clopper-Pearson", confidence=confidence)


def _share_where(turned: Callable[[float], bool]) -> float:
    """Return the share from which on something holds, by bisection."""
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if turned(middle) else (middle, high)
    return (low + high) / 2


def _at_most(successes: int, of: int, share: float) -> float:
    return math.fsum(probability(count, of, share) for count in range(successes + 1))
