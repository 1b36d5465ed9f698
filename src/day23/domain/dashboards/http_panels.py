"""Panels that every HTTP runtime has: requests, errors, latency."""

from day23.domain.dashboard import Panel, PanelKind, PanelQuery, falling, rising
from day23.domain.service_levels import ServiceLevel


def success(job: str, promise: ServiceLevel) -> Panel:
    """Return the share of requests that were no server error, over the chosen window."""
    requests = f'sum(increase(http_requests_total{{job="{job}"}}[$__range]))'
    errors = f'(sum(increase(http_requests_total{{job="{job}", status=~"5.."}}[$__range])) or vector(0))'
    return Panel(
        "Success rate",
        f"Share of requests that did not end in a server error; {promise.objective:.0%} are promised.",
        (PanelQuery(f"1 - {errors} / {requests}", "success", instant=True),),
        unit="percentunit",
        kind=PanelKind.STAT,
        thresholds=falling(promise.objective - 0.05, promise.objective),
    )


def volume(job: str) -> Panel:
    """Return the requests a second by status."""
    return Panel(
        "Requests",
        "Requests answered a second, by status.",
        (
            PanelQuery(
                f'sum by (status) (rate(http_requests_total{{job="{job}"}}[$__rate_interval]))', "{{status}}"
            ),
        ),
        unit="reqps",
        minimum=0,
    )


def latency(job: str, promise: ServiceLevel) -> Panel:
    """Return the 95th percentile of the answers' time by route."""
    quantile = (
        "histogram_quantile(0.95, sum by (route, le)"
        f' (rate(http_request_duration_seconds_bucket{{job="{job}"}}[$__rate_interval])))'
    )
    return Panel(
        "Request P95 latency",
        f"95th percentile of the time to the answer's last byte; {promise.latency_seconds:g} s are promised.",
        (PanelQuery(quantile, "{{route}}"),),
        unit="s",
        thresholds=rising(promise.latency_seconds, promise.alert_latency_seconds),
        minimum=0,
    )
