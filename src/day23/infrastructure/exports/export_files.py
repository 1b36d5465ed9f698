"""Exports on disk, as the application's `ExportStore`."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from day23.application.export_store import ExportTarget, InspectedFile
from day23.application.ports import Collection
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import MANIFEST_NAME, ExportedFile, ExportManifest
from day23.domain.export_record import Record
from day23.infrastructure.exports.export_bundle import FileBundle
from day23.infrastructure.exports.jsonl import decode, lines_of, read_records
from day23.infrastructure.exports.manifest_file import file_sha256, read_manifest, read_validation
from day23.infrastructure.exports.part_files import PartFiles
from day23.infrastructure.exports.record_schema import RecordSchema
from day23.infrastructure.exports.schema_diff import schema_diff
from day23.infrastructure.locks import exclusive_lock


class ExportFiles:
    """Writes and reads exports as files.

    Args:
        schemas: The compiled schema of every collection.
        tool_version: Stated in the manifest.
    """

    def __init__(self, schemas: Mapping[Collection, RecordSchema], tool_version: str) -> None:
        self._schemas = schemas
        self._tool_version = tool_version

    @contextmanager
    def open(self, target: ExportTarget) -> Iterator[FileBundle]:
        """Start an export under the target's lock; an exception in the block drops all of it."""
        work = PartFiles(target.folder / f".{target.manifest}.unfinished", self._schemas, self._tool_version)
        with exclusive_lock(target.lock, target.purpose):
            try:
                yield FileBundle(target, work, self._tool_version)
            except BaseException:
                work.clear()
                raise

    def manifest(self, path: Path) -> ExportManifest:
        """Read a manifest file."""
        return read_manifest(path)

    def manifest_of(self, data_file: Path) -> Path:
        """Return the manifest beside a data file: its own, or that of its folder."""
        if not data_file.is_file():
            raise ToolkitError(
                "there is no such dataset file", where=str(data_file), next_step="invoke day23.export"
            )
        for name in (f"{data_file.name}.{MANIFEST_NAME}", MANIFEST_NAME):
            if data_file.with_name(name).is_file():
                return data_file.with_name(name)
        raise ToolkitError(
            "the dataset has no manifest, so nobody can say that it is complete",
            where=str(data_file),
            next_step="make it with export_digests.py or export_review_reports.py",
        )

    def inspect(self, path: Path, entry: ExportedFile) -> InspectedFile:
        """Read, validate and hash a data file."""
        schema = self._schemas[Collection(entry.exporter)] if entry.record_schema else None
        tally = read_records(path, schema)
        return InspectedFile(
            sha256=file_sha256(path),
            content_sha256=tally.content.hexdigest(),
            bytes=path.stat().st_size,
            documents=tally.documents,
            record_schema=schema.reference if schema else None,
            failed=tally.failed,
        )

    def drift(self, data_file: Path, manifest: ExportManifest) -> str:
        """Return the diff from the schema the file was validated against to the committed one."""
        entry = manifest.file(data_file.name)
        reports = [read_validation(data_file.with_name(report.name)) for report in manifest.reports]
        validations = [found for report in reports if report for found in report.files]
        old = next((found.snapshot for found in validations if found.name == data_file.name), None)
        if entry is None or not old:
            return ""
        return schema_diff(old, self._schemas[Collection(entry.exporter)])

    def report_sha256(self, path: Path) -> str:
        """Return the SHA-256 of a report; empty when it is missing."""
        return file_sha256(path)

    def records(self, path: Path, sha256: str) -> Iterator[Record]:
        """Yield the records and refuse the file in the end if its bytes are not the expected ones."""
        for position, line in enumerate(lines_of(path), start=1):
            yield decode(line, path, position)
        if file_sha256(path) != sha256:
            raise ToolkitError(
                "the dataset changed while it was read", where=str(path), next_step="run again"
            )
