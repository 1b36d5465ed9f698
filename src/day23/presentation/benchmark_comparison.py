"""What changed between two runs, or two servers: as lines of a terminal and as rows of a table."""

from collections.abc import Mapping

from rich.console import Console

from day23.domain.benchmark_baseline import BaselineComparison
from day23.domain.benchmark_result import SideBySide
from day23.domain.scenario import LATENCY
from day23.domain.side_by_side import CONFIDENCE
from day23.domain.statistics.comparison import A_FIFTH, Comparison
from day23.presentation.benchmark_figures import shown_seconds

CHANGE_COLUMNS = (
    "metric",
    "verdict",
    "change",
    "interval",
    "smallest detectable",
    "noise floor",
    "pairs",
    "pairs for 20 %",
)


def baseline_lines(console: Console, comparison: BaselineComparison) -> None:
    """Print one line per metric: better, worse or cannot tell, and what could have been seen."""
    console.print(f"against baseline {comparison.baseline[:8]}", highlight=False)
    for line in (*change_lines(comparison.metrics), *baseline_remarks(comparison)):
        console.print(f"  {line}", highlight=False, markup=False, soft_wrap=True)


def baseline_remarks(comparison: BaselineComparison) -> list[str]:
    """Return what is to know about the equal runs."""
    lines = [comparison.refusal] if comparison.refusal else []
    if comparison.noise_share:
        shares = ", ".join(f"{name} {share:.0%}" for name, share in comparison.noise_share.items())
        lines.append(f"share of noise in the variance over {comparison.equal_runs} equal runs: {shares}")
    return [*lines, comparison.remark] if comparison.remark else lines


def beside_facts(beside: SideBySide) -> list[str]:
    """Return how the server beside did."""
    intervals = f"changes with {CONFIDENCE:.0%} intervals"
    lines = [f"asked in turns with {beside.url}, model {beside.model_name}; {intervals}"]
    if beside.latency:
        lines.append(f"latency there {shown_seconds(beside.latency)}")
    if beside.errors:
        lines.append(f"failed there: {', '.join(f'{count} {kind}' for kind, count in beside.errors.items())}")
    return lines


def change_rows(metrics: Mapping[str, Comparison]) -> list[tuple[str, ...]]:
    """Return a row of `CHANGE_COLUMNS` per metric; latencies change by a share, scores by points."""
    return [_row(name, found) for name, found in metrics.items()]


def change_lines(metrics: Mapping[str, Comparison]) -> list[str]:
    """Return a line per metric with all that its row has."""
    return [_line(*_row(name, found)) for name, found in metrics.items()]


def _line(
    name: str, verdict: str, change: str, interval: str, seen: str, floor: str, pairs: str, fifth: str
) -> str:
    noise = f", noise floor {floor}" if floor else ""
    shown = f", {fifth} would show 20 %" if fifth.isdigit() else f", {fifth}" if fifth else ""
    smallest = f"smallest detectable {seen}{noise}"
    return f"{name} {verdict}: change {change} [{interval}], {smallest}, {pairs} pairs{shown}"


def _row(name: str, found: Comparison) -> tuple[str, ...]:
    form = "{:.1%}" if name == LATENCY else "{:.3f}"
    signed = form.replace(":", ":+")
    ends = found.interval
    return (
        name,
        found.verdict.value,
        signed.format(found.change),
        f"{signed.format(ends.lowest)} .. {signed.format(ends.highest)}" if ends else "too few",
        form.format(found.detectable) if found.detectable is not None else "none with so few",
        form.format(found.noise_floor) if found.noise_floor is not None else "",
        str(found.pairs),
        _for_a_fifth(name, found),
    )


def _for_a_fifth(name: str, found: Comparison) -> str:
    if found.pairs_for_a_fifth:
        return str(found.pairs_for_a_fifth)
    drowned = name == LATENCY and (found.noise_floor or 0.0) >= A_FIFTH
    return "no number while equal runs differ so much" if drowned else ""
