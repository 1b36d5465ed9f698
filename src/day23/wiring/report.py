"""Wiring of the report: the run's evidence files and the running stack it asks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path

from day23.application.report_run import ReportRunUseCase
from day23.domain.errors import ToolkitError
from day23.domain.live_values import LogLine, Series, Span
from day23.domain.run_report import RunReport, ServiceRow
from day23.domain.stack_context import StackContext
from day23.infrastructure.evidence_files import EvidenceFiles
from day23.infrastructure.queries.loki import LokiQueries
from day23.infrastructure.queries.prometheus import PrometheusQueries
from day23.infrastructure.queries.spans import SpanQueries
from day23.infrastructure.queries.stack_files import textfile_times, written_lines
from day23.settings import Settings
from day23.wiring.connections import loki_url, mongo_client, prometheus_url, service_address
from day23.wiring.services import stack_status
from day23.wiring.telemetry import telemetry_session

_PAGES = {
    "Prometheus": ("prometheus", "http", "/graph"),
    "Alertmanager": ("alertmanager", "http", "/"),
    "Grafana": ("grafana", "http", "/"),
    "Loki": ("loki", "http", "/ready"),
    "LLM API": ("llm_api", "http", "/v1/models"),
    "MCP server": ("mcp_server", "http", "/health"),
    "Butler sidecar": ("butler_sidecar", "http", "/metrics"),
    "node exporter": ("node_exporter", "http", "/metrics"),
    "collector": ("collector", "health", "/"),
}


class RunningStack:
    """Implements `LiveStack` for one stack root."""

    def __init__(self, context: StackContext, settings: Settings) -> None:
        patient = settings.model_copy(update={"mongo_timeout_ms": 3000})
        self._context = context
        self._settings = settings
        self._prometheus = PrometheusQueries(partial(prometheus_url, settings))
        self._loki = LokiQueries(partial(loki_url, settings))
        self._spans = SpanQueries(partial(mongo_client, patient, "tracer"), settings.db_name)

    def services(self) -> tuple[ServiceRow, ...]:
        """Return every service that was ever converged, by name."""
        return tuple(
            ServiceRow(
                name=row.service,
                state=row.state,
                ready=row.ready,
                endpoint=row.endpoint,
                version=row.version,
                uptime_seconds=row.uptime_seconds,
                memory_bytes=row.memory_bytes,
                reason=row.reason,
            )
            for row in stack_status(self._context).rows()
        )

    def urls(self) -> Mapping[str, str]:
        """Return the pages of the services that run."""
        return {name: url for name, url in self._pages() if url}

    def _pages(self) -> Iterator[tuple[str, str]]:
        for name, (service, port, path) in _PAGES.items():
            try:
                yield name, f"http://{service_address(self._settings, service, port)}{path}"
            except ToolkitError:
                continue

    def instant(self, promql: str) -> tuple[Series, ...]:
        """Return the series of an instant query."""
        return self._prometheus.instant(promql)

    def lines(self, logql: str, start: datetime, end: datetime) -> tuple[LogLine, ...]:
        """Return the log lines of a query, oldest first."""
        return self._loki.lines(logql, start, end)

    def spans(self, trace_id: str) -> tuple[Span, ...]:
        """Return the spans of a trace, by start time."""
        return self._spans.of_trace(trace_id)

    def textfile_times(self) -> Mapping[str, float]:
        """Return when each metrics file was written."""
        return textfile_times(self._context.paths.textfiles)

    def written_lines(self, trace_id: str) -> int:
        """Return how many log lines of the trace were written to files."""
        return written_lines(self._context.paths.logs, trace_id)


@contextmanager
def report_run(context: StackContext, settings: Settings, evidence_dir: Path) -> Iterator[ReportRunUseCase]:
    """Build the use case that reports the run whose evidence is in `evidence_dir`."""
    with telemetry_session(settings, "report", "TL-03", trace_id=context.trace_id) as telemetry:
        stack = RunningStack(context, settings)
        yield ReportRunUseCase(EvidenceFiles(evidence_dir), stack, telemetry)


def save_report(evidence_dir: Path, report: RunReport, page: str) -> tuple[Path, Path]:
    """Write `run.json` and `index.html`; return their paths."""
    return EvidenceFiles(evidence_dir).save(report, page)
