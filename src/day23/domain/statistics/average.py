"""A mean with how sure it is."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, FiniteFloat

from day23.domain.percentile import mean
from day23.domain.statistics.bootstrap import bootstrap_mean
from day23.domain.statistics.interval import Interval
from day23.domain.statistics.share_interval import share_interval


class Average(BaseModel):
    """A mean and its interval, null for a single value."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mean: FiniteFloat
    interval: Interval | None = None


def average(values: Sequence[float]) -> Average:
    """Return the mean of at least one value."""
    interval = bootstrap_mean(values)
    return Average(mean=mean(values), interval=interval if interval.bounded else None)


def share(successes: float, of: int) -> Average | None:
    """Return which share of the cases succeeded; None without cases."""
    return Average(mean=successes / of, interval=share_interval(successes, of)) if of else None
