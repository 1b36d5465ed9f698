"""The kinds of places that artefacts come from, asked in the engine's order of preference."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from day23.domain.artifact import Artifact, ResolvedArtifact, SourceName, Unavailable
from day23.domain.errors import ToolkitError
from day23.infrastructure.artifacts.source import Source

if TYPE_CHECKING:
    from day23.infrastructure.artifacts.fetch_job import FetchJob

Outcome = ResolvedArtifact | Unavailable


class Sources:
    """Those sources that one engine can use.

    Args:
        known: Every source that this toolkit implements.
        order: What the engine can use, the preferred one first.
    """

    def __init__(self, known: Mapping[SourceName, Source], order: Sequence[SourceName]) -> None:
        self._known = known
        self._order = [name for name in order if name in known]

    def usable(self, artifact: Artifact) -> list[SourceName]:
        """Return the sources that the artefact declares and the engine can use."""
        declared = artifact.declared()
        return [name for name in self._order if name in declared]

    def resolve(self, artifact: Artifact) -> Outcome:
        """Return the artefact from the first source that has it on this host."""
        answers: list[Unavailable] = []
        for name in self.usable(artifact):
            answer = self.locate(artifact, name)
            if isinstance(answer, ResolvedArtifact):
                return answer
            answers.append(answer)
        return joined(artifact, answers)

    def locate(self, artifact: Artifact, name: SourceName) -> Outcome:
        """Return the artefact if the source has it on this host."""
        try:
            return self._known[name].locate(artifact)
        except ToolkitError as error:
            return Unavailable(artifact.name, error.what, error.where, error.next_step)

    def fetch(self, artifact: Artifact, name: SourceName, job: "FetchJob") -> None:
        """Bring the artefact to this host.

        Raises:
            ToolkitError: It cannot be had from this source.
        """
        self._known[name].fetch(artifact, job)


def joined(artifact: Artifact, answers: Sequence[Unavailable]) -> Unavailable:
    """Return one answer for all sources that were asked."""
    if not answers:
        return Unavailable(
            artifact.name,
            f"{artifact.name} has no source that this engine can use",
            where=f"{artifact.name}_artifact",
            next_step=f"set {artifact.name}_artifact.path to a program on this host",
        )
    reason = "; ".join(dict.fromkeys(answer.reason for answer in answers))
    return Unavailable(artifact.name, reason, where=answers[-1].where, next_step=answers[-1].next_step)
