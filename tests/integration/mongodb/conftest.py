"""A real mongod of this stack's version, empty at the start of each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from mongod_server import USERS, Mongod

from day23.domain.artifact import Artifact, ResolvedArtifact
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.artifacts.store import ArtifactStore
from day23.infrastructure.secret_store import SecretStore
from day23.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="session")
def mongod_program() -> ResolvedArtifact:
    role = yaml.safe_load((REPOSITORY / "roles/mongodb/defaults/main.yml").read_text(encoding="utf-8"))
    artifact = Artifact.model_validate(role["mongodb_artifact"])
    outcome = ArtifactStore(Settings().cache_dir, REPOSITORY).resolve(artifact, ("path", "archive", "wheel"))
    if not isinstance(outcome, ResolvedArtifact):
        pytest.skip(f"no mongod on this host: {outcome.reason}")
    return outcome


@pytest.fixture
def store(tmp_path: Path) -> SecretStore:
    made = SecretStore(StackPaths(tmp_path))
    made.ensure(["mongodb_keyfile", *(f"mongodb_{user}" for user in USERS)])
    return made


@pytest.fixture
def mongod(mongod_program: ResolvedArtifact, tmp_path: Path, store: SecretStore) -> Iterator[Mongod]:
    server = Mongod(mongod_program, StackPaths(tmp_path))
    yield server
    server.end()
