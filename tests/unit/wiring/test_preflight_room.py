"""How much room the preflight asks for."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from day23.application.fetch_artifacts import Outcome
from day23.domain.artifact import Artifact, GoSource, ResolvedArtifact, SourceName, Unavailable
from day23.domain.stack_context import StackContext
from day23.domain.stack_paths import StackPaths
from day23.wiring import preflight as wired

BUILT_HERE = Artifact(
    name="tiny", version="1", go=GoSource(module="build/tiny", binaries={"tiny": "example.org/tiny"})
)


@pytest.fixture
def context(tmp_path: Path) -> StackContext:
    (tmp_path / "build/tiny").mkdir(parents=True)
    (tmp_path / "build/tiny/go.mod").write_text("module example.org/tiny\ngo 1.26\n")
    return StackContext(StackPaths(tmp_path / "root"), "process", "127.0.0.1", tmp_path, tmp_path / "cache")


def test_a_build_is_refused_where_its_modules_would_not_fit(
    context: StackContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wired, "BUILD_ROOM_GB", 1e9)

    assert _failed_disks(context, [BUILT_HERE]) == ["disk cache"]
    assert _failed_disks(context, []) == []


def test_an_image_of_a_program_that_is_here_needs_no_room_for_a_build(
    context: StackContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wired, "BUILD_ROOM_GB", 1e9)
    monkeypatch.setattr(wired, "artifact_store", lambda _: _CompiledOnly())

    assert _failed_disks(context, [BUILT_HERE]) == []


class _CompiledOnly:
    """A host that has the program, not what the engine makes of it."""

    def resolve(self, artifact: Artifact, sources: Sequence[SourceName]) -> Outcome:
        if tuple(sources) == ("go",):
            return ResolvedArtifact(artifact.name, artifact.version, "go", "", {}, {})
        return Unavailable(artifact.name, "its image has not been assembled")


def _failed_disks(context: StackContext, artifacts: list[Artifact]) -> list[str]:
    findings = wired.preflight(context, {}, artifacts, (), min_free_gb=0.001).run()
    return [finding.check for finding in findings if "disk" in finding.check and finding.state == "failed"]
