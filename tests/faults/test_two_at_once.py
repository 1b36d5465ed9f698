"""Two runs of the same job at once: one does it, the other leaves within a second and names the first.

`make races` is the full run. Whether two processes meet is chance; against a held lock there is no chance.
"""

import fcntl
import os
import time
from pathlib import Path

import pytest
from test_crash_points import DAY, EXPORT, SEED, SEED_ARGUMENTS
from toolkit_process import FILE_CALLS, ToolkitProcess

pytestmark = [pytest.mark.timeout(3600), pytest.mark.xdist_group("faults")]

LOCKED = 75


@pytest.fixture(scope="module")
def surroundings(mongodb_url, llm_url, tmp_path_factory):
    root = tmp_path_factory.mktemp("races")
    environment = {
        "MONGODB_URL": mongodb_url,
        "LLM_URL": llm_url,
        "DB_NAME": "races",
        "DAY23_STACK_ROOT": str(root),
        "BENCHMARK_DATASET_DIR": str(root / "benchmarks"),
    }
    assert ToolkitProcess(SEED, SEED_ARGUMENTS, environment, "").run().returncode == 0
    return environment


def race(process: ToolkitProcess) -> None:
    """Start two: each does the job or is told who does it; where they did not meet, both have done it."""
    began = time.monotonic()
    first, second = process.start(), process.start()
    out = {one.pid: (*one.communicate(timeout=60), one.returncode) for one in (first, second)}
    assert time.monotonic() - began < 60
    codes = sorted(code for _, _, code in out.values())
    assert codes in ([0, LOCKED], [0, 0]), out
    for pid, (_, told, code) in out.items():
        if code == LOCKED:
            other = next(one for one in out if one != pid)
            assert f"pid {other}" in told


def beaten(process: ToolkitProcess, lock) -> float:
    """Run against a holder of the lock; return how long the loser took."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("a+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        stream.truncate(0)
        stream.write(f"pid {os.getpid()}, test, since now\n")
        stream.flush()
        began = time.monotonic()
        done = process.run()
        seconds = time.monotonic() - began
        stream.truncate(0)
    assert done.returncode == LOCKED, done.stderr
    assert f"pid {os.getpid()}" in done.stderr
    return seconds


def export_process(environment) -> ToolkitProcess:
    output = f"{environment['BENCHMARK_DATASET_DIR']}/exports/{DAY}/digests.jsonl"
    return ToolkitProcess(EXPORT, ("--output", output), environment, FILE_CALLS)


def test_two_exports_at_once(surroundings, races):
    for _ in range(races):
        race(export_process(surroundings))


def test_two_seeds_at_once(surroundings, races):
    for _ in range(races):
        race(ToolkitProcess(SEED, SEED_ARGUMENTS, surroundings, ""))


def test_the_loser_leaves_within_a_second_of_its_start(surroundings, races):
    lock = Path(surroundings["BENCHMARK_DATASET_DIR"]) / ".export.lock"
    process = export_process(surroundings)
    started = time.monotonic()
    ToolkitProcess(EXPORT, ("--help",), surroundings, "").run()
    start_up = time.monotonic() - started
    slowest = max(beaten(process, lock) for _ in range(races))
    print(f"loser: slowest {slowest:.2f} s, of which starting Python {start_up:.2f} s")
    assert slowest - start_up < 1
