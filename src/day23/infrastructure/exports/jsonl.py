"""Writing and reading one JSONL file: validated and hashed on the way."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import orjson

from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import SchemaFailure
from day23.domain.export_record import Record, split_measured, stable_part
from day23.infrastructure.exports.compression import decompressed
from day23.infrastructure.exports.record_schema import RecordSchema

LISTED_FAILURES = 100


class HashedStream:
    """Hashes and counts what it passes on to a binary stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, content: bytes) -> int:
        """Pass the bytes on."""
        self._digest.update(content)
        self.size += len(content)
        return self._stream.write(content)

    def flush(self) -> None:
        """Flush the stream behind."""
        self._stream.flush()

    def hexdigest(self) -> str:
        """Return the SHA-256 of everything written."""
        return self._digest.hexdigest()


@dataclass(slots=True)
class Tally:
    """What went through a JSONL file.

    Attributes:
        content: Hash over the lines without measured fields.
        failed: Records that break the schema; only the first ones are listed in `failures`.
    """

    content: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    documents: int = 0
    provenance: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    failures: list[SchemaFailure] = field(default_factory=list)

    def add(self, content: bytes, provenance: object) -> None:
        """Count one line and hash its content."""
        self.content.update(content)
        self.documents += 1
        self.provenance[str(provenance)] += 1

    def refuse(self, failure: SchemaFailure) -> None:
        """Count one record that breaks the schema."""
        self.failed += 1
        if len(self.failures) < LISTED_FAILURES:
            self.failures.append(failure)


def encode(record: Record) -> tuple[bytes, bytes]:
    """Return the record as one UTF-8 line, and the same without its measurements.

    The long part is encoded once; only `ground_truth` and latency, which stand last, are encoded twice.
    """
    head, measured = split_measured(record)
    encoded = orjson.dumps(head)[:-1]
    return encoded + _ending(measured, head), encoded + _ending(stable_part(measured), head)


def _ending(tail: Record, head: Record) -> bytes:
    """Return the rest of a line that began with `head`, whose closing brace is missing."""
    if not tail:
        return b"}\n"
    return (b"," if head else b"") + orjson.dumps(tail, option=orjson.OPT_APPEND_NEWLINE)[1:]


def write_records(stream: BinaryIO, records: Iterable[Record], schema: RecordSchema) -> Tally:
    """Write every valid record and count the others."""
    tally = Tally()
    for position, record in enumerate(records, start=1):
        failure = schema.failure(record, position)
        if failure is not None:
            tally.refuse(failure)
            continue
        try:
            line, content = encode(record)
        except TypeError as error:
            tally.refuse(schema.not_encodable(record, position, str(error)))
            continue
        stream.write(line)
        tally.add(content, record.get("provenance"))
    return tally


def read_records(path: Path, schema: RecordSchema | None) -> Tally:
    """Read a JSONL file from start to end, validating it against a schema where it has one.

    Raises:
        ToolkitError: The file cannot be read, or a line is not a JSON object; names the line.
    """
    tally = Tally()
    for position, line in enumerate(lines_of(path), start=1):
        record = decode(line, path, position)
        content = encode(record)[1] if schema else line
        tally.add(content, record.get("provenance"))
        failure = schema.failure(record, position) if schema else None
        if failure is not None:
            tally.refuse(failure)
    return tally


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a data file with their line ends, decompressed where it is compressed.

    Raises:
        ToolkitError: The file cannot be read.
    """
    try:
        with decompressed(path) as stream:
            yield from stream
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ToolkitError(
            f"cannot read the export: {reason}", where=str(path), next_step="export again"
        ) from error


def decode(line: bytes, path: Path, position: int) -> Record:
    """Return the object on one line.

    Raises:
        ToolkitError: The line is not a JSON object.
    """
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise _not_a_record(f"not JSON: {error}", path, position) from error
    if not isinstance(record, dict):
        raise _not_a_record("not a JSON object", path, position)
    return record


def _not_a_record(what: str, path: Path, position: int) -> ToolkitError:
    return ToolkitError(what, where=f"{path.name}:{position}", next_step="export again")
