"""An interval that holds the true value in at least the stated share of repetitions."""

import math

from pydantic import BaseModel, ConfigDict, FiniteFloat

CONFIDENCE = 0.95


class Interval(BaseModel):
    """A two-sided confidence interval; an end that the data does not bound is null.

    Attributes:
        method: How it was computed: `order statistics`, `student t`, `bootstrap`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    low: FiniteFloat | None
    high: FiniteFloat | None
    method: str
    confidence: FiniteFloat = CONFIDENCE

    @property
    def lowest(self) -> float:
        """The lower end; minus infinity where the data sets none."""
        return -math.inf if self.low is None else self.low

    @property
    def highest(self) -> float:
        """The upper end; infinity where the data sets none."""
        return math.inf if self.high is None else self.high

    @property
    def bounded(self) -> bool:
        """Whether both ends are known; only such an interval is shown beside its figure."""
        return self.low is not None and self.high is not None

    def holds(self, value: float) -> bool:
        """Tell whether the value lies in the interval, ends included."""
        return self.lowest <= value <= self.highest

    def within(self, least: float, most: float) -> "Interval":
        """Return the part of it that the quantity can take; ends that are not known stay so."""
        low = None if self.low is None else max(self.low, least)
        high = None if self.high is None else min(self.high, most)
        return self.model_copy(update={"low": low, "high": high})
