"""Better, worse, or cannot tell: the same samples measured twice.

Latencies are compared as ratios of geometric means over pairs: the logarithms of current/baseline of each
sample, with Student's t (paired t test; Altman and Bland, "Comparing two means", for the log transform).
Scores are compared as differences of pairs. A change counts only when its interval excludes "no change"
AND it is greater than the noise floor, so that a tiny but certain change raises no alarm.

Detectable change and sample size: n = ((t(1-alpha/2) + t(power)) * s / effect)^2, Cohen, "Statistical
Power Analysis for the Behavioral Sciences" (1988), section 2.4; s is the standard deviation of the pairs. A
recommended size takes the upper limit of s, or every other size would be too small (Browne, "On the use of a
pilot sample for sample size determination", Statistics in Medicine 14, 1995), in the form that stays true
for pairs with outliers (Bonett, "Approximate confidence interval for standard deviation of nonnormal
distributions", Computational Statistics and Data Analysis 50, 2006).
"""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, FiniteFloat

from day23.domain.errors import ToolkitError
from day23.domain.percentile import finite, mean
from day23.domain.statistics.interval import CONFIDENCE, Interval
from day23.domain.statistics.student_t import mean_interval, quantile, variance

POWER = 0.9
_CERTAINTY = 0.99
FEWEST_PAIRS = 10
A_FIFTH = 0.2
FEWEST_RUNS = 3
"""Equal runs from which a noise floor is computed."""


class Change(StrEnum):
    """What a comparison concludes."""

    BETTER = "better"
    WORSE = "worse"
    CANNOT_TELL = "cannot tell"


class Comparison(BaseModel):
    """A metric against its baseline.

    Attributes:
        change: Relative for latencies (0.2 is 20 % slower), absolute for scores.
        interval: Of the change; null with too few pairs.
        detectable: Smallest change that so many pairs show in nine of ten runs.
        noise_floor: Change that equal runs show; null when there were not enough of them.
        pairs: Samples measured in both runs.
        pairs_for_a_fifth: Latencies only: pairs that show a change of 20 % in nine of ten runs; null where
            equal runs differ as much, for then no number of pairs does.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    verdict: Change
    change: FiniteFloat
    interval: Interval | None
    detectable: FiniteFloat | None
    noise_floor: FiniteFloat | None
    pairs: int
    pairs_for_a_fifth: int | None = None


def compare_latencies(
    baseline: Sequence[float],
    current: Sequence[float],
    noise_floor: float | None = None,
    confidence: float = CONFIDENCE,
) -> Comparison:
    """Compare positive seconds of the same samples, pair by pair; lower is better.

    Args:
        noise_floor: Change that equal runs show, which a change must exceed; None for none.
        confidence: Of the interval, which must exclude "no change".
    """
    ratios = [after / before for before, after in _pairs(baseline, current)]
    floor = None if noise_floor is None else math.log1p(noise_floor)
    logarithms = [math.log(ratio) for ratio in ratios]
    found = _compare(logarithms, floor, math.expm1, confidence, higher_is_better=False)
    if len(ratios) < FEWEST_PAIRS or (noise_floor or 0.0) >= A_FIFTH:
        return found
    return found.model_copy(update={"pairs_for_a_fifth": pairs_to_detect(ratios, A_FIFTH, confidence)})


def compare_scores(
    baseline: Sequence[float],
    current: Sequence[float],
    noise_floor: float | None = None,
    confidence: float = CONFIDENCE,
) -> Comparison:
    """Compare scores of the same samples, pair by pair; higher is better. Arguments as for latencies."""
    differences = [after - before for before, after in _pairs(baseline, current)]
    return _compare(differences, noise_floor, float, confidence, higher_is_better=True)


def noise_floor(run_means: Sequence[float]) -> float | None:
    """Return the greatest change that two further equal runs show with 95 %; None for fewer than three.

    A prediction interval for the difference of two runs: t * s * sqrt(2) (Hahn and Meeker, section 4.8).

    Args:
        run_means: One figure per run: the mean logarithm of its latencies, or its mean score.
    """
    if len(run_means) < FEWEST_RUNS:
        return None
    deviation = math.sqrt(variance(run_means))
    return quantile((1 + CONFIDENCE) / 2, len(run_means) - 1) * deviation * math.sqrt(2)


def pairs_to_detect(ratios: Sequence[float], change: float, confidence: float = CONFIDENCE) -> int:
    """Return how many pairs show a relative change of latency in nine of ten comparisons.

    Args:
        ratios: current/baseline of the pairs of an A/A comparison, at least ten.
        change: Relative, such as 0.2.
    """
    deviation = _highest_deviation([math.log(ratio) for ratio in finite(ratios)])
    count = FEWEST_PAIRS
    for _ in range(20):
        needed = math.ceil((_reach(count, confidence) * deviation / math.log1p(change)) ** 2)
        if (following := max(FEWEST_PAIRS, needed)) == count:
            break
        count = following
    return count


def _highest_deviation(values: Sequence[float]) -> float:
    """Return the standard deviation that the true one exceeds once in a hundred such samples.

    Once in ten would do for even pairs; with rare outliers the recommended sizes of 1000 simulations then
    showed the change in 91 % instead of 95 %.
    """
    count, middle, spread = len(values), mean(values), variance(values)
    if not spread:
        return 0.0
    kurtosis = count * math.fsum((value - middle) ** 4 for value in values) / (spread * (count - 1)) ** 2
    uncertainty = max(0.0, kurtosis - (count - 3) / count) / (count - 1)
    return math.sqrt(spread * math.exp(quantile(_CERTAINTY, count - 1) * math.sqrt(uncertainty)))


def _pairs(baseline: Sequence[float], current: Sequence[float]) -> list[tuple[float, float]]:
    if len(baseline) != len(current):
        raise ToolkitError("pairs need a value of both runs", next_step="compare the samples of both runs")
    return list(zip(finite(baseline), finite(current), strict=True))


def _compare(
    changes: Sequence[float],
    floor: float | None,
    scale: Callable[[float], float],
    confidence: float,
    *,
    higher_is_better: bool,
) -> Comparison:
    point = mean(changes)
    shown = None if floor is None else scale(floor)
    if len(changes) < FEWEST_PAIRS:
        return _comparison(Change.CANNOT_TELL, scale(point), None, None, shown, len(changes))
    found = mean_interval(changes, confidence)
    certain = not found.holds(0.0) and abs(point) > (floor or 0.0)
    better = (point > 0) is higher_is_better
    verdict = Change.CANNOT_TELL if not certain else Change.BETTER if better else Change.WORSE
    reach = _reach(len(changes), confidence) * math.sqrt(variance(changes) / len(changes))
    interval = Interval(
        low=scale(found.lowest),
        high=scale(found.highest),
        method="student t, paired",
        confidence=confidence,
    )
    return _comparison(verdict, scale(point), interval, scale(max(reach, floor or 0.0)), shown, len(changes))


def _comparison(
    verdict: Change,
    change: float,
    interval: Interval | None,
    detectable: float | None,
    floor: float | None,
    pairs: int,
) -> Comparison:
    return Comparison(
        verdict=verdict,
        change=change,
        interval=interval,
        detectable=detectable,
        noise_floor=floor,
        pairs=pairs,
    )


def _reach(pairs: int, confidence: float) -> float:
    """Return how many standard errors away a change must be to be found in nine of ten comparisons."""
    freedom = pairs - 1
    return quantile((1 + confidence) / 2, freedom) + quantile(POWER, freedom)
