"""One door for metrics, logs and spans: it keeps the policy and never fails the run for a sink."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest

from day23.application.null_telemetry import NullTelemetry
from day23.application.ports import Telemetry
from day23.application.telemetry_orchestrator import Attributes, TelemetryOrchestrator
from day23.domain.errors import ToolkitError
from day23.domain.observability_policy import POLICY


class Sinks:
    """All three sinks in memory; `trouble` makes publishing fail."""

    def __init__(self) -> None:
        self.measured: list[tuple[str, float, dict[str, str]]] = []
        self.lines: list[tuple[str, str, dict[str, object]]] = []
        self.spans: list[str] = []
        self.flushes = 0
        self.trouble = False
        self.writable = True
        self.current_span_id: str | None = None

    def measure(self, metric: str, value: float, /, **labels: str) -> None:
        self.measured.append((metric, value, labels))

    def write(self, level: str, event: str, fields: Mapping[str, object]) -> bool:
        self.lines.append((level, event, dict(fields)))
        return self.writable

    @contextmanager
    def span(self, name: str, attributes: Attributes) -> Iterator[None]:
        self.spans.append(f"{name} {dict(attributes)}")
        yield

    def flush(self) -> None:
        self.flushes += 1
        if self.trouble:
            raise ToolkitError("no room", where="disk")


@pytest.fixture
def sinks() -> Sinks:
    return Sinks()


@pytest.fixture
def telemetry(sinks: Sinks) -> TelemetryOrchestrator:
    return TelemetryOrchestrator(
        POLICY, service="seed", trace_id="a" * 32, metrics=sinks, logs=sinks, spans=sinks
    )


def test_every_written_line_is_counted_by_service_and_level(
    telemetry: TelemetryOrchestrator, sinks: Sinks
) -> None:
    telemetry.log("warning", "gap", channel="onaboka")
    sinks.writable = False
    telemetry.log("warning", "lost")
    assert sinks.measured == [("structured_logs_total", 1, {"service": "seed", "level": "warning"})]


def test_lines_name_the_span_they_were_written_in(telemetry: TelemetryOrchestrator, sinks: Sinks) -> None:
    telemetry.log("info", "outside")
    sinks.current_span_id = "b" * 16
    telemetry.log("info", "inside", documents=1)
    assert sinks.lines == [("info", "outside", {}), ("info", "inside", {"documents": 1, "span_id": "b" * 16})]


def test_closing_publishes_both_and_tells_of_trouble_without_raising(
    telemetry: TelemetryOrchestrator, sinks: Sinks
) -> None:
    sinks.trouble = True
    telemetry.close()
    assert sinks.flushes == 2
    assert [(level, event) for level, event, _ in sinks.lines] == [
        ("warning", "spans not published"),
        ("warning", "metrics not published"),
    ]


def test_spans_carry_their_attributes(telemetry: TelemetryOrchestrator, sinks: Sinks) -> None:
    with telemetry.span("seed.channel", channel="onaboka"):
        pass
    assert sinks.spans == ["seed.channel {'channel': 'onaboka'}"]
    assert telemetry.trace_id == "a" * 32


@pytest.mark.parametrize("kind", ["orchestrator", "null"])
def test_names_outside_the_policy_are_refused(kind: str, telemetry: TelemetryOrchestrator) -> None:
    subject: Telemetry = telemetry if kind == "orchestrator" else NullTelemetry()
    with pytest.raises(ToolkitError), subject.span("unheard_of"):
        pass
    with pytest.raises(ToolkitError):
        subject.log("loud", "x")
    with pytest.raises(ToolkitError):
        subject.log("info", "x", trace_id="mine")


def test_an_unknown_service_is_refused(sinks: Sinks) -> None:
    with pytest.raises(ToolkitError, match="did you mean 'seed'"):
        TelemetryOrchestrator(POLICY, service="seeed", trace_id="", metrics=sinks, logs=sinks, spans=sinks)


def test_null_telemetry_remembers_what_it_was_told() -> None:
    telemetry = NullTelemetry()
    with telemetry.span("export", exporter="digests"):
        telemetry.log("info", "written", documents=3)
        telemetry.measure("benchmark_export_duration_seconds", 1.5, exporter="digests")
    with pytest.raises(ToolkitError, match="did you mean"):
        telemetry.measure("benchmark_export_duration_second", 1.5, exporter="digests")
    assert telemetry.trace_id == "0" * 32
    assert telemetry.spans == [("export", {"exporter": "digests"})]
    assert telemetry.lines == [("info", "written", {"documents": 3})]
    assert telemetry.measurements == [("benchmark_export_duration_seconds", 1.5, {"exporter": "digests"})]
