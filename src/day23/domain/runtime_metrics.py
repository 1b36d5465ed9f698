"""What the MCP server, the Butler sidecar and the command line tell about themselves."""

from typing import Final

from day23.domain.metric import Label, Metric, MetricType, Retention

MCP_TOOLS: Final = (
    "list_digests",
    "search_digests",
    "get_digest",
    "list_review_reports",
    "get_review_report",
    "dataset_audit",
    "start_benchmark",
    "read_benchmark",
    "query_prometheus",
    "query_loki",
    "restart_verdicts",
    "stack_health",
)
"""Tools of the MCP server; a call of any other name counts as `unknown`."""

UNKNOWN_TOOL: Final = "unknown"

WEBHOOK_RECEIVERS: Final = ("critical", "warning", "info", "default", "watchdog")
"""Paths below `/hooks` that Alertmanager notifies; the routes' names."""

OTHER_ALERT: Final = "Other"
"""Counted for alerts whose name is malformed or beyond the bound."""

COMMANDS: Final = (
    "bootstrap-shared-infra",
    "cleanup-shared-infra",
    "compress-jsonl",
    "digest-quality",
    "exercise-stack",
    "export-digests",
    "export-review-reports",
    "render-dashboards",
    "sample-ru-entries",
    "seed-benchmark-data",
    "verify-benchmark-counts",
    "verify-dashboards",
    "verify-evidence",
    "verify-exports",
    "write-dashboards",
    "write-schemas",
    "run-benchmark",
    "simulate-coverage",
    "pilot-log",
    "summary-faults",
    "test-review-system",
    "trace-show",
    "observability-write",
    "observability-coverage",
    "other",
)
"""Commands of `day23` and of the scripts; `other` keeps one that is missing here from being refused."""

_CHANNEL = Label("channel", pattern=r"[a-z0-9_]{2,64}", bound=100)
_COLLECTION = Label("collection", values=("digests", "review_reports"))
_TOOL = Label("tool", values=(*MCP_TOOLS, UNKNOWN_TOOL))
_STATUS = Label("status", values=("success", "error"))
_COMMAND = Label("command", values=COMMANDS)

MCP_METRICS: Final = (
    Metric("mcp_requests_total", MetricType.COUNTER, "Tool calls answered.", "calls", (_TOOL, _STATUS)),
    Metric(
        "mcp_request_duration_seconds",
        MetricType.HISTOGRAM,
        "Time one tool call took.",
        "seconds",
        (_TOOL,),
        (0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0),
    ),
    Metric("mcp_tools_registered", MetricType.GAUGE, "Tools that a client can call.", "tools"),
    Metric(
        "mcp_rejected_requests_total",
        MetricType.COUNTER,
        "Requests refused before any tool was called.",
        "requests",
        (Label("reason", values=("unauthorized", "rate_limited", "too_large")),),
    ),
)

HEALTH_METRICS: Final = (
    Metric(
        "runtime_healthy",
        MetricType.GAUGE,
        "Whether the program can do its work: 1 yes, 0 no.",
        "boolean",
        (Label("service", values=("llm_api", "mcp", "butler")),),
    ),
)

BUTLER_METRICS: Final = (
    Metric("mongodb_up", MetricType.GAUGE, "Whether MongoDB answered the last look: 1 yes, 0 no.", "boolean"),
    Metric(
        "mongodb_primary",
        MetricType.GAUGE,
        "Whether MongoDB was a writable primary at the last look: 1 yes, 0 no.",
        "boolean",
    ),
    Metric(
        "butler_documents",
        MetricType.GAUGE,
        "Stored documents of the dataset, whatever their day.",
        "documents",
        (_COLLECTION, _CHANNEL),
    ),
    Metric(
        "benchmark_days_missing",
        MetricType.GAUGE,
        "Days of the recorded window on which the channel lacks a digest or a review report.",
        "days",
        (_CHANNEL,),
        retention=Retention.SNAPSHOT,
    ),
    Metric(
        "butler_newest_document_timestamp_seconds",
        MetricType.GAUGE,
        "When the newest document of the channel was created.",
        "seconds",
        (_COLLECTION, _CHANNEL),
    ),
    Metric(
        "butler_quality_score",
        MetricType.GAUGE,
        "Mean score of the stored digests of the channel.",
        "ratio",
        (_CHANNEL, Label("metric", values=("coverage", "accuracy", "coherence", "informativeness"))),
    ),
    Metric(
        "butler_mongodb_query_duration_seconds",
        MetricType.HISTOGRAM,
        "Time one look into MongoDB took.",
        "seconds",
        (Label("operation", values=("ping", "dataset", "documents")),),
        (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0),
    ),
    Metric(
        "butler_notifications_total",
        MetricType.COUNTER,
        "Alertmanager notifications received.",
        "notifications",
        (
            Label("receiver", values=WEBHOOK_RECEIVERS),
            Label("status", values=("firing", "resolved")),
            Label("alertname", pattern=r"[A-Z][A-Za-z0-9]{1,63}", bound=80),
        ),
    ),
    Metric(
        "butler_watchdog_timestamp_seconds",
        MetricType.GAUGE,
        "When Alertmanager last proved that notifications arrive.",
        "seconds",
    ),
)

CLI_METRICS: Final = (
    Metric(
        "cli_command_total",
        MetricType.COUNTER,
        "Commands run.",
        "commands",
        (_COMMAND, _STATUS),
        retention=Retention.CUMULATIVE,
    ),
    Metric(
        "cli_command_duration_seconds",
        MetricType.HISTOGRAM,
        "Time one command took.",
        "seconds",
        (_COMMAND,),
        (0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 1800.0),
        Retention.CUMULATIVE,
    ),
    Metric(
        "cli_command_errors_total",
        MetricType.COUNTER,
        "Commands that ended with an error, by kind; a verdict that is not a pass is none.",
        "commands",
        (_COMMAND, Label("error_type", values=("usage", "error", "locked", "interrupted", "unexpected"))),
        retention=Retention.CUMULATIVE,
    ),
)
