"""Where an export reads from: one point in time of the dataset."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Protocol, Self

from day23.application.ports import (
    Collection,
    DatasetQuery,
    Document,
    DocumentPosition,
    RecordedDataset,
)


class ExportSource(Protocol):
    """The dataset as it was at one moment, however long reading takes."""

    def find(self, collection: Collection, query: DatasetQuery) -> Iterator[Document]:
        """Yield documents, newest `created_at` first, ties by `_id`; dates are tz-aware UTC."""
        ...

    def recorded_dataset(self) -> RecordedDataset | None:
        """Return what the last finished seed recorded."""
        ...

    def positions(self, collection: Collection, query: DatasetQuery, every: int) -> list[DocumentPosition]:
        """Return every `every`-th document's position, the first document's excepted: where parts begin."""
        ...

    def moment(self) -> str:
        """Return the moment that all reads show, as text that `resume` understands."""
        ...

    def resume(self, moment: str) -> bool:
        """Read at an earlier moment instead, if the server can still show it."""
        ...

    def reconnected(self) -> AbstractContextManager[Self]:
        """Return the same moment over a connection of its own, for another process."""
        ...
