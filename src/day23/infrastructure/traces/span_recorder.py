"""OpenTelemetry spans that carry the run's trace id."""

import contextlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import Status, StatusCode, format_span_id

from day23.application.telemetry_orchestrator import Attributes
from day23.domain.errors import ToolkitError
from day23.infrastructure.traces.pending_spans import PendingSpans, Save
from day23.infrastructure.traces.span_document import span_document


class SpanRecorder:
    """A span sink: each span is kept on disk when it ends and delivered at `flush`.

    The first span is the root; spans opened in other threads become its children too.

    Args:
        save: Stores spans for good; see `PendingSpans.deliver`.
        clean_text: Removes secrets from error messages and attribute texts.
    """

    def __init__(
        self,
        pending: PendingSpans,
        save: Save,
        *,
        trace_id: str,
        service: str,
        stage_id: str,
        clean_text: Callable[[str], str],
    ) -> None:
        self._pending = pending
        self._save = save
        self._clean_text = clean_text
        self._root: Context | None = None
        provider = TracerProvider(
            id_generator=_OneTrace(trace_id), resource=Resource.get_empty(), shutdown_on_exit=False
        )
        provider.add_span_processor(_Keeper(pending, service, stage_id))
        self._tracer = provider.get_tracer(__name__)

    @property
    def current_span_id(self) -> str | None:
        """16 hex digits of the innermost open span of this task."""
        context = trace.get_current_span().get_span_context()
        return format_span_id(context.span_id) if context.is_valid else None

    @contextmanager
    def span(self, name: str, attributes: Attributes) -> Iterator[None]:
        """Record the duration and outcome of a block; an exception marks it failed and passes on."""
        parent = None if trace.get_current_span().get_span_context().is_valid else self._root
        cleaned = {key: self._clean(value) for key, value in attributes.items()}
        with self._tracer.start_as_current_span(
            name, context=parent, attributes=cleaned, record_exception=False, set_status_on_exception=False
        ) as span:
            self._root = self._root or trace.set_span_in_context(span)
            try:
                yield
            except BaseException as error:
                reason = f"{type(error).__name__}: {self._clean_text(str(error))}"
                span.set_status(Status(StatusCode.ERROR, reason[:500]))
                raise

    def _clean(self, value: str | int | float) -> str | int | float:
        return self._clean_text(value) if isinstance(value, str) else value

    def flush(self) -> None:
        """Deliver every span that waits, also those of earlier runs.

        Raises:
            ToolkitError: They could not be stored now and go on waiting.
        """
        try:
            self._pending.deliver(self._save)
        except OSError as error:
            raise ToolkitError(f"waiting spans cannot be read: {error.strerror}") from None


class _OneTrace(RandomIdGenerator):
    """Gives every span the trace id of the run."""

    def __init__(self, trace_id: str) -> None:
        self._trace_id = int(trace_id, 16)

    def generate_trace_id(self) -> int:
        return self._trace_id


class _Keeper(SpanProcessor):
    """Puts each ended span on disk; a span that cannot be kept is lost, never the run."""

    def __init__(self, pending: PendingSpans, service: str, stage_id: str) -> None:
        self._pending = pending
        self._service = service
        self._stage_id = stage_id

    def on_end(self, span: ReadableSpan) -> None:
        with contextlib.suppress(ToolkitError):
            self._pending.append(span_document(span, self._service, self._stage_id))
