"""The shape of a span in `butler.spans`."""

import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import StatusCode, format_span_id, format_trace_id

from day23.domain.observability_policy import EPIC_ID

SpanDocument = dict[str, Any]
"""A span as a JSON object; times are RFC 3339 text until they become dates in MongoDB."""

_NANOSECONDS = 1_000_000_000
_MILLISECOND = 1_000_000


def span_document(span: ReadableSpan, service: str, stage_id: str) -> SpanDocument:
    """Return the document of a span that has ended."""
    start, end = span.start_time or 0, span.end_time or 0
    failed = span.status.status_code is StatusCode.ERROR
    return {
        "_id": format_span_id(span.context.span_id),
        "trace_id": format_trace_id(span.context.trace_id),
        "parent_id": format_span_id(span.parent.span_id) if span.parent else None,
        "name": span.name,
        "service": service,
        "start_time": _moment(start),
        "end_time": _moment(end),
        "duration_ms": round((end - start) / _MILLISECOND, 3),
        "status": "error" if failed else "ok",
        "attributes": {**(span.attributes or {}), **_reason(span)},
        "epic_id": EPIC_ID,
        "stage_id": stage_id,
    }


def with_dates(document: Mapping[str, Any]) -> SpanDocument:
    """Return the document as MongoDB stores it: with dates instead of text."""
    dates = {key: datetime.fromisoformat(document[key]) for key in ("start_time", "end_time")}
    return {**document, **dates}


def _moment(nanoseconds: int) -> str:
    return datetime.fromtimestamp(nanoseconds / _NANOSECONDS, UTC).isoformat(timespec="microseconds")


def _reason(span: ReadableSpan) -> dict[str, str]:
    return {"error": span.status.description} if span.status.description else {}


def request_span(
    name: str, service: str, trace_id: str, *, begin: int, end: int, status: str, attributes: dict[str, Any]
) -> SpanDocument:
    """Return the document of a request that a long-running program answered: the root of its own trace.

    Args:
        begin: Unix time in nanoseconds, as is `end`.
    """
    return {
        "_id": secrets.token_hex(8),
        "trace_id": trace_id,
        "parent_id": None,
        "name": name,
        "service": service,
        "start_time": _moment(begin),
        "end_time": _moment(end),
        "duration_ms": round((end - begin) / _MILLISECOND, 3),
        "status": status,
        "attributes": attributes,
        "epic_id": EPIC_ID,
        "stage_id": "TL-04",
    }
