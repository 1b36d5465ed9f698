"""One export being written: data first, the manifest last."""

import glob
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from day23.application.export_store import ExportPart, ExportTarget
from day23.application.ports import Collection
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import (
    ExportedFile,
    ExportManifest,
    FileValidation,
    ReportFile,
    SchemaValidation,
)
from day23.domain.export_record import Record
from day23.infrastructure.exports.jsonl import Tally, write_records
from day23.infrastructure.exports.latest_link import point_latest
from day23.infrastructure.exports.manifest_file import (
    file_sha256,
    read_manifest,
    read_validation,
    to_json,
)
from day23.infrastructure.exports.record_schema import RecordSchema
from day23.infrastructure.files import atomic_writer, write_atomically

_Entry = TypeVar("_Entry", ExportedFile, FileValidation)


class FileBundle:
    """Implements `ExportBundle` on files that replace their predecessors only on `commit`.

    Args:
        pending: Holds the unfinished data files; closing it renames them into place.
    """

    def __init__(
        self,
        target: ExportTarget,
        schemas: Mapping[Collection, RecordSchema],
        tool_version: str,
        pending: ExitStack,
    ) -> None:
        self._target = target
        self._schemas = schemas
        self._tool_version = tool_version
        self._pending = pending
        self._files: list[ExportedFile] = []
        self._validations: list[FileValidation] = []

    def add(self, part: ExportPart, records: Iterable[Record]) -> ExportedFile:
        """Write one data file beside its final place."""
        schema = self._schemas[part.collection]
        self._remove_leftovers(part.name)
        stream = self._pending.enter_context(atomic_writer(self._path(part.name)))
        tally = write_records(stream, records, schema)
        self._validations.append(_validation(part.name, tally, schema))
        self._files.append(_entry(part, tally, schema))
        return self._files[-1]

    def commit(self) -> ExportManifest:
        """Replace the data, then the validation report, then the manifest, then the links."""
        self._refuse_failures()
        files, validations = self._with_untouched_files()
        self._pending.close()
        self._write(self._target.validation, SchemaValidation(files=validations))
        self._failed_report.unlink(missing_ok=True)
        manifest = self._manifest(files)
        self._write(self._target.manifest, manifest)
        self._point_links()
        return manifest

    def _path(self, name: str) -> Path:
        return self._target.folder / name

    def _write(self, name: str, content: BaseModel) -> None:
        self._remove_leftovers(name)
        write_atomically(self._path(name), to_json(content))

    def _remove_leftovers(self, name: str) -> None:
        """Remove temporary files that a killed export left; the lock says that nobody writes them now."""
        for leftover in self._target.folder.glob(f".{glob.escape(name)}.*.tmp"):
            leftover.unlink()

    @property
    def _failed_report(self) -> Path:
        return self._path(f"failed.{self._target.validation}")

    def _refuse_failures(self) -> None:
        failed = [entry for entry in self._validations if entry.failed]
        if not failed:
            return
        write_atomically(self._failed_report, to_json(SchemaValidation(files=tuple(self._validations))))
        first = failed[0].failures[0]
        raise ToolkitError(
            f"{sum(entry.failed for entry in failed)} records break their schema; nothing was exported",
            where=f"{failed[0].name}, record {first.line} ({first.sample_id}): {first.field} {first.message}",
            next_step=f"read {self._failed_report}, repair the documents, export again",
        )

    def _with_untouched_files(self) -> tuple[tuple[ExportedFile, ...], tuple[FileValidation, ...]]:
        """Add what an earlier export of the same folder holds and this one does not write."""
        files = {entry.name: entry for entry in self._untouched()}
        earlier = read_validation(self._path(self._target.validation)) or SchemaValidation(files=())
        validations = {entry.name: entry for entry in earlier.files if entry.name in files}
        files = {name: entry for name, entry in files.items() if name in validations}
        files |= {entry.name: entry for entry in self._files}
        validations |= {entry.name: entry for entry in self._validations}
        return _by_name(files), _by_name(validations)

    def _untouched(self) -> Sequence[ExportedFile]:
        path = self._path(self._target.manifest)
        earlier = read_manifest(path) if path.is_file() else None
        if earlier is None or earlier.tool_version != self._tool_version:
            return ()
        return [entry for entry in earlier.files if file_sha256(self._path(entry.name)) == entry.sha256]

    def _manifest(self, files: tuple[ExportedFile, ...]) -> ExportManifest:
        validation = self._target.validation
        report = ReportFile(name=validation, sha256=file_sha256(self._path(validation)))
        return ExportManifest(tool_version=self._tool_version, files=files, reports=(report,))

    def _point_links(self) -> None:
        if self._target.links is not None:
            for entry in self._files:
                point_latest(self._target.links, entry.dataset_id, self._path(entry.name))


def _by_name(entries: Mapping[str, _Entry]) -> tuple[_Entry, ...]:
    return tuple(entries[name] for name in sorted(entries))


def _validation(name: str, tally: Tally, schema: RecordSchema) -> FileValidation:
    return FileValidation(
        name=name,
        schema=schema.reference,
        records=tally.documents + tally.failed,
        failed=tally.failed,
        failures=tuple(tally.failures),
    )


def _entry(part: ExportPart, tally: Tally, schema: RecordSchema) -> ExportedFile:
    return ExportedFile(
        name=part.name,
        exporter=part.collection.value,
        dataset_id=part.dataset_id,
        sha256=tally.sha256.hexdigest(),
        content_sha256=tally.content.hexdigest(),
        bytes=tally.size,
        documents=tally.documents,
        provenance=dict(sorted(tally.provenance.items())),
        query=part.query,
        schema=schema.reference,
    )
