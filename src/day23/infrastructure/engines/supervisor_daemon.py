"""The supervisord of one stack root: starts it, finds out whether it lives, and clears up after it."""

import subprocess
import sys
from pathlib import Path

from day23.domain.errors import ToolkitError
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.bare_environment import bare_environment
from day23.infrastructure.engines.process_table import SUPERVISOR, end, marks, own_processes, wait_until_gone
from day23.infrastructure.engines.supervisor_client import SupervisorClient, SupervisorGoneError
from day23.infrastructure.engines.supervisor_config import (
    CONFIGURATION,
    PROGRAMS,
    SUPERVISORD_TEXT,
    stop_seconds,
)
from day23.infrastructure.files import write_atomically
from day23.infrastructure.locks import exclusive_lock

_START_SECONDS = 30
_LEAVE_SECONDS = 10.0


class SupervisorDaemon:
    """Runs in `run/supervisor` below the stack root; see `supervisor_config` for why it stays there."""

    def __init__(self, paths: StackPaths) -> None:
        self._paths = paths
        self.folder = paths.run / "supervisor"
        self.programs = self.folder / PROGRAMS

    def program_file(self, service: str) -> Path:
        """Return the configuration file of one service."""
        return self.programs / f"{service}.conf"

    def known_services(self) -> tuple[str, ...]:
        """Return every service that has a program file."""
        return tuple(sorted(path.stem for path in self.programs.glob("*.conf")))

    def answers(self) -> bool:
        """Whether the supervisor lives."""
        try:
            with SupervisorClient(self.folder) as client:
                client.call("getPID")
        except SupervisorGoneError:
            return False
        return True

    def ensure_running(self) -> None:
        """Start the supervisor unless it lives; orphans of a killed one leave first.

        Raises:
            ToolkitError: It does not start; the message is supervisord's own.
        """
        if self.answers():
            return
        self._make_folders()
        with exclusive_lock(self.folder / "start.lock", "start the supervisor", wait_seconds=_START_SECONDS):
            if not self.answers():
                self.clear()
                self._spawn()

    def clear(self) -> None:
        """End whatever of this stack root still runs, each within the time its service may take."""
        found = {process.service for process in own_processes(self._paths.root)}
        if found:
            end(self._paths.root, found, within=self.longest_stop(*found))

    def wait_until_gone(self) -> None:
        """Wait until the supervisor that was asked to leave is gone; by force after a while."""
        if not wait_until_gone(self._paths.root, {SUPERVISOR}, _LEAVE_SECONDS):
            end(self._paths.root, {SUPERVISOR}, _LEAVE_SECONDS)

    def longest_stop(self, *services: str) -> float:
        """Return the seconds after which all of these services must have stopped."""
        times = [stop_seconds(self._program_text(service)) for service in services]
        return max(times, default=0.0) + _LEAVE_SECONDS

    def _program_text(self, service: str) -> str:
        path = self.program_file(service)
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def _make_folders(self) -> None:
        for folder in (self._paths.logs, self._paths.data, self.folder, self.programs):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _spawn(self) -> None:
        write_atomically(self.folder / CONFIGURATION, SUPERVISORD_TEXT, mode=0o600)
        command = [sys.executable, "-I", "-X", "utf8", "-m", "supervisor.supervisord", "-c", CONFIGURATION]
        finished = subprocess.run(
            command,
            cwd=self.folder,
            env=bare_environment() | marks(self._paths.root, SUPERVISOR),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            start_new_session=True,
            timeout=_START_SECONDS,
            check=False,
        )
        if finished.returncode != 0:
            raise ToolkitError(
                f"the supervisor did not start: {(finished.stderr or finished.stdout).strip()[-500:]}",
                where=str(self.folder),
                next_step="make day-23-down",
            )
