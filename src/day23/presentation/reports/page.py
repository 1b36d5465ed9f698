"""The evidence page: one file that needs nothing else, in light, in dark and on paper."""

from collections.abc import Sequence
from importlib.resources import files

import orjson
from jinja2 import Environment, StrictUndefined

from day23.domain.live_values import LogLine
from day23.domain.observability_policy import LOG_FIELDS
from day23.domain.run_report import LiveQuery, LogFindings, MetricRow, RunReport
from day23.domain.scenario import LATENCY
from day23.presentation.reports import plots, words
from day23.presentation.reports.span_rows import waterfall

_MOST_SERIES = 24
_SHOWN_ELSEWHERE = {field.name for field in LOG_FIELDS} - {"channel"}


def render_page(run: RunReport) -> str:
    """Return the page as HTML without a reference to anything outside itself."""
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters |= {
        "number": words.number,
        "duration": words.duration,
        "size": words.size,
        "percent": words.percent,
        "labels": words.labels,
    }
    template = environment.from_string(_resource("page.html.j2"))
    return template.render(
        run=run,
        style=_resource("page.css"),
        unknown=words.UNKNOWN,
        ready=_ready(run),
        posts_plot=plots.posts_per_day(run.days) if run.days else None,
        latency_plot=_latency_plot(run),
        waterfall=waterfall(run.spans or ()),
        log_rows=_log_rows(run.logs),
        bar=bar,
        live=_live(run.live),
        slowest=max((row.seconds for row in run.timings), default=0.0),
    )


def _resource(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")


def _latency_plot(run: RunReport) -> str | None:
    timed = [row for row in run.benchmarks or () if row.latencies]
    return plots.latency_distributions(timed) if timed else None


def _ready(run: RunReport) -> tuple[int, int, int] | None:
    """Return how many services are ready, should be, and were skipped."""
    if run.services is None:
        return None
    wanted = [row for row in run.services if row.ready is not None]
    return sum(bool(row.ready) for row in wanted), len(wanted), len(run.services) - len(wanted)


def bar(metric: MetricRow) -> dict[str, float]:
    """Return a bullet chart in percent of its width: the value and both thresholds.

    Scores fill 0..1; a latency fills 0..its warning threshold and a tenth more.
    """
    scale = max(metric.warns, metric.value) * 1.1 if metric.name == LATENCY else 1.0
    return {name: 100 * getattr(metric, name) / scale for name in ("value", "passes", "warns")}


def _live(queries: Sequence[LiveQuery]) -> list[tuple[LiveQuery, int]]:
    """Return each query with the number of series that are not shown."""
    return [
        (
            query.model_copy(
                update={"series": query.series[:_MOST_SERIES] if query.series else query.series}
            ),
            max(0, len(query.series or ()) - _MOST_SERIES),
        )
        for query in queries
    ]


def _log_rows(logs: LogFindings | None) -> list[dict[str, str]]:
    return [_log_row(line) for line in logs.lines] if logs else []


def _log_row(line: LogLine) -> dict[str, str]:
    """Return time, service, level, event and the remaining fields of a line."""
    try:
        fields = orjson.loads(line.text)
    except orjson.JSONDecodeError:
        fields = {"event": line.text}
    rest = " ".join(f"{key}={value}" for key, value in fields.items() if key not in _SHOWN_ELSEWHERE)
    return {
        "time": f"{line.timestamp:%H:%M:%S.%f}"[:12],
        "service": line.labels.get("service", ""),
        "level": line.labels.get("level", ""),
        "event": str(fields.get("event", line.text)),
        "rest": rest,
    }
