"""Single documents of the dataset in MongoDB."""

import re
from collections.abc import Iterator
from typing import Any

from pymongo import MongoClient, timeout
from pymongo.errors import PyMongoError

from day23.application.ports import Collection, Document
from day23.application.stored_documents import ID_FIELD, TEXT_FIELD
from day23.domain.errors import ToolkitError

ANSWER_SECONDS = 5.0


class MongoStoredDocuments:
    """Implements `StoredDocuments`; words are searched literally, never as a pattern."""

    def __init__(self, client: MongoClient[dict[str, Any]], database: str) -> None:
        self._database = client[database]

    def by_id(self, collection: Collection, document_id: str) -> Document | None:
        """See `StoredDocuments.by_id`.

        Raises:
            ToolkitError: MongoDB does not answer.
        """
        choice = [{ID_FIELD[collection]: document_id}, {"_id": document_id}]
        return next(self._found(collection, {"$or": choice}, 1), None)

    def containing(self, collection: Collection, words: str, limit: int) -> Iterator[Document]:
        """See `StoredDocuments.containing`.

        Raises:
            ToolkitError: MongoDB does not answer.
        """
        pattern = {"$regex": re.escape(words), "$options": "i"}
        return self._found(collection, {TEXT_FIELD[collection]: pattern}, limit)

    def _found(self, collection: Collection, conditions: dict[str, Any], limit: int) -> Iterator[Document]:
        try:
            with timeout(ANSWER_SECONDS):
                found = self._database[collection.value].find(conditions)
                documents = list(found.sort([("created_at", -1), ("_id", 1)]).limit(limit))
        except PyMongoError as error:
            raise ToolkitError(f"MongoDB gives no documents: {type(error).__name__}") from None
        return iter(documents)
