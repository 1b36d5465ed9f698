"""Starts and ends the Dask processes of this host that a playbook needs."""

import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import psutil

from day23.domain.errors import ToolkitError
from day23.infrastructure.bare_environment import bare_environment
from day23.infrastructure.llm.dask_process import PART, DaskPart

MODULE = "day23.infrastructure.llm.dask_process"
READY = "tls://"
ENDS_WITHIN_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Started:
    """A process that is ready."""

    pid: int
    address: str


def start(parts: Sequence[DaskPart]) -> tuple[Started, ...]:
    """Start processes that outlive this one; all are ready, or none is left.

    Raises:
        ToolkitError: One ended instead; says why.
    """
    processes = [_begun() for _ in parts]
    for process, part in zip(processes, parts, strict=True):
        _instruct(process, part)
    told = {process.pid: _told(process) for process in processes}
    wrong = [line for line in told.values() if not line.startswith(READY)]
    if not wrong:
        return tuple(Started(pid, address) for pid, address in told.items())
    end(list(told))
    where = parts[0].scheduler or f"{parts[0].host}:{parts[0].port}"
    step = "check that this host has the address and reaches it, and that the port is free"
    raise ToolkitError(f"Dask did not start: {wrong[0] or 'it ended':.200}", where=where, next_step=step)


def end(pids: Sequence[int]) -> int:
    """End those of the processes that are still there and ours; return how many were."""
    ours = [process for pid in pids if (process := _ours(pid))]
    for process in ours:
        with suppress(psutil.NoSuchProcess):
            process.terminate()
    _, left = psutil.wait_procs(ours, timeout=ENDS_WITHIN_SECONDS)
    for process in left:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(left, timeout=ENDS_WITHIN_SECONDS)
    return len(ours)


def _begun() -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=bare_environment(),
        cwd="/",
        start_new_session=True,
    )


def _instruct(process: subprocess.Popen[bytes], part: DaskPart) -> None:
    """Tell a process what it is by its input, which nobody else can read."""
    if process.stdin:
        with suppress(BrokenPipeError), process.stdin as told:
            told.write(PART.dump_json(part))


def _told(process: subprocess.Popen[bytes]) -> str:
    """Wait for a process; return its address, else what kept it from having one."""
    if process.stdout is None:
        return ""
    with process.stdout as told:
        return told.readline().decode().strip()


def _ours(pid: int) -> psutil.Process | None:
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return process if MODULE in process.cmdline() else None
    return None
