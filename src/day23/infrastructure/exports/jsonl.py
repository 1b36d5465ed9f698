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
from day23.domain.export_record import Record, without_measurements
from day23.infrastructure.exports.record_schema import RecordSchema

LISTED_FAILURES = 100


@dataclass(slots=True)
class Tally:
    """What went through a JSONL file.

    Attributes:
        sha256: Hash over the bytes.
        content: Hash over the lines without measured fields.
        failed: Records that break the schema; only the first ones are listed in `failures`.
    """

    sha256: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    content: "hashlib._Hash" = field(default_factory=hashlib.sha256)
    size: int = 0
    documents: int = 0
    provenance: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    failures: list[SchemaFailure] = field(default_factory=list)

    def add(self, line: bytes, record: Record) -> None:
        """Count and hash one valid record."""
        self.sha256.update(line)
        self.content.update(encode(without_measurements(record)))
        self.size += len(line)
        self.documents += 1
        self.provenance[str(record.get("provenance"))] += 1

    def refuse(self, failure: SchemaFailure) -> None:
        """Count one record that breaks the schema."""
        self.failed += 1
        if len(self.failures) < LISTED_FAILURES:
            self.failures.append(failure)


def encode(record: Record) -> bytes:
    """Return the record as one UTF-8 line."""
    return orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE)


def write_records(stream: BinaryIO, records: Iterable[Record], schema: RecordSchema) -> Tally:
    """Write every valid record and count the others."""
    tally = Tally()
    for position, record in enumerate(records, start=1):
        failure = schema.failure(record, position)
        if failure is not None:
            tally.refuse(failure)
            continue
        line = encode(record)
        stream.write(line)
        tally.add(line, record)
    return tally


def read_records(path: Path, schema: RecordSchema) -> Tally:
    """Read a JSONL file from start to end, validating and hashing it.

    Raises:
        ToolkitError: The file cannot be read, or a line is not a JSON object; names the line.
    """
    tally = Tally()
    for position, line in enumerate(lines_of(path), start=1):
        record = decode(line, path, position)
        tally.add(line, record)
        failure = schema.failure(record, position)
        if failure is not None:
            tally.refuse(failure)
    return tally


def lines_of(path: Path) -> Iterator[bytes]:
    """Yield the lines of a file with their line ends.

    Raises:
        ToolkitError: The file cannot be read.
    """
    try:
        with path.open("rb") as stream:
            yield from stream
    except OSError as error:
        raise ToolkitError(
            f"cannot read the export: {error.strerror}", where=str(path), next_step="export again"
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
