"""`TelemetryOrchestrator`: one door for metrics, logs and spans of a run, checked against the policy."""

from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from day23.domain.errors import ToolkitError
from day23.domain.observability_policy import ObservabilityPolicy

Attributes = Mapping[str, str | int | float]
"""What a span says about itself."""


class MetricSink(Protocol):
    """Keeps the values of metrics."""

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        """Increase a counter by, set a gauge to, or observe in a histogram, `value`."""
        ...

    def flush(self) -> None:
        """Publish the values.

        Raises:
            ToolkitError: They could not be published.
        """
        ...


class LogSink(Protocol):
    """Writes structured log lines."""

    def write(self, level: str, event: str, fields: Mapping[str, object]) -> bool:
        """Write one line; return whether it was written, not filtered or lost."""
        ...


class SpanSink(Protocol):
    """Records spans."""

    def span(self, name: str, attributes: Attributes) -> AbstractContextManager[None]:
        """Record the duration and outcome of a block."""
        ...

    @property
    def current_span_id(self) -> str | None:
        """16 hex digits of the innermost open span of this task."""
        ...

    def flush(self) -> None:
        """Store the spans that have ended.

        Raises:
            ToolkitError: They could not be stored now; they are kept for the next run.
        """
        ...


class TelemetryOrchestrator:
    """Implements `Telemetry` over three sinks.

    An unknown metric, label, level or span is a mistake in the program and is refused. A sink that
    cannot publish is not: it costs a log line, never the run.

    Args:
        service: The program, one of `policy.operations`; root span and label of its log lines.
    """

    def __init__(
        self,
        policy: ObservabilityPolicy,
        *,
        service: str,
        trace_id: str,
        metrics: MetricSink,
        logs: LogSink,
        spans: SpanSink,
    ) -> None:
        policy.check_span(service)
        self._policy = policy
        self._service = service
        self._trace_id = trace_id
        self._metrics = metrics
        self._logs = logs
        self._spans = spans

    @property
    def trace_id(self) -> str:
        """32 hex digits that join spans, log lines and the run's record."""
        return self._trace_id

    @contextmanager
    def span(self, name: str, **attributes: str | int | float) -> Iterator[None]:
        """Record the duration and outcome of a block; an exception marks it failed and passes on."""
        self._policy.check_span(name)
        with self._spans.span(name, attributes):
            yield

    def log(self, level: str, event: str, **fields: object) -> None:
        """Write one structured log line and count it."""
        self._policy.check_log(level, fields)
        span_id = self._spans.current_span_id
        located = {**fields, "span_id": span_id} if span_id else fields
        if self._logs.write(level, event, located):
            self._metrics.measure("structured_logs_total", 1, service=self._service, level=level)

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        """Increase a counter by, set a gauge to, or observe in a histogram, `value`."""
        self._metrics.measure(metric, value, **labels)

    def close(self) -> None:
        """Publish everything: spans first, so that the metrics count the log lines about trouble."""
        self._flush("spans", self._spans)
        self._flush("metrics", self._metrics)

    def _flush(self, what: str, sink: MetricSink | SpanSink) -> None:
        try:
            sink.flush()
        except ToolkitError as error:
            self.log("warning", f"{what} not published", reason=error.what, where=error.where)
