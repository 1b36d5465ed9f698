"""What MongoDB stores: documents by collection, the sentinel, the validation's own writes."""

from collections.abc import Callable
from typing import Any

from pymongo import MongoClient, WriteConcern
from pymongo.errors import PyMongoError

from day23.domain.errors import ToolkitError
from day23.domain.restart.watch_plan import COLLECTION

_SPANS = "spans"
"""Old ones expire at any time, so that their number says nothing."""


class MongoReader:
    """Asks one MongoDB as a user that may write.

    Args:
        connect: Makes a client.
    """

    def __init__(self, connect: Callable[[], MongoClient[dict[str, Any]]], database: str) -> None:
        self._connect = connect
        self._database = database

    def plant(self, run_id: str) -> None:
        """Write the run's sentinel with `{w: majority, j: true}`.

        Raises:
            ToolkitError: MongoDB does not take it.
        """
        concern = WriteConcern(w="majority", j=True)
        with self._connect() as client:
            try:
                collection = client[self._database].get_collection(COLLECTION, write_concern=concern)
                collection.insert_one({"_id": f"{run_id}:sentinel", "run": run_id})
            except PyMongoError as error:
                raise _unreachable(error) from None

    def read(self, run_id: str) -> tuple[dict[str, int], bool]:
        """Return the number of documents by collection, and whether the sentinel is there."""
        with self._connect() as client:
            try:
                database = client[self._database]
                names = set(database.list_collection_names()) - {COLLECTION, _SPANS}
                counts = {name: database[name].count_documents({}) for name in sorted(names)}
                return counts, database[COLLECTION].find_one({"_id": f"{run_id}:sentinel"}) is not None
            except PyMongoError as error:
                raise _unreachable(error) from None

    def written(self, run_id: str) -> list[int]:
        """Return the sequence numbers of the run's documents, as often as each is there."""
        with self._connect() as client:
            try:
                found = client[self._database][COLLECTION].find(
                    {"run": run_id, "sequence": {"$exists": True}}, {"sequence": 1}
                )
                return [int(document["sequence"]) for document in found]
            except PyMongoError as error:
                raise _unreachable(error) from None

    def forget(self, run_id: str) -> None:
        """Remove the run's documents."""
        with self._connect() as client:
            try:
                client[self._database][COLLECTION].delete_many({"run": run_id})
            except PyMongoError as error:
                raise _unreachable(error) from None


def _unreachable(error: PyMongoError) -> ToolkitError:
    return ToolkitError(f"MongoDB does not answer: {type(error).__name__}", next_step="make day-23-up")
