"""A stack of tiny services on a real engine. Another engine joins by its name in `ENGINES`."""

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import tiny_image
from tiny_stack import Stack, free_port

from day23.domain.artifact import Artifact, ResolvedArtifact
from day23.domain.service_spec import ServiceSpec
from day23.domain.stack_context import StackContext
from day23.domain.stack_paths import StackPaths
from day23.settings import Settings
from day23.wiring.artifacts import fetch_artifacts

ENGINES = ["process", "docker"]
TINY_SERVER = Path(__file__).with_name("tiny_server.py")
TINY_SERVER_IN_IMAGE = "/opt/tiny_server.py"


@pytest.fixture(scope="session")
def docker_image(docker_daemon: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the id of an image that runs the tiny server."""
    return tiny_image.build(tmp_path_factory.mktemp("image"), {TINY_SERVER_IN_IMAGE: TINY_SERVER})


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stack_root(tmp_path: Path) -> Path:
    return tmp_path / "stack"


@pytest.fixture
def artifact(engine_name: str, request: pytest.FixtureRequest, tmp_path: Path) -> dict[str, Any]:
    """Return the tiny service's program as the engine takes it, already on this host."""
    path = {"name": "python", "version": "3", "path": {"python": sys.executable}}
    if engine_name == "process":
        return path
    image = {"name": "tiny:1", "digest": request.getfixturevalue("docker_image")}
    return path | {"image": image | {"binaries": {"python": "/usr/bin/python3"}}}


@pytest.fixture
def stack(engine_name: str, stack_root: Path, tmp_path: Path, artifact: dict[str, Any]) -> Iterator[Stack]:
    context = StackContext(
        paths=StackPaths(stack_root),
        engine=engine_name,
        bind="127.0.0.1",
        repository=Path(__file__).parents[3],
        cache_dir=tmp_path / "cache" if engine_name == "process" else Settings().cache_dir,
    )
    stack = Stack(context)
    if engine_name != "process":
        fetched = fetch_artifacts(context, ()).run([Artifact.model_validate(artifact)])
        assert isinstance(fetched.outcomes["python"], ResolvedArtifact), fetched.outcomes
        shutil.rmtree(stack_root, ignore_errors=True)
    yield stack
    stack.engine.shutdown()


@pytest.fixture
def tiny(artifact: dict[str, Any], engine_name: str) -> Callable[..., ServiceSpec]:
    """Return a maker of specs; every name keeps its port."""
    ports: dict[str, int] = {}
    server = str(TINY_SERVER) if engine_name == "process" else TINY_SERVER_IN_IMAGE

    def make(name: str = "tiny", content: str = "hello\n", *arguments: str, **more: Any) -> ServiceSpec:
        port = ports.setdefault(name, free_port())
        described = {
            "name": name,
            "artifact": artifact,
            "command": [
                *("python", "-I", "-S", server, "run", "{config}/tiny.conf"),
                *("{bind}", str(port), *arguments),
            ],
            "listen": {"http": port},
            "files": {"tiny.conf": content},
            "check": ["python", "-I", "-S", server, "check", "{config}/tiny.conf"],
            "ready": {"http": "/", "within": 20},
            "stop": {"within": 5},
        }
        return ServiceSpec.model_validate(described | more)

    return make
