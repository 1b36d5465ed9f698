"""Interrupting what a process started; each test does so from a process of its own."""

import subprocess
import sys

POLITE = """
import sys, time
try:
    print("up", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    sys.exit(7)
"""
STUBBORN = """
import signal, time
signal.signal(signal.SIGINT, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
PARENT = """
import subprocess, sys
from day23.presentation.interruption import interrupt_descendants

child = subprocess.Popen(
    [sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True, start_new_session=True
)
assert child.stdout.readline() == "up\\n"
interrupt_descendants(within=float(sys.argv[2]))
print(child.wait(timeout=5))
"""


def _status_of_interrupted(child: str, within: float) -> int:
    parent = subprocess.run(
        [sys.executable, "-c", PARENT, child, str(within)], stdout=subprocess.PIPE, text=True, check=True
    )
    return int(parent.stdout)


def test_a_process_in_its_own_session_may_clean_up_and_its_status_is_kept() -> None:
    assert _status_of_interrupted(POLITE, within=20) == 7


def test_a_process_that_does_not_listen_is_ended_by_force() -> None:
    assert _status_of_interrupted(STUBBORN, within=0.2) == -9
