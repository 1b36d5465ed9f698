"""What a finished benchmark run tells the rest of the stack."""

from day23.application.ports import Telemetry
from day23.domain.benchmark_result import BenchmarkResult, MetricResult
from day23.domain.verdict import SEVERITY, Outcome


def publish(telemetry: Telemetry, result: BenchmarkResult) -> None:
    """Publish the verdict as metrics and one log line.

    The metrics of a void run have no value and no verdict of their own.
    """
    labels = {"scenario": result.scenario_id, "dataset": result.dataset_id}
    telemetry.measure("benchmark_run_duration_seconds", result.metadata.duration_seconds, **labels)
    telemetry.measure("benchmark_run_outcome", SEVERITY[result.overall], **labels)
    telemetry.measure("benchmark_run_info", 1, run=result.metadata.trace_id, **labels)
    for metric in result.metrics:
        _metric(telemetry, metric, void=result.overall is Outcome.VOID, labels=labels)
    _log(telemetry, result)


def _metric(telemetry: Telemetry, metric: MetricResult, *, void: bool, labels: dict[str, str]) -> None:
    named = {**labels, "metric": metric.name}
    outcome = Outcome.VOID if void else metric.outcome
    telemetry.measure("benchmark_metric_outcome", SEVERITY[outcome], **named)
    if void:
        return
    telemetry.measure("benchmark_metric_value", metric.value, **named)
    if metric.interval and metric.interval.bounded:
        for bound, value in (("low", metric.interval.lowest), ("high", metric.interval.highest)):
            telemetry.measure("benchmark_metric_interval", value, bound=bound, **named)


def _log(telemetry: Telemetry, result: BenchmarkResult) -> None:
    telemetry.log(
        "error" if result.overall is Outcome.VOID else "info",
        "benchmark finished",
        scenario=result.scenario_id,
        mode=result.metadata.mode,
        overall=result.overall.value,
        samples=result.metadata.sample_count,
        failed=result.metadata.failed_count,
        duration_seconds=round(result.metadata.duration_seconds, 3),
    )
