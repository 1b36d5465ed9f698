import subprocess
import sys

from day23.presentation.interruption import interrupt_descendants

POLITE = """
import sys, time
print("up", flush=True)
try:
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


def _started(code: str) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    return process


def test_a_process_in_its_own_session_may_clean_up_and_its_status_is_kept() -> None:
    with _started(POLITE) as process:
        interrupt_descendants(within=10)

        assert process.wait(timeout=5) == 7


def test_a_process_that_does_not_listen_is_ended_by_force() -> None:
    with _started(STUBBORN) as process:
        interrupt_descendants(within=0.2)

        assert process.wait(timeout=5) == -9
