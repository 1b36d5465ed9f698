"""One panel as a picture, drawn from the answers it got; the kinds and colours are Grafana's."""

import math
import textwrap
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

from matplotlib.colors import to_rgba
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from day23.domain.dashboard import Colour, Panel, PanelKind
from day23.domain.panel_answer import PanelAnswer, PanelSeries
from day23.presentation.dashboards.panel_words import legend, reading

INK = "#1f2430"
MUTED = "#6b7280"
LINE = "#d9dce3"
_PALETTE = {Colour.GOOD: "#2f9e58", Colour.WARN: "#d97a1d", Colour.BAD: "#cf3a3a", Colour.NEUTRAL: "#2f6fd0"}
_SERIES = (
    "#2f6fd0",
    "#d97a1d",
    "#2f9e58",
    "#8a5cd1",
    "#cf3a3a",
    "#1b9aaa",
    "#b0862c",
    "#d0559b",
    "#5f6b7a",
    "#77b255",
)
_MOST_LEGENDS = 10
_MOST_ROWS = 10
_LINE_CHARACTERS_PER_COLUMN = 7
_SMALL = 7.5
_HOLE_STEPS = 1.5


def draw(axes: Any, answer: PanelAnswer) -> None:
    """Draw the panel into `axes`; what was refused or empty is said in words."""
    refused = next((query.refusal for query in answer.queries if query.refusal), "")
    series = named_series(answer)
    lines = [line for query in answer.queries for line in query.lines]
    if refused:
        _say(axes, refused, _PALETTE[Colour.BAD])
    elif lines:
        _logs(axes, answer)
    elif not series:
        _say(axes, "nothing yet" if answer.panel.empty_by_design else "no data", MUTED)
    else:
        _PICTURES[answer.panel.kind](axes, answer.panel, series)


def named_series(answer: PanelAnswer) -> list[tuple[str, PanelSeries]]:
    """Return every series with what its legend says."""
    return [(legend(query.legend, one.labels), one) for query in answer.queries for one in query.series]


def colour_of(panel: Panel, value: float) -> str:
    """Return the colour that the panel's value names or thresholds give a value."""
    for name in panel.value_names:
        if name.value == value:
            return _PALETTE[name.colour]
    reached = [step.colour for step in panel.thresholds if step.value is None or value >= step.value]
    return _PALETTE[reached[-1]] if reached else _PALETTE[Colour.NEUTRAL]


def _say(axes: Any, words: str, colour: str) -> None:
    axes.axis("off")
    _write(axes, 0.5, 0.5, textwrap.fill(words, 60), ha="center", va="center", color=colour)


def _write(axes: Any, x: float, y: float, words: str, **look: Any) -> None:
    """Write into the drawing; `x` and `y` are shares of its width and height."""
    axes.text(x, y, words, transform=axes.transAxes, parse_math=False, **look)


def _time_series(axes: Any, panel: Panel, series: Sequence[tuple[str, PanelSeries]]) -> None:
    for position, (name, one) in enumerate(series):
        points = with_gaps(one.points)
        times = [datetime.fromtimestamp(at, UTC) for at, _ in points]
        values = [value for _, value in points]
        marker = "." if len(values) < 30 else None
        axes.plot(
            times, values, color=_SERIES[position % len(_SERIES)], linewidth=1.4, marker=marker, label=name
        )
    if panel.minimum is not None:
        axes.set_ylim(bottom=panel.minimum)
    if panel.maximum is not None:
        axes.set_ylim(top=panel.maximum * 1.02)
    axes.yaxis.set_major_formatter(lambda value, _: reading(value, panel.unit))
    _time_axis(axes)
    axes.grid(axis="y", color=LINE, linewidth=0.6)
    _legend(axes)


