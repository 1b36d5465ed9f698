"""Programs of this toolkit itself, from the virtual environment that it runs in."""

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import day23
from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.checksums import combined_sha256

if TYPE_CHECKING:
    from day23.infrastructure.artifacts.fetch_job import FetchJob


class ToolkitArtifacts:
    """The source `toolkit`.

    The digest covers the toolkit's own package, so that a change of its code restarts its services.

    Args:
        environment: The virtual environment.
        package: The installed package.
    """

    def __init__(
        self,
        environment: Path = Path(sys.prefix),
        package: Path = Path(day23.__file__).parent,
    ) -> None:
        self._environment = environment
        self._package = package

    def locate(self, artifact: Artifact) -> ResolvedArtifact | Unavailable:
        """Return the programs of the virtual environment."""
        if artifact.toolkit is None:
            raise ToolkitError("no source 'toolkit' is declared", where=f"{artifact.name}_artifact")
        paths = {name: self._environment / path for name, path in artifact.toolkit.binaries.items()}
        missing = [path for path in paths.values() if not path.is_file()]
        if missing:
            return Unavailable(
                artifact.name,
                f"{missing[0]} does not exist",
                where=f"{artifact.name}_artifact.toolkit",
                next_step="run `make .venv`, or correct the name",
            )
        return ResolvedArtifact(artifact.name, artifact.version, "toolkit", self._digest(), paths, {})

    def fetch(self, artifact: Artifact, job: "FetchJob") -> None:
        """Explain that the toolkit's own programs cannot be fetched."""
        found = self.locate(artifact)
        if isinstance(found, Unavailable):
            raise found.error()
        job.progress.step("part of the toolkit")

    def _digest(self) -> str:
        digests: dict[str, str] = {}
        for folder, subfolders, names in os.walk(self._package):
            subfolders[:] = [name for name in subfolders if name != "__pycache__"]
            for name in names:
                content = Path(folder, name).read_bytes()
                digests[f"{folder}/{name}"[len(str(self._package)) :]] = hashlib.sha256(content).hexdigest()
        return combined_sha256(digests)
