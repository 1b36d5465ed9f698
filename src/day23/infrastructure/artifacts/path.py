"""Programs that the host already has."""

import os
from typing import TYPE_CHECKING

from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.infrastructure.artifacts.checksums import ChecksumMemo, combined_sha256

if TYPE_CHECKING:
    from day23.infrastructure.artifacts.fetch_job import FetchJob


class HostArtifacts:
    """The source `path`: nothing to fetch, only to find and to hash."""

    def __init__(self, checksums: ChecksumMemo) -> None:
        self._checksums = checksums

    def locate(self, artifact: Artifact) -> ResolvedArtifact | Unavailable:
        """Return the programs at the declared paths."""
        paths = artifact.host_paths()
        for path in paths.values():
            if not (path.is_file() and os.access(path, os.X_OK)):
                return Unavailable(
                    artifact.name,
                    f"{path} is not an executable file",
                    where=f"{artifact.name}_artifact.path",
                    next_step="correct the path, or set it to null",
                )
        digest = combined_sha256({name: self._checksums.sha256(path) for name, path in paths.items()})
        return ResolvedArtifact(artifact.name, artifact.version, "path", digest, paths, {})

    def fetch(self, artifact: Artifact, job: "FetchJob") -> None:
        """Explain that a program of the host cannot be fetched."""
        found = self.locate(artifact)
        if isinstance(found, Unavailable):
            raise found.error()
        job.progress.step("found on the host")
