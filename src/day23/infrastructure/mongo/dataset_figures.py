"""Figures of the stored dataset, one aggregation per collection."""

from collections.abc import Iterator
from datetime import UTC
from typing import Any

from pymongo import MongoClient, timeout
from pymongo.errors import PyMongoError

from day23.application.ports import Collection, RecordedDataset
from day23.domain.channel import canonical
from day23.domain.dataset_figures import ChannelFigures
from day23.domain.errors import ToolkitError
from day23.infrastructure.mongo.benchmark_repository import CHANNEL_FIELD, MongoBenchmarkRepository

ANSWER_SECONDS = 5.0
_SCORES = ("coverage", "accuracy", "coherence", "informativeness")


class MongoDatasetFigures:
    """Implements `DatasetFigures`.

    Args:
        client: A connected or connecting client; the caller closes it.
    """

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self._client = client
        self._database = database

    def is_primary(self) -> bool:
        """Return whether the member takes writes.

        Raises:
            ToolkitError: MongoDB does not answer.
        """
        try:
            with timeout(ANSWER_SECONDS):
                return bool(self._client[self._database].command("hello").get("isWritablePrimary"))
        except PyMongoError as error:
            raise ToolkitError(f"MongoDB does not answer: {type(error).__name__}") from None

    def recorded(self) -> RecordedDataset | None:
        """Return what the last finished seed covered."""
        with timeout(ANSWER_SECONDS):
            return MongoBenchmarkRepository(self._client, self._database).recorded_dataset()

    def documents(self) -> tuple[ChannelFigures, ...]:
        """Return the figures of both collections.

        Raises:
            ToolkitError: MongoDB does not answer or refuses.
        """
        try:
            with timeout(ANSWER_SECONDS):
                return tuple(found for collection in Collection for found in self._figures(collection))
        except PyMongoError as error:
            raise ToolkitError(f"MongoDB gives no figures: {type(error).__name__}") from None

    def _figures(self, collection: Collection) -> Iterator[ChannelFigures]:
        for row in self._client[self._database][collection.value].aggregate([_grouped(collection)]):
            scores = {name: row[name] for name in _SCORES if row[name] is not None}
            yield ChannelFigures(
                collection=collection.value,
                channel=canonical(str(row["_id"])),
                documents=row["documents"],
                newest=row["newest"].replace(tzinfo=row["newest"].tzinfo or UTC),
                days=frozenset(day.date() for day in row["days"]),
                quality=scores if collection is Collection.DIGESTS else {},
            )


def _grouped(collection: Collection) -> dict[str, Any]:
    return {
        "$group": {
            "_id": f"${CHANNEL_FIELD[collection]}",
            "documents": {"$sum": 1},
            "newest": {"$max": "$created_at"},
            "days": {"$addToSet": {"$dateTrunc": {"date": "$created_at", "unit": "day"}}},
            **{name: {"$avg": f"$quality.llm_judge.scores.{name}"} for name in _SCORES},
        }
    }
