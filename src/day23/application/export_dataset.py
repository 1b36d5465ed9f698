"""Use case: stream the dataset from MongoDB to checksummed JSONL."""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as dt_time
from itertools import count, pairwise
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from day23.application.export_source import ExportSource
from day23.application.export_store import (
    FILE_NAMES,
    Compression,
    ExportBundle,
    ExportFormat,
    ExportPart,
    ExportStore,
    ExportTarget,
    ReadPart,
)
from day23.application.ports import (
    Collection,
    DatasetQuery,
    Document,
    Progress,
    ProgressState,
    Telemetry,
)
from day23.domain.channel import handle
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import ExportedFile, ExportedQuery, ExportedWindow
from day23.domain.export_record import UNUSED_FIELDS
from day23.domain.window import Window

PROGRESS_EVERY = 100
PART_DOCUMENTS = 25_000
"""About 180 MB of digests: small enough to be lost to a kill, large enough that files stay few."""


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """What to export.

    Attributes:
        hours: How far back from the end of the recorded window, rounded up to whole UTC days; None
            takes the recorded window itself.
        channel: Canonical channel name; None takes all.
        language: None takes all.
        limit: Newest documents per collection; None takes all.
        since: First day to export, up to the end of the recorded window; not together with `hours`.
        output: A single file for the one collection asked for; None writes the target's own names.
        processes: How many parts are written at once.
        part_documents: Documents per data file; what fits into one keeps the plain name.
    """

    target: ExportTarget
    collections: tuple[Collection, ...] = (Collection.DIGESTS, Collection.REVIEW_REPORTS)
    hours: int | None = None
    channel: str | None = None
    language: str | None = None
    limit: int | None = None
    output: Path | None = None
    since: date | None = None
    processes: int = 1
    part_documents: int = PART_DOCUMENTS
    compression: Compression = Compression.NONE
    format: ExportFormat = ExportFormat.RECORDS

    def part_names(self, collection: Collection, parts: int) -> list[str]:
        """Return the names of the collection's data files."""
        name = self._file_name(collection)
        if parts == 1:
            return [name]
        stem, dot, suffix = name.partition(".")
        return [f"{stem}-{number:05d}{dot}{suffix}" for number in range(1, parts + 1)]

    def _file_name(self, collection: Collection) -> str:
        if self.output:
            name = self.output.name.removesuffix(self.compression.suffix)
        elif self.format is ExportFormat.EXTENDED:
            name = FILE_NAMES[collection].replace(".jsonl", ".extended.jsonl")
        else:
            name = FILE_NAMES[collection]
        return name + self.compression.suffix


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
        source: ExportSource,
        store: ExportStore,
        telemetry: Telemetry,
        progress: Progress,
    ) -> None:
        self._source = source
        self._store = store
        self._telemetry = telemetry
        self._progress = progress

    def execute(self, request: ExportRequest) -> ExportSummary:
        """Write the export.

        Raises:
            ToolkitError: Nothing matches, or a record breaks its schema; nothing is replaced then.
            LockedError: Another export into the same place is running.
        """
        with self._store.open(request.target) as bundle:
            self._go_on(bundle)
            query = self._query(request)
            runs = [self._export(bundle, request, query, name) for name in request.collections]
            bundle.commit()
        return self._summary(request, query, runs)

    def _go_on(self, bundle: ExportBundle) -> None:
        """Read at the moment of a killed export, so that the parts it finished still count."""
        moment = bundle.interrupted_moment()
        if moment is not None and self._source.resume(moment):
            self._telemetry.log("info", "export resumed", moment=moment)

    def _query(self, request: ExportRequest) -> DatasetQuery:
        recorded = self._source.recorded_dataset()
        window = recorded.window if recorded else None
        if request.hours is not None:
            window = self._hours_back(request.hours, window, request.collections[0])
        elif request.since is not None:
            window = self._since(request.since, window, request.collections[0])
        return DatasetQuery(window, request.channel, request.language, request.limit)

    def _hours_back(self, hours: int, recorded: Window | None, collection: Collection) -> Window:
        days = math.ceil(hours / 24)
        end = recorded.end if recorded else self._newest_day(collection).end
        return Window(end - timedelta(days=days), end)

    def _since(self, first: date, recorded: Window | None, collection: Collection) -> Window:
        start = datetime.combine(first, dt_time(), UTC)
        end = recorded.end if recorded else self._newest_day(collection).end
        if start >= end:
            raise ToolkitError(
                "nothing can be newer than the end of the window",
                where=f"--since {first}, window ends {end.date()}",
                next_step="give an earlier day",
            )
        return Window(start, end)

    def _newest_day(self, collection: Collection) -> Window:
        newest = next(iter(self._source.find(collection, DatasetQuery(limit=1))), None)
        if newest is None:
            raise self._nothing_found(collection, DatasetQuery())
        return Window.ending_with(newest["created_at"], 1)

    def _export(
        self, bundle: ExportBundle, request: ExportRequest, query: DatasetQuery, collection: Collection
    ) -> tuple[tuple[ExportedFile, ...], float]:
        started = time.perf_counter()
        parts = self._parts(request, query, collection)
        with self._telemetry.span("export.collection", exporter=collection.value):
            read = self._told_reader(collection) if request.processes == 1 else self._read
            exported = tuple(self._followed(bundle.add(parts, read, request.processes)))
            if not any(entry.documents for entry in exported):
                self._refuse_nothing(collection, query)
        seconds = time.perf_counter() - started
        self._tell(collection, exported, seconds)
        return exported, seconds

    def _refuse_nothing(self, collection: Collection, query: DatasetQuery) -> None:
        """Refuse an empty export; where documents exist and all are broken, `commit` says so."""
        if next(iter(self._source.find(collection, replace(query, limit=1))), None) is None:
            raise self._nothing_found(collection, query)

    def _parts(self, request: ExportRequest, query: DatasetQuery, collection: Collection) -> list[ExportPart]:
        """Cut the documents into parts of equal length, wherever they are; one part keeps the plain name."""
        every = request.part_documents
        cuts = self._source.positions(collection, query, every) if query.window else []
        without = UNUSED_FIELDS if request.format is ExportFormat.RECORDS else ()
        edges = [None, *cuts, None]
        sources = [
            replace(query, since=since, until=until, limit=None, without=without)
            for since, until in pairwise(edges)
        ]
        if query.limit is not None:
            sources[-1] = replace(sources[-1], limit=query.limit - every * len(cuts))
        names = request.part_names(collection, len(sources))
        return [
            ExportPart(
                collection,
                name,
                _exported_query(query),
                source,
                self._source.moment(),
                request.format,
                request.compression,
            )
            for name, source in zip(names, sources, strict=True)
        ]

    def _read(self, part: ExportPart) -> Iterator[Document]:
        with self._source.reconnected() as source:
            yield from source.find(part.collection, part.source)

    def _told_reader(self, collection: Collection) -> ReadPart:
        counted = count(1)

        def read(part: ExportPart) -> Iterator[Document]:
            for document in self._source.find(part.collection, part.source):
                yield document
                done = next(counted)
                if done % PROGRESS_EVERY == 0:
                    self._progress.report(collection.value, ProgressState.RUNNING, done=done)

        return read

    def _followed(self, exported: Iterator[ExportedFile]) -> Iterator[ExportedFile]:
        done = 0
        for entry in exported:
            done += entry.documents
            if done > entry.documents:
                self._progress.report(entry.exporter, ProgressState.RUNNING, done=done)
            yield entry

    def _tell(self, collection: Collection, exported: tuple[ExportedFile, ...], seconds: float) -> None:
        documents = sum(entry.documents for entry in exported)
        self._progress.report(collection.value, ProgressState.DONE, done=documents, total=documents)
        self._telemetry.measure("benchmark_export_duration_seconds", seconds, exporter=collection.value)
        for entry in exported:
            self._telemetry.log(
                "info",
                "collection exported",
                exporter=entry.exporter,
                documents=entry.documents,
                sha256=entry.sha256,
                duration_seconds=round(seconds, 3),
            )

    def _nothing_found(self, collection: Collection, query: DatasetQuery) -> ToolkitError:
        words = collection.value.replace("_", " ")
        stored = sum(1 for _ in self._source.find(collection, DatasetQuery()))
        recorded = self._source.recorded_dataset()
        window = _days(recorded.window) if recorded else "none: no seed has finished"
        return ToolkitError(
            f"No {words} found for the specified filters",
            where=f"asked for {_filters(query)}; stored: {stored} {words}; recorded window: {window}",
            next_step="seed the database, or widen --hours, --channel and --language",
        )

    def _summary(
        self, request: ExportRequest, query: DatasetQuery, runs: list[tuple[tuple[ExportedFile, ...], float]]
    ) -> ExportSummary:
        target = request.target
        return ExportSummary(
            folder=target.folder,
            manifest=target.folder / target.manifest,
            validation=target.folder / target.validation,
            files=tuple(entry for exported, _ in runs for entry in exported),
            window=ExportedWindow.of(query.window),
            duration_seconds={exported[0].exporter: round(seconds, 3) for exported, seconds in runs},
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
