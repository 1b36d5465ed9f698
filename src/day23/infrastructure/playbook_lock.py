"""The stack lock, held for the life of a playbook although each of its modules is short-lived."""

import os
import subprocess
import sys
from pathlib import Path

import psutil

from day23.domain.errors import LockedError, ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.locks import holder_pid, open_locked, refuse_when_locked

_PLAYBOOK_PROGRAM = "ansible-playbook"
_RELEASE_SECONDS = 0.5  # how long the keeper of a playbook that has just ended may take to notice


class PlaybookLock:
    """The lock `run/stack.lock` of one stack root.

    The holder is the topmost `ansible-playbook` among the caller's ancestors, else the caller's
    parent. The kernel unlocks when that process ends, even by SIGKILL.

    Args:
        paths: The stack root.
        owner: The process to hold the lock for; found among the ancestors when not given.
    """

    def __init__(self, paths: StackPaths, owner: psutil.Process | None = None) -> None:
        self._path = paths.run / "stack.lock"
        self._owner = owner

    def look(self, purpose: str) -> None:
        """Refuse as `hold` would, but take nothing.

        Raises:
            LockedError: Another playbook holds the lock.
        """
        if self._is_in_use() and not self._is_ours(self._owner or calling_playbook()):
            refuse_when_locked(self._path, purpose)

    def hold(self, purpose: str) -> None:
        """Take the lock for the rest of the playbook; does nothing when the playbook has it already.

        Raises:
            LockedError: Another playbook holds the lock; the message says which, why and since when.
        """
        owner = self._owner or calling_playbook()
        try:
            self._take(owner, purpose)
        except LockedError:
            if not self._is_ours(owner):
                raise

    def _is_ours(self, owner: psutil.Process) -> bool:
        return holder_pid(self._path) == owner.pid

    def _take(self, owner: psutil.Process, purpose: str) -> None:
        descriptor = _pidfd_of(owner)
        try:
            with open_locked(self._path, purpose, owner.pid, self._patience()) as locked:
                _start_keeper(locked.fileno(), descriptor)
        finally:
            os.close(descriptor)

    def _patience(self) -> float:
        """Waiting only makes sense for a holder whose playbook is over."""
        return 0.0 if self._is_in_use() else _RELEASE_SECONDS

    def _is_in_use(self) -> bool:
        pid = holder_pid(self._path)
        return pid is not None and is_alive(pid)


def calling_playbook() -> psutil.Process:
    """Return the topmost `ansible-playbook` among this process's ancestors, else its parent."""
    return playbook_above() or psutil.Process(os.getppid())


def playbook_above() -> psutil.Process | None:
    """Return the topmost `ansible-playbook` among this process's ancestors; None where it is elsewhere."""
    playbooks = [process for process in psutil.Process().parents() if _is_playbook(process)]
    return playbooks[-1] if playbooks else None


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that has ended and is not reaped does not."""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def _is_playbook(process: psutil.Process) -> bool:
    try:
        words = process.cmdline()[:3]
    except psutil.Error:
        return False
    return any(Path(word).name == _PLAYBOOK_PROGRAM for word in words)


def _pidfd_of(owner: psutil.Process) -> int:
    """Return a descriptor that becomes readable when `owner`, and no later user of its pid, ends."""
    try:
        descriptor = os.pidfd_open(owner.pid)
    except ProcessLookupError:
        raise _gone(owner) from None
    if not owner.is_running():
        os.close(descriptor)
        raise _gone(owner)
    return descriptor


def _gone(owner: psutil.Process) -> ToolkitError:
    return ToolkitError("the playbook ended before the stack lock was taken", where=f"pid {owner.pid}")


def _start_keeper(locked: int, owner: int) -> None:
    subprocess.Popen(
        [sys.executable, "-m", "day23.infrastructure.lock_keeper", str(locked), str(owner)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        pass_fds=(locked, owner),
        start_new_session=True,
        cwd="/",
    )
