"""What is stored for one channel: counts, distinct days, provenance, broken rules."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date

from day23.application.ports import BenchmarkRepository, Collection, DatasetQuery, Document
from day23.domain.benchmark_dataset import missing_fields
from day23.domain.content_hash import ContentHash, combined, content_hash
from day23.domain.window import Window


@dataclass(frozen=True, slots=True)
class CollectionAudit:
    """One collection of one channel inside a window.

    Attributes:
        documents: How many there are.
        provenance: How many of each origin.
        missing_days: Days of the window without a document, oldest first.
        violations: One line per broken rule, with the document's day.
        content: Number of documents and the XOR of their hashes, measured fields left out.
    """

    documents: int
    provenance: dict[str, int]
    missing_days: tuple[date, ...]
    violations: tuple[str, ...]
    content: ContentHash


@dataclass(frozen=True, slots=True)
class ChannelAudit:
    """Both collections of one channel."""

    channel: str
    window: Window
    digests: CollectionAudit
    review_reports: CollectionAudit


def audit_channel(repository: BenchmarkRepository, channel: str, window: Window) -> ChannelAudit:
    """Read every document of a channel in the window and check it."""
    query = DatasetQuery(window=window, channel=channel)
    digests, reports = (
        _audit(repository.find(collection, query), collection, window)
        for collection in (Collection.DIGESTS, Collection.REVIEW_REPORTS)
    )
    return ChannelAudit(channel, window, digests, reports)


def _audit(documents: Iterable[Document], collection: Collection, window: Window) -> CollectionAudit:
    days: set[date] = set()
    provenance: Counter[str] = Counter()
    violations: list[str] = []
    hashes: list[ContentHash] = []
    for document in documents:
        hashes.append(content_hash([document]))
        day = document["created_at"].astimezone(UTC).date()
        days.add(day)
        provenance[str(document.get("provenance"))] += 1
        violations += [f"{day} {problem}" for problem in missing_fields(document, collection, window)]
    missing = tuple(day for day in window.days if day not in days)
    return CollectionAudit(provenance.total(), dict(provenance), missing, tuple(violations), combined(hashes))
