"""Telemetry of a long-running program: metrics it exposes itself, log lines on its standard output."""

import secrets
from collections.abc import Iterable
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
    audit_lines: StructuredLog
    metrics_enabled: bool = True

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        """Increase a counter by, set a gauge to, or observe in a histogram, `value`."""
        self.registry.measure(metric, value, **labels)

    def forget(self, metric: str, /, **labels: str) -> None:
        """Expose a series no longer whose subject is gone."""
        self.registry.forget(metric, **labels)

    def log(self, level: str, event: str, **fields: object) -> None:
        """Write one structured line to standard output and count it."""
        POLICY.check_log(level, fields)
        if self.lines.write(level, event, fields):
            self.measure("structured_logs_total", 1, service=self.service, level=level)

    def audit(self, event: str, trace_id: str, /, **fields: object) -> None:
        """Write one line of the audit stream under the trace of the request that it is about."""
        POLICY.check_log("info", fields)
        if self.audit_lines.write("info", event, {**fields, "trace_id": trace_id}):
            self.measure("structured_logs_total", 1, service=self.service, level="info")

    def exposition(self) -> bytes:
        """Return all metrics in the Prometheus text format."""
        return generate_latest(self.registry.prometheus)


def runtime_telemetry(
    service: str, *, stage_id: str = "TL-04", secret_values: Iterable[str] = ()
) -> RuntimeTelemetry:
    """Give a program its metrics, with those of its process, and its logs.

    Args:
        service: The program, one of `domain.observability_policy.OPERATIONS`.
        stage_id: Stage of the plan that the program belongs to.
        secret_values: What no line may contain.
    """
    settings = Settings()
    registry = MetricRegistry(POLICY)
    ProcessCollector(registry=registry.prometheus)
    context = {
        "service": service,
        "trace_id": settings.trace_id or secrets.token_hex(16),
        "stage_id": stage_id,
    }
    redactor = Redactor(secret_values)
    lines, audit_lines = (
        StructuredLog(StandardOutput(), redactor, settings.log_level, {**context, "stream": stream})
        for stream in ("app", "audit")
    )
    return RuntimeTelemetry(service, registry, lines, audit_lines, settings.metrics_enabled)
