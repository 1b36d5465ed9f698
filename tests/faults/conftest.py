"""The servers of the integration tests, and how many faults to try."""

import importlib.util
import os
import sys
from pathlib import Path

import pytest

_INTEGRATION = Path(__file__).parents[1] / "integration" / "conftest.py"
sys.path.append(str(_INTEGRATION.parent))  # its own helpers stand beside it
_spec = importlib.util.spec_from_file_location("integration_servers", _INTEGRATION)
assert _spec
assert _spec.loader
_servers = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(_servers)

mongod_program = _servers.mongod_program
mongodb_url = _servers.mongodb_url
llm_url = _servers.llm_url


@pytest.fixture(scope="session")
def crash_points() -> int:
    """How many kill points to try: a few with every test run, `DAY23_CRASH_POINTS=1000` for the record."""
    return int(os.environ.get("DAY23_CRASH_POINTS", "60"))


@pytest.fixture(scope="session")
def races() -> int:
    """How many times two runs start at once: `DAY23_RACES=100` for the record."""
    return int(os.environ.get("DAY23_RACES", "3"))
