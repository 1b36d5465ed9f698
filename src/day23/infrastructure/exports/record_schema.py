"""The committed JSON Schemas of exported records, compiled once."""

import hashlib
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastjsonschema
import jsonschema_rs
import orjson

from day23.application.ports import Collection
from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import SchemaFailure, SchemaReference
from day23.domain.export_record import Record, measurements

SCHEMA_FILES = {
    Collection.DIGESTS: "digest_record.schema.json",
    Collection.REVIEW_REPORTS: "review_record.schema.json",
}
"""File name below `config/schemas` by collection."""


class RecordSchema:
    """One compiled schema.

    The Rust validator judges every record; the Python one, slower, words what is wrong with the bad ones.

    Args:
        path: The JSON Schema file (draft 7).

    Raises:
        ToolkitError: The file is missing, not JSON or not a schema.
    """

    def __init__(self, path: Path) -> None:
        content = _read(path)
        self.path = path
        self._validate: Callable[[Record], object] = _compile(content, path)
        self.snapshot: dict[str, Any] = orjson.loads(content)
        self._is_valid = jsonschema_rs.Draft7Validator(self.snapshot, validate_formats=True).is_valid
        self.reference = SchemaReference(
            id=self.snapshot.get("$id", path.name), sha256=hashlib.sha256(content).hexdigest()
        )

    def failure(self, record: Record, line: int) -> SchemaFailure | None:
        """Return how the record breaks the schema first, or None.

        NaN and infinity are failures too: JSON has no form for them, and they would be written as null.
        """
        try:
            if self._is_valid(record):
                return None
            reason = "breaks the schema"
        except (ValueError, TypeError, RecursionError) as error:
            reason = str(error)
        return self._worded(record, line, reason)

    def _worded(self, record: Record, line: int, reason: str) -> SchemaFailure:
        try:
            self._validate(record)
        except fastjsonschema.JsonSchemaValueException as error:
            field = ".".join(str(part) for part in error.path[1:]) or "(record)"
            return _failure(record, line, field, str(error.rule), error.message.removeprefix("data ")[:200])
        except RecursionError:
            return _failure(record, line, "(record)", "encodable", "is nested too deeply")
        for field, value in measurements(record):
            if isinstance(value, float) and not math.isfinite(value):
                return _failure(record, line, field, "finite", f"{value} is not a number that JSON can say")
        return self.not_encodable(record, line, reason)

    def not_encodable(self, record: Record, line: int, reason: str) -> SchemaFailure:
        """Return the failure of a record that no JSON text can hold, such as one with a lone surrogate."""
        return _failure(record, line, "(record)", "encodable", reason[:200])


def load_schemas(folder: Path) -> dict[Collection, RecordSchema]:
    """Compile the schema of every collection from `config/schemas`."""
    return {collection: RecordSchema(folder / name) for collection, name in SCHEMA_FILES.items()}


def _failure(record: Record, line: int, field: str, rule: str, message: str) -> SchemaFailure:
    sample_id = str(record.get("sample_id", ""))[:100]
    return SchemaFailure(line=line, sample_id=sample_id, field=field, rule=rule, message=message)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ToolkitError(
            f"cannot read the record schema: {error.strerror}",
            where=str(path),
            next_step="restore the file from version control",
        ) from error


def _compile(content: bytes, path: Path) -> Callable[[Record], object]:
    try:
        compiled: Callable[[Record], object] = fastjsonschema.compile(orjson.loads(content))
    except (orjson.JSONDecodeError, fastjsonschema.JsonSchemaDefinitionException) as error:
        raise ToolkitError(
            f"the record schema cannot be used: {error}",
            where=str(path),
            next_step="restore the file from version control",
        ) from error
    return compiled
