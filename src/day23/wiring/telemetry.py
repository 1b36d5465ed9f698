"""Telemetry of one run of a short-lived program."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from day23.application.ports import Telemetry
from day23.application.telemetry_orchestrator import TelemetryOrchestrator
from day23.domain.observability_policy import POLICY
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.logs.redaction import Redactor
from day23.infrastructure.logs.structured import LogFile, StructuredLog
from day23.infrastructure.metrics.textfile import TextfileMetrics
from day23.infrastructure.traces.mongo_span_store import PATIENCE_SECONDS, MongoSpanStore
from day23.infrastructure.traces.pending_spans import PendingSpans
from day23.infrastructure.traces.span_recorder import SpanRecorder
from day23.settings import Settings
from day23.wiring.connections import mongo_client


@contextmanager
def telemetry_session(
    settings: Settings,
    service: str,
    stage_id: str,
    *,
    paths: StackPaths | None = None,
    trace_id: str | None = None,
) -> Iterator[Telemetry]:
    """Give a run its metrics, log lines and spans; publish them when it ends, however it ends.

    Metrics go to `run/metrics/<service>.prom`, log lines to `logs/<service>.app.jsonl`, spans to
    `butler.spans`, or to `run/spans.pending.jsonl` until MongoDB answers again.

    Args:
        service: The program, one of `domain.observability_policy.OPERATIONS`; also the root span.
        stage_id: Stage of the plan, such as `TL-01`.
        paths: The stack; by default the one of the settings.
        trace_id: 32 hex digits; by default that of the settings, else a new one.

    Raises:
        ToolkitError: The service is unknown, or no log file can be opened.

    Example:
        >>> with telemetry_session(Settings(), "seed", "TL-01") as telemetry:  # doctest: +SKIP
        ...     telemetry.log("info", "seed started", channels=5)
    """
    where = paths or StackPaths(settings.stack_root)
    trace = trace_id or settings.trace_id or secrets.token_hex(16)
    redactor = Redactor(known_secrets(where))
    context = {"service": service, "trace_id": trace, "stage_id": stage_id, "stream": "app"}
    logs = StructuredLog(LogFile(where.log(service, "app")), redactor, settings.log_level, context)
    telemetry = TelemetryOrchestrator(
        POLICY,
        service=service,
        trace_id=trace,
        metrics=TextfileMetrics(POLICY, where.textfiles / f"{service}.prom"),
        logs=logs,
        spans=_span_recorder(settings, where, redactor, context),
    )
    try:
        with telemetry.span(service):
            yield telemetry
    finally:
        telemetry.close()
        logs.close()


def _span_recorder(
    settings: Settings, paths: StackPaths, redactor: Redactor, context: dict[str, str]
) -> SpanRecorder:
    patient = settings.model_copy(
        update={"stack_root": paths.root, "mongo_timeout_ms": int(PATIENCE_SECONDS * 1000)}
    )
    store = MongoSpanStore(partial(mongo_client, patient, "tracer"), settings.db_name)
    return SpanRecorder(
        PendingSpans(paths.run),
        store.save,
        trace_id=context["trace_id"],
        service=context["service"],
        stage_id=context["stage_id"],
        clean_text=redactor.clean_text,
    )


def known_secrets(paths: StackPaths) -> list[str]:
    """Return the values of the stack's secret files, so that no line can contain one."""
    if not paths.secrets.is_dir():
        return []
    files = [path for path in paths.secrets.iterdir() if path.is_file() and not path.name.startswith(".")]
    return [path.read_text(encoding="utf-8", errors="replace").strip() for path in files]
