"""How much of the spread is noise of repetition and how much is difference between prompts.

One-way random effects (Searle, Casella and McCulloch, "Variance Components", 1992, chapter 3):
within = mean over prompts of the variance of its repetitions,
between = variance of the prompts' means - within / repetitions, at least 0,
variance ratio = within / (within + between), which is 1 - ICC(1).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from day23.domain.errors import ToolkitError
from day23.domain.percentile import mean
from day23.domain.statistics.student_t import variance


@dataclass(frozen=True, slots=True)
class VarianceShares:
    """Variances in the square of the measurements' unit."""

    within: float
    between: float

    @property
    def ratio(self) -> float:
        """The share of noise, 0 to 1; 0 when nothing varies at all."""
        total = self.within + self.between
        return self.within / total if total else 0.0


def variance_shares(repetitions: Sequence[Sequence[float]]) -> VarianceShares:
    """Split the variance.

    Args:
        repetitions: One row per prompt, all of the same length.

    Raises:
        ToolkitError: Fewer than two prompts or repetitions, or rows of different lengths.

    Example:
        >>> variance_shares([[1, 3], [11, 13]])
        VarianceShares(within=2.0, between=49.0)
    """
    lengths = {len(row) for row in repetitions}
    if len(repetitions) < 2 or len(lengths) != 1 or min(lengths) < 2:
        raise ToolkitError(
            "variance needs two prompts with two repetitions each",
            next_step="repeat the run on the same samples",
        )
    within = mean([variance(row) for row in repetitions])
    spread = variance([mean(row) for row in repetitions])
    return VarianceShares(within, max(0.0, spread - within / lengths.pop()))