def with_gaps(points: Sequence[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return the points with a NaN wherever some are missing, so that no line hides a hole.

    Points are a step apart, so the smallest distance is the step.

    Example:
        >>> with_gaps([(0, 1), (15, 1), (90, 2)])
        [(0, 1), (15, 1), (15, nan), (90, 2)]
    """
    pairs = list(pairwise(points))
    step = min((after[0] - before[0] for before, after in pairs), default=0.0)
    whole = list(points[:1])
    for before, after in pairs:
        if after[0] - before[0] > _HOLE_STEPS * step:
            whole.append((before[0], math.nan))
        whole.append(after)
    return whole


def _legend(axes: Any) -> None:
    handles, names = axes.get_legend_handles_labels()
    axes.legend(
        handles[:_MOST_LEGENDS],
        names[:_MOST_LEGENDS],
        loc="upper center",
        bbox_to_anchor=(0.5, -0.14),
        ncols=4,
        fontsize=_SMALL,
        frameon=False,
        handlelength=1.2,
        columnspacing=1.2,
    )


def _time_axis(axes: Any) -> None:
    locator = AutoDateLocator(minticks=2, maxticks=7, tz=UTC)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, tz=UTC, show_offset=False)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_formatter(formatter)
    axes.tick_params(length=0, labelsize=_SMALL, colors=MUTED)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(LINE)


def _stat(axes: Any, panel: Panel, series: Sequence[tuple[str, PanelSeries]]) -> None:
    axes.axis("off")
    shown = series[:12]
    columns = min(len(shown), 4)
    rows = math.ceil(len(shown) / columns)
    size = 24 if rows == 1 and columns <= 2 else 13
    for position, (name, one) in enumerate(shown):
        x = (position % columns + 0.5) / columns
        y = 1 - (position // columns + 0.5) / rows
        text, colour = value_text(panel, one.last), colour_of(panel, one.last)
        _write(axes, x, y, text, ha="center", va="bottom", color=colour, fontsize=size, fontweight="bold")
        _write(axes, x, y, name, ha="center", va="top", color=MUTED, fontsize=_SMALL)


def value_text(panel: Panel, value: float) -> str:
    """Return the value's name, else the value in its unit."""
    return next((name.text for name in panel.value_names if name.value == value), reading(value, panel.unit))


def _bars(axes: Any, panel: Panel, series: Sequence[tuple[str, PanelSeries]]) -> None:
    shown = sorted(series, key=lambda pair: pair[1].last, reverse=True)[:_MOST_ROWS][::-1]
    values = [one.last for _, one in shown]
    top = panel.maximum or max([*values, 0.0]) or 1.0
    places = range(len(shown))
    axes.barh(places, [top] * len(shown), color=LINE, height=0.4)
    axes.barh(places, values, color=[colour_of(panel, value) for value in values], height=0.4)
    axes.set_xlim(0, top * 1.25)
    for place, value, (name, _) in zip(places, values, shown, strict=True):
        axes.text(top * 1.02, place, reading(value, panel.unit), va="center", fontsize=_SMALL, color=INK)
        axes.text(0, place + 0.25, name, va="bottom", fontsize=_SMALL, color=MUTED, parse_math=False)
    axes.set_ylim(-0.6, max(len(shown), 3) - 0.2)
    axes.set_xticks([])
    axes.set_yticks([])
    _bare(axes)


def _bare(axes: Any) -> None:
    axes.tick_params(length=0, labelcolor=INK)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _table(axes: Any, panel: Panel, series: Sequence[tuple[str, PanelSeries]]) -> None:
    axes.axis("off")
    rows = sorted(series, key=lambda pair: pair[0])
    columns = 2 if len(rows) > _MOST_ROWS // 2 else 1
    deep = max(math.ceil(len(rows) / columns), 6)
    for position, (name, one) in enumerate(rows):
        left, y = (position // deep) / columns, 1 - (position % deep + 0.5) / deep
        right, verdict = left + 0.94 / columns, value_text(panel, one.last)
        _write(axes, left, y, name, va="center", fontsize=8.5)
        colour = colour_of(panel, one.last)
        _write(
            axes, right, y, verdict, ha="right", va="center", color=colour, fontsize=8.5, fontweight="bold"
        )


def _states(axes: Any, panel: Panel, series: Sequence[tuple[str, PanelSeries]]) -> None:
    shown = sorted(series, key=lambda pair: pair[0], reverse=True)
    for place, (_, one) in enumerate(shown):
        times = [datetime.fromtimestamp(at, UTC) for at, _ in one.points]
        colours = [to_rgba(colour_of(panel, value)) for _, value in one.points]
        axes.scatter(times, [place] * len(times), c=colours, marker="s", s=26, linewidths=0)
    axes.set_yticks(range(len(shown)), [name for name, _ in shown], fontsize=_SMALL)
    axes.set_ylim(-0.7, len(shown) - 0.3)
    _time_axis(axes)


def _logs(axes: Any, answer: PanelAnswer) -> None:
    axes.axis("off")
    room = answer.panel.height + 4
    most = answer.panel.width * _LINE_CHARACTERS_PER_COLUMN
    for position, words in enumerate(log_words(answer)[:room]):
        shown = words if len(words) <= most else f"{words[: most - 2]} …"
        _write(axes, 0, 1 - (position + 0.5) / room, shown, fontsize=6.5, family="monospace", va="center")


def log_words(answer: PanelAnswer) -> list[str]:
    """Return the panel's log lines, newest first: time, service, line."""
    lines = [line for query in answer.queries for line in query.lines]
    return [
        f"{line.timestamp:%H:%M:%S}  {line.labels.get('service', ''):<14} {' '.join(line.text.split())}"
        for line in reversed(lines)
    ]


_PICTURES: dict[PanelKind, Callable[[Any, Panel, Sequence[tuple[str, PanelSeries]]], None]] = {
    PanelKind.TIME_SERIES: _time_series,
    PanelKind.STAT: _stat,
    PanelKind.BAR_GAUGE: _bars,
    PanelKind.STATE_TIMELINE: _states,
    PanelKind.TABLE: _table,
}
