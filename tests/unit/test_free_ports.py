"""Stacks of tests that run side by side never meet."""

import subprocess
import sys
from pathlib import Path

from free_ports import default_ports, free_offset

CHOOSE = "from free_ports import free_offset; print(*(free_offset() for _ in range(30)))"


def test_another_process_is_given_no_port_that_was_chosen_here() -> None:
    ours = {
        port + offset for offset in (free_offset() for _ in range(30)) for port in default_ports().values()
    }
    tests = Path(__file__).resolve().parents[1]
    answer = subprocess.run(
        [sys.executable, "-c", CHOOSE], cwd=tests, capture_output=True, text=True, check=True
    )
    theirs = {port + int(offset) for offset in answer.stdout.split() for port in default_ports().values()}
    assert not ours & theirs
