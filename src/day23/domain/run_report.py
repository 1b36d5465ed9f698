"""One run on one page: what the evidence files say, and what the running stack answers.

A part that could not be read is `None` and its reason stands in `RunReport.gaps`; nothing missing is
ever shown as zero.
"""

from datetime import date

from pydantic import AwareDatetime, BaseModel, ConfigDict

from day23.domain.live_values import LogLine, Series, Span
from day23.domain.verdict import Outcome


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class ServiceRow(_Part):
    """One service as it runs now; `ready` is None for a skipped one."""

    name: str
    state: str
    ready: bool | None
    endpoint: str
    version: str
    uptime_seconds: float | None
    memory_bytes: int | None
    reason: str


class ChannelRow(_Part):
    """Documents stored for one channel inside the window."""

    channel: str
    digests: int
    review_reports: int
    telegram: int
    synthetic: int
    posts_read: int
    posts_used: int


class DayRow(_Part):
    """Posts behind one digest."""

    channel: str
    day: date
    posts: int
    provenance: str


class AuditRow(_Part):
    """What verification said about one channel."""

    channel: str
    passed: bool
    digests: int
    review_reports: int
    missing_days: tuple[date, ...]
    violations: int


class ExportRow(_Part):
    """One exported file."""

    exporter: str
    path: str
    documents: int
    bytes: int
    sha256: str
    content_sha256: str
    provenance: dict[str, int]
    seconds: float | None


class MetricRow(_Part):
    """One judged metric; both thresholds belong to the better side."""

    name: str
    value: float
    aggregate: str
    passes: float
    warns: float
    outcome: Outcome


class BenchmarkRow(_Part):
    """One benchmark run.

    Attributes:
        latencies: Seconds per answered sample, for the plot.
        first_tokens: Seconds to the first token per streamed sample.
    """

    scenario: str
    dataset: str
    mode: str
    overall: Outcome
    metrics: tuple[MetricRow, ...]
    samples: int
    failed: int
    model: str
    judge: str
    seconds: float
    latency_p50: float | None
    latency_p95: float | None
    latencies: tuple[float, ...]
    first_tokens: tuple[float, ...]


class TimingRow(_Part):
    """How long one step took."""

    step: str
    seconds: float


class LiveQuery(_Part):
    """A PromQL query and what Prometheus answered; `series` is None when it could not be asked."""

    meaning: str
    promql: str
    series: tuple[Series, ...] | None
    unit: str = ""


class LogFindings(_Part):
    """Log lines of the run that Loki returned.

    Attributes:
        written: Lines that the toolkit's programs wrote to files under the same trace id.
        lines: The first of them.
    """

    logql: str
    written: int
    per_service: dict[str, int]
    lines: tuple[LogLine, ...]

    @property
    def found(self) -> int:
        """How many lines Loki returned."""
        return sum(self.per_service.values())


class RunReport(_Part):
    """Everything the page and the summary show.

    Attributes:
        window_end: First midnight outside the window.
        gaps: By section: why it is empty.
        urls: Where a person goes on looking.
    """

    run_id: str
    trace_id: str | None
    tool_version: str
    generated_at: AwareDatetime
    total_seconds: float | None
    window_start: AwareDatetime | None
    window_end: AwareDatetime | None
    services: tuple[ServiceRow, ...] | None
    channels: tuple[ChannelRow, ...] | None
    days: tuple[DayRow, ...] | None
    audit: tuple[AuditRow, ...] | None
    exports: tuple[ExportRow, ...] | None
    benchmarks: tuple[BenchmarkRow, ...] | None
    timings: tuple[TimingRow, ...]
    live: tuple[LiveQuery, ...]
    logs: LogFindings | None
    spans: tuple[Span, ...] | None
    notes: tuple[str, ...]
    gaps: dict[str, str]
    urls: dict[str, str]

    @property
    def synthetic_share(self) -> float | None:
        """Share of stored documents that are synthetic; None when nothing is known."""
        if not self.channels:
            return None
        synthetic = sum(row.synthetic for row in self.channels)
        everything = synthetic + sum(row.telegram for row in self.channels)
        return synthetic / everything if everything else None
