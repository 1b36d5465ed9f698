"""A block that is interrupted when nobody reads what its process writes any more."""

import subprocess
import sys
from pathlib import Path

BLOCK = """
import sys, time
from pathlib import Path
from day23.presentation.caller_watch import interrupted_without_caller

print("up", flush=True)
try:
    with interrupted_without_caller():
        time.sleep(float(sys.argv[1]))
except KeyboardInterrupt:
    Path(sys.argv[2]).write_text("interrupted")
"""


def begun(seconds: float, mark: Path) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", BLOCK, str(seconds), str(mark)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE)
    assert process.stdout
    assert process.stdout.readline() == b"up\n"
    return process


def test_a_block_ends_with_its_caller(tmp_path: Path) -> None:
    process = begun(60, tmp_path / "mark")
    assert process.stdout
    process.stdout.close()
    process.wait(10)
    assert (tmp_path / "mark").read_text() == "interrupted"


def test_a_block_whose_caller_waits_is_left_alone(tmp_path: Path) -> None:
    process = begun(1.5, tmp_path / "mark")
    assert process.wait(10) == 0
    assert not (tmp_path / "mark").exists()
