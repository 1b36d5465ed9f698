"""Telemetry of a long-running program: metrics it exposes itself, log lines on its standard output."""

import secrets
from dataclasses import dataclass

from prometheus_client import ProcessCollector, generate_latest

from day23.domain.observability_policy import POLICY
from day23.infrastructure.logs.redaction import Redactor
from day23.infrastructure.logs.standard_output import StandardOutput
from day23.infrastructure.logs.structured import StructuredLog
from day23.infrastructure.metrics.registry import MetricRegistry
from day23.settings import Settings


@dataclass(frozen=True, slots=True)
class RuntimeTelemetry:
    """Metrics and log lines of one process, checked against the observability policy."""

    service: str
    registry: MetricRegistry
    lines: StructuredLog

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        """Increase a counter by, set a gauge to, or observe in a histogram, `value`."""
        self.registry.measure(metric, value, **labels)

    def log(self, level: str, event: str, **fields: object) -> None:
        """Write one structured line to standard output and count it."""
        POLICY.check_log(level, fields)
        if self.lines.write(level, event, fields):
            self.measure("structured_logs_total", 1, service=self.service, level=level)

    def exposition(self) -> bytes:
        """Return all metrics in the Prometheus text format."""
        return generate_latest(self.registry.prometheus)


def runtime_telemetry(service: str, *, stage_id: str = "TL-04") -> RuntimeTelemetry:
    """Give a program its metrics, with those of its process, and its log.

    Args:
        service: The program, one of `domain.observability_policy.OPERATIONS`.
        stage_id: Stage of the plan that the program belongs to.
    """
    settings = Settings()
    registry = MetricRegistry(POLICY)
    ProcessCollector(registry=registry.prometheus)
    context = {
        "service": service,
        "trace_id": settings.trace_id or secrets.token_hex(16),
        "stage_id": stage_id,
        "stream": "app",
    }
    lines = StructuredLog(StandardOutput(), Redactor(), settings.log_level, context)
    return RuntimeTelemetry(service, registry, lines)
