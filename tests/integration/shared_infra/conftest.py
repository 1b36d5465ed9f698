"""The shared infrastructure as a CI job has it: brought up, checked and taken down by the scripts."""

import sys
from collections.abc import Iterator

import pytest

from rehearsal import Rehearsal, run

BOOTSTRAP = "scripts/ci/bootstrap_shared_infra.py"
CLEANUP = "scripts/ci/cleanup_shared_infra.py"


@pytest.fixture(scope="module")
def shared_infra(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    """A stack of the module's own; it is taken down whatever happened to it."""
    stack = Rehearsal(tmp_path_factory.mktemp("shared-infra"))
    ports = ["--mongo-port", str(stack.ports["mongodb"]), "--inventory", "rehearsal"]
    root = ["--stack-root", str(stack.root)]
    try:
        came_up = run([sys.executable, BOOTSTRAP, *ports, *root])
        assert came_up.returncode == 0, came_up.stdout[-3000:]
        yield stack
    finally:
        taken_down = run([sys.executable, CLEANUP, *root])
    assert taken_down.returncode == 0, taken_down.stdout[-2000:]
