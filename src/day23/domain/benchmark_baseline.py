"""A run against an earlier one: only where machine, configuration, model, engine and dataset are the same.

One run cannot know how much equal runs differ: a busier machine moves every sample alike, which pairs of
samples take for a change. So runs are the unit: the latency's verdict needs the noise floor of at least
three equal runs, and a change must exceed it.
"""

import math
from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ConfigDict

from day23.domain.benchmark_result import BenchmarkResult
from day23.domain.percentile import mean
from day23.domain.scenario import LATENCY
from day23.domain.statistics.comparison import (
    FEWEST_RUNS,
    Change,
    Comparison,
    compare_latencies,
    compare_scores,
    noise_floor,
)
from day23.domain.statistics.variance_shares import variance_shares
from day23.domain.verdict import Outcome

ADVISED_RUNS = 5
"""With three equal runs Student's t makes the floor so wide that a change of 20 % showed in 83 of 100
simulations (`statistics.coverage`, runs that differ by 2 %)."""

Values = Mapping[str, Mapping[str, float]]
"""Metric values by sample and metric."""


class BaselineComparison(BaseModel):
    """Every metric of a run against those of its baseline, sample by sample.

    Attributes:
        baseline: Trace id of the baseline run.
        refusal: Why the runs cannot be compared; empty when they were.
        equal_runs: Runs like the baseline, itself included, that the noise floor rests on.
        remark: What keeps a verdict from being given; empty when nothing does.
        noise_share: By metric, the share of its variance that repetition makes, the rest being differences
            between prompts (`statistics.variance_shares`); empty below two equal runs.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    baseline: str
    refusal: str = ""
    equal_runs: int = 0
    remark: str = ""
    metrics: dict[str, Comparison] = {}
    noise_share: dict[str, float] = {}


def compare_runs(
    baseline: BenchmarkResult, current: BenchmarkResult, earlier: Sequence[BenchmarkResult] = ()
) -> BaselineComparison:
    """Compare two runs, or say why they are no pair.

    Args:
        earlier: Stored runs; those like the baseline and not younger tell how much equal runs differ.
    """
    name, refusal = baseline.metadata.trace_id, _refusal(baseline, current)
    if refusal:
        return BaselineComparison(baseline=name, refusal=f"no baseline: {refusal}")
    equal = [_values(run) for run in _equal_runs(baseline, earlier)]
    before, after = _values(baseline), _values(current)
    both = [sample for sample in after if all(sample in run for run in (before, *equal))]
    if not both:
        return BaselineComparison(baseline=name, refusal="no baseline: no sample was answered in all runs")
    return BaselineComparison(
        baseline=name,
        equal_runs=len(equal),
        remark=_remark(len(equal)),
        metrics={
            metric.name: _compared(metric.name, before, after, equal, both) for metric in current.metrics
        },
        noise_share=_noise_shares(current, equal, both),
    )


def run_key(result: BenchmarkResult) -> dict[str, object]:
    """Return what two runs must have in common to be compared."""
    metadata = result.metadata
    return {
        "scenario": result.scenario_id,
        "mode": metadata.mode,
        "machine": metadata.machine,
        "load": metadata.load,
        "workers": metadata.workers,
        "server beside": result.beside is not None,
        "model": metadata.model_name,
        "engine": metadata.server.digest if metadata.server else None,
        "token limit": metadata.max_tokens,
        "prompts": metadata.prompt_sha256,
        "dataset": metadata.dataset.content_sha256,
        "samples": metadata.sample_count,
    }


def _refusal(baseline: BenchmarkResult, current: BenchmarkResult) -> str:
    if Outcome.VOID in (baseline.overall, current.overall):
        return "one of the runs is void"
    one, other = run_key(baseline), run_key(current)
    differing = [name for name in one if one[name] != other[name]]
    return f"{', '.join(differing)} differ" if differing else ""


def _equal_runs(baseline: BenchmarkResult, earlier: Sequence[BenchmarkResult]) -> list[BenchmarkResult]:
    """Return the baseline and runs like it that are not younger: a later one may be slow for a reason."""
    key, others = run_key(baseline), {run.metadata.trace_id: run for run in earlier}
    others.pop(baseline.metadata.trace_id, None)
    return [
        baseline,
        *(
            run
            for run in others.values()
            if run_key(run) == key
            and run.overall is not Outcome.VOID
            and run.metadata.started_at <= baseline.metadata.started_at
        ),
    ]


def _remark(runs: int) -> str:
    if runs < FEWEST_RUNS:
        what = f"latency needs the noise floor of {FEWEST_RUNS} equal runs, there are {runs}"
        return f"{what}: run it again unchanged"
    if runs < ADVISED_RUNS:
        return f"the noise floor rests on {runs} equal runs; {ADVISED_RUNS} narrow it"
    return ""


def _compared(
    metric: str, before: Values, after: Values, equal: Sequence[Values], both: Sequence[str]
) -> Comparison:
    old = [before[sample][metric] for sample in both]
    new = [after[sample][metric] for sample in both]
    rows = [[run[sample][metric] for sample in both] for run in equal]
    if metric != LATENCY:
        return compare_scores(old, new, noise_floor([mean(row) for row in rows]))
    floor = noise_floor([mean([math.log(value) for value in row]) for row in rows])
    found = compare_latencies(old, new, None if floor is None else math.expm1(floor))
    return found if floor is not None else found.model_copy(update={"verdict": Change.CANNOT_TELL})


def _noise_shares(current: BenchmarkResult, equal: Sequence[Values], both: Sequence[str]) -> dict[str, float]:
    if len(equal) < 2 or len(both) < 2:
        return {}
    return {
        metric.name: variance_shares([[run[sample][metric.name] for run in equal] for sample in both]).ratio
        for metric in current.metrics
    }


def _values(result: BenchmarkResult) -> Values:
    return {
        sample.sample_id: {metric.name: metric.value for metric in sample.metrics}
        for sample in result.samples
        if sample.metrics
    }
