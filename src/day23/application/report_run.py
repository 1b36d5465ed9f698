"""Use case: gather one run's evidence and what the running stack says about it."""

import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib.metadata import version
from typing import TypeVar

from day23.application import report_rows as rows
from day23.application.ports import Telemetry
from day23.application.report_ports import LiveStack, RunEvidence
from day23.domain.errors import ToolkitError
from day23.domain.live_values import LogLine, Span
from day23.domain.run_report import LiveQuery, LogFindings, RunReport

NOT_RUN = "this step left no evidence"

_LIVE_QUERIES = (
    ("Scrape targets that answer", "up", ""),
    ("Digests stored per channel", "benchmark_digest_records_total", ""),
    ("Review reports stored per channel", "benchmark_review_records_total", ""),
    ("Bootstrap steps", "shared_infra_bootstrap_status", ""),
    ("Verdict of the last run (0 pass, 1 warn, 2 fail, 3 void, 4 undecided)", "benchmark_run_outcome", ""),
    (
        "Time one export takes, mean",
        "benchmark_export_duration_seconds_sum / benchmark_export_duration_seconds_count",
        "s",
    ),
    (
        "Latency of the LLM API, 95th percentile",
        "histogram_quantile(0.95, sum by (le, model_name) (llm_inference_latency_seconds_bucket))",
        "s",
    ),
    ("Log lines per program", "sum by (service) (structured_logs_total)", ""),
)
_POLL_SECONDS = 0.5
_SAMPLE_LINES = 60
_LOOK_BACK = timedelta(hours=24)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """Which run to report.

    Attributes:
        run_id: `<UTC time>-<random>`; a name without a time is taken as started a day ago.
        trace_id: Joins the run's log lines and spans; None leaves those sections empty.
        patience_seconds: How long to wait for Prometheus and Loki to have what was just written.
    """

    run_id: str
    trace_id: str | None
    patience_seconds: float = 25.0


@dataclass(slots=True)
class _Gaps:
    """Collects why sections are empty."""

    reasons: dict[str, str] = field(default_factory=dict)

    def ask(self, section: str, source: Callable[[], _T]) -> _T | None:
        """Return what a service answers, or None and remember why it does not."""
        return self._try(section, source, "not reachable: ")

    def read(self, section: str, source: Callable[[], _T | None]) -> _T | None:
        """Return what an evidence file says, or None and remember why nothing is there."""
        found = self._try(section, source, "")
        if not found:
            self.reasons.setdefault(section, NOT_RUN)
            return None
        return found

    def _try(self, section: str, source: Callable[[], _T], prefix: str) -> _T | None:
        try:
            return source()
        except ToolkitError as error:
            place = f" ({error.where})" if error.where else ""
            self.reasons[section] = f"{prefix}{error.what}{place}"
            return None


class ReportRunUseCase:
    """Builds a `RunReport`; nothing that cannot be read makes it fail."""

    def __init__(
        self,
        evidence: RunEvidence,
        stack: LiveStack,
        telemetry: Telemetry,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._evidence = evidence
        self._stack = stack
        self._telemetry = telemetry
        self._pause = pause

    def execute(self, request: ReportRequest) -> RunReport:
        """Return the report of a run."""
        gaps, started, began = _Gaps(), started_at(request.run_id), datetime.now(UTC)
        with self._telemetry.span("report.evidence"):
            files = self._read_evidence(gaps)
        with self._telemetry.span("report.live"):
            live, logs, spans = self._ask_stack(request, started or began - _LOOK_BACK, gaps)
        now = datetime.now(UTC)
        report = RunReport(
            run_id=request.run_id,
            trace_id=request.trace_id,
            tool_version=version("day23"),
            generated_at=now,
            total_seconds=(now - started).total_seconds() if started else None,
            services=gaps.ask("services", self._stack.services),
            timings=rows.timings(spans or (), started, began, now) or files.timings,
            live=live,
            logs=logs,
            spans=spans,
            gaps=gaps.reasons,
            urls=dict(gaps.ask("urls", self._stack.urls) or {}),
            **files.sections,
        )
        self._telemetry.log("info", "run reported", gaps=len(gaps.reasons))
        return report

    def _read_evidence(self, gaps: _Gaps) -> rows.EvidenceRows:
        export = gaps.read("exports", self._evidence.export)
        return rows.EvidenceRows(
            seed=gaps.read("channels", self._evidence.seed),
            audit=gaps.read("audit", self._evidence.audit),
            export=export,
            benchmarks=gaps.read("benchmarks", self._evidence.benchmarks),
            days=gaps.read("days", lambda: self._evidence.days(export) if export else None),
        )

    def _ask_stack(
        self, request: ReportRequest, started: datetime, gaps: _Gaps
    ) -> tuple[tuple[LiveQuery, ...], LogFindings | None, tuple[Span, ...] | None]:
        deadline = time.monotonic() + request.patience_seconds
        trace = request.trace_id
        if trace is None:
            gaps.reasons |= dict.fromkeys(("logs", "spans"), "the run has no trace id")
        logs = gaps.ask("logs", lambda: self._logs(trace, started, deadline)) if trace else None
        spans = gaps.ask("spans", lambda: self._stack.spans(trace)) if trace else None
        gaps.ask("freshness", lambda: self._await_scrapes(deadline))
        live = tuple(self._query(*query, gaps) for query in _LIVE_QUERIES)
        return live, logs, spans

    def _query(self, meaning: str, promql: str, unit: str, gaps: _Gaps) -> LiveQuery:
        series = gaps.ask("live", lambda: self._stack.instant(promql))
        return LiveQuery(meaning=meaning, promql=promql, series=series, unit=unit)

    def _logs(self, trace_id: str, started: datetime, deadline: float) -> LogFindings:
        logql = f'{{service=~".+"}} | trace_id="{trace_id}"'
        written = self._stack.written_lines(trace_id)
        found = self._lines(logql, started)
        while len(found) < written and time.monotonic() < deadline:
            self._pause(_POLL_SECONDS)
            found = self._lines(logql, started)
        services = Counter(line.labels.get("service", "?") for line in found)
        return LogFindings(
            logql=logql, written=written, per_service=dict(services), lines=found[:_SAMPLE_LINES]
        )

    def _lines(self, logql: str, started: datetime) -> tuple[LogLine, ...]:
        return self._stack.lines(logql, started, datetime.now(UTC) + timedelta(seconds=1))

    def _await_scrapes(self, deadline: float) -> None:
        """Wait until Prometheus has scraped every metrics file since it was written.

        Raises:
            ToolkitError: Patience ended first.
        """
        written = self._stack.textfile_times()
        while stale := self._stale(written):
            if time.monotonic() >= deadline:
                raise ToolkitError(f"Prometheus has not scraped {', '.join(stale)} yet")
            self._pause(_POLL_SECONDS)

    def _stale(self, written: Mapping[str, float]) -> list[str]:
        scraped = {
            series.labels.get("file", "").rpartition("/")[2]: series.value
            for series in self._stack.instant("node_textfile_mtime_seconds")
        }
        return sorted(name for name, moment in written.items() if scraped.get(name, 0.0) < int(moment))


def started_at(run_id: str) -> datetime | None:
    """Return when a run began, as its name says; None when the name has no time.

    Example:
        >>> started_at("20251120T101500Z-9f2c41")
        datetime.datetime(2025, 11, 20, 10, 15, tzinfo=datetime.timezone.utc)
    """
    try:
        return datetime.strptime(run_id.partition("-")[0], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
