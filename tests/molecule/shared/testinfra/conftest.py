"""The stack that a scenario brought up, as its records describe it."""

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from day23.domain.stack_paths import StackPaths
from day23.infrastructure.stack_records import StackRecords

PATIENCE_SECONDS = 60.0


@pytest.fixture(scope="session")
def paths() -> StackPaths:
    return StackPaths(Path(os.environ["DAY23_MOLECULE_FOLDER"]) / os.environ["MOLECULE_SCENARIO_NAME"])


@pytest.fixture(scope="session")
def records(paths: StackPaths) -> StackRecords:
    return StackRecords(paths)


@pytest.fixture(scope="session")
def eventually() -> Callable[[Callable[[], object]], bool]:
    """Return a function that asks until the answer is true or patience ends."""

    def ask(condition: Callable[[], object]) -> bool:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            if condition():
                return True
            time.sleep(0.25)
        return bool(condition())

    return ask
