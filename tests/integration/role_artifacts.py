"""Programs as the roles pin them, taken from the cache of this host."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from day23.domain.artifact import Artifact, ResolvedArtifact
from day23.infrastructure.artifacts.store import ArtifactStore
from day23.infrastructure.engines import artifact_sources
from day23.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[2]


def program_of(role: str) -> ResolvedArtifact:
    """Return the role's program; skip the test where this host has none."""
    defaults = (REPOSITORY / "roles" / role / "defaults/main.yml").read_text(encoding="utf-8")
    described: dict[str, Any] = yaml.safe_load(defaults)[f"{role}_artifact"]
    described.pop("image", None)  # a template, and of no use to a process
    store = ArtifactStore(Settings().cache_dir, REPOSITORY)
    outcome = store.resolve(Artifact.model_validate(described), artifact_sources("process"))
    if not isinstance(outcome, ResolvedArtifact):
        pytest.skip(f"no {role} on this host: {outcome.reason}")
    return outcome
