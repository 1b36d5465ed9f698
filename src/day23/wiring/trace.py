"""One trace: its spans from MongoDB, its log lines from Loki."""

from datetime import timedelta
from functools import partial

from day23.domain.live_values import LogLine, Span
from day23.infrastructure.queries.loki import LokiQueries
from day23.infrastructure.queries.spans import SpanQueries
from day23.settings import Settings
from day23.wiring.connections import loki_url, mongo_client

MARGIN = timedelta(minutes=5)
"""How much before the first and after the last span log lines are looked for."""


def spans_of_trace(settings: Settings, trace_id: str) -> tuple[Span, ...]:
    """Return the spans by start time.

    Raises:
        ToolkitError: The stack is not up, or MongoDB does not answer.
    """
    return SpanQueries(partial(mongo_client, settings, "tracer"), settings.db_name).of_trace(trace_id)


def lines_of_trace(settings: Settings, trace_id: str, spans: tuple[Span, ...]) -> tuple[LogLine, ...]:
    """Return the log lines around the spans, oldest first.

    Raises:
        ToolkitError: The stack is not up, or Loki does not answer.
    """
    begin = min(span.start_time for span in spans) - MARGIN
    end = max(span.start_time + timedelta(milliseconds=span.duration_ms) for span in spans) + MARGIN
    query = f'{{service=~".+"}} | trace_id="{trace_id}"'
    return LokiQueries(partial(loki_url, settings)).lines(query, begin, end)
