"""The pictures of one benchmark run."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from day23.domain.benchmark_baseline import BaselineComparison
from day23.domain.benchmark_result import BenchmarkResult, SampleResult
from day23.domain.percentile import mean
from day23.domain.sample_times import SampleTimes
from day23.domain.scenario import LATENCY, QUALITY_METRICS
from day23.domain.statistics.comparison import Comparison
from day23.domain.statistics.interval import Interval
from day23.domain.statistics.student_t import mean_interval
from day23.presentation.reports.benchmark_picture import Draw, Palette, Plot
from day23.presentation.reports.judge_plot import judge_plot


def plots(result: BenchmarkResult, comparison: BaselineComparison | None = None) -> list[Plot]:
    """Return the pictures that a run has the data for."""
    values = _metric_values(result.samples, LATENCY)
    timed = [sample.times for sample in result.samples if sample.times]
    channels = sorted({sample.channel for sample in result.samples if sample.metrics})
    found = []
    if values:
        found.append(Plot("latency", "Latency of the samples", 2.4, _latency(result, values)))
    if timed:
        found.append(Plot("timeline", "Latency by intended send time", 2.4, _timeline(timed)))
        found.append(Plot("request", "The request with the median latency", 1.7, _waterfall(_median(timed))))
    if channels:
        height = 1.0 + 0.32 * len(channels)
        title = "Quality by channel, mean and 95 % interval"
        found.append(Plot("quality", title, height, _quality(result, channels)))
    if result.judgement and result.judgement.judged:
        found.append(judge_plot(result.judgement))
    if result.beside and result.beside.metrics:
        title = f"Change against {result.beside.url}, asked in turns, in percent"
        found.append(Plot("beside", title, 2.2, _changes(result.beside.metrics)))
    if comparison and comparison.metrics:
        title = f"Change against baseline {comparison.baseline[:8]}, in percent"
        found.append(Plot("comparison", title, 2.2, _changes(comparison.metrics)))
    return found


def _metric_values(samples: Sequence[SampleResult], name: str) -> list[float]:
    return [metric.value for sample in samples for metric in sample.metrics if metric.name == name]


def _latency(result: BenchmarkResult, values: Sequence[float]) -> Draw:
    def draw(axes: Any, colours: Palette) -> None:
        axes.hist(values, bins=min(40, max(8, len(values) // 4)), color=colours.first, rwidth=0.9)
        if found := result.latency:
            _mark(axes, found.p50, found.p50_interval, colours.good, "median")
            _mark(axes, found.p95, found.p95_interval, colours.warn, "p95")
        axes.set_xlabel("seconds; bands are 95 % intervals")
        axes.set_ylabel("samples")
        axes.yaxis.get_major_locator().set_params(integer=True)
        axes.legend(frameon=False, fontsize=8.5)

    return draw


def _mark(axes: Any, value: float, interval: Interval | None, colour: str, name: str) -> None:
    axes.axvline(value, color=colour, linewidth=1.4, label=f"{name} {value:.3g} s")
    if interval:
        axes.axvspan(interval.lowest, interval.highest, color=colour, alpha=0.18)


def _timeline(times: Sequence[SampleTimes]) -> Draw:
    def draw(axes: Any, colours: Palette) -> None:
        repeated = [one for one in times if one.attempts > 1]
        once = [one for one in times if one.attempts == 1]
        for chosen, colour, name in ((once, colours.first, "once"), (repeated, colours.second, "repeated")):
            if chosen:
                intended, latency = [one.intended for one in chosen], [one.latency for one in chosen]
                axes.scatter(intended, latency, s=9, color=colour, label=f"{len(chosen)} asked {name}")
        axes.set_xlabel("seconds since the start of the run")
        axes.set_ylabel("seconds")
        axes.set_ylim(0, 1.08 * max(one.latency for one in times))
        axes.legend(frameon=False, fontsize=8.5)

    return draw


def _median(times: Sequence[SampleTimes]) -> SampleTimes:
    return sorted(times, key=lambda one: one.latency)[(len(times) - 1) // 2]


def _waterfall(one: SampleTimes) -> Draw:
    moments = [
        ("waits in the client", one.intended, one.sent),
        ("until the first token", one.sent, one.first_token),
        ("tokens", one.first_token, one.last_token),
        ("until the last byte", one.last_token or one.sent, one.finished),
    ]
    steps = [(name, start, end) for name, start, end in moments if start is not None and end is not None]

    def draw(axes: Any, colours: Palette) -> None:
        for row, (_name, start, end) in enumerate(steps):
            begin, width = 1000 * (start - one.intended), 1000 * (end - start)
            axes.barh(row, width, left=begin, color=colours.first, height=0.6)
            axes.annotate(
                f" {width:.2f} ms", (begin + width, row), va="center", fontsize=8, color=colours.ink
            )
        axes.set_yticks(range(len(steps)), [name for name, _, _ in steps])
        axes.invert_yaxis()
        axes.margins(x=0.12)
        axes.set_xlabel("milliseconds since the intended send time")

    return draw


def _quality(result: BenchmarkResult, channels: Sequence[str]) -> Draw:
    by_channel: dict[str, list[SampleResult]] = defaultdict(list)
    for sample in result.samples:
        by_channel[sample.channel].append(sample)

    def draw(axes: Any, colours: Palette) -> None:
        shades = (colours.first, colours.second, colours.good, colours.muted)
        for position, (name, colour) in enumerate(zip(QUALITY_METRICS, shades, strict=True)):
            for row, channel in enumerate(channels):
                values = _metric_values(by_channel[channel], name)
                label = name if row == 0 else None
                _interval_dot(axes, values, row + 0.16 * (position - 1.5), colour, label)
        axes.set_yticks(range(len(channels)), channels)
        axes.invert_yaxis()
        axes.legend(frameon=False, fontsize=8.5, ncols=4, loc="lower center", bbox_to_anchor=(0.5, -0.42))

    return draw


def _interval_dot(axes: Any, values: Sequence[float], row: float, colour: str, label: str | None) -> None:
    if not values:
        return
    middle, interval = mean(values), mean_interval(values).within(0.0, 1.0)
    if interval.bounded:
        axes.plot([interval.lowest, interval.highest], [row, row], color=colour, linewidth=1.2)
    axes.scatter([middle], [row], s=16, color=colour, label=label)


def _changes(metrics: Mapping[str, Comparison]) -> Draw:
    def draw(axes: Any, colours: Palette) -> None:
        for row, found in enumerate(metrics.values()):
            if found.interval and found.interval.bounded:
                ends = [100 * found.interval.lowest, 100 * found.interval.highest]
                axes.plot(ends, [row, row], color=colours.first, linewidth=1.4)
            axes.scatter([100 * found.change], [row], s=22, color=colours.first)
        axes.axvline(0, color=colours.muted, linewidth=1)
        named = [f"{name}: {found.verdict.value}" for name, found in metrics.items()]
        axes.set_yticks(range(len(named)), named)
        axes.invert_yaxis()
        axes.set_xlabel("latency: relative; scores: hundredths of a point")

    return draw
