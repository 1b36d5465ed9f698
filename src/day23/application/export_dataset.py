"""Use case: stream the dataset from MongoDB to checksummed JSONL."""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from day23.application.export_store import (
    FILE_NAMES,
    ExportBundle,
    ExportPart,
    ExportStore,
    ExportTarget,
)
from day23.application.ports import (
    BenchmarkRepository,
    Collection,
    DatasetQuery,
    Progress,
    ProgressState,
    Telemetry,
)
from day23.domain.channel import handle
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import ExportedFile, ExportedQuery, ExportedWindow
from day23.domain.export_record import Record, digest_record, review_record
from day23.domain.window import Window

PROGRESS_EVERY = 100

_TO_RECORD: Mapping[Collection, Callable[[Mapping[str, Any]], Record]] = {
    Collection.DIGESTS: digest_record,
    Collection.REVIEW_REPORTS: review_record,
}


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export.

    Attributes:
        hours: How far back from the end of the recorded window, rounded up to whole UTC days; None
            takes the recorded window itself.
        channel: Canonical channel name; None takes all.
        language: None takes all.
        limit: Newest documents per collection; None takes all.
        output: A single file for the one collection asked for; None writes the target's own names.
    """

    target: ExportTarget
    collections: tuple[Collection, ...] = (Collection.DIGESTS, Collection.REVIEW_REPORTS)
    hours: int | None = None
    channel: str | None = None
    language: str | None = None
    limit: int | None = None
    output: Path | None = None

    def file_name(self, collection: Collection) -> str:
        """Return the name of the collection's data file."""
        return self.output.name if self.output else FILE_NAMES[collection]


class ExportSummary(BaseModel):
    """What an export left behind."""

    model_config = ConfigDict(frozen=True)

    folder: Path
    manifest: Path
    validation: Path
    files: tuple[ExportedFile, ...]
    window: ExportedWindow | None
    duration_seconds: dict[str, float]
    trace_id: str

    @property
    def documents(self) -> int:
        """How many records all files hold together."""
        return sum(entry.documents for entry in self.files)


class ExportDatasetUseCase:
    """Exports collections so that two runs over the same data give the same bytes.

    Newest `created_at` first, ties by `_id`; every record is validated against its committed schema
    and hashed while it is written; the manifest comes last and carries no time of its own.
    """

    def __init__(
        self,
        repository: BenchmarkRepository,
        store: ExportStore,
        telemetry: Telemetry,
        progress: Progress,
    ) -> None:
        self._repository = repository
        self._store = store
        self._telemetry = telemetry
        self._progress = progress

    def execute(self, request: ExportRequest) -> ExportSummary:
        """Write the export.

        Raises:
            ToolkitError: Nothing matches, or a record breaks its schema; nothing is replaced then.
            LockedError: Another export into the same place is running.
        """
        query = self._query(request)
        with self._store.open(request.target) as bundle:
            runs = [self._export(bundle, request, query, name) for name in request.collections]
            bundle.commit()
        return self._summary(request, query, runs)

    def _query(self, request: ExportRequest) -> DatasetQuery:
        recorded = self._repository.recorded_dataset()
        window = recorded.window if recorded else None
        if request.hours is not None:
            window = self._hours_back(request.hours, window, request.collections[0])
        return DatasetQuery(window, request.channel, request.language, request.limit)

    def _hours_back(self, hours: int, recorded: Window | None, collection: Collection) -> Window:
        days = math.ceil(hours / 24)
        if recorded is not None:
            return Window(recorded.end - timedelta(days=days), recorded.end)
        newest = next(iter(self._repository.find(collection, DatasetQuery(limit=1))), None)
        if newest is None:
            raise self._nothing_found(collection, DatasetQuery())
        return Window.ending_with(newest["created_at"], days)

    def _export(
        self, bundle: ExportBundle, request: ExportRequest, query: DatasetQuery, collection: Collection
    ) -> tuple[ExportedFile, float]:
        started = time.perf_counter()
        part = ExportPart(collection, request.file_name(collection), _exported_query(query))
        with self._telemetry.span("export.collection", exporter=collection.value):
            exported = bundle.add(part, self._records(collection, query))
            if exported.documents == 0:
                raise self._nothing_found(collection, query)
        seconds = time.perf_counter() - started
        self._tell(exported, seconds)
        return exported, seconds

    def _records(self, collection: Collection, query: DatasetQuery) -> Iterator[Record]:
        to_record = _TO_RECORD[collection]
        for done, document in enumerate(self._repository.find(collection, query), start=1):
            yield to_record(document)
            if done % PROGRESS_EVERY == 0:
                self._progress.report(collection.value, ProgressState.RUNNING, done=done)

    def _tell(self, exported: ExportedFile, seconds: float) -> None:
        self._progress.report(
            exported.exporter, ProgressState.DONE, done=exported.documents, total=exported.documents
        )
        self._telemetry.measure("benchmark_export_duration_seconds", seconds, exporter=exported.exporter)
        self._telemetry.log(
            "info",
            "collection exported",
            exporter=exported.exporter,
            documents=exported.documents,
            sha256=exported.sha256,
            duration_seconds=round(seconds, 3),
        )

    def _nothing_found(self, collection: Collection, query: DatasetQuery) -> ToolkitError:
        words = collection.value.replace("_", " ")
        stored = sum(1 for _ in self._repository.find(collection, DatasetQuery()))
        recorded = self._repository.recorded_dataset()
        window = _days(recorded.window) if recorded else "none: no seed has finished"
        return ToolkitError(
            f"No {words} found for the specified filters",
            where=f"asked for {_filters(query)}; stored: {stored} {words}; recorded window: {window}",
            next_step="seed the database, or widen --hours, --channel and --language",
        )

    def _summary(
        self, request: ExportRequest, query: DatasetQuery, runs: list[tuple[ExportedFile, float]]
    ) -> ExportSummary:
        target = request.target
        return ExportSummary(
            folder=target.folder,
            manifest=target.folder / target.manifest,
            validation=target.folder / target.validation,
            files=tuple(exported for exported, _ in runs),
            window=ExportedWindow.of(query.window),
            duration_seconds={exported.exporter: round(seconds, 3) for exported, seconds in runs},
            trace_id=self._telemetry.trace_id,
        )


def _exported_query(query: DatasetQuery) -> ExportedQuery:
    return ExportedQuery(
        window=ExportedWindow.of(query.window),
        channel=handle(query.channel) if query.channel else None,
        language=query.language,
        limit=query.limit,
    )


def _filters(query: DatasetQuery) -> str:
    window = _days(query.window) if query.window else "any"
    channel = handle(query.channel) if query.channel else "any"
    return f"window {window}, channel {channel}, language {query.language or 'any'}"


def _days(window: Window) -> str:
    return f"{window.start.date()} .. {window.end.date() - timedelta(days=1)}"
