"""Spans of one trace, read back from MongoDB."""

from collections.abc import Callable
from typing import Any

from pymongo import MongoClient, timeout
from pymongo.errors import PyMongoError

from day23.domain.errors import ToolkitError
from day23.domain.live_values import Span
from day23.infrastructure.traces.mongo_span_store import COLLECTION

ANSWER_SECONDS = 5.0
_MOST_SPANS = 2000
_CALLERS_FIRST = [("start_time", 1), ("duration_ms", -1)]
"""MongoDB keeps milliseconds: a caller and what it calls at once have one start time."""


class SpanQueries:
    """Reads `butler.spans`.

    Args:
        connect: Makes a client; raises ToolkitError when the address is unknown.
    """

    def __init__(self, connect: Callable[[], MongoClient[dict[str, Any]]], database: str) -> None:
        self._connect = connect
        self._database = database

    def of_trace(self, trace_id: str) -> tuple[Span, ...]:
        """Return the spans of a trace by start time, at most 2000.

        Raises:
            ToolkitError: MongoDB does not answer or refuses.
        """
        with self._connect() as client:
            try:
                with timeout(ANSWER_SECONDS):
                    found = client[self._database][COLLECTION].find({"trace_id": trace_id})
                    documents = list(found.sort(_CALLERS_FIRST).limit(_MOST_SPANS))
            except PyMongoError as error:
                raise ToolkitError(f"MongoDB gives no spans: {type(error).__name__}") from None
        return tuple(Span.model_validate({**document, "span_id": document["_id"]}) for document in documents)
