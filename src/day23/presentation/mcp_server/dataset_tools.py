"""Tools that read the stored dataset."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from day23.application.ports import Collection, DatasetQuery, Document
from day23.application.stored_documents import ID_FIELD
from day23.application.verify_dataset import DEFAULT_MINIMUM, DatasetAudit
from day23.domain.channel import canonical
from day23.domain.errors import ToolkitError
from day23.wiring.mcp_server import StackAccess

SHOWN_CHARACTERS = 280

Channel = Annotated[
    str | None, Field(max_length=80, description="Channel name with or without @; null for all.")
]
Limit = Annotated[int, Field(ge=1, le=100, description="Most documents to return, newest first.")]
Words = Annotated[str, Field(min_length=2, max_length=200, description="Literal text to look for.")]
Identifier = Annotated[str, Field(min_length=1, max_length=120, description="As the list tools show it.")]
Minimum = Annotated[int, Field(ge=1, le=3650, description="Days each channel must have.")]


class DocumentSummary(BaseModel):
    """One document in a list."""

    id: str
    channel: str
    created_at: datetime
    provenance: str
    text: str = Field(description="The beginning of the digest or of the review's synthesis.")


class DocumentList(BaseModel):
    """Documents, newest first."""

    documents: list[DocumentSummary]


class StoredDocument(BaseModel):
    """One whole document."""

    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class DatasetTools:
    """Digests, review reports and their audit."""

    stack: StackAccess

    def tools(self) -> tuple[Callable[..., object], ...]:
        """Return the functions that are tools."""
        return (
            self.list_digests,
            self.search_digests,
            self.get_digest,
            self.list_review_reports,
            self.get_review_report,
            self.dataset_audit,
        )

    def list_digests(self, channel: Channel = None, limit: Limit = 20) -> DocumentList:
        """List the newest digests."""
        return self._newest(Collection.DIGESTS, channel, limit)

    def search_digests(self, words: Words, limit: Limit = 20) -> DocumentList:
        """Find digests that contain the words, whatever their case."""
        collection = Collection.DIGESTS
        return _listed(collection, self.stack.documents.containing(collection, words, limit))

    def get_digest(self, digest_id: Identifier) -> StoredDocument:
        """Return one digest with its posts and scores."""
        return self._whole(Collection.DIGESTS, digest_id)

    def list_review_reports(self, channel: Channel = None, limit: Limit = 20) -> DocumentList:
        """List the newest review reports."""
        return self._newest(Collection.REVIEW_REPORTS, channel, limit)

    def get_review_report(self, report_id: Identifier) -> StoredDocument:
        """Return one review report with its passes and findings."""
        return self._whole(Collection.REVIEW_REPORTS, report_id)

    def dataset_audit(self, minimum: Minimum = DEFAULT_MINIMUM) -> DatasetAudit:
        """Read the recorded window twice and judge each channel: days, missing days, broken fields."""
        return self.stack.audit(minimum)

    def _newest(self, collection: Collection, channel: str | None, limit: int) -> DocumentList:
        query = DatasetQuery(channel=canonical(channel) if channel else None, limit=limit)
        return _listed(collection, self.stack.dataset.find(collection, query))

    def _whole(self, collection: Collection, document_id: str) -> StoredDocument:
        found = self.stack.documents.by_id(collection, document_id)
        if found is None:
            raise ToolkitError(f"{collection.value} has no document {document_id!r:.120}")
        return StoredDocument(document=found)


def _listed(collection: Collection, documents: Iterable[Document]) -> DocumentList:
    return DocumentList(documents=[_summary(collection, document) for document in documents])


def _summary(collection: Collection, document: Document) -> DocumentSummary:
    digest = collection is Collection.DIGESTS
    text = document.get("summary_markdown") if digest else document.get("report", {}).get("synthesis")
    return DocumentSummary(
        id=str(document.get(ID_FIELD[collection], document["_id"])),
        channel=str(document["channel" if digest else "assignment_id"]),
        created_at=document["created_at"],
        provenance=str(document.get("provenance")),
        text=str(text or "")[:SHOWN_CHARACTERS],
    )
