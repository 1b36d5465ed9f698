"""Spans in the collection `spans` of MongoDB."""

from collections.abc import Callable
from typing import Any

from pymongo import MongoClient, ReplaceOne, timeout
from pymongo.collection import Collection
from pymongo.errors import PyMongoError

from day23.domain.errors import ToolkitError
from day23.infrastructure.traces.span_document import SpanDocument, with_dates

COLLECTION = "spans"
PATIENCE_SECONDS = 2.0
"""How long the end of a run may wait for MongoDB."""

_BATCH = 1000

Connect = Callable[[], MongoClient[dict[str, Any]]]
"""Makes a client; raises ToolkitError when the address is unknown."""


class MongoSpanStore:
    """Writes spans as idempotent upserts; connects only when there is something to write."""

    def __init__(self, connect: Connect, database: str) -> None:
        self._connect = connect
        self._database = database

    def save(self, documents: list[SpanDocument]) -> None:
        """Store the spans, replacing those that are stored already.

        Raises:
            ToolkitError: MongoDB cannot be reached in time or refuses.
        """
        if not documents:
            return
        with self._connect() as client:
            self.write(client, self._database, documents)

    @staticmethod
    def write(client: MongoClient[dict[str, Any]], database: str, documents: list[SpanDocument]) -> None:
        """Store the spans through a client that is open already.

        Raises:
            ToolkitError: MongoDB cannot be reached in time or refuses.
        """
        try:
            with timeout(PATIENCE_SECONDS):
                _write(client[database][COLLECTION], documents)
        except PyMongoError as error:
            raise ToolkitError(
                f"MongoDB does not take spans: {type(error).__name__}", where=COLLECTION
            ) from None


def _write(collection: Collection[dict[str, Any]], documents: list[SpanDocument]) -> None:
    for start in range(0, len(documents), _BATCH):
        batch = [with_dates(document) for document in documents[start : start + _BATCH]]
        collection.bulk_write(
            [ReplaceOne({"_id": document["_id"]}, document, upsert=True) for document in batch],
            ordered=False,
        )
