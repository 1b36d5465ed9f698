"""Telemetry that goes nowhere: for tests and for callers that bring none."""

from collections.abc import Iterator
from contextlib import contextmanager

from day23.domain.observability_policy import POLICY, ObservabilityPolicy


class NullTelemetry:
    """Implements `Telemetry`: checks every name against the policy and remembers what it was told.

    Attributes:
        measurements: `(metric, value, labels)` in order.
        lines: `(level, event, fields)` in order.
        spans: `(name, attributes)` in the order they were opened.
    """

    def __init__(self, trace_id: str = "0" * 32, policy: ObservabilityPolicy = POLICY) -> None:
        self._trace_id = trace_id
        self._policy = policy
        self.measurements: list[tuple[str, float, dict[str, str]]] = []
        self.lines: list[tuple[str, str, dict[str, object]]] = []
        self.spans: list[tuple[str, dict[str, str | int | float]]] = []

    @property
    def trace_id(self) -> str:
        """The trace id it was given."""
        return self._trace_id

    @contextmanager
    def span(self, name: str, **attributes: str | int | float) -> Iterator[None]:
        """Remember the span."""
        self._policy.check_span(name)
        self.spans.append((name, attributes))
        yield

    def log(self, level: str, event: str, **fields: object) -> None:
        """Remember the line."""
        self._policy.check_log(level, fields)
        self.lines.append((level, event, fields))

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        """Remember the measurement."""
        self._policy.metric(metric).check(labels)
        self.measurements.append((metric, value, labels))
