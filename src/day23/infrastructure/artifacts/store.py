"""The one door to artefacts: what is on this host, and bringing here what is not."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from day23.application.ports import Progress
from day23.domain.artifact import Artifact, SourceName, Unavailable
from day23.infrastructure.artifacts.archive import ArchiveArtifacts
from day23.infrastructure.artifacts.cache import ArtifactCache
from day23.infrastructure.artifacts.go import GoArtifacts
from day23.infrastructure.artifacts.host_libraries import HostLibraries
from day23.infrastructure.artifacts.path import HostArtifacts
from day23.infrastructure.artifacts.source import Source
from day23.infrastructure.artifacts.sources import Outcome, Sources
from day23.infrastructure.artifacts.toolkit import ToolkitArtifacts
from day23.infrastructure.artifacts.wheel import WheelArtifacts


class ArtifactStore:
    """Artefacts on this host, cached by content and verified by checksum at every use.

    Args:
        cache_dir: The cache, shared by all stacks of a user (`Settings.cache_dir`).
        repository_root: The project's checkout, with the Go modules under `build/`.
        host: What the host's loader knows; replaced in tests.
        more: Sources that an engine brings.

    Example:
        >>> store = ArtifactStore(Path.home() / ".cache/day23", Path.cwd())
        >>> loki = Artifact(name="loki", version="3.7.8", path=None)
        >>> store.resolve(loki, ("path", "go")).reason
        'loki has no source that this engine can use'
    """

    def __init__(
        self,
        cache_dir: Path,
        repository_root: Path,
        host: HostLibraries | None = None,
        more: Mapping[SourceName, Source] | None = None,
    ) -> None:
        self._cache = ArtifactCache(cache_dir.expanduser().absolute())
        self._known: dict[SourceName, Source] = {
            "path": HostArtifacts(self._cache.checksums),
            "archive": ArchiveArtifacts(self._cache),
            "go": GoArtifacts(self._cache, repository_root.absolute()),
            "wheel": WheelArtifacts(self._cache, host or HostLibraries()),
            "toolkit": ToolkitArtifacts(),
            **(more or {}),
        }

    def resolve(self, artifact: Artifact, sources: Sequence[SourceName]) -> Outcome:
        """Return the artefact if it is on this host; a matter of milliseconds, without network.

        Args:
            artifact: What is wanted.
            sources: What the engine can use, the preferred one first.
        """
        return Sources(self._known, sources).resolve(artifact)

    def fetch(
        self, artifacts: Iterable[Artifact], sources: Sequence[SourceName], progress: Progress
    ) -> Mapping[str, Outcome]:
        """Bring every missing artefact to this host, in parallel within its cores and memory.

        One artefact that cannot be had does not stop the others; what is done stays done.

        Returns:
            The outcome by name of the artefact.

        Raises:
            KeyboardInterrupt: The person gave up; every program that was started has been ended.
        """
        # Imported here because every library module resolves and hardly any fetches: it takes 60 ms.
        from day23.infrastructure.artifacts.fetch_run import FetchRun

        self._cache.sweep()
        usable = Sources(self._known, sources)
        wanted = {artifact.name: artifact for artifact in artifacts}
        outcomes = {name: usable.resolve(artifact) for name, artifact in wanted.items()}
        missing = [artifact for name, artifact in wanted.items() if isinstance(outcomes[name], Unavailable)]
        fetchable = [artifact for artifact in missing if usable.usable(artifact)]
        return outcomes | FetchRun(self._cache, usable, progress).fetch(fetchable) if fetchable else outcomes
