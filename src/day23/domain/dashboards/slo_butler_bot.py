"""Does the Butler sidecar keep its promise: notifications received, MongoDB watched, the dataset fresh."""

from typing import Final

from day23.domain.dashboard import (
    Colour,
    Dashboard,
    Panel,
    PanelKind,
    PanelQuery,
    Section,
    ValueName,
    falling,
    rising,
)
from day23.domain.dashboards import http_panels
from day23.domain.service_levels import BUTLER

_JOB = "butler-bot"
_DAY = 86_400.0

SLO_BUTLER_BOT: Final = Dashboard(
    name="slo-butler-bot",
    uid="slo-butler-bot",
    title="SLO - Butler bot",
    description="The Butler sidecar: its HTTP side, the notifications it records, what it reads from MongoDB.",
    sections=(
        Section(
            "Requests",
            (
                http_panels.success(_JOB, BUTLER),
                http_panels.volume(_JOB),
                http_panels.latency(_JOB, BUTLER),
            ),
        ),
        Section(
            "Notifications",
            (
                Panel(
                    "Notifications received",
                    "Alerts that Alertmanager delivered inside the chosen window, by route and state.",
                    (
                        PanelQuery(
                            "round(sum by (receiver, status) (increase(butler_notifications_total[$__range])))",
                            "{{receiver}} {{status}}",
                            instant=True,
                        ),
                    ),
                    unit="short",
                    kind=PanelKind.BAR_GAUGE,
                    minimum=0,
                    width=16,
                ),
                Panel(
                    "Since the last Watchdog",
                    "Time since the Watchdog last came through. Its absence means that alerts no longer arrive.",
                    (
                        PanelQuery(
                            "time() - max(butler_watchdog_timestamp_seconds)", "watchdog", instant=True
                        ),
                    ),
                    unit="s",
                    kind=PanelKind.STAT,
                    thresholds=rising(600, 1200),
                ),
            ),
        ),
        Section(
            "MongoDB",
            (
                Panel(
                    "MongoDB",
                    "Whether MongoDB answered the sidecar's last look.",
                    (PanelQuery("min(mongodb_up)", "MongoDB", instant=True),),
                    unit="short",
                    kind=PanelKind.STAT,
                    value_names=(ValueName(0, "DOWN", Colour.BAD), ValueName(1, "UP", Colour.GOOD)),
                    thresholds=falling(0.5, 1.0),
                    width=6,
                ),
                Panel(
                    "Operation P95",
                    "95th percentile of the sidecar's reads from MongoDB, by operation.",
                    (
                        PanelQuery(
                            "histogram_quantile(0.95, sum by (operation, le)"
                            " (rate(butler_mongodb_query_duration_seconds_bucket[$__rate_interval])))",
                            "{{operation}}",
                        ),
                    ),
                    unit="s",
                    minimum=0,
                    width=9,
                ),
                Panel(
                    "Documents",
                    "Documents in each collection.",
                    (PanelQuery("sum by (collection) (butler_documents)", "{{collection}}", instant=True),),
                    unit="short",
                    kind=PanelKind.BAR_GAUGE,
                    minimum=0,
                    width=9,
                ),
                Panel(
                    "Days missing",
                    "Days of the recorded window without a digest, by channel.",
                    (PanelQuery("max by (channel) (benchmark_days_missing)", "{{channel}}", instant=True),),
                    unit="short",
                    kind=PanelKind.BAR_GAUGE,
                    thresholds=rising(1, 5),
                    minimum=0,
                    width=12,
                ),
                Panel(
                    "Age of the dataset",
                    "Time since the newest document of each collection was written.",
                    (
                        PanelQuery(
                            "clamp_min(time() - max by (collection) (butler_newest_document_timestamp_seconds), 0)",
                            "{{collection}}",
                            instant=True,
                        ),
                    ),
                    unit="s",
                    kind=PanelKind.BAR_GAUGE,
                    thresholds=rising(7 * _DAY, 30 * _DAY),
                    minimum=0,
                    width=12,
                ),
            ),
        ),
    ),
)
