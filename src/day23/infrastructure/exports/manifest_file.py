"""Manifests and validation reports as JSON files."""

import hashlib
from pathlib import Path

import orjson
from pydantic import BaseModel, ValidationError

from day23.domain.errors import ToolkitError
from day23.domain.export_manifest import ExportManifest, SchemaValidation


def to_json(model: BaseModel) -> bytes:
    """Return the model as people and diffs want to see it: indented, field order fixed."""
    content = model.model_dump(mode="json", by_alias=True)
    return orjson.dumps(content, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def read_manifest(path: Path) -> ExportManifest:
    """Read a manifest.

    Raises:
        ToolkitError: It is missing, not JSON, or not a manifest; names the wrong field.
    """
    try:
        return ExportManifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ToolkitError(
            f"cannot read the manifest: {error.strerror}", where=str(path), next_step="export again"
        ) from error
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        field = ".".join(str(part) for part in problem["loc"]) or "content"
        raise ToolkitError(
            f"the manifest is not one: {field}: {problem['msg']}", where=str(path), next_step="export again"
        ) from error


def read_validation(path: Path) -> SchemaValidation | None:
    """Read a validation report; None when it is missing or damaged."""
    try:
        return SchemaValidation.model_validate_json(path.read_bytes())
    except (OSError, ValidationError):
        return None


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file's bytes; empty when there is no such file."""
    if not path.is_file():
        return ""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
