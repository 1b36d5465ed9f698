"""The contract between the store and the places that artefacts come from."""

from typing import TYPE_CHECKING, Protocol

from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable

if TYPE_CHECKING:
    from day23.infrastructure.artifacts.fetch_job import FetchJob


class Source(Protocol):
    """One kind of place. It is asked only for artefacts that declare it."""

    def locate(self, artifact: Artifact) -> ResolvedArtifact | Unavailable:
        """Return the artefact if it is on this host and intact; no network, no waiting."""
        ...

    def fetch(self, artifact: Artifact, job: "FetchJob") -> None:
        """Bring the artefact to this host, so that `locate` finds it.

        Raises:
            ToolkitError: It cannot be had; says what, where and what to do.
        """
        ...


def not_cached(artifact: Artifact, source: str) -> Unavailable:
    """Return the answer for an artefact that `fetch` would bring."""
    return Unavailable(
        artifact.name,
        f"{artifact.name} {artifact.version} has not been fetched from its source '{source}'",
        next_step="run `ansible-playbook playbooks/up.yml`, which fetches it",
    )
