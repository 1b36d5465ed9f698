"""Bring every program of the stack to this host."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.domain.errors import ToolkitError

Outcome = ResolvedArtifact | Unavailable


class ArtifactShelf(Protocol):
    """The artefacts that one engine can use on this host."""

    def resolve(self, artifact: Artifact) -> Outcome:
        """Return the artefact if it is on this host; no network."""
        ...

    def fetch(self, artifacts: Sequence[Artifact]) -> Mapping[str, Outcome]:
        """Bring the artefacts here, in parallel, and return what became of each, by name."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What became of the artefacts.

    Attributes:
        missing: Names of those that were not on this host at the start.
        outcomes: Where each stands now, by name.
    """

    missing: tuple[str, ...]
    outcomes: Mapping[str, Outcome]

    @property
    def fetched(self) -> tuple[str, ...]:
        """Names of those that were missing and are here now."""
        return tuple(name for name in self.missing if isinstance(self.outcomes[name], ResolvedArtifact))


class FetchArtifacts:
    """Fetches what is missing.

    Args:
        shelf: Where artefacts are kept.
        optional: Names of artefacts that the stack can do without.
    """

    def __init__(self, shelf: ArtifactShelf, optional: Collection[str]) -> None:
        self._shelf = shelf
        self._optional = frozenset(optional)

    def predict(self, artifacts: Sequence[Artifact]) -> Fetched:
        """Look, without fetching."""
        outcomes = {artifact.name: self._shelf.resolve(artifact) for artifact in artifacts}
        return Fetched(_missing(outcomes), outcomes)

    def run(self, artifacts: Sequence[Artifact]) -> Fetched:
        """Fetch what is missing; what could be had stays, whatever became of the others.

        Raises:
            ToolkitError: A required artefact cannot be had; names all of them.
        """
        before = self.predict(artifacts)
        wanted = [artifact for artifact in artifacts if artifact.name in before.missing]
        fetched = self._shelf.fetch(wanted) if wanted else {}
        after = Fetched(before.missing, {**before.outcomes, **fetched})
        self._refuse_gaps(after)
        return after

    def _refuse_gaps(self, after: Fetched) -> None:
        gaps = [
            outcome
            for name, outcome in after.outcomes.items()
            if isinstance(outcome, Unavailable) and name not in self._optional
        ]
        if gaps:
            raise ToolkitError(
                "\n".join(gap.reason for gap in gaps),
                where=", ".join(gap.where for gap in gaps if gap.where),
                next_step="; ".join(dict.fromkeys(gap.next_step for gap in gaps if gap.next_step)),
            )


def _missing(outcomes: Mapping[str, Outcome]) -> tuple[str, ...]:
    return tuple(name for name, outcome in outcomes.items() if isinstance(outcome, Unavailable))
