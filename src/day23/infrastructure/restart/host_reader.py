"""What the host says of itself, and what services show on their metrics pages."""

import re
from pathlib import Path

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_CLOCK = Path("/sys/devices/system/clocksource/clocksource0/current_clocksource")
_METRIC = re.compile(r"^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{[^}]*\})? (\S+)", re.MULTILINE)
_FAMILY = re.compile(r"^# TYPE (\S+) ", re.MULTILINE)

DAMAGE = (
    "prometheus_tsdb_wal_corruptions_total",
    "prometheus_tsdb_wal_truncations_failed_total",
    "prometheus_tsdb_compactions_failed_total",
    "prometheus_target_scrapes_sample_out_of_order_total",
    "loki_ingester_wal_corruptions_total",
    "loki_ingester_wal_disk_full_failures_total",
    "loki_discarded_samples_total",
    "otelcol_exporter_enqueue_failed_log_records",
    "otelcol_exporter_send_failed_log_records",
    "otelcol_receiver_failed_log_records",
)
"""Counters that say that something was damaged or dropped without anybody being told."""


def boot_id() -> str:
    """Return the id of this boot of the host."""
    return _BOOT_ID.read_text(encoding="utf-8").strip()


def clock_source() -> str:
    """Return what the kernel reads time from."""
    return _CLOCK.read_text(encoding="utf-8").strip() if _CLOCK.exists() else "unknown"


def counters(page: str, prefix: str) -> dict[str, float]:
    """Return the sum of every damage counter whose name starts with `prefix`; one never counted is 0."""
    sums = {name: 0.0 for name in DAMAGE if name.startswith(prefix)}
    for name, value in _METRIC.findall(page):
        if name in sums:
            sums[name] += float(value)
    return sums


def served_textfiles(folder: Path, page: str) -> dict[str, tuple[str, ...]]:
    """Return the metrics of every textfile that node exporter really serves."""
    served = {name for name, _ in _METRIC.findall(page)} | set(_FAMILY.findall(page))
    return {
        path.name: tuple(sorted(set(_FAMILY.findall(path.read_text(encoding="utf-8"))) & served))
        for path in sorted(folder.glob("*.prom"))
    }
