"""The one catalogue of what the toolkit tells about itself: metrics, log fields and spans.

Registries, the label page, rules and dashboards are built from it or checked against it.
Names, labels and buckets of the benchmark, bootstrap and log metrics are those of the Epic 23 plan.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from day23.domain.errors import ToolkitError
from day23.domain.metric import Label, Metric, MetricType, Retention, did_you_mean
from day23.domain.runtime_metrics import BUTLER_METRICS, CLI_METRICS, HEALTH_METRICS, MCP_METRICS

EPIC_ID: Final = "EP23"
"""Written on every log line and span."""

LEVELS: Final = ("debug", "info", "warning", "error", "critical")

OPERATIONS: Final = (
    "preflight",
    "bootstrap",
    "seed",
    "verify",
    "export",
    "benchmark",
    "report",
    "smoke",
    "restart_validation",
    "llm_api",
    "mcp",
    "butler",
    "cli",
)
"""Programs of the toolkit that report telemetry: the value of `service`, and the root of their spans."""

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,47}")
_SPAN_PART = re.compile(r"[a-z][a-z0-9_]{0,31}")

_CHANNEL = Label("channel", pattern=r"[a-z0-9_]{2,64}", bound=100)
_SCENARIO = Label("scenario", pattern=r"[a-z][a-z0-9_]{2,47}", bound=6)
_DATASET = Label("dataset", pattern=r"[a-z][a-z0-9_]{2,47}", bound=6)
_QUALITY_METRIC = Label(
    "metric", values=("coverage", "accuracy", "coherence", "informativeness", "latency_seconds")
)
_STATUS = Label("status", values=("success", "error"))
_MODEL = Label("model_name", pattern=r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}", bound=6)
_METHOD = Label("method", values=("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"))
_ROUTE = Label("route", pattern=r"/[a-z0-9_{}./-]{0,60}|unmatched", bound=20)

_REQUEST_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_MODEL_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 240.0)

BENCHMARK_METRICS: Final = (
    Metric(
        "benchmark_digest_records_total",
        MetricType.COUNTER,
        "Digests stored for the channel inside the recorded window, as the last seed found them.",
        "documents",
        (_CHANNEL,),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "benchmark_review_records_total",
        MetricType.COUNTER,
        "Review reports stored for the channel inside the recorded window, as the last seed found them.",
        "documents",
        (_CHANNEL,),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "benchmark_dataset_documents",
        MetricType.GAUGE,
        "Stored documents of the recorded window by where their text comes from.",
        "documents",
        (
            Label("collection", values=("digests", "review_reports")),
            _CHANNEL,
            Label("provenance", values=("telegram", "synthetic")),
        ),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "benchmark_export_duration_seconds",
        MetricType.HISTOGRAM,
        "Time one export took.",
        "seconds",
        (Label("exporter", values=("digests", "review_reports")),),
        (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0),
        Retention.CUMULATIVE,
    ),
    Metric(
        "benchmark_run_duration_seconds",
        MetricType.HISTOGRAM,
        "Time one benchmark run took.",
        "seconds",
        (_SCENARIO, _DATASET),
        (0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0),
        Retention.CUMULATIVE,
    ),
    Metric(
        "benchmark_run_outcome",
        MetricType.GAUGE,
        "Verdict of the last run: 0 pass, 1 warn, 2 fail, 3 void, 4 undecided.",
        "verdict",
        (_SCENARIO, _DATASET),
    ),
    Metric(
        "benchmark_run_info",
        MetricType.GAUGE,
        "The last run, by its trace id, which joins it with its log lines, spans and evidence.",
        "info",
        (_SCENARIO, _DATASET, Label("run", pattern=r"[0-9a-f]{32}", bound=100)),
        (),
        Retention.SNAPSHOT,
    ),
    Metric(
        "benchmark_metric_value",
        MetricType.GAUGE,
        "Value of one quality or latency metric in the last run.",
        "ratio or seconds",
        (_SCENARIO, _DATASET, _QUALITY_METRIC),
    ),
    Metric(
        "benchmark_metric_interval",
        MetricType.GAUGE,
        "Ends of the 95 % interval of one metric in the last run, where the samples bound it.",
        "ratio or seconds",
        (_SCENARIO, _DATASET, _QUALITY_METRIC, Label("bound", values=("low", "high"))),
    ),
    Metric(
        "benchmark_metric_outcome",
        MetricType.GAUGE,
        "Verdict of one metric in the last run: 0 pass, 1 warn, 2 fail, 3 void, 4 undecided.",
        "verdict",
        (_SCENARIO, _DATASET, _QUALITY_METRIC),
    ),
)

BOOTSTRAP_STEPS: Final = (
    "mongo",
    "prometheus",
    "alertmanager",
    "node_exporter",
    "loki",
    "collector",
    "llm_api",
    "grafana",
    "mcp_server",
    "butler_sidecar",
)
"""Steps of the shared infrastructure's bootstrap; `mongo` is the name the plan's alert uses."""

RESTART_CHECKS: Final = (
    "it_happened",
    "resumed",
    "kept",
    "complete",
    "rules_live",
    "alert_state_kept",
    "logs",
    "data_services",
    "views",
    "no_silent_damage",
)
"""What a restart validation proves, in the order of its report."""

RUNTIME_METRICS: Final = (
    Metric(
        "shared_infra_bootstrap_status",
        MetricType.GAUGE,
        "Whether the bootstrap step succeeded the last time it ran: 1 yes, 0 no.",
        "boolean",
        (Label("step", values=BOOTSTRAP_STEPS),),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "structured_logs_total",
        MetricType.COUNTER,
        "Structured log lines written.",
        "lines",
        (Label("service", values=OPERATIONS), Label("level", values=LEVELS)),
        retention=Retention.CUMULATIVE,
    ),
    Metric(
        "http_requests_total",
        MetricType.COUNTER,
        "HTTP requests answered.",
        "requests",
        (_METHOD, _ROUTE, Label("status", pattern=r"[1-5][0-9]{2}", bound=12)),
        retention=Retention.CUMULATIVE,
    ),
    Metric(
        "http_request_duration_seconds",
        MetricType.HISTOGRAM,
        "Time from the request's first byte to the answer's last.",
        "seconds",
        (_METHOD, _ROUTE),
        _REQUEST_BUCKETS,
        Retention.CUMULATIVE,
    ),
)

MODEL_METRICS: Final = (
    Metric(
        "llm_inference_latency_seconds",
        MetricType.HISTOGRAM,
        "Time the model took for one completion.",
        "seconds",
        (_MODEL,),
        _MODEL_BUCKETS,
        Retention.CUMULATIVE,
    ),
    Metric(
        "llm_tokens_total",
        MetricType.COUNTER,
        "Tokens read and written by the model.",
        "tokens",
        (_MODEL, Label("direction", values=("prompt", "completion"))),
        retention=Retention.CUMULATIVE,
    ),
    Metric(
        "llm_error_rate_total",
        MetricType.COUNTER,
        "Completions that failed.",
        "errors",
        (
            Label(
                "error_type",
                values=("bad_request", "too_large", "overloaded", "timeout", "connection", "internal"),
            ),
            _MODEL,
        ),
        retention=Retention.CUMULATIVE,
    ),
)


REVIEW_METRICS: Final = (
    Metric(
        "review_pipeline_duration_seconds",
        MetricType.HISTOGRAM,
        "Time from a digest to its stored review: all passes.",
        "seconds",
        buckets=(0.01, 0.05, 0.1, 0.5, 1.0, 5.0, 30.0, 60.0, 120.0, 180.0, 300.0, 600.0, 900.0),
        retention=Retention.CUMULATIVE,
    ),
    Metric(
        "review_tasks_total",
        MetricType.COUNTER,
        "Reviews asked for, by how they ended.",
        "reviews",
        (_STATUS,),
        retention=Retention.CUMULATIVE,
    ),
)

RAG_METRICS: Final = (
    Metric(
        "rag_variance_ratio",
        MetricType.GAUGE,
        "Spread of the reranker's scores between runs of one question, relative to their mean.",
        "ratio",
        (Label("window", values=("current",)),),
    ),
    Metric(
        "rag_fallback_reason_total",
        MetricType.COUNTER,
        "Rerankings given up in favour of the plain order.",
        "rerankings",
        (Label("reason", values=("timeout", "parse_error", "exception")),),
        retention=Retention.CUMULATIVE,
    ),
    Metric(
        "rag_rerank_duration_seconds",
        MetricType.HISTOGRAM,
        "Time one reranking took.",
        "seconds",
        (Label("strategy", values=("off", "threshold", "cross_encoder", "llm")),),
        (0.1, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0),
        Retention.CUMULATIVE,
    ),
    Metric(
        "rag_chunks_filtered_total",
        MetricType.COUNTER,
        "Chunks that the filter dropped.",
        "chunks",
        (Label("category", values=("below_threshold", "above_top_k")),),
        retention=Retention.CUMULATIVE,
    ),
)

_DISRUPTION = Label(
    "disruption", pattern=r"stack|kill|engine|host|reload_bad_config|(service|kill):[a-z_]+", bound=40
)
_SERVICE = Label("service", pattern=r"[a-z][a-z0-9_]{1,31}", bound=16)
_JOB = Label("job", pattern=r"[a-z][a-z0-9-]{1,31}", bound=16)

RESTART_METRICS: Final = (
    Metric(
        "restart_validation_outcome",
        MetricType.GAUGE,
        "Verdict of the last validation of this disruption, as its exit code: 0 pass, 1 fail, 4 void.",
        "verdict",
        (_DISRUPTION,),
    ),
    Metric(
        "restart_validation_check",
        MetricType.GAUGE,
        "Whether one of the ten points held in the last validation: 1 yes, 0 no.",
        "boolean",
        (Label("check", values=RESTART_CHECKS),),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "restart_validation_ready_seconds",
        MetricType.GAUGE,
        "Time from the stop until the service was ready again.",
        "seconds",
        (_SERVICE,),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "restart_validation_first_sample_seconds",
        MetricType.GAUGE,
        "Time from ready to the service's first sample.",
        "seconds",
        (_SERVICE,),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "restart_validation_scrape_hole_seconds",
        MetricType.GAUGE,
        "Longest distance between two samples of the job across the disruption.",
        "seconds",
        (_JOB,),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "restart_validation_log_lines",
        MetricType.GAUGE,
        "Canary lines that were missing or doubled.",
        "lines",
        (Label("path", values=("file", "push")), Label("fault", values=("missing", "doubled"))),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "restart_validation_writes",
        MetricType.GAUGE,
        "Acknowledged writes that were lost or doubled.",
        "writes",
        (Label("fault", values=("lost", "doubled")),),
        retention=Retention.SNAPSHOT,
    ),
)


@dataclass(frozen=True, slots=True)
class LogField:
    """A field that log lines carry; `index` fields become Loki labels, the rest structured metadata."""

    name: str
    meaning: str
    required: bool = True
    index: bool = False


LOG_FIELDS: Final = (
    LogField("timestamp", "When the line was written: RFC 3339, UTC, ends in Z."),
    LogField("level", "One of debug, info, warning, error, critical.", index=True),
    LogField("event", "What happened, as a short constant phrase; figures go into fields."),
    LogField("service", "Which program wrote it.", index=True),
    LogField("stream", "app for the program's own lines, audit for privileged operations.", index=True),
    LogField("trace_id", "32 hex digits that join lines, spans and the run's record."),
    LogField("epic_id", "Always EP23."),
    LogField("stage_id", "Stage of the plan, TL-00 to TL-08."),
    LogField("channel", "Canonical channel name, where the line is about one.", required=False),
    LogField("span_id", "16 hex digits of the span the line was written in.", required=False),
)


@dataclass(frozen=True, slots=True)
class ObservabilityPolicy:
    """The rules that every runtime's telemetry obeys.

    Further log fields are allowed when they are snake case: they never become Loki labels.
    Spans are named `<operation>` or `<operation>.<part>`.
    """

    metrics: tuple[Metric, ...]
    log_fields: tuple[LogField, ...]
    operations: tuple[str, ...]
    _metrics_by_name: Mapping[str, Metric] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {metric.name: metric for metric in self.metrics}
        if len(by_name) != len(self.metrics):
            raise ToolkitError("a metric is in the catalogue twice")
        object.__setattr__(self, "_metrics_by_name", by_name)

    def metric(self, name: str) -> Metric:
        """Return the metric of that name.

        Raises:
            ToolkitError: The catalogue has none; the nearest name is suggested.

        Example:
            >>> POLICY.metric("benchmark_run_outcome").label_names
            ('scenario', 'dataset')
        """
        found = self._metrics_by_name.get(name)
        if found is None:
            raise ToolkitError(
                f"there is no metric {name!r:.80}{did_you_mean(name, tuple(self._metrics_by_name))}",
                next_step="add it to domain/observability_policy.py or correct the name",
            )
        return found

    def check_log(self, level: str, fields: Mapping[str, object]) -> None:
        """Refuse an unknown level and fields that would hide a standard one or break a query.

        Raises:
            ToolkitError: Names the level or field.
        """
        if level not in LEVELS:
            raise ToolkitError(f"there is no log level {level!r:.40}{did_you_mean(level, LEVELS)}")
        set_by_us = {known.name for known in self.log_fields if known.required}
        for name in fields:
            if name in set_by_us or not _FIELD.fullmatch(name):
                raise ToolkitError(
                    f"{name!r:.80} may not be a log field",
                    next_step="use a snake case name that is not one of the standard fields",
                )

    def check_span(self, name: str) -> None:
        """Refuse a span that does not start with a known operation.

        Raises:
            ToolkitError: Names the nearest operation.
        """
        operation, dot, part = name.partition(".")
        if operation not in self.operations:
            raise ToolkitError(
                f"there is no span {name!r:.80}{did_you_mean(operation, self.operations)}",
                next_step=f"start with one of {', '.join(self.operations)}",
            )
        if dot and not _SPAN_PART.fullmatch(part):
            raise ToolkitError(f"{name!r:.80} is not a span name", next_step="use <operation>.<part>")


POLICY: Final = ObservabilityPolicy(
    metrics=(
        *BENCHMARK_METRICS,
        *RUNTIME_METRICS,
        *MODEL_METRICS,
        *MCP_METRICS,
        *BUTLER_METRICS,
        *HEALTH_METRICS,
        *CLI_METRICS,
        *REVIEW_METRICS,
        *RAG_METRICS,
        *RESTART_METRICS,
    ),
    log_fields=LOG_FIELDS,
    operations=OPERATIONS,
)
"""The policy of this toolkit."""
