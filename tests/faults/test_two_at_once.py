"""Two runs of the same job at once: one does it, the other leaves within a second and names the first.

Both start together and whoever comes first wins. The winner is halted while it holds the lock, so that the
two are known to meet. `make races` is the full run; it also holds the loser to its second.
"""

import os
import re
import signal
import statistics
import subprocess
import time
from pathlib import Path

import pytest
from test_crash_points import DAY, EXPORT, SEED, SEED_ARGUMENTS
from toolkit_process import ToolkitProcess

pytestmark = [pytest.mark.timeout(3600), pytest.mark.xdist_group("faults")]

LOCKED = 75
PATIENCE_SECONDS = 60


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


def holder_of(lock: Path, contenders: dict[int, subprocess.Popen[str]]) -> int:
    """Wait until a contender's name stands in the lock file."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline:
        label = re.match(r"pid (\d+),", lock.read_text()) if lock.exists() else None
        if label and int(label[1]) in contenders:
            return int(label[1])
        time.sleep(0.001)
    raise AssertionError("nobody took the lock")


def race(process: ToolkitProcess, lock: Path) -> tuple[float, int]:
    """Return how long the loser took from its start, and which of the two won."""
    started = time.monotonic()
    contenders = {one.pid: one for one in (process.start(), process.start())}
    winner = holder_of(lock, contenders)
    os.kill(winner, signal.SIGSTOP)
    try:
        loser = next(one for pid, one in contenders.items() if pid != winner)
        _, told = loser.communicate(timeout=PATIENCE_SECONDS)
        seconds = time.monotonic() - started
    finally:
        os.kill(winner, signal.SIGCONT)
    _, winners_errors = contenders[winner].communicate(timeout=PATIENCE_SECONDS)
    assert loser.returncode == LOCKED, told
    assert f"pid {winner}" in told
    assert contenders[winner].returncode == 0, winners_errors
    return seconds, list(contenders).index(winner)


def race_often(process: ToolkitProcess, lock: Path, races: int, job: str) -> None:
    taken, winners = zip(*(race(process, lock) for _ in range(races)), strict=True)
    figures = f"loser left after median {statistics.median(taken):.2f} s, at most {max(taken):.2f} s"
    print(f"{job}: {races} races, the second process won {sum(winners)}; {figures}")
    if "DAY23_RACES" in os.environ:
        assert max(taken) < 1


def test_two_exports_at_once(surroundings, races):
    folder = Path(surroundings["BENCHMARK_DATASET_DIR"])
    process = ToolkitProcess(
        EXPORT, ("--output", f"{folder}/exports/{DAY}/digests.jsonl"), surroundings, calls=""
    )
    race_often(process, folder / ".export.lock", races, "export")


def test_two_seeds_at_once(surroundings, races):
    lock = Path(surroundings["DAY23_STACK_ROOT"]) / "run" / "seed.lock"
    race_often(ToolkitProcess(SEED, SEED_ARGUMENTS, surroundings, ""), lock, races, "seed")
