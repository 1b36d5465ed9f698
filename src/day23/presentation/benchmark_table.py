"""A benchmark run as people read it: one line per metric, then how it came about."""

from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table
from rich.text import Text

from day23.application.run_benchmark import BenchmarkRun
from day23.domain.benchmark_result import BenchmarkResult, Distribution, MetricResult, SampleResult
from day23.domain.verdict import Direction, Outcome
from day23.presentation.benchmark_comparison import beside_facts, change_lines
from day23.presentation.benchmark_figures import shown_interval, shown_seconds
from day23.presentation.benchmark_opinion import fault_line, judge_lines, score_line

_COLOURS = {
    Outcome.PASS: "green",
    Outcome.WARN: "yellow",
    Outcome.FAIL: "bold red",
    Outcome.VOID: "bold magenta",
    Outcome.UNDECIDED: "cyan",
}


def benchmark_table(console: Console, run: BenchmarkRun, bundle: Path) -> None:
    """Print the run and where everything about it is."""
    result = run.result
    title = f"{result.scenario_id}, {result.metadata.mode} run"
    table = Table(title=title, title_justify="left", box=SIMPLE, padding=(0, 1, 0, 0), pad_edge=False)
    for heading in ("metric", "value", "95 % interval", "by", "pass", "warn", "verdict"):
        left = heading in ("metric", "verdict")
        table.add_column(heading, justify="left" if left else "right", no_wrap=True)
    for metric in result.metrics:
        table.add_row(*_cells(metric))
    if result.metrics:
        console.print(table)
    for line in (*facts(result), *_opinion(result), f"result {run.path}", f"page {bundle / 'index.html'}"):
        console.print(line, soft_wrap=True, highlight=False)
    console.print("overall", _outcome(result.overall))


def _opinion(result: BenchmarkResult) -> list[str]:
    """Return what informs and does not judge."""
    lines = [fault_line(result)] if result.faults else []
    if result.beside:
        lines += [*beside_facts(result.beside), *change_lines(result.beside.metrics)]
    if result.judgement:
        lines += judge_lines(result.judgement)
        lines += [score_line(result.judgement)] if result.judgement.judged else []
    return lines


def _cells(metric: MetricResult) -> tuple[str | Text, ...]:
    sign = "≥" if metric.direction is Direction.HIGHER else "≤"
    return (
        metric.name,
        f"{metric.value:.3f}",
        shown_interval(metric.interval),
        metric.aggregate,
        f"{sign} {metric.passes:g}",
        f"{sign} {metric.warns:g}",
        _outcome(metric.outcome),
    )


def _outcome(outcome: Outcome) -> Text:
    return Text(outcome.value.upper(), _COLOURS[outcome])


def facts(result: BenchmarkResult) -> list[str]:
    """Return how a run came about, in lines."""
    metadata = result.metadata
    provenance = ", ".join(f"{count} {name}" for name, count in metadata.provenance.items())
    lines = [_undecided(metric) for metric in result.metrics if metric.outcome is Outcome.UNDECIDED]
    lines += [
        f"{metadata.asked_count} of {metadata.sample_count} samples ({provenance})",
        f"{metadata.duration_seconds:.2f} s; model {metadata.model_name}; scores by {metadata.judge_model}",
    ]
    lines += [f"{name} {shown_seconds(found)}" for name, found in _timings(result) if found]
    lines += [
        f"{name} against the recorded summaries {found.mean:.3f} [{shown_interval(found.interval)}]"
        for name, found in result.overlap.items()
    ]
    lines += _client(result)
    if metadata.failed_count:
        kinds = ", ".join(f"{count} {kind}" for kind, count in metadata.errors.items())
        lines.append(f"{metadata.failed_count} failed ({kinds}); {metadata.failed_allowed} allowed")
        lines += _first_failures(result.samples)
    if metadata.retries:
        lines.append(f"{metadata.retries} requests repeated")
    if metadata.resumed:
        lines.append(f"{metadata.resumed} samples taken over from the interrupted run")
    return [*lines, *(f"void: {reason}" for reason in metadata.void_reasons)]


def _first_failures(samples: Sequence[SampleResult]) -> list[str]:
    """Return what the server said first about each kind of failure."""
    first = {sample.notes.partition(":")[0]: sample.notes for sample in reversed(samples) if sample.notes}
    return [f"  {notes}" for _, notes in sorted(first.items())]


def _timings(result: BenchmarkResult) -> tuple[tuple[str, Distribution | None], ...]:
    return (
        ("latency", result.latency),
        ("service", result.service),
        ("first token", result.ttft),
        ("between tokens", result.inter_token),
    )


def _client(result: BenchmarkResult) -> list[str]:
    """Return how the load was offered, and what the client itself adds and can do."""
    lines, metadata = [], result.metadata
    if metadata.load:
        pace = (
            f"open loop, {metadata.load.rate:g}/s {metadata.load.arrival}"
            if metadata.load.rate
            else "closed loop"
        )
        both = " of both servers" if result.beside else ""
        achieved = f"; {metadata.rate:.1f} answers/s{both}" if metadata.rate else ""
        lines.append(f"{pace}, at most {metadata.load.max_concurrency} in flight{achieved}")
    if workers := metadata.workers:
        where = f" on {', '.join(workers.hosts)}" if workers.hosts else ""
        starts = "; starts agreed by wall clock" if workers.clock == "per host" else ""
        lines.append(f"{workers.count} client processes{where}{starts}")
    if found := metadata.calibration:
        lines.append(
            f"client: overhead {1000 * found.overhead_seconds:.3f} ms at one request at a time, "
            f"at most {found.maximum_rate:.0f} requests/s (stub on loopback, n = {found.requests})"
        )
    return lines


def _undecided(metric: MetricResult) -> str:
    needed = metric.samples_to_decide
    told = f"about {needed} samples would decide" if needed else "it lies on a threshold; more will not help"
    return f"{metric.name} is undecided: {told}"
