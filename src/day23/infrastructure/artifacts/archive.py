"""Binaries out of release archives, by URL and pinned checksum."""

from typing import TYPE_CHECKING

from day23.domain.artifact import ArchiveSource, Artifact, ResolvedArtifact, Unavailable
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.cache import ArtifactCache, cache_key
from day23.infrastructure.artifacts.entry_binaries import resolved_from_entry
from day23.infrastructure.artifacts.source import not_cached

if TYPE_CHECKING:
    from day23.infrastructure.artifacts.fetch_job import FetchJob


class ArchiveArtifacts:
    """The source `archive`."""

    def __init__(self, cache: ArtifactCache) -> None:
        self._cache = cache

    def locate(self, artifact: Artifact) -> ResolvedArtifact | Unavailable:
        """Return the cached binaries."""
        source = _source(artifact)
        entry = self._cache.find(_key(artifact, source))
        if entry is None:
            return not_cached(artifact, "archive")
        return resolved_from_entry(artifact, "archive", entry, source.binaries, {})

    def fetch(self, artifact: Artifact, job: "FetchJob") -> None:
        """Download the archive, compare its checksum, keep the binaries."""
        from day23.infrastructure.artifacts import release_archive

        source = _source(artifact)
        key = _key(artifact, source)
        with self._cache.claim(key, job.wait):
            if self._cache.find(key) is None:
                archive = release_archive.download(source, job)
                self._cache.publish(key, release_archive.unpack(archive, source, job.staging("binaries")))


def _source(artifact: Artifact) -> ArchiveSource:
    if artifact.archive is None:
        raise ToolkitError("no source 'archive' is declared", where=f"{artifact.name}_artifact")
    return artifact.archive


def _key(artifact: Artifact, source: ArchiveSource) -> str:
    recipe = source.model_dump_json(exclude={"url"})  # a mirror of the same bytes is the same artefact
    return cache_key(artifact.name, artifact.version, [recipe.encode()])
