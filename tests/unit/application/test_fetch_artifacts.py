"""Fetching what is missing, and nothing else."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from day23.application.fetch_artifacts import FetchArtifacts, Outcome
from day23.domain.artifact import Artifact, ResolvedArtifact, Unavailable
from day23.domain.errors import ToolkitError


def artifact(name: str) -> Artifact:
    return Artifact(name=name, version="1", path=f"/usr/bin/{name}")


def here(name: str) -> ResolvedArtifact:
    return ResolvedArtifact(name, "1", "go", "digest", {name: Path("/bin") / name}, {})


class Shelf:
    """Artefacts in memory; what `beyond_reach` names cannot be fetched."""

    def __init__(self, present: set[str], beyond_reach: set[str]) -> None:
        self.present = present
        self.beyond_reach = beyond_reach
        self.asked: list[str] = []

    def resolve(self, artifact: Artifact) -> Outcome:
        name = artifact.name
        return here(name) if name in self.present else Unavailable(name, f"no {name}", "there", "get it")

    def fetch(self, artifacts: Sequence[Artifact]) -> Mapping[str, Outcome]:
        self.asked += [artifact.name for artifact in artifacts]
        self.present |= {artifact.name for artifact in artifacts} - self.beyond_reach
        return {artifact.name: self.resolve(artifact) for artifact in artifacts}


WANTED = [artifact("loki"), artifact("prometheus"), artifact("grafana")]


def test_only_what_is_missing_is_fetched_and_the_second_time_nothing() -> None:
    shelf = Shelf({"loki"}, set())
    use_case = FetchArtifacts(shelf, optional=[])
    assert use_case.predict(WANTED).missing == ("prometheus", "grafana")
    assert shelf.asked == []
    assert use_case.run(WANTED).fetched == ("prometheus", "grafana")
    assert use_case.run(WANTED).fetched == ()
    assert shelf.asked == ["prometheus", "grafana"]


def test_an_optional_artefact_may_be_out_of_reach() -> None:
    shelf = Shelf({"loki"}, {"grafana"})
    assert FetchArtifacts(shelf, optional=["grafana"]).run(WANTED).fetched == ("prometheus",)


def test_required_artefacts_out_of_reach_are_all_named_and_the_others_stay() -> None:
    shelf = Shelf(set(), {"loki", "grafana"})
    with pytest.raises(ToolkitError, match="no loki\nno grafana"):
        FetchArtifacts(shelf, optional=[]).run(WANTED)
    assert shelf.present == {"prometheus"}
