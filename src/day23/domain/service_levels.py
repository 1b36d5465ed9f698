"""What the services promise: objectives that dashboards draw and burn-rate alerts watch.

The figures are those of the service level catalogue of Epic 03 where it has one.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """One promise.

    Attributes:
        objective: Share of good events that is promised, 0..1.
        latency_seconds: What the 95th percentile stays below.
        alert_latency_seconds: What the 95th percentile has to pass before anyone is woken.
    """

    service: str
    objective: float
    latency_seconds: float
    alert_latency_seconds: float


REVIEW_PIPELINE: Final = ServiceLevel("review pipeline", 0.99, 300.0, 300.0)
MCP_SERVER: Final = ServiceLevel("MCP server", 0.99, 2.0, 5.0)
BUTLER: Final = ServiceLevel("Butler", 0.98, 5.0, 5.0)
LLM_API: Final = ServiceLevel("LLM API", 0.95, 5.0, 30.0)
SCRAPES: Final = ServiceLevel("scrapes", 0.999, 10.0, 10.0)
