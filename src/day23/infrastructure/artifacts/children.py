"""Child processes that end with this run, whatever ends it."""

import os
import re
import shutil
import signal
import subprocess
import threading
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from day23.domain.errors import ToolkitError

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_TAIL_LINES = 12


class ChildFailedError(ToolkitError):
    """A program ended with an error.

    Attributes:
        tail: The last lines that it printed, without credentials.
    """

    def __init__(self, what: str, *, where: str, next_step: str, tail: str) -> None:
        super().__init__(what, where=where, next_step=next_step)
        self.tail = tail


class CancelledError(ToolkitError):
    """The run was interrupted while a program was at work."""


@dataclass(frozen=True, slots=True)
class Command:
    """One program to run; its whole output goes to the file `log`."""

    argv: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    log: Path


class Children:
    """Runs programs in process groups of their own, so that all of them can be ended at once.

    As a context manager it cancels what still runs when the block ends with an exception.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._running: set[subprocess.Popen[str]] = set()
        self._cancelled = False

    def __enter__(self) -> "Children":
        return self

    def __exit__(self, error: type[BaseException] | None, *_details: object) -> None:
        if error is not None:
            self.cancel()

    def run(self, command: Command, on_line: Callable[[str], None]) -> None:
        """Run the program to its end.

        Args:
            command: What to run.
            on_line: Called with each line of output.

        Raises:
            ChildFailedError: It ended with a status other than 0.
            CancelledError: `cancel` was called.
        """
        tail: deque[str] = deque(maxlen=_TAIL_LINES)
        child = self._start(command)
        with command.log.open("a", encoding="utf-8") as log:
            for line in child.stdout or ():
                clean = _CREDENTIALS.sub("", line)
                log.write(clean)
                tail.append(clean.rstrip())
                on_line(clean.rstrip())
        status = child.wait()
        with self._lock:
            self._running.discard(child)
        self.check()
        if status:
            raise _failure(command, status, "\n".join(tail))

    def cancel(self) -> None:
        """End every running program with its own children, and refuse to start more."""
        with self._lock:
            self._cancelled = True
            for child in self._running:
                with suppress(ProcessLookupError):
                    os.killpg(child.pid, signal.SIGKILL)

    def check(self) -> None:
        """Raise `CancelledError` once the run was cancelled."""
        if self._cancelled:
            raise CancelledError("interrupted")

    def _start(self, command: Command) -> subprocess.Popen[str]:
        with self._lock:
            self.check()
            child = subprocess.Popen(
                [*_dies_with_parent(), *command.argv],
                cwd=command.folder,
                env=dict(command.environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
            self._running.add(child)
            return child


def _dies_with_parent() -> list[str]:
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


def _failure(command: Command, status: int, tail: str) -> ChildFailedError:
    last = tail.splitlines()[-1] if tail else "no output"
    return ChildFailedError(
        f"{Path(command.argv[0]).name} ended with status {status}: {last}",
        where=str(command.folder),
        next_step=f"read {command.log}",
        tail=tail,
    )
