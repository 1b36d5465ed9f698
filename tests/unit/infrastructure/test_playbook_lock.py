"""The stack lock outlives the module that took it and dies with the playbook."""

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from threading import Barrier

import psutil
import pytest

from day23.domain.errors import LockedError
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.playbook_lock import PlaybookLock

Start = Callable[[], psutil.Process]

PLAYBOOK = """
import subprocess, sys, time
module = (
    "import sys; from pathlib import Path; from day23.domain.stack_paths import StackPaths;"
    "from day23.infrastructure.playbook_lock import PlaybookLock;"
    "PlaybookLock(StackPaths(Path(sys.argv[1]))).hold('up')"
)
for _ in range(2):
    subprocess.run([sys.executable, "-c", module, sys.argv[1]], check=True)
print("held", flush=True)
time.sleep(60)
"""


@pytest.fixture
def playbook() -> Iterator[Start]:
    """Start processes that stand for playbooks."""
    started: list[psutil.Popen] = []

    def start() -> psutil.Process:
        process = psutil.Popen(["sleep", "60"])
        started.append(process)
        return psutil.Process(process.pid)

    yield start
    for process in started:
        end(process)


def end(process: psutil.Process) -> None:
    """Kill a playbook and reap it."""
    with suppress(psutil.NoSuchProcess):
        process.kill()
        process.wait(5)


def lock(root: Path, owner: psutil.Process) -> PlaybookLock:
    return PlaybookLock(StackPaths(root), owner)


def hold_once_free(wanted: PlaybookLock, patience: float = 30) -> None:
    """Take a lock whose owner is dead; how soon it is free depends on how busy the machine is."""
    deadline = time.monotonic() + patience
    while True:
        try:
            return wanted.hold("up")
        except LockedError:
            if time.monotonic() > deadline:
                raise


def test_a_second_playbook_is_refused_at_once_and_told_by_whom(tmp_path: Path, playbook: Start) -> None:
    first, second = playbook(), playbook()
    lock(tmp_path, first).hold("up")
    began = time.monotonic()
    with pytest.raises(LockedError) as raised:
        lock(tmp_path, second).hold("down")
    assert time.monotonic() - began < 0.4
    assert raised.value.exit_code == 75
    assert raised.value.what.startswith(
        f"cannot down: another run holds the lock (pid {first.pid}, up, since 20"
    )


def test_the_same_playbook_may_ask_again(tmp_path: Path, playbook: Start) -> None:
    owner = playbook()
    for _ in range(3):
        lock(tmp_path, owner).hold("up")
        lock(tmp_path, owner).look("up")


def test_a_playbook_killed_with_sigkill_frees_the_lock_for_the_next_one(
    tmp_path: Path, playbook: Start
) -> None:
    for _ in range(5):
        owner = playbook()
        hold_once_free(lock(tmp_path, owner))
        end(owner)


def test_looking_takes_nothing_and_makes_nothing(tmp_path: Path, playbook: Start) -> None:
    lock(tmp_path, playbook()).look("up")
    assert list(tmp_path.iterdir()) == []
    owner = playbook()
    lock(tmp_path, owner).hold("up")
    with pytest.raises(LockedError):
        lock(tmp_path, playbook()).look("check")


@pytest.mark.slow
def test_of_two_at_once_exactly_one_wins_a_hundred_times(tmp_path: Path, playbook: Start) -> None:
    for round_number in range(100):
        owners = [playbook(), playbook()]
        barrier = Barrier(2)

        def attempt(owner: psutil.Process, barrier: Barrier = barrier, root: int = round_number) -> bool:
            barrier.wait()
            try:
                lock(tmp_path / str(root), owner).hold("up")
            except LockedError:
                return False
            return True

        with ThreadPoolExecutor(2) as threads:
            assert sorted(threads.map(attempt, owners)) == [False, True]
        for owner in owners:
            end(owner)


def test_the_holder_is_the_topmost_playbook_above_the_module(tmp_path: Path, playbook: Start) -> None:
    program = tmp_path / "ansible-playbook"
    program.write_text(PLAYBOOK, encoding="utf-8")
    root = tmp_path / "root"
    with subprocess.Popen([sys.executable, program, root], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == "held\n"
        with pytest.raises(LockedError, match=rf"\(pid {running.pid}, up"):
            lock(root, playbook()).hold("up")
        running.kill()
    lock(root, playbook()).hold("up")
