"""Every document of a database, byte for byte."""

from collections.abc import Iterator, Sequence
from typing import Any, cast

import bson
from bson.codec_options import CodecOptions
from bson.raw_bson import DEFAULT_RAW_BSON_OPTIONS, RawBSONDocument
from pymongo import MongoClient
from pymongo.database import Database
from pymongo.errors import BulkWriteError

from day23.application.move_database import Stored
from day23.infrastructure.mongo.plain_errors import told_plainly

_RAW: CodecOptions[Any] = DEFAULT_RAW_BSON_OPTIONS
_DUPLICATE = 11000


class DatabaseContents:
    """Implements the port of the same name with one snapshot for all reads.

    Documents are stored as they are, also those that the collections' rules would refuse today.

    Args:
        client: Authenticated as somebody who may read everything, and to store also write past the rules.
        database: Name of the database.
    """

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self._client = client
        self._database = client.get_database(database)
        self._raw = cast("Database[RawBSONDocument]", client.get_database(database, codec_options=_RAW))
        self._session = client.start_session(snapshot=True)

    def server_version(self) -> str:
        """Return the version of the server."""
        with told_plainly("buildInfo"):
            return str(self._client.server_info()["version"])

    def collections(self) -> Sequence[str]:
        """Return the names of all collections but the server's own, sorted."""
        with told_plainly("listCollections"):
            return sorted(
                name for name in self._database.list_collection_names() if not name.startswith("system.")
            )

    def documents(self, collection: str) -> Iterator[bytes]:
        """Yield every document by its id."""
        with told_plainly(collection):
            for document in self._raw[collection].find({}, sort=[("_id", 1)], session=self._session):
                yield bytes(document.raw)

    def store(self, collection: str, documents: Sequence[bytes]) -> Stored:
        """Insert what is not there, then read the whole batch back."""
        wanted = {_key(document): document for document in map(RawBSONDocument, documents)}
        with told_plainly(collection):
            inserted = self._insert(collection, list(wanted.values()))
            ids = [document["_id"] for document in wanted.values()]
            found = self._raw[collection].find({"_id": {"$in": ids}})
            there = {_key(document): document.raw for document in found}
        unlike = sum(there.get(key) != document.raw for key, document in wanted.items())
        return Stored(inserted, unlike)

    def _insert(self, collection: str, documents: Sequence[RawBSONDocument]) -> int:
        try:
            self._raw[collection].insert_many(documents, ordered=False, bypass_document_validation=True)
        except BulkWriteError as error:
            if any(each["code"] != _DUPLICATE for each in error.details["writeErrors"]):
                raise
            return int(error.details["nInserted"])
        return len(documents)


def _key(document: RawBSONDocument) -> bytes:
    return bson.encode({"_id": document["_id"]})
