"""The artefact cache, seen as what another host may need of it."""

import os
import tarfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import zstandard

from day23.application.bundle_ports import Gathered
from day23.application.ports import Progress, ProgressState
from day23.domain.artifact import Artifact, ResolvedArtifact, SourceName, Unavailable
from day23.domain.bundle_manifest import BundledEntry
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.artifacts.host_libraries import HostLibraries
from day23.infrastructure.artifacts.store import ArtifactStore
from day23.infrastructure.bundle.plain_tar import add_files
from day23.infrastructure.engines import PortableParts

_KEPT: tuple[SourceName, ...] = ("archive", "go", "wheel")
"""Sources whose programs lie in the cache. A program of the host itself cannot travel."""

_HERE: tuple[SourceName, ...] = ("toolkit",)
"""Programs that every host has once the toolkit is on it."""

_LEVEL = 10  # 12 % smaller than 3, six times slower: it is written once and carried around


class CacheStock:
    """Implements `Stock`.

    Args:
        cache_dir: The cache.
        repository: The project's checkout.
        parts: What the engine adds.
        progress: Told about every program that is fetched and packed.
    """

    def __init__(self, cache_dir: Path, repository: Path, parts: PortableParts, progress: Progress) -> None:
        self._cache = ArtifactCache(cache_dir.expanduser().absolute())
        # The other host may lack libraries that this one has, so they always come along.
        bare = HostLibraries(Path(os.devnull))
        self._store = ArtifactStore(cache_dir, repository, host=bare, more=parts.sources)
        self._parts = parts
        self._progress = progress

    def gather(self, artifacts: Sequence[Artifact]) -> Gathered:
        """Bring here what is missing."""
        programs = [each for each in artifacts if not set(_HERE) & set(each.declared())]
        found = self._store.fetch([*programs, *self._parts.artifacts], _KEPT, self._progress)
        lower = self._store.fetch(artifacts, tuple(self._parts.sources), self._progress)
        outcomes = [*found.values(), *(lower.values() if self._parts.sources else ())]
        missing = tuple(each for each in outcomes if isinstance(each, Unavailable))
        keys = {key for each in outcomes if isinstance(each, ResolvedArtifact) for key in self._keys(each)}
        return Gathered({key: self._entry(key) for key in keys}, missing)

    def pack(self, entries: Sequence[BundledEntry], folder: Path) -> Mapping[str, Path]:
        """Compress the entries into `folder`."""
        members = {}
        for entry in entries:
            self._progress.report(entry.key, ProgressState.RUNNING, detail="packing")
            members[entry.file] = folder / f"{entry.key}.tar.zst"
            _compress(self._cache.files(entry.key), members[entry.file])
            self._progress.report(entry.key, ProgressState.DONE, detail="packed")
        return members

    def _keys(self, found: ResolvedArtifact) -> Iterable[str]:
        """Every entry that the artefact's programs and their environment lie in."""
        entries = self._cache.entries
        named = [*map(str, found.binaries.values()), *":".join(found.environment.values()).split(":")]
        return {
            Path(path).relative_to(entries).parts[0] for path in named if Path(path).is_relative_to(entries)
        }

    def _entry(self, key: str) -> BundledEntry:
        found = self._cache.find(key)
        if found is None:
            raise FileNotFoundError(key)
        return BundledEntry(key=key, digest=found.digest)


def _compress(files: Mapping[str, Path], target: Path) -> None:
    compressor = zstandard.ZstdCompressor(level=_LEVEL, threads=-1)
    with (
        target.open("wb") as stream,
        compressor.stream_writer(stream) as compressed,
        tarfile.open(fileobj=compressed, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        add_files(archive, files)
