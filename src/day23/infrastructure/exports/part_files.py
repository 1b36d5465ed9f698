"""The parts of an export being written: each durable on its own, so that a killed export goes on."""

import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from day23.application.export_store import ExportFormat, ExportPart
from day23.application.ports import Collection, Document
from day23.domain.export_manifest import ExportedFile, FileValidation
from day23.domain.export_record import digest_record, review_record
from day23.infrastructure.exports.compression import compressing
from day23.infrastructure.exports.extended_json import extended_line
from day23.infrastructure.exports.jsonl import HashedStream, Tally, write_records
from day23.infrastructure.exports.manifest_file import file_sha256, to_json
from day23.infrastructure.exports.record_schema import RecordSchema
from day23.infrastructure.files import atomic_writer, write_atomically

_TO_RECORD = {Collection.DIGESTS: digest_record, Collection.REVIEW_REPORTS: review_record}
_TALLY_SUFFIX = ".tally.json"


class WrittenPart(BaseModel):
    """What stands beside a finished part: its manifest entry, and which job it was the answer to."""

    model_config = ConfigDict(frozen=True)

    moment: str
    job: str
    file: ExportedFile
    validation: FileValidation | None


class PartFiles:
    """Writes parts into a folder of unfinished work and takes over what a killed export left there.

    Args:
        folder: The folder of unfinished work; removed when the export is done or given up.
        tool_version: A part written by another version is not taken over.
    """

    def __init__(self, folder: Path, schemas: Mapping[Collection, RecordSchema], tool_version: str) -> None:
        self._folder = folder
        self._schemas = schemas
        self._tool_version = tool_version

    def moment(self) -> str | None:
        """Return the moment at which a killed export was reading, when it finished any part."""
        return next((part.moment for part in self._finished()), None)

    def write(self, part: ExportPart, documents: Iterable[Document]) -> WrittenPart:
        """Write one part durably; its tally follows when its bytes are safe."""
        with atomic_writer(self.path(part.name)) as stream:
            hashed = HashedStream(stream)
            tally = self._fill(part, cast(BinaryIO, hashed), documents)
        written = self._described(part, hashed, tally)
        write_atomically(self._tally(part.name), to_json(written))
        return written

    def taken_over(self, part: ExportPart) -> WrittenPart | None:
        """Return the part if a killed export wrote exactly it, and its bytes are all there."""
        written = _read(self._tally(part.name))
        if written is None or written.job != self._job(part):
            return None
        return written if file_sha256(self.path(part.name)) == written.file.sha256 else None

    def path(self, name: str) -> Path:
        """Return where the part stands until the export is complete."""
        return self._folder / name

    def clear(self) -> None:
        """Remove the folder of unfinished work."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def _fill(self, part: ExportPart, stream: BinaryIO, documents: Iterable[Document]) -> Tally:
        with compressing(stream, part.compression) as content:
            if part.format is ExportFormat.EXTENDED:
                return _write_extended(content, documents)
            to_record = _TO_RECORD[part.collection]
            return write_records(content, map(to_record, documents), self._schemas[part.collection])

    def _described(self, part: ExportPart, hashed: HashedStream, tally: Tally) -> WrittenPart:
        schema = None if part.format is ExportFormat.EXTENDED else self._schemas[part.collection]
        entry = ExportedFile(
            name=part.name,
            exporter=part.collection.value,
            dataset_id=part.dataset_id,
            sha256=hashed.hexdigest(),
            content_sha256=tally.content.hexdigest(),
            bytes=hashed.size,
            documents=tally.documents,
            provenance=dict(sorted(tally.provenance.items())),
            query=part.query,
            lines=part.format.value,
            schema=schema.reference if schema else None,
        )
        validation = _validation(part.name, tally, schema) if schema else None
        return WrittenPart(moment=part.moment, job=self._job(part), file=entry, validation=validation)

    def _job(self, part: ExportPart) -> str:
        schema = self._schemas[part.collection].reference.sha256
        return f"{self._tool_version} {schema} {part!r}"

    def _tally(self, name: str) -> Path:
        return self._folder / f"{name}{_TALLY_SUFFIX}"

    def _finished(self) -> Iterator[WrittenPart]:
        for path in sorted(self._folder.glob(f"*{_TALLY_SUFFIX}")):
            if written := _read(path):
                yield written


def _read(path: Path) -> WrittenPart | None:
    try:
        return WrittenPart.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def _write_extended(stream: BinaryIO, documents: Iterable[Document]) -> Tally:
    tally = Tally()
    for document in documents:
        line = extended_line(document)
        stream.write(line)
        tally.add(line, document.get("provenance"))
    return tally


def _validation(name: str, tally: Tally, schema: RecordSchema) -> FileValidation:
    content: dict[str, Any] = {"schema": schema.reference, "snapshot": schema.snapshot}
    return FileValidation(
        name=name,
        records=tally.documents + tally.failed,
        failed=tally.failed,
        failures=tuple(tally.failures),
        **content,
    )
