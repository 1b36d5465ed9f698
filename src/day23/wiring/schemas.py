"""The schema snapshots on disk."""

from collections.abc import Iterable
from pathlib import Path

from day23.application.schema_snapshots import snapshots
from day23.infrastructure.text_folder import TextFolder


def differing_schemas(folder: Path) -> tuple[str, ...]:
    """Return the names of the schemas that are missing or differ from their models."""
    files = TextFolder(folder)
    return tuple(name for name, text in snapshots().items() if files.read(name) != text)


def write_schemas_to(folder: Path, names: Iterable[str]) -> None:
    """Write schemas, each all or nothing."""
    files, wanted = TextFolder(folder), snapshots()
    for name in names:
        files.write(name, wanted[name])
