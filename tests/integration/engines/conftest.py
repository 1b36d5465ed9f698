"""A stack of tiny services on a real engine. Another engine joins by its name in `ENGINES`."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tiny_stack import Stack, free_port

from day23.domain.service_spec import ServiceSpec
from day23.domain.stack_context import StackContext
from day23.domain.stack_paths import StackPaths

ENGINES = ["process"]
TINY_SERVER = Path(__file__).with_name("tiny_server.py")


@pytest.fixture(params=ENGINES)
def engine_name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def stack_root(tmp_path: Path) -> Path:
    return tmp_path / "stack"


@pytest.fixture
def stack(engine_name: str, stack_root: Path, tmp_path: Path) -> Iterator[Stack]:
    context = StackContext(
        paths=StackPaths(stack_root),
        engine=engine_name,
        bind="127.0.0.1",
        repository=Path(__file__).parents[3],
        cache_dir=tmp_path / "cache",
    )
    stack = Stack(context)
    yield stack
    stack.engine.shutdown()


@pytest.fixture
def tiny() -> Callable[..., ServiceSpec]:
    """Return a maker of specs; every name keeps its port."""
    ports: dict[str, int] = {}

    def make(name: str = "tiny", content: str = "hello\n", *arguments: str, **more: Any) -> ServiceSpec:
        port = ports.setdefault(name, free_port())
        described = {
            "name": name,
            "artifact": {"name": "python", "version": "3", "path": {"python": sys.executable}},
            "command": [
                *("python", "-I", "-S", str(TINY_SERVER), "run", "{config}/tiny.conf"),
                *("{bind}", str(port), *arguments),
            ],
            "listen": {"http": port},
            "files": {"tiny.conf": content},
            "check": ["python", "-I", "-S", str(TINY_SERVER), "check", "{config}/tiny.conf"],
            "ready": {"http": "/", "within": 20},
            "stop": {"within": 5},
        }
        return ServiceSpec.model_validate(described | more)

    return make
