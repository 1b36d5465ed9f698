"""From measured samples to judged metrics and one verdict."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from day23.domain.benchmark_result import Distribution, FaultCount, MetricResult, SampleMetric, SampleResult
from day23.domain.percentile import mean, nearest_rank
from day23.domain.reference_overlap import OVERLAPS
from day23.domain.sample_times import SampleTimes
from day23.domain.scenario import LATENCY, Scenario
from day23.domain.statistics.average import Average, average
from day23.domain.statistics.bootstrap import bootstrap_mean
from day23.domain.statistics.interval import Interval
from day23.domain.statistics.percentile_interval import percentile_interval, smallest_sample
from day23.domain.statistics.share_interval import share_interval
from day23.domain.summary_faults import Fault
from day23.domain.verdict import Outcome, Threshold, worst

MOST_SAMPLES = 100_000
"""More samples than anybody asks for to decide one metric."""


@dataclass(frozen=True, slots=True)
class MeasuredSample:
    """One sample with what was measured of it.

    Attributes:
        values: The value of every metric of the scenario; empty when the sample failed.
        error_kind: What went wrong, in a word; empty when nothing did.
        times: When what happened; None for stored values and for failures.
        attempts: Requests it took; 0 for stored values.
        overlap: How near the answer is to the recorded summary; empty for stored values.
        faults: What `domain.summary_faults` finds in the summary.
    """

    sample_id: str
    channel: str
    values: Mapping[str, float]
    error_kind: str = ""
    error: str = ""
    times: SampleTimes | None = None
    attempts: int = 0
    overlap: Mapping[str, float] = field(default_factory=dict)
    faults: frozenset[Fault] = frozenset()

    @property
    def failed(self) -> bool:
        """Whether there is nothing to judge."""
        return bool(self.error_kind)


def failures_allowed(scenario: Scenario, samples: int) -> int:
    """Return how many of `samples` may fail before the run supports no verdict."""
    return math.floor(scenario.failed_samples_allowed * samples)


def judge_metrics(scenario: Scenario, samples: Sequence[MeasuredSample]) -> tuple[MetricResult, ...]:
    """Judge every metric of the scenario over the samples that answered; none when none did."""
    answered = [sample for sample in samples if not sample.failed]
    if not answered:
        return ()
    return tuple(_judge_metric(scenario, name, answered) for name in scenario.thresholds)


def overall(metrics: Sequence[MetricResult], void_reasons: Sequence[str]) -> Outcome:
    """Return the worst metric, or `void` when something speaks against any verdict."""
    if void_reasons or not metrics:
        return Outcome.VOID
    return worst(metric.outcome for metric in metrics)


def sample_result(scenario: Scenario, sample: MeasuredSample) -> SampleResult:
    """Return the sample with the outcome of each of its values."""
    metrics = tuple(
        SampleMetric(name=name, value=sample.values[name], outcome=threshold.judge(sample.values[name]))
        for name, threshold in scenario.thresholds.items()
        if not sample.failed
    )
    return SampleResult(
        sample_id=sample.sample_id,
        channel=sample.channel,
        metrics=metrics,
        verdict=None if sample.failed else worst(metric.outcome for metric in metrics),
        notes=f"{sample.error_kind}: {sample.error}" if sample.failed else None,
        first_token_seconds=sample.times.first_token_latency if sample.times else None,
        times=sample.times,
        overlap=dict(sample.overlap),
        faults=None if sample.failed else tuple(each for each in scenario.faults if each in sample.faults),
    )


def overlaps(samples: Sequence[MeasuredSample]) -> dict[str, Average]:
    """Return the mean of each overlap over the samples that have it."""
    return {
        name: average(values)
        for name in OVERLAPS
        if (values := [sample.overlap[name] for sample in samples if name in sample.overlap])
    }


def fault_counts(scenario: Scenario, answered: Sequence[MeasuredSample]) -> dict[Fault, FaultCount]:
    """Return how many of the samples that answered carry each fault; empty when none answered."""
    counts = {fault: sum(fault in sample.faults for sample in answered) for fault in scenario.faults}
    of = len(answered)
    return {
        fault: FaultCount(summaries=count, of=of, interval=share_interval(count, of))
        for fault, count in counts.items()
        if of
    }


def distribution(seconds: Sequence[float]) -> Distribution | None:
    """Return median, P95, P99 and mean; None when nothing was measured."""
    if not seconds:
        return None
    return Distribution(
        p50=nearest_rank(seconds, 50),
        p95=nearest_rank(seconds, 95),
        p99=nearest_rank(seconds, 99) if len(seconds) >= smallest_sample(99) else None,
        mean=mean(seconds),
        p50_interval=_shown(percentile_interval(seconds, 50)),
        p95_interval=_shown(percentile_interval(seconds, 95)),
        p99_interval=_shown(percentile_interval(seconds, 99)),
    )


def _shown(interval: Interval) -> Interval | None:
    return interval if interval.bounded else None


def _judge_metric(scenario: Scenario, name: str, answered: Sequence[MeasuredSample]) -> MetricResult:
    values = [sample.values[name] for sample in answered]
    percent = scenario.latency_percentile
    value = nearest_rank(values, percent) if name == LATENCY else mean(values)
    threshold = scenario.thresholds[name]
    interval = percentile_interval(values, percent) if name == LATENCY else bootstrap_mean(values)
    fewest = smallest_sample(percent) if name == LATENCY else 2
    return MetricResult(
        name=name,
        value=value,
        outcome=threshold.judge_interval(interval),
        interval=interval if name == LATENCY else interval.within(0.0, 1.0),
        samples_to_decide=_samples_to_decide(threshold, value, interval, max(fewest, len(values))),
        aggregate=f"p{percent:g}" if name == LATENCY else "mean",
        mean=mean(values),
        direction=threshold.direction,
        passes=threshold.passes,
        warns=threshold.warns,
    )


def _samples_to_decide(threshold: Threshold, value: float, interval: Interval, samples: int) -> int | None:
    """Return about how many samples would decide; widths shrink with the square root of their number.

    Where nothing bounds the value yet, the number that bounds it at all; None where no number that one
    could ask for decides, for the value lies on a threshold.
    """
    if threshold.judge_interval(interval) is not Outcome.UNDECIDED:
        return None
    if not interval.bounded:
        return samples
    crossed = [bound for bound in (threshold.passes, threshold.warns) if interval.holds(bound)]
    distance = min(abs(value - bound) for bound in crossed)
    reach = max(value - interval.lowest, interval.highest - value)
    needed = samples * (reach / distance) ** 2 if distance else math.inf
    return math.ceil(needed) if needed <= MOST_SAMPLES else None
