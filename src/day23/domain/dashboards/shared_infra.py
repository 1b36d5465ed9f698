"""Is the stack itself all right: services, alerts, telemetry's own health, the host."""

from typing import Final

from day23.domain.dashboard import (
    Colour,
    Dashboard,
    Panel,
    PanelKind,
    PanelQuery,
    Section,
    ValueName,
    Variable,
    falling,
    rising,
)

_UP_DOWN = (ValueName(0, "DOWN", Colour.BAD), ValueName(1, "UP", Colour.GOOD))
_DONE_FAILED = (ValueName(0, "FAILED", Colour.BAD), ValueName(1, "DONE", Colour.GOOD))
_GIGABYTE = 1024**3

_SERVICES = Section(
    "Services",
    (
        Panel(
            "Targets that answer",
            "Share of scrape targets that answered the last scrape. The inventory's targets are all counted.",
            (PanelQuery('avg(up{job=~"$job"})', "answering", instant=True),),
            unit="percentunit",
            kind=PanelKind.STAT,
            thresholds=falling(0.99, 1.0),
            width=4,
        ),
        Panel(
            "Up and down",
            "Whether each job answered its scrapes, over time. A gap means that Prometheus itself was away.",
            (PanelQuery('min by (job) (up{job=~"$job"})', "{{job}}"),),
            unit="short",
            kind=PanelKind.STATE_TIMELINE,
            value_names=_UP_DOWN,
            width=12,
        ),
        Panel(
            "Bootstrap steps",
            "What the last bring-up or check found of each step.",
            (PanelQuery("min by (step) (shared_infra_bootstrap_status)", "{{step}}", instant=True),),
            unit="short",
            kind=PanelKind.STAT,
            value_names=_DONE_FAILED,
            thresholds=falling(0.5, 1.0),
            width=8,
        ),
        Panel(
            "Memory of each service",
            "Resident memory, as each service reports it of itself.",
            (
                PanelQuery('sum by (job) (process_resident_memory_bytes{job=~"$job"})', "{{job}}"),
                PanelQuery('sum by (job) (otelcol_process_memory_rss{job=~"$job"})', "{{job}}"),
            ),
            unit="bytes",
            minimum=0,
            width=12,
        ),
        Panel(
            "CPU of each service",
            "Cores kept busy, as each service reports it of itself.",
            (
                PanelQuery(
                    'sum by (job) (rate(process_cpu_seconds_total{job=~"$job"}[$__rate_interval]))', "{{job}}"
                ),
            ),
            unit="short",
            minimum=0,
            width=12,
        ),
    ),
)

_ALERTS = Section(
    "Alerts",
    (
        Panel(
            "Alerts that fire",
            "Firing alerts but for the Watchdog, which fires always.",
            (
                PanelQuery(
                    'count(ALERTS{alertstate="firing", alertname!="Watchdog"}) or vector(0)',
                    "firing",
                    instant=True,
                ),
            ),
            unit="short",
            kind=PanelKind.STAT,
            thresholds=rising(1, 3),
            width=4,
        ),
        Panel(
            "Which alerts fire",
            "Every firing alert by name; the Watchdog's line must never break.",
            (PanelQuery('count by (alertname) (ALERTS{alertstate="firing"})', "{{alertname}}"),),
            unit="short",
            minimum=0,
            width=12,
        ),
        Panel(
            "Notifications that failed",
            "Notifications that Alertmanager could not deliver, by kind of receiver.",
            (
                PanelQuery(
                    "sum by (integration) (rate(alertmanager_notifications_failed_total[$__rate_interval])) > 0 or vector(0)",
                    "{{integration}}",
                ),
            ),
            unit="ops",
            minimum=0,
            width=8,
        ),
    ),
)

