"""The artefacts that one engine can use, with one place for their progress."""

from collections.abc import Mapping, Sequence

from day23.application.fetch_artifacts import Outcome
from day23.application.ports import Progress
from day23.domain.artifact import Artifact, SourceName
from day23.infrastructure.artifacts.store import ArtifactStore


class EngineShelf:
    """Implements `ArtifactShelf`.

    Args:
        store: All artefacts of this host.
        sources: What the engine can use, the preferred one first.
        progress: Where fetching is reported.
    """

    def __init__(self, store: ArtifactStore, sources: Sequence[SourceName], progress: Progress) -> None:
        self._store = store
        self._sources = tuple(sources)
        self._progress = progress

    def resolve(self, artifact: Artifact) -> Outcome:
        """Return the artefact if it is on this host."""
        return self._store.resolve(artifact, self._sources)

    def fetch(self, artifacts: Sequence[Artifact]) -> Mapping[str, Outcome]:
        """Bring the artefacts here."""
        return self._store.fetch(artifacts, self._sources, self._progress)
