"""Real servers for integration tests: one mongod and one LLM API per session, on free ports."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen
from uuid import uuid4

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError
from role_artifacts import program_of

from day23.domain.artifact import ResolvedArtifact
from free_ports import free_port

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class MongoDatabase:
    """An empty database of the session's mongod, for one test."""

    client: MongoClient[dict[str, Any]]
    name: str
    url: str

    def collection(self, name: str) -> Any:
        return self.client[self.name][name]


@pytest.fixture(scope="session")
def mongod_program() -> ResolvedArtifact:
    return program_of("mongodb")


@pytest.fixture(scope="session")
def mongodb_url(mongod_program: ResolvedArtifact, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A one-member replica set without users."""
    folder, port = tmp_path_factory.mktemp("mongod"), free_port()
    options = f"--port={port} --bind_ip=127.0.0.1 --replSet=rs0 --wiredTigerCacheSizeGB=0.25 --oplogSize=64"
    program = [
        str(mongod_program.binaries["mongod"]),
        f"--dbpath={folder}",
        *options.split(),
        "--nounixsocket",
    ]
    url = f"mongodb://127.0.0.1:{port}/?directConnection=true"
    with (folder / "mongod.log").open("wb") as log:
        server = subprocess.Popen(
            program, stdout=log, stderr=log, env={**os.environ, **mongod_program.environment}
        )
    try:
        _make_primary(url, port)
        yield url
    finally:
        server.kill()
        server.wait()


@pytest.fixture
def database(mongodb_url: str) -> Iterator[MongoDatabase]:
    name = f"test_{uuid4().hex[:12]}"
    with MongoClient[dict[str, Any]](mongodb_url, tz_aware=True) as client:
        yield MongoDatabase(client, name, mongodb_url)
        client.drop_database(name)


@pytest.fixture(scope="session")
def llm_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded LLM API."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    program = [sys.executable, "-m", "day23.presentation.llm_api", f"--port={port}"]
    with (tmp_path_factory.mktemp("llm") / "llm.log").open("wb") as log:
        server = subprocess.Popen(program, stdout=log, stderr=log)
    try:
        _wait_for(f"{url}/health")
        yield url
    finally:
        server.kill()
        server.wait()


def _make_primary(url: str, port: int) -> None:
    config = {"_id": "rs0", "members": [{"_id": 0, "host": f"127.0.0.1:{port}"}]}
    with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=PATIENCE_SECONDS * 1000) as client:
        client.admin.command("replSetInitiate", config)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                if client.admin.command("hello")["isWritablePrimary"]:
                    return
            except PyMongoError:
                pass
            time.sleep(0.05)
    pytest.fail("mongod did not become primary")


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - a loopback address made above
                return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"{url} did not answer")
