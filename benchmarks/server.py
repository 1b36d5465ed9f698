"""A mongod of the benchmark's own: the version that the role pins, a replica set of one, on a free port."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from day23.domain.artifact import Artifact, ResolvedArtifact
from day23.infrastructure.artifacts.store import ArtifactStore
from day23.infrastructure.engines import artifact_sources
from day23.settings import Settings

REPOSITORY = Path(__file__).resolve().parents[1]
_PATIENCE_SECONDS = 60
_OPTIONS = ("--bind_ip=127.0.0.1", "--replSet=rs0", "--wiredTigerCacheSizeGB=2", "--nounixsocket")


@contextmanager
def mongod(folder: Path) -> Iterator[str]:
    """Run mongod on the data in `folder`; yield its URL."""
    program, port = _program(), _free_port()
    folder.mkdir(parents=True, exist_ok=True)
    command = [str(program.binaries["mongod"]), f"--dbpath={folder}", f"--port={port}", *_OPTIONS]
    with (folder / "mongod.log").open("wb") as log:
        environment = {**os.environ, **program.environment}
        server = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
    try:
        url = f"mongodb://127.0.0.1:{port}/?directConnection=true"
        _make_primary(url, port)
        yield url
    finally:
        server.terminate()
        server.wait()


def _program() -> ResolvedArtifact:
    role = yaml.safe_load((REPOSITORY / "roles/mongodb/defaults/main.yml").read_text(encoding="utf-8"))
    described: dict[str, Any] = role["mongodb_artifact"]
    described.pop("image", None)  # a template, and of no use to a process
    store = ArtifactStore(Settings().cache_dir, REPOSITORY)
    found = store.resolve(Artifact.model_validate(described), artifact_sources("process"))
    if not isinstance(found, ResolvedArtifact):
        raise SystemExit(f"no mongod on this host: {found.reason}; run: make artefacts")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _make_primary(url: str, port: int) -> None:
    member = {"_id": 0, "host": f"127.0.0.1:{port}"}
    deadline = time.monotonic() + _PATIENCE_SECONDS
    with MongoClient[dict[str, Any]](url, serverSelectionTimeoutMS=_PATIENCE_SECONDS * 1000) as client:
        if client.admin.command("hello").get("setName") is None:
            client.admin.command("replSetInitiate", {"_id": "rs0", "members": [member]})
        while time.monotonic() < deadline:
            try:
                if client.admin.command("hello")["isWritablePrimary"]:
                    return
            except PyMongoError:
                pass
            time.sleep(0.05)
    raise SystemExit("mongod did not become primary")
