"""Does the MCP server keep its promise: its HTTP side, and each tool."""

from typing import Final

from day23.domain.dashboard import Dashboard, Panel, PanelKind, PanelQuery, Section, rising
from day23.domain.dashboards import http_panels
from day23.domain.service_levels import MCP_SERVER

_JOB = "mcp"

SLO_MCP_SERVER: Final = Dashboard(
    name="slo-mcp-server",
    uid="slo-mcp-server",
    title="SLO - MCP server",
    description="The tools that assistants call: success, time, volume.",
    sections=(
        Section(
            "Requests",
            (
                http_panels.success(_JOB, MCP_SERVER),
                http_panels.volume(_JOB),
                http_panels.latency(_JOB, MCP_SERVER),
            ),
        ),
        Section(
            "Tools",
            (
                Panel(
                    "Error rate",
                    "Share of tool calls inside the chosen window that failed, by tool.",
                    (
                        PanelQuery(
                            '(sum by (tool) (increase(mcp_requests_total{status="error"}[$__range])) or'
                            " 0 * sum by (tool) (increase(mcp_requests_total[$__range])))"
                            " / sum by (tool) (increase(mcp_requests_total[$__range]))",
                            "{{tool}}",
                            instant=True,
                        ),
                    ),
                    unit="percentunit",
                    kind=PanelKind.BAR_GAUGE,
                    thresholds=rising(0.05, 0.1),
                    minimum=0,
                    maximum=1,
                ),
                Panel(
                    "Calls",
                    "Tool calls a second.",
                    (PanelQuery("sum by (tool) (rate(mcp_requests_total[$__rate_interval]))", "{{tool}}"),),
                    unit="ops",
                    minimum=0,
                ),
                Panel(
                    "Tool P95 latency",
                    f"95th percentile of a call's time; {MCP_SERVER.latency_seconds:g} s are promised.",
                    (
                        PanelQuery(
                            "histogram_quantile(0.95, sum by (tool, le)"
                            " (rate(mcp_request_duration_seconds_bucket[$__rate_interval])))",
                            "{{tool}}",
                        ),
                    ),
                    unit="s",
                    thresholds=rising(MCP_SERVER.latency_seconds, MCP_SERVER.alert_latency_seconds),
                    minimum=0,
                ),
                Panel(
                    "Tools registered",
                    "Tools that the server offers.",
                    (PanelQuery("max(mcp_tools_registered)", "tools", instant=True),),
                    unit="short",
                    kind=PanelKind.STAT,
                    height=5,
                ),
            ),
        ),
    ),
)
