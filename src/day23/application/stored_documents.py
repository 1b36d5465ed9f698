"""Reading single documents of the dataset, for people and assistants."""

from collections.abc import Iterator, Mapping
from typing import Protocol

from day23.application.ports import Collection, Document


class StoredDocuments(Protocol):
    """Documents by id and by words."""

    def by_id(self, collection: Collection, document_id: str) -> Document | None:
        """Return the document with that `digest_id`, `report_id` or `_id`."""
        ...

    def containing(self, collection: Collection, words: str, limit: int) -> Iterator[Document]:
        """Yield the newest documents whose text contains `words`, whatever their case."""
        ...


ID_FIELD: Mapping[Collection, str] = {
    Collection.DIGESTS: "digest_id",
    Collection.REVIEW_REPORTS: "report_id",
}
TEXT_FIELD: Mapping[Collection, str] = {
    Collection.DIGESTS: "summary_markdown",
    Collection.REVIEW_REPORTS: "report.synthesis",
}
