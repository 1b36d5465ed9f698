"""Where exports live: what the export, verify and benchmark use cases need of files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from day23.application.ports import Collection, DatasetQuery, Document
from day23.domain.export_manifest import (
    MANIFEST_NAME,
    ExportedFile,
    ExportedQuery,
    ExportManifest,
    SchemaReference,
)
from day23.domain.export_record import Record

FILE_NAMES = {
    Collection.DIGESTS: "digests.jsonl",
    Collection.REVIEW_REPORTS: "review_reports.jsonl",
}
"""File name of each exporter's data in an export folder."""

DATASET_IDS = {
    Collection.DIGESTS: "benchmark_digest_ru_v1",
    Collection.REVIEW_REPORTS: "benchmark_review_ru_v1",
}
"""The benchmark dataset that each exporter feeds."""

VALIDATION_NAME = "schema_validation.json"


class Compression(StrEnum):
    """How data files are stored."""

    NONE = "none"
    GZIP = "gzip"
    ZSTD = "zstd"

    @property
    def suffix(self) -> str:
        """What the file name ends with."""
        return {"none": "", "gzip": ".gz", "zstd": ".zst"}[self.value]


class ExportFormat(StrEnum):
    """What a line of an export is: a benchmark sample, or the stored document as Extended JSON."""

    RECORDS = "records"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class ExportTarget:
    """Where one export goes.

    Attributes:
        folder: Holds the data, the validation report and the manifest.
        lock: Held while the export is written.
        links: The dataset folder whose `<dataset_id>/latest.jsonl` links follow this export, or None.
    """

    folder: Path
    manifest: str
    validation: str
    lock: Path
    links: Path | None

    @property
    def purpose(self) -> str:
        """What the holder of the lock does, for whoever comes second."""
        return f"export to {self.folder}"

    @classmethod
    def dated(cls, dataset_dir: Path, day: str) -> "ExportTarget":
        """Return the target `<dataset_dir>/exports/<day>`."""
        folder = dataset_dir / "exports" / day
        return cls(folder, MANIFEST_NAME, VALIDATION_NAME, dataset_dir / ".export.lock", dataset_dir)

    @classmethod
    def beside(cls, output: Path) -> "ExportTarget":
        """Return the target of a bare output file, whose manifest stands beside it."""
        name = output.name
        lock = output.parent / f".{name}.lock"
        return cls(output.parent, f"{name}.{MANIFEST_NAME}", f"{name}.{VALIDATION_NAME}", lock, None)

    @classmethod
    def of_file(cls, output: Path, dataset_dir: Path, collection: Collection) -> "ExportTarget":
        """Return the dated export that the path names, else the target beside the file itself."""
        folder = output.absolute().parent
        in_exports = folder.parent == (dataset_dir / "exports").absolute()
        if in_exports and output.name.removesuffix(".gz").removesuffix(".zst") == FILE_NAMES[collection]:
            return cls.dated(dataset_dir, folder.name)
        return cls.beside(output)


@dataclass(frozen=True, slots=True)
class ExportPart:
    """One data file to be written: which collection, under which name, for which query.

    Attributes:
        query: What was asked for, the same for all parts of a collection.
        source: The documents of this part.
        moment: The point in time that is read; a part left by a killed export counts only when it is equal.
    """

    collection: Collection
    name: str
    query: ExportedQuery
    source: DatasetQuery = field(default_factory=DatasetQuery)
    moment: str = ""
    format: ExportFormat = ExportFormat.RECORDS
    compression: Compression = Compression.NONE

    @property
    def dataset_id(self) -> str:
        """The benchmark dataset that this file feeds."""
        return DATASET_IDS[self.collection]


ReadPart = Callable[[ExportPart], Iterator[Document]]
"""Reads the documents of a part; it is called in the process that writes the part."""


class ExportBundle(Protocol):
    """An export being written. Nothing of it is visible before `commit`."""

    def interrupted_moment(self) -> str | None:
        """Return the point in time that a killed export into this place was reading, if it left parts."""
        ...

    def add(self, parts: Sequence[ExportPart], read: ReadPart, processes: int = 1) -> Iterator[ExportedFile]:
        """Write, validate and hash parts, `processes` at a time; yield their manifest entries in order."""
        ...

    def commit(self) -> ExportManifest:
        """Make the export visible: data, validation report, and the manifest last.

        Raises:
            ToolkitError: A record breaks its schema; the earlier export stays as it was.
        """
        ...


@dataclass(frozen=True, slots=True)
class InspectedFile:
    """What a data file holds now, measured by reading all of it."""

    sha256: str
    content_sha256: str
    bytes: int
    documents: int
    record_schema: SchemaReference | None
    failed: int


class ExportStore(Protocol):
    """Writes and reads exports."""

    def open(self, target: ExportTarget) -> AbstractContextManager[ExportBundle]:
        """Start an export; an exception in the block drops all of it.

        Raises:
            LockedError: Another export into the same place is running.
        """
        ...

    def manifest(self, path: Path) -> ExportManifest:
        """Read a manifest file.

        Raises:
            ToolkitError: It is missing or not a manifest.
        """
        ...

    def manifest_of(self, data_file: Path) -> Path:
        """Return the manifest that speaks for a data file.

        Raises:
            ToolkitError: There is none.
        """
        ...

    def inspect(self, path: Path, entry: ExportedFile) -> InspectedFile:
        """Read a data file, hash it and, where `entry` names a schema, validate every line.

        Raises:
            ToolkitError: The file is missing, or a line of it is not JSON.
        """
        ...

    def drift(self, data_file: Path, manifest: ExportManifest) -> str:
        """Return the diff from the schema that an export was validated against to the committed one."""
        ...

    def report_sha256(self, path: Path) -> str:
        """Return the SHA-256 of a report beside the data; empty when it is missing."""
        ...

    def records(self, path: Path, sha256: str) -> Iterator[Record]:
        """Yield the records of a data file.

        Raises:
            ToolkitError: After the last line, when the bytes read do not have the expected SHA-256.
        """
        ...
