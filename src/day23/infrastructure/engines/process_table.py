"""Which processes of this host belong to a stack: those that carry its marks in their environment.

A pid alone proves nothing: after a crash or a reboot it may be a stranger's.
"""

import contextlib
import os
import signal
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT_MARK = "DAY23_STACK_ROOT"
SERVICE_MARK = "DAY23_SERVICE"
SUPERVISOR = "(supervisor)"
"""The service mark of the supervisor itself; no service can have this name."""

_POLL_SECONDS = 0.02


@dataclass(frozen=True, slots=True)
class OwnProcess:
    """A living process of one stack root and the service it belongs to."""

    pid: int
    service: str


def marks(root: Path, service: str) -> dict[str, str]:
    """Return the variables that a process of `service` must carry."""
    return {ROOT_MARK: str(root), SERVICE_MARK: service}


def own_processes(root: Path) -> tuple[OwnProcess, ...]:
    """Return the living processes of the stack at `root`, except the calling one."""
    pids = (int(entry) for entry in os.listdir("/proc") if entry.isdigit())  # noqa: PTH208  (names only)
    found = ((pid, _environment(pid)) for pid in pids if pid != os.getpid())
    return tuple(
        OwnProcess(pid, environment[SERVICE_MARK])
        for pid, environment in found
        if environment.get(ROOT_MARK) == str(root) and SERVICE_MARK in environment
    )


def stack_root_of(pid: int) -> Path | None:
    """Return the stack root whose service a process is; None for everybody else's."""
    environment = _environment(pid)
    belongs = ROOT_MARK in environment and SERVICE_MARK in environment
    return Path(environment[ROOT_MARK]) if belongs else None


def end(root: Path, services: Iterable[str], within: float) -> None:
    """End every process of these services: TERM at once, KILL after `within` seconds; return when gone."""
    wanted = set(services)
    _signal(root, wanted, signal.SIGTERM)
    if not wait_until_gone(root, wanted, within):
        _signal(root, wanted, signal.SIGKILL)
        wait_until_gone(root, wanted, within=5.0)


def wait_until_gone(root: Path, services: Iterable[str], within: float) -> bool:
    """Wait until none of these services has a process; return whether that happened in time."""
    wanted = set(services)
    deadline = time.monotonic() + within
    while any(process.service in wanted for process in own_processes(root)):
        if time.monotonic() >= deadline:
            return False
        time.sleep(_POLL_SECONDS)
    return True


def _signal(root: Path, services: set[str], number: signal.Signals) -> None:
    for process in own_processes(root):
        if process.service in services:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process.pid, number)


def _environment(pid: int) -> Mapping[str, str]:
    """Return the start environment of a process; empty for zombies and for other people's processes."""
    try:
        content = Path(f"/proc/{pid}/environ").read_bytes()
    except OSError:
        return {}
    variables = (os.fsdecode(entry).partition("=") for entry in content.split(b"\0"))
    return {name: value for name, _, value in variables}
