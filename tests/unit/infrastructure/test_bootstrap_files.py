"""What a bootstrap leaves for later steps: addresses, and a note of what to clean up."""

from pathlib import Path

import pytest

from day23.domain.errors import ToolkitError
from day23.infrastructure.bootstrap_files import (
    BootstrapState,
    export_environment,
    forget_state,
    load_state,
    save_state,
)


def test_the_note_is_read_back_and_forgotten(tmp_path: Path) -> None:
    path = tmp_path / "state" / "bootstrap.json"
    assert load_state(path) is None
    save_state(path, BootstrapState(stack_root=tmp_path))
    assert load_state(path) == BootstrapState(stack_root=tmp_path)
    for _ in range(2):
        forget_state(path)
    assert load_state(path) is None


def test_a_damaged_note_is_refused_with_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "bootstrap.json"
    path.write_text('{"mock_pid": 35762}')
    with pytest.raises(ToolkitError, match=r"state is damaged.*delete the file"):
        load_state(path)


def test_addresses_replace_older_ones_and_leave_the_rest(tmp_path: Path) -> None:
    path = tmp_path / "github.env"
    path.write_text("CI=true\nLLM_URL=http://old\n")
    for _ in range(2):
        export_environment(path, {"LLM_URL": "http://new", "MONGODB_URL": "mongodb://h"})
    assert path.read_text() == "CI=true\nLLM_URL=http://new\nMONGODB_URL=mongodb://h\n"
    assert path.stat().st_mode & 0o777 == 0o600
