"""Exclusive locks that the kernel drops when their holder dies."""

import fcntl
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from day23.domain.errors import LockedError

_POLL_SECONDS = 0.05
_LABEL_SECONDS = 0.2  # between taking a lock and naming oneself in it
_LABEL = re.compile(r"pid (\d+), .*")
_reserved: ContextVar[frozenset[Path]] = ContextVar("reserved", default=frozenset())


@contextmanager
def exclusive_lock(path: Path, purpose: str, wait_seconds: float = 0.0) -> Iterator[None]:
    """Hold the lock file `path` for the duration of the block.

    The file is never deleted, so that nobody can lock a file that is no longer there.

    Args:
        path: The lock file; made when missing.
        purpose: What the holder is doing, shown to the loser.
        wait_seconds: How long to wait for the holder to leave.

    Raises:
        LockedError: Somebody else holds it; the message names the holder's pid and purpose.
    """
    place = path.absolute()
    if place not in _reserved.get():
        with _held(path, purpose, wait_seconds):
            yield
        return
    taken_up = _reserved.set(_reserved.get() - {place})
    try:
        yield
    finally:
        _reserved.reset(taken_up)


@contextmanager
def reserved_lock(path: Path, purpose: str) -> Iterator[None]:
    """Lock before the work is even imported; inside, the first `exclusive_lock` of this path takes it up.

    Raises:
        LockedError: Somebody else holds it.
    """
    with _held(path, purpose, 0.0):
        reserved = _reserved.set(_reserved.get() | {path.absolute()})
        try:
            yield
        finally:
            _reserved.reset(reserved)


@contextmanager
def _held(path: Path, purpose: str, wait_seconds: float) -> Iterator[None]:
    with open_locked(path, purpose, os.getpid(), wait_seconds) as stream:
        try:
            yield
        finally:
            stream.truncate(0)


def open_locked(path: Path, purpose: str, holder_pid: int, wait_seconds: float = 0.0) -> TextIO:
    """Return the locked file, labelled with its holder; closing its last descriptor unlocks it.

    Raises:
        LockedError: Somebody else holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    stream = path.open("a+", encoding="utf-8")
    try:
        _acquire(stream, path, purpose, time.monotonic() + wait_seconds)
        since = datetime.now(UTC).isoformat(timespec="seconds")
        stream.truncate(0)
        stream.write(f"pid {holder_pid}, {purpose}, since {since}\n")
        stream.flush()
    except BaseException:
        stream.close()
        raise
    return stream


def refuse_when_locked(path: Path, purpose: str) -> None:
    """Look, without taking the lock or making its file.

    Raises:
        LockedError: Somebody holds it.
    """
    if not path.exists():
        return
    with path.open("r", encoding="utf-8") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _refused(path, purpose) from None


def holder_pid(path: Path) -> int | None:
    """Return the pid that the lock file names; it may have ended without unlocking properly."""
    label = _LABEL.match(path.read_text(encoding="utf-8")) if path.exists() else None
    return int(label[1]) if label else None


def _acquire(stream: TextIO, path: Path, purpose: str, deadline: float) -> None:
    while True:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() >= deadline:
                raise _refused(path, purpose) from None
            time.sleep(_POLL_SECONDS)
        else:
            return


def _refused(path: Path, purpose: str) -> LockedError:
    return LockedError(
        f"cannot {purpose}: another run holds the lock ({_read_label(path)})",
        where=str(path),
        next_step="wait until it ends, or stop that process",
    )


def _read_label(path: Path) -> str:
    """Return the holder's label; a holder that has only just locked is given time to write it."""
    deadline = time.monotonic() + _LABEL_SECONDS
    while True:
        label = path.read_text(encoding="utf-8").strip()
        if label or time.monotonic() >= deadline:
            return label or "an unnamed holder"
        time.sleep(_POLL_SECONDS / 10)
