"""Queries of the dataset as MongoDB understands them."""

from collections.abc import Iterator, Mapping
from typing import Any

from pymongo import ASCENDING, DESCENDING

from day23.application.ports import Collection, DatasetQuery, DocumentPosition
from day23.domain.channel import handle

CHANNEL_FIELD: Mapping[Collection, str] = {
    Collection.DIGESTS: "channel",
    Collection.REVIEW_REPORTS: "assignment_id",
}
"""Where a document of each collection keeps the name of its channel."""


ORDER = [("created_at", DESCENDING), ("_id", ASCENDING)]
"""Newest first, ties by `_id`: the order of every export."""


def mongo_filter(collection: Collection, query: DatasetQuery) -> dict[str, Any]:
    """Return the filter document of a query."""
    conditions: dict[str, Any] = {}
    if query.window:
        conditions["created_at"] = {"$gte": query.window.start, "$lt": query.window.end}
    if query.channel:
        conditions[CHANNEL_FIELD[collection]] = handle(query.channel)
    if query.language:
        conditions["language"] = query.language
    borders = [*_ahead_of(query.since), *_not_ahead_of(query.until)]
    if borders:
        conditions["$nor"] = borders
    bounds = conditions.get("created_at", {}) | _bounds(query)
    return conditions | ({"created_at": bounds} if bounds else {})


def _bounds(query: DatasetQuery) -> dict[str, Any]:
    """Return the dates between the positions, which the index can seek; `$nor` then decides the ties."""
    bounds: dict[str, Any] = {}
    if query.until:
        bounds["$gte"] = query.until.created_at
    if query.since:
        bounds["$lte"] = query.since.created_at
    return bounds


def _ahead_of(position: DocumentPosition | None) -> Iterator[dict[str, Any]]:
    if position:
        yield {"created_at": position.created_at, "_id": {"$lt": position.document_id}}


def _not_ahead_of(position: DocumentPosition | None) -> Iterator[dict[str, Any]]:
    if position:
        yield {"created_at": position.created_at, "_id": {"$gte": position.document_id}}
