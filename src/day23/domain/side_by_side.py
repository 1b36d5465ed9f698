"""Two servers asked for the same samples in turns, within one run.

What makes a machine slower for a while falls on both alike, so pairs need no noise floor of equal runs
("duet benchmarking": Bulej, Horky, Tuma et al., "Duet Benchmarking: Improving Measurement Accuracy in the
Cloud", ICPE 2020). In exchange the two must be up at the same time.
"""

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import TypeVar

from day23.domain.benchmark_judgement import MeasuredSample
from day23.domain.scenario import LATENCY
from day23.domain.statistics.comparison import Comparison, compare_latencies, compare_scores

CONFIDENCE = 0.99
"""Each comparison is a chance to call equal servers different; no noise floor stands in its way here."""

_Asked = TypeVar("_Asked")


def in_turns(measured: Sequence[_Asked], beside: Sequence[_Asked]) -> tuple[_Asked, ...]:
    """Return what is asked of both servers, sample by sample; each server goes first every other time.

    Example:
        >>> in_turns("ABC", "abc")
        ('A', 'a', 'b', 'B', 'C', 'c')
    """
    pairs = zip(measured, beside, cycle((False, True)), strict=False)
    return tuple(one for here, there, swap in pairs for one in ((there, here) if swap else (here, there)))


def compare_servers(
    measured: Sequence[MeasuredSample], beside: Sequence[MeasuredSample]
) -> dict[str, Comparison]:
    """Compare every metric over the samples that both servers answered; empty where there are none."""
    there = {sample.sample_id: sample.values for sample in beside if not sample.failed}
    both = [sample for sample in measured if not sample.failed and sample.sample_id in there]
    if not both:
        return {}
    before = [there[sample.sample_id] for sample in both]
    after = [sample.values for sample in both]
    return {name: _compared(name, before, after) for name in after[0]}


def _compared(
    metric: str, before: Sequence[Mapping[str, float]], after: Sequence[Mapping[str, float]]
) -> Comparison:
    compare = compare_latencies if metric == LATENCY else compare_scores
    old, new = [values[metric] for values in before], [values[metric] for values in after]
    return compare(old, new, confidence=CONFIDENCE)
