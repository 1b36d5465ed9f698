"""Metric and label names that rules and dashboards may use: the catalogue's, and those of other programs."""

import re
from collections.abc import Mapping, Set
from typing import Final

from day23.domain.errors import ToolkitError
from day23.domain.metric import did_you_mean
from day23.domain.observability_policy import LOG_FIELDS, POLICY
from day23.domain.query_names import families_of, names_in

TARGET_LABELS: Final = frozenset({"job", "instance", "__name__"})
"""What Prometheus itself puts on every series."""

_HISTOGRAM_LABELS = frozenset({"le", "quantile"})
_LABEL_MAKERS = ("label_replace(", "label_join(")
_QUOTED_WORD = re.compile(r'"([a-z_]+)"')

THIRD_PARTY: Final[Mapping[str, frozenset[str]]] = {
    "ALERTS": frozenset({"alertname", "alertstate", "severity", "service"}),
    "up": frozenset(),
    "scrape_samples_post_metric_relabeling": frozenset(),
    "process_cpu_seconds_total": frozenset(),
    "process_resident_memory_bytes": frozenset(),
    "process_start_time_seconds": frozenset(),
    "alertmanager_config_last_reload_successful": frozenset(),
    "alertmanager_notifications_failed_total": frozenset({"integration", "reason"}),
    "alertmanager_notifications_total": frozenset({"integration"}),
    "prometheus_config_last_reload_successful": frozenset(),
    "prometheus_notifications_alertmanagers_discovered": frozenset(),
    "prometheus_rule_evaluation_failures_total": frozenset({"rule_group"}),
    "prometheus_tsdb_compactions_failed_total": frozenset(),
    "prometheus_tsdb_head_series": frozenset(),
    "prometheus_tsdb_reloads_failures_total": frozenset(),
    "prometheus_tsdb_wal_corruptions_total": frozenset(),
    "prometheus_tsdb_wal_writes_failed_total": frozenset(),
    "loki_discarded_samples_total": frozenset({"reason", "tenant", "retention_hours", "policy"}),
    "loki_distributor_lines_received_total": frozenset({"tenant"}),
    "loki_ingester_wal_corruptions_total": frozenset({"type"}),
    "loki_ingester_wal_disk_full_failures_total": frozenset(),
    "loki_prometheus_rule_evaluation_failures_total": frozenset({"rule_group"}),
    "loki_request_duration_seconds": frozenset({"method", "route", "status_code", "ws"}),
    "loki_ruler_config_last_reload_successful": frozenset(),
    "otelcol_exporter_queue_capacity": frozenset({"exporter", "data_type"}),
    "otelcol_exporter_queue_size": frozenset({"exporter", "data_type"}),
    "otelcol_process_memory_rss": frozenset(),
    "otelcol_receiver_accepted_log_records": frozenset({"receiver", "transport"}),
    "otelcol_receiver_refused_log_records": frozenset({"receiver", "transport"}),
    "node_cpu_seconds_total": frozenset({"cpu", "mode"}),
    "node_filesystem_avail_bytes": frozenset({"device", "fstype", "mountpoint"}),
    "node_filesystem_size_bytes": frozenset({"device", "fstype", "mountpoint"}),
    "node_memory_MemAvailable_bytes": frozenset(),
    "node_memory_MemTotal_bytes": frozenset(),
    "node_textfile_mtime_seconds": frozenset({"file"}),
    "node_textfile_scrape_error": frozenset(),
    "node_timex_maxerror_seconds": frozenset(),
    "node_timex_offset_seconds": frozenset(),
    "node_timex_sync_status": frozenset(),
}
"""Labels by metric of other programs, as far as rules and dashboards use them."""

ONLY_AFTER_TROUBLE: Final = frozenset({"loki_discarded_samples_total", "loki_ingester_wal_corruptions_total"})
"""Series that their program makes when the first such event happens."""


def check_query(expression: str, recorded: Mapping[str, Set[str]] | None = None) -> None:
    """Refuse a PromQL expression that names a metric or label which nobody has.

    Args:
        recorded: Labels by name of what recording rules make.

    Raises:
        ToolkitError: Names the metric or label and the nearest known one.
    """
    names = names_in(expression)
    known = _labels_by_metric() | {name: frozenset(labels) for name, labels in (recorded or {}).items()}
    owned = {metric: _labels_of(metric, known) for metric in names.metrics}
    for metric, label in names.matched:
        _refuse_unless(label, owned.get(metric, TARGET_LABELS), f"{metric or 'a series'} has no label")
    anywhere = frozenset[str]().union(TARGET_LABELS, _made_labels(expression), *owned.values())
    for label in names.grouped:
        _refuse_unless(label, anywhere, "none of the expression's metrics has a label")


def check_log_query(expression: str) -> None:
    """Refuse a LogQL expression that selects streams by what is no index label, or groups by no log field.

    Raises:
        ToolkitError: Names the label and the nearest known one.
    """
    names = names_in(expression)
    index = frozenset(field.name for field in LOG_FIELDS if field.index)
    for _, label in names.matched:
        _refuse_unless(label, index, "Loki's index has no label")
    fields = frozenset(field.name for field in LOG_FIELDS)
    for label in names.grouped:
        _refuse_unless(label, fields, "log lines have no field")


def _made_labels(expression: str) -> frozenset[str]:
    makes = any(maker in expression for maker in _LABEL_MAKERS)
    return frozenset(_QUOTED_WORD.findall(expression)) if makes else frozenset()


def _labels_by_metric() -> dict[str, frozenset[str]]:
    ours = {metric.name: frozenset(metric.label_names) for metric in POLICY.metrics}
    return dict(THIRD_PARTY) | ours


def _labels_of(metric: str, known: Mapping[str, frozenset[str]]) -> frozenset[str]:
    for family in families_of(metric):
        if family in known:
            return known[family] | TARGET_LABELS | _HISTOGRAM_LABELS
    raise ToolkitError(
        f"there is no metric {metric!r}{did_you_mean(metric, tuple(known))}",
        next_step="correct the name, or add it to domain/observability_policy.py or domain/known_metrics.py",
    )


def _refuse_unless(label: str, allowed: frozenset[str], complaint: str) -> None:
    if label not in allowed:
        nearest = did_you_mean(label, tuple(sorted(allowed)))
        raise ToolkitError(f"{complaint} {label!r}{nearest}", next_step="correct the label")
