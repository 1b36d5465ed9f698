"""The one screen that ends a run."""

from collections.abc import Iterator
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from day23.domain.run_report import BenchmarkRow, ExportRow, RunReport
from day23.presentation.reports.words import UNKNOWN, duration, number, percent, size

_STYLES = {"pass": "green", "warn": "yellow", "fail": "bold red", "void": "magenta", "undecided": "cyan"}
_WIDTH = 110


def render(run: RunReport) -> RenderableType:
    """Return services, counts, checksums, verdicts, timings and addresses as one renderable."""
    parts: list[RenderableType] = [_heading(run)]
    for title, section, body in (
        ("Services", "services", _services(run)),
        ("Documents per channel", "channels", _channels(run)),
        ("Exports", "exports", _exports(run)),
        ("Benchmarks", "benchmarks", _benchmarks(run)),
        ("Telemetry of this run", "", _telemetry(run)),
        ("Where time went", "", _timings(run)),
        ("Look further", "", _addresses(run)),
    ):
        parts += [Text(f"\n{title}", "bold"), body or Text(f"  {run.gaps.get(section, UNKNOWN)}", "yellow")]
    return Group(*parts)


def lines(run: RunReport) -> list[str]:
    """Return the same as plain lines, for callers that cannot render.

    Example:
        >>> print("\\n".join(lines(run)))  # doctest: +SKIP
    """
    console = Console(file=StringIO(), width=_WIDTH, no_color=True, highlight=False)
    with console.capture() as capture:
        console.print(render(run))
    return [line.rstrip() for line in capture.get().splitlines()]


def _heading(run: RunReport) -> Text:
    took = f" in {duration(run.total_seconds)}" if run.total_seconds is not None else ""
    text = Text.assemble((f"Run {run.run_id}", "bold"), took)
    if run.window_start and run.window_end:
        text.append(f"   window {run.window_start:%Y-%m-%d} .. {run.window_end:%Y-%m-%d} (excluded)")
    return text


def _table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    table = Table(box=None, pad_edge=True, header_style="dim", padding=(0, 1))
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def _services(run: RunReport) -> Table | None:
    if not run.services:
        return None
    table = _table("name", "", "address", "version", "memory", "", right=("memory",))
    for row in run.services:
        mark = {
            True: Text("ready", "green"),
            False: Text("not ready", "bold red"),
            None: Text("skipped", "dim"),
        }
        table.add_row(
            row.name, mark[row.ready], row.endpoint, row.version, size(row.memory_bytes), Text(row.reason)
        )
    return table


def _channels(run: RunReport) -> Table | None:
    if not run.channels:
        return None
    counts = ("digests", "reviews", "real", "synthetic", "posts used")
    table = _table("channel", *counts, "share synthetic", right=(*counts, "share synthetic"))
    for row in run.channels:
        everything = row.telegram + row.synthetic
        share = percent(row.synthetic / everything) if everything else "-"
        table.add_row(
            row.channel,
            *(str(count) for count in (row.digests, row.review_reports, row.telegram, row.synthetic)),
            str(row.posts_used),
            share,
        )
    return table


def _exports(run: RunReport) -> Table | None:
    if not run.exports:
        return None
    table = _table("file", "documents", "size", "sha256", right=("documents", "size"))
    for row in run.exports:
        table.add_row(_file_name(row), str(row.documents), size(row.bytes), row.sha256)
    return table


def _file_name(row: ExportRow) -> str:
    return row.path.rpartition("/")[2]


def _benchmarks(run: RunReport) -> Table | None:
    if not run.benchmarks:
        return None
    table = _table("scenario", "mode", "verdict", "samples", "metrics", right=("samples",))
    for row in run.benchmarks:
        verdict = Text(row.overall.value, _STYLES[row.overall.value])
        table.add_row(row.scenario, row.mode, verdict, _samples(row), _metrics(row))
    return table


def _samples(row: BenchmarkRow) -> str:
    return f"{row.samples} ({row.failed} failed)" if row.failed else str(row.samples)


def _metrics(row: BenchmarkRow) -> Text:
    text = Text()
    for metric in row.metrics:
        text.append("  " if text else "")
        text.append(f"{metric.name.removesuffix('_seconds')} ", "dim")
        text.append(number(metric.value), _STYLES[metric.outcome.value])
    return text


def _telemetry(run: RunReport) -> Group:
    return Group(*(Text(f"  {line}") for line in _telemetry_lines(run)))


def _telemetry_lines(run: RunReport) -> Iterator[str]:
    answered = [query for query in run.live if query.series is not None]
    series = sum(len(query.series or ()) for query in answered)
    yield (
        f"Prometheus  {series} series from {len(answered)} queries"
        if answered
        else _gap(run, "live", "Prometheus")
    )
    if run.logs:
        yield f"Loki        {run.logs.found} of {run.logs.written} log lines found"
    else:
        yield _gap(run, "logs", "Loki")
    if run.spans is not None:
        yield f"MongoDB     {len(run.spans)} spans in butler.spans"
    else:
        yield _gap(run, "spans", "MongoDB")
    yield f"trace_id    {run.trace_id or 'none'}"


def _gap(run: RunReport, section: str, name: str) -> str:
    return f"{name:<11} {run.gaps.get(section, UNKNOWN)}"


def _timings(run: RunReport) -> Table | None:
    if not run.timings:
        return None
    table = _table("step", "took", right=("took",))
    for row in run.timings:
        table.add_row(row.step, duration(row.seconds))
    return table


def _addresses(run: RunReport) -> Table | None:
    if not run.urls:
        return None
    table = _table("", "")
    table.show_header = False
    for name, url in run.urls.items():
        table.add_row(name, url)
    return table