_TELEMETRY = Section(
    "Telemetry",
    (
        Panel(
            "Log lines: taken and sent",
            "Lines the collector reads from files, and lines that Loki accepted. The two must stay together.",
            (
                PanelQuery(
                    "sum(rate(otelcol_receiver_accepted_log_records[$__rate_interval]))",
                    "read by the collector",
                ),
                PanelQuery(
                    "sum(rate(loki_distributor_lines_received_total[$__rate_interval]))", "received by Loki"
                ),
            ),
            unit="ops",
            minimum=0,
        ),
        Panel(
            "Collector queue",
            "How full the queue towards Loki is. At 100 % lines wait in their files.",
            (PanelQuery("max(otelcol_exporter_queue_size / otelcol_exporter_queue_capacity)", "queue"),),
            unit="percentunit",
            thresholds=rising(0.5, 0.9),
            minimum=0,
            maximum=1,
        ),
        Panel(
            "Series in Prometheus",
            "Series in the head block, and what is scraped at each interval.",
            (
                PanelQuery("sum(prometheus_tsdb_head_series)", "series"),
                PanelQuery("sum(scrape_samples_post_metric_relabeling)", "samples a scrape"),
            ),
            unit="short",
            minimum=0,
        ),
        Panel(
            "Damage",
            "Corruptions of the write-ahead logs and lines that Loki threw away, since each service started. All must stay 0.",
            (
                PanelQuery(
                    "sum(increase(prometheus_tsdb_wal_corruptions_total[$__range]))",
                    "Prometheus WAL",
                    instant=True,
                ),
                PanelQuery(
                    "sum(increase(loki_ingester_wal_corruptions_total[$__range])) or vector(0)",
                    "Loki WAL",
                    instant=True,
                ),
                PanelQuery(
                    "sum(increase(loki_discarded_samples_total[$__range])) or vector(0)",
                    "discarded by Loki",
                    instant=True,
                ),
            ),
            unit="short",
            kind=PanelKind.STAT,
            thresholds=rising(1, 10),
        ),
        Panel(
            "Age of textfiles",
            "Time since each short-lived program last left its metrics.",
            (
                PanelQuery(
                    "max by (program) (label_replace(time() - node_textfile_mtime_seconds,"
                    ' "program", "$1", "file", ".*/(.+).prom"))',
                    "{{program}}",
                    instant=True,
                ),
            ),
            unit="s",
            kind=PanelKind.BAR_GAUGE,
            thresholds=rising(86_400, 604_800),
            minimum=0,
        ),
        Panel(
            "Log lines written by the toolkit",
            "Structured lines by level, of every program of the toolkit.",
            (PanelQuery("sum by (level) (rate(structured_logs_total[$__rate_interval]))", "{{level}}"),),
            unit="ops",
            minimum=0,
        ),
    ),
)

_HOST = Section(
    "Host",
    (
        Panel(
            "CPU",
            "Share of all cores in use.",
            (PanelQuery('1 - avg(rate(node_cpu_seconds_total{mode="idle"}[$__rate_interval]))', "busy"),),
            unit="percentunit",
            thresholds=rising(0.8, 0.95),
            minimum=0,
            maximum=1,
        ),
        Panel(
            "Memory",
            "Memory in use and what could be had without swapping.",
            (
                PanelQuery("sum(node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes)", "in use"),
                PanelQuery("sum(node_memory_MemAvailable_bytes)", "available"),
            ),
            unit="bytes",
            minimum=0,
        ),
        Panel(
            "Free space",
            "Free space of each file system. MongoDB, Prometheus and Loki stop writing when theirs is full.",
            (
                PanelQuery(
                    'min by (mountpoint) (node_filesystem_avail_bytes{fstype!~"tmpfs|ramfs|overlay"})',
                    "{{mountpoint}}",
                    instant=True,
                ),
            ),
            unit="bytes",
            kind=PanelKind.BAR_GAUGE,
            thresholds=falling(5.0 * _GIGABYTE, 20.0 * _GIGABYTE),
            minimum=0,
        ),
    ),
)

SHARED_INFRA: Final = Dashboard(
    name="shared-infra",
    uid="shared-infra",
    title="Shared infrastructure",
    description="The stack itself: services, alerts, the health of its own telemetry, the host.",
    sections=(_SERVICES, _ALERTS, _TELEMETRY, _HOST),
    variables=(Variable("job", "Job", "up", "job"),),
)
