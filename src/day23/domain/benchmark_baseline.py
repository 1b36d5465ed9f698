"""A run against an earlier one: only where machine, configuration and dataset are the same."""

from collections.abc import Mapping

from pydantic import BaseModel, ConfigDict

from day23.domain.benchmark_result import BenchmarkResult, RunMetadata
from day23.domain.scenario import LATENCY
from day23.domain.statistics.comparison import Comparison, compare_latencies, compare_scores


class BaselineComparison(BaseModel):
    """Every metric of a run against those of its baseline, sample by sample.

    Attributes:
        baseline: Trace id of the baseline run.
        refusal: Why the runs cannot be compared; empty when they were.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    baseline: str
    refusal: str = ""
    metrics: dict[str, Comparison] = {}


def compare_runs(baseline: BenchmarkResult, current: BenchmarkResult) -> BaselineComparison:
    """Compare two runs, or say why they are no pair."""
    name, differing = baseline.metadata.trace_id, _differing(baseline, current)
    if differing:
        return BaselineComparison(baseline=name, refusal=f"no baseline: {', '.join(differing)} differ")
    before, after = _values(baseline), _values(current)
    both = [sample for sample in after if sample in before]
    if not both:
        return BaselineComparison(baseline=name, refusal="no baseline: no sample was answered in both runs")
    metrics = {}
    for metric in (metric.name for metric in current.metrics):
        compare = compare_latencies if metric == LATENCY else compare_scores
        pairs = [(before[sample][metric], after[sample][metric]) for sample in both]
        metrics[metric] = compare([old for old, _ in pairs], [new for _, new in pairs])
    return BaselineComparison(baseline=name, metrics=metrics)


def _differing(baseline: BenchmarkResult, current: BenchmarkResult) -> list[str]:
    one, other = _key(baseline), _key(current)
    return [name for name in one if one[name] != other[name]]


def _key(result: BenchmarkResult) -> dict[str, object]:
    metadata: RunMetadata = result.metadata
    return {
        "scenario": result.scenario_id,
        "mode": metadata.mode,
        "machine": metadata.machine,
        "concurrency": metadata.max_concurrency,
        "prompts": metadata.prompt_sha256,
        "dataset": metadata.dataset.content_sha256,
    }


def _values(result: BenchmarkResult) -> Mapping[str, Mapping[str, float]]:
    return {
        sample.sample_id: {metric.name: metric.value for metric in sample.metrics}
        for sample in result.samples
        if sample.metrics
    }
