"""Pictures of the evidence page, as SVG that takes its colours from the page's style."""

import io
from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from matplotlib import rc_context
from matplotlib.dates import DateFormatter, DayLocator
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from day23.domain.run_report import BenchmarkRow, DayRow

COLOURS = {
    "#010101": "var(--ink)",
    "#020202": "var(--line)",
    "#030303": "var(--telegram)",
    "#040404": "var(--synthetic)",
    "#050505": "var(--muted)",
    "#060606": "var(--pass)",
    "#070707": "var(--warn)",
}
"""Stand-ins that matplotlib draws with, and the variables of the page that replace them."""

_INK, _LINE, _TELEGRAM, _SYNTHETIC, _MUTED, _MEDIAN, _TAIL = COLOURS
_NO_METADATA = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_WIDTH_INCHES = 9.6
_ROW_INCHES = 0.95
_MARGIN_INCHES = 0.55
_GAP = 0.75
_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "day23",
    "font.family": "sans-serif",
    "font.size": 9,
    "text.color": _INK,
    "axes.edgecolor": _LINE,
    "axes.labelcolor": _MUTED,
    "xtick.color": _MUTED,
    "ytick.color": _MUTED,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
}


def posts_per_day(days: Sequence[DayRow]) -> str:
    """Return one row of bars per channel: posts behind each day's digest, by provenance."""
    by_channel: dict[str, list[DayRow]] = defaultdict(list)
    for row in days:
        by_channel[row.channel].append(row)
    with rc_context(_STYLE):
        figure, rows = _small_multiples(len(by_channel), share_x=True)
        for axes, (channel, found) in zip(rows, by_channel.items(), strict=True):
            _bars(axes, channel, found)
        rows[-1].tick_params(labelbottom=True)
        return svg(figure, "Posts per day and channel")


def _bars(axes: Any, channel: str, found: Sequence[DayRow]) -> None:
    for provenance, colour in (("telegram", _TELEGRAM), ("synthetic", _SYNTHETIC)):
        chosen = [row for row in found if row.provenance == provenance]
        axes.bar([row.day for row in chosen], [row.posts for row in chosen], width=0.8, color=colour)
    first, last = min(row.day for row in found), max(row.day for row in found)
    axes.set_xlim(first - timedelta(days=1), last + timedelta(days=1))
    axes.xaxis.set_major_locator(DayLocator(interval=max(1, (last - first).days // 6)))  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(DateFormatter("%-d %b"))  # type: ignore[no-untyped-call]
    _title(axes, channel, _share(found))


def _share(found: Sequence[DayRow]) -> str:
    synthetic = sum(row.provenance == "synthetic" for row in found)
    posts = sum(row.posts for row in found)
    return f"{posts} posts, {len(found)} days, {synthetic} of them synthetic"


def latency_distributions(runs: Sequence[BenchmarkRow]) -> str:
    """Return one histogram per run, with the median and the 95th percentile marked."""
    with rc_context(_STYLE):
        figure, rows = _small_multiples(len(runs), share_x=False)
        for axes, run in zip(rows, runs, strict=True):
            _histogram(axes, run)
        rows[-1].set_xlabel("seconds")
        return svg(figure, "Latency per scenario")


def _histogram(axes: Any, run: BenchmarkRow) -> None:
    colour = _TELEGRAM if run.mode == "live" else _MUTED
    axes.hist(run.latencies, bins=min(40, max(8, len(run.latencies) // 4)), color=colour, rwidth=0.9)
    for value, line in ((run.latency_p50, _MEDIAN), (run.latency_p95, _TAIL)):
        if value is not None:
            axes.axvline(value, color=line, linewidth=1.4)
    marks = f"median {run.latency_p50:.3g} s, p95 {run.latency_p95:.3g} s" if run.latency_p50 else ""
    _title(axes, f"{run.scenario}, {run.mode}", marks)


def _small_multiples(count: int, share_x: bool) -> tuple[Figure, list[Any]]:
    height = _ROW_INCHES * count + _MARGIN_INCHES
    figure = Figure(figsize=(_WIDTH_INCHES, height))
    figure.subplots_adjust(
        left=0.04, right=0.995, top=1 - 0.25 / height, bottom=(_MARGIN_INCHES - 0.1) / height, hspace=_GAP
    )
    grid = figure.subplots(count, 1, sharex=share_x, squeeze=False)
    return figure, [row[0] for row in grid]


def _title(axes: Any, name: str, remark: str) -> None:
    axes.set_title(name, loc="left", fontsize=9.5, fontweight="bold")
    axes.set_title(remark, loc="right", fontsize=8.5, color=_MUTED)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=2, integer=True))
    axes.grid(axis="y", color=_LINE, linewidth=0.6)
    axes.set_axisbelow(True)


def svg(figure: Figure, title: str) -> str:
    """Return the drawing without XML prologue, with the page's colours and an accessible title."""
    stream = io.StringIO()
    figure.savefig(stream, format="svg", transparent=True, metadata=_NO_METADATA)
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    for stand_in, variable in COLOURS.items():
        text = text.replace(stand_in, variable)
    return text.replace("<svg ", f'<svg role="img" aria-label="{title}" ', 1)
