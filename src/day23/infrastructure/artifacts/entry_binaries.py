"""Cache entries of the sources that deliver binaries: `bin/<name>` for each of them."""

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from day23.domain.artifact import Artifact, ResolvedArtifact, SourceName
from day23.infrastructure.artifacts.cache import CacheEntry

_EXECUTABLE = 0o755


def resolved_from_entry(
    artifact: Artifact,
    source: SourceName,
    entry: CacheEntry,
    binaries: Iterable[str],
    environment: Mapping[str, str],
) -> ResolvedArtifact:
    """Return the artefact whose binaries are in `entry`."""
    paths = {name: entry.folder / "bin" / name for name in binaries}
    return ResolvedArtifact(artifact.name, artifact.version, source, entry.digest, paths, environment)


def binary_path(staging: Path, name: str) -> Path:
    """Return where the binary `name` belongs in an entry that is being prepared."""
    folder = staging / "bin"
    folder.mkdir(exist_ok=True)
    return folder / name


def add_binary(staging: Path, name: str, content: IO[bytes]) -> None:
    """Copy a binary into an entry; archives and wheels do not keep the executable bit."""
    target = binary_path(staging, name)
    with target.open("wb") as stream:
        shutil.copyfileobj(content, stream)
    target.chmod(_EXECUTABLE)
