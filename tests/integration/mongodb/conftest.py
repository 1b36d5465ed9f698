"""A real mongod of this stack's version, empty at the start of each test."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from mongod_server import USERS, Mongod

from day23.domain.artifact import ResolvedArtifact
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.secret_store import SecretStore


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
