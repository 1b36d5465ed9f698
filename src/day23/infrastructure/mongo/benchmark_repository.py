"""The dataset in MongoDB: `butler.digests`, `butler.review_reports`, `butler.dataset_windows`."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from bson.codec_options import CodecOptions
from pymongo import MongoClient, ReplaceOne
from pymongo.collection import Collection as MongoCollection
from pymongo.errors import BulkWriteError
from pymongo.write_concern import WriteConcern

from day23.application.ports import Collection, DatasetQuery, Document, RecordedDataset, SeedProgress
from day23.domain.collection_rules import collection_validator
from day23.domain.window import Window
from day23.infrastructure.mongo.dataset_query import CHANNEL_FIELD as CHANNEL_FIELD
from day23.infrastructure.mongo.dataset_query import ORDER, mongo_filter
from day23.infrastructure.mongo.plain_errors import told_plainly as _told_plainly

_DURABLE = WriteConcern(w="majority", j=True)
_TZ_AWARE: CodecOptions[dict[str, Any]] = CodecOptions(tz_aware=True)
_DUPLICATE_KEY = 11000
_BATCH_DOCUMENTS = 500
_LATEST = "latest"


class MongoBenchmarkRepository:
    """Implements `BenchmarkRepository` on a MongoDB database.

    Every write waits for the journal of a majority, so what was counted as stored survives `kill -9`.

    Args:
        client: A connected or connecting client; the caller closes it.
        database: Name of the database.
    """

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self._database = client.get_database(database, codec_options=_TZ_AWARE, write_concern=_DURABLE)
        self._windows: MongoCollection[dict[str, Any]] = self._database["dataset_windows"]

    def enforce_rules(self) -> None:
        """Give both collections the validator made from the dataset's rules, where they lack it.

        Raises:
            ToolkitError: MongoDB does not answer, or the user may not change collections.
        """
        for collection in Collection:
            with _told_plainly(collection):
                self._enforce(collection, collection_validator(collection))

    def _enforce(self, collection: Collection, validator: dict[str, Any]) -> None:
        wanted: dict[str, Any] = {
            "validator": validator,
            "validationLevel": "strict",
            "validationAction": "error",
        }
        found = next(iter(self._database.list_collections(filter={"name": collection.value})), None)
        if found is None:
            self._database.create_collection(collection.value, **wanted)
        elif any(found["options"].get(name) != value for name, value in wanted.items()):
            self._database.command({"collMod": collection.value, **wanted})

    def provenances(self, collection: Collection, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the provenance of those of `ids` that are stored."""
        with _told_plainly(collection):
            found = self._database[collection].find({"_id": {"$in": list(ids)}}, {"provenance": 1})
            return {str(document["_id"]): str(document.get("provenance")) for document in found}

    def replace_synthetic(self, collection: Collection, documents: Sequence[Document]) -> int:
        """Put documents where synthetic ones with their `_id` are stored; return how many were replaced.

        Raises:
            ToolkitError: MongoDB does not answer or refuses a document.
        """
        if not documents:
            return 0
        writes = [
            ReplaceOne({"_id": document["_id"], "provenance": "synthetic"}, document)
            for document in documents
        ]
        with _told_plainly(collection):
            return self._database[collection].bulk_write(writes, ordered=False).modified_count

    def record_progress(self, progress: SeedProgress) -> None:
        """Remember how far a seed has come, after its documents were acknowledged."""
        key = f"{progress.channel}|{progress.collection}"
        document = {
            "channel": progress.channel,
            "collection": progress.collection.value,
            "done": progress.done,
            "planned": progress.planned,
            "trace_id": progress.trace_id,
            "at": datetime.now(UTC),
        }
        with _told_plainly("seed_progress"):
            self._database["seed_progress"].replace_one({"_id": key}, document, upsert=True)

    def insert_missing(self, collection: Collection, documents: Sequence[Document]) -> int:
        """Store documents whose `_id` is new; return how many were.

        Raises:
            ToolkitError: MongoDB does not answer or refuses a document.
        """
        if not documents:
            return 0
        with _told_plainly(collection):
            self._database[collection].create_index(ORDER)
            return _insert_new(self._database[collection], documents)

    def find(self, collection: Collection, query: DatasetQuery) -> Iterator[Document]:
        """Yield documents, newest `created_at` first, ties by `_id`; dates are tz-aware UTC."""
        with _told_plainly(collection):
            cursor = self._database[collection].find(mongo_filter(collection, query), sort=ORDER)
            yield from cursor.limit(query.limit or 0).batch_size(_BATCH_DOCUMENTS)

    def record_dataset(self, dataset: RecordedDataset) -> None:
        """Remember the window and channels of a finished seed."""
        document = {
            "start": dataset.window.start,
            "end": dataset.window.end,
            "channels": list(dataset.channels),
            "seeded_at": dataset.seeded_at,
        }
        with _told_plainly("dataset_windows"):
            self._windows.replace_one({"_id": _LATEST}, document, upsert=True)

    def recorded_dataset(self) -> RecordedDataset | None:
        """Return what the last finished seed recorded."""
        with _told_plainly("dataset_windows"):
            document = self._windows.find_one({"_id": _LATEST})
        if document is None:
            return None
        window = Window(document["start"], document["end"])
        return RecordedDataset(window, tuple(document["channels"]), document["seeded_at"])


def _insert_new(collection: MongoCollection[dict[str, Any]], documents: Sequence[Document]) -> int:
    try:
        return len(collection.insert_many(documents, ordered=False).inserted_ids)
    except BulkWriteError as error:
        details = error.details
        refused = [item for item in details["writeErrors"] if item["code"] != _DUPLICATE_KEY]
        if refused or details["writeConcernErrors"]:
            raise
        return int(details["nInserted"])
