"""A benchmark run as people read it: one line per metric, then how it came about."""

from rich.console import Console
from rich.table import Table
from rich.text import Text

from day23.application.run_benchmark import BenchmarkRun
from day23.domain.benchmark_result import BenchmarkResult, Distribution, MetricResult
from day23.domain.verdict import Direction, Outcome

_COLOURS = {
    Outcome.PASS: "green",
    Outcome.WARN: "yellow",
    Outcome.FAIL: "bold red",
    Outcome.VOID: "bold magenta",
}


def benchmark_table(console: Console, run: BenchmarkRun) -> None:
    """Print the run."""
    result = run.result
    table = Table(title=f"{result.scenario_id}, {result.metadata.mode} run", title_justify="left")
    for heading in ("metric", "value", "judged by", "pass", "warn", "verdict"):
        table.add_column(heading, justify="left" if heading in ("metric", "verdict") else "right")
    for metric in result.metrics:
        table.add_row(*_cells(metric))
    console.print(table)
    for line in (*_facts(result), f"result {run.path}"):
        console.print(line, soft_wrap=True, highlight=False)
    console.print("overall", _outcome(result.overall))


def _cells(metric: MetricResult) -> tuple[str | Text, ...]:
    sign = "≥" if metric.direction is Direction.HIGHER else "≤"
    return (
        metric.name,
        f"{metric.value:.3f}",
        metric.aggregate,
        f"{sign} {metric.passes:g}",
        f"{sign} {metric.warns:g}",
        _outcome(metric.outcome),
    )


def _outcome(outcome: Outcome) -> Text:
    return Text(outcome.value.upper(), _COLOURS[outcome])


def _facts(result: BenchmarkResult) -> list[str]:
    metadata = result.metadata
    provenance = ", ".join(f"{count} {name}" for name, count in metadata.provenance.items())
    lines = [
        f"{metadata.asked_count} of {metadata.sample_count} samples ({provenance})",
        f"{metadata.duration_seconds:.2f} s; model {metadata.model_name}; judge {metadata.judge_model}",
    ]
    if result.latency:
        lines.append(f"latency {_seconds(result.latency)}")
    if result.ttft:
        lines.append(f"first token {_seconds(result.ttft)}")
    if metadata.failed_count:
        kinds = ", ".join(f"{count} {kind}" for kind, count in metadata.errors.items())
        lines.append(f"{metadata.failed_count} failed ({kinds}); {metadata.failed_allowed} allowed")
    if metadata.retries:
        lines.append(f"{metadata.retries} requests repeated")
    return lines


def _seconds(distribution: Distribution) -> str:
    return f"p50 {distribution.p50:.3f} s, p95 {distribution.p95:.3f} s, mean {distribution.mean:.3f} s"
