"""The timeline as a picture: services by time, and the hole in their samples."""

import io
from typing import Any

from matplotlib import rc_context
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from day23.domain.restart.judgement import RestartReport
from day23.domain.restart.timeline import ServiceTimes, Timeline
from day23.presentation.dashboards.panel_picture import INK, LINE, MUTED

_DOWN, _STARTING, _READY = "#cf3a3a", "#d97a1d", "#2f9e58"
_STYLE: Any = {"font.family": "sans-serif", "font.size": 9, "text.color": INK}
_BEFORE_SECONDS = 3.0
_MARKS = (("first_sample", "D", "#2f6fd0", "first sample"), ("first_log", "|", INK, "first log line"))


def timeline_png(report: RestartReport) -> bytes:
    """Return the picture as PNG."""
    names = sorted(report.timeline.services, reverse=True) or ["nothing went down"]
    with rc_context(_STYLE):
        figure = Figure(figsize=(10, 1.6 + 0.36 * len(names)), dpi=130)
        axes = figure.add_subplot()
        end = max(_after_stop(report.timeline, report.timeline.ended) or 1.0, 1.0)
        for row, name in enumerate(names):
            _draw(axes, row, report.timeline.services.get(name, ServiceTimes()), report.timeline, end)
        _dress(axes, names, report, end)
        figure.tight_layout(rect=(0, 0.08, 1, 1))
        picture = io.BytesIO()
        figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _draw(axes: Any, row: int, times: ServiceTimes, timeline: Timeline, end: float) -> None:
    down, up, ready = (
        _after_stop(timeline, moment) for moment in (times.down, times.process_up, times.ready)
    )
    _bar(axes, row, -_BEFORE_SECONDS, end if down is None else down, _READY)
    if down is not None:
        starting = max(down, up) if up is not None else (ready or end)
        _bar(axes, row, down, starting, _DOWN)
        _bar(axes, row, starting, end if ready is None else ready, _STARTING)
        if ready is not None:
            _bar(axes, row, ready, end, _READY)
    for field, marker, colour, _ in _MARKS:
        moment = _after_stop(timeline, getattr(times, field))
        if moment is not None:
            axes.plot(moment, row, marker=marker, color=colour, markersize=7, markeredgewidth=2, zorder=3)


def _bar(axes: Any, row: int, start: float, end: float, colour: str) -> None:
    axes.barh(row, max(0.0, end - start), left=start, height=0.5, color=colour, alpha=0.85)


def _dress(axes: Any, names: list[str], report: RestartReport, end: float) -> None:
    hole = max(report.holes.values(), default=0.0)
    axes.axvline(0, color=INK, linewidth=1, linestyle=":")
    if report.hole is not None:
        start, stop = (moment - report.timeline.stopped for moment in report.hole)
        axes.axvspan(
            start, stop, facecolor="none", edgecolor=MUTED, hatch="//", linewidth=0, alpha=0.5, zorder=0
        )
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(-_BEFORE_SECONDS, end)
    axes.set_xlabel("seconds after the stop", color=MUTED)
    told = (
        f"Restart validation, {report.disruption}: {report.verdict}; longest hole in the samples {hole:.1f} s"
    )
    axes.set_title(told, loc="left", fontsize=10, fontweight="bold")
    axes.grid(axis="x", color=LINE, linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    _explain(axes)


def _explain(axes: Any) -> None:
    colours = ((_READY, "ready"), (_DOWN, "down"), (_STARTING, "starting"))
    handles: list[Any] = [Patch(color=colour, label=label) for colour, label in colours]
    handles += [
        axes.plot([], [], marker=marker, color=colour, linestyle="", markeredgewidth=2, label=label)[0]
        for _, marker, colour, label in _MARKS
    ]
    handles.append(Patch(facecolor="none", edgecolor=MUTED, hatch="//", label="hole in the samples"))
    axes.figure.legend(handles=handles, loc="lower center", ncols=6, frameon=False, fontsize=8)


def _after_stop(timeline: Timeline, moment: float | None) -> float | None:
    return None if moment is None else moment - timeline.stopped
