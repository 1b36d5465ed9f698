"""Whether every program is on this host or can be brought here."""

from collections.abc import Callable, Collection, Sequence

from day23.application.preflight import Finding, FindingState
from day23.domain.artifact import Artifact, ResolvedArtifact, SourceName, Unavailable

_ON_THE_HOST_OR_NOT: frozenset[SourceName] = frozenset({"path", "toolkit"})

Resolve = Callable[[Artifact], ResolvedArtifact | Unavailable]
"""Tells whether an artefact is on this host."""


class Artifacts:
    """Passes when each artefact is here or has a source to fetch it from; optional ones may lack both.

    Args:
        artifacts: What the services in the play need.
        optional: Names without which the stack is complete.
        sources: Where the engine takes artefacts from.
        resolve: Looks for one artefact.
    """

    def __init__(
        self,
        artifacts: Sequence[Artifact],
        optional: Collection[str],
        sources: Sequence[SourceName],
        resolve: Resolve,
    ) -> None:
        self._artifacts = artifacts
        self._optional = optional
        self._sources = sources
        self._resolve = resolve

    def findings(self) -> Sequence[Finding]:
        """Look for each artefact; no network."""
        return [self._finding(artifact) for artifact in self._artifacts]

    def _finding(self, artifact: Artifact) -> Finding:
        check = f"artefact {artifact.name}"
        outcome = self._resolve(artifact)
        if isinstance(outcome, ResolvedArtifact):
            return Finding(check, FindingState.PASSED, f"{outcome.version} from {outcome.source}")
        declared = artifact.declared()
        fetchable = [name for name in self._sources if name in declared and name not in _ON_THE_HOST_OR_NOT]
        if fetchable:
            return Finding(check, FindingState.TO_FETCH, f"{artifact.version} from {' or '.join(fetchable)}")
        optional = artifact.name in self._optional
        state = FindingState.SKIPPED if optional else FindingState.FAILED
        return Finding(check, state, outcome.reason, outcome.next_step)
