"""Kills, restarts and misleads services the way accidents do."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

from day23.application.ports import ServiceEngine
from day23.domain.errors import ToolkitError
from day23.domain.restart.disruption import Disruption, DisruptionKind
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.engines.process_table import SUPERVISOR, own_processes
from day23.infrastructure.files import write_atomically
from day23.infrastructure.restart.answers import send

_BROKEN = "scrape_configs: [this is no configuration\n"
_ENGINE_SECONDS = 180.0


class EngineDisruptor:
    """Implements `Disruptor` through the engine contract.

    Args:
        engine: Runs the services.
        restart: Restarts one service in order.
        restart_engine: Command that restarts the engine itself; without one its supervisor is ended.
        prometheus: Base URL of Prometheus.
    """

    def __init__(
        self,
        engine: ServiceEngine,
        paths: StackPaths,
        restart: Callable[[str], None],
        restart_engine: Sequence[str],
        prometheus: str,
    ) -> None:
        self._engine = engine
        self._paths = paths
        self._restart = restart
        self._restart_engine = restart_engine
        self._prometheus = prometheus

    def disrupt(self, disruption: Disruption) -> str:
        """Do it; return what a service said against a broken configuration, else nothing.

        Raises:
            ToolkitError: It could not be done.
        """
        match disruption.kind:
            case DisruptionKind.SERVICE:
                self._restart(disruption.service)
            case DisruptionKind.KILL:
                self._kill(disruption.service)
            case DisruptionKind.ENGINE:
                self._end_engine()
            case DisruptionKind.RELOAD_BAD_CONFIG:
                return self._mislead()
            case DisruptionKind.STACK | DisruptionKind.HOST:
                pass
        return ""

    def _kill(self, service: str) -> None:
        """Kill without warning; a supervisor is frozen first, so that it can neither warn nor restart."""
        observed = self._engine.observe()
        supervisors = [] if service else self._supervisors()
        for pid in supervisors:
            _signal(pid, signal.SIGSTOP)
        for name, one in observed.items():
            if one.pid is not None and service in ("", name):
                _signal(one.pid, signal.SIGKILL)
        for pid in supervisors:
            _signal(pid, signal.SIGKILL)

    def _end_engine(self) -> None:
        if not self._restart_engine:
            for pid in self._supervisors():
                _signal(pid, signal.SIGTERM)
            return
        finished = subprocess.run(
            list(self._restart_engine), capture_output=True, text=True, check=False, timeout=_ENGINE_SECONDS
        )
        if finished.returncode != 0:
            raise ToolkitError(
                f"the engine was not restarted: {finished.stderr.strip()[-300:]}",
                where=" ".join(self._restart_engine),
                next_step="run it as a user who may, or set restart_validation_engine_command",
            )

    def _supervisors(self) -> list[int]:
        return [each.pid for each in own_processes(self._paths.root) if each.service == SUPERVISOR]

    def _mislead(self) -> str:
        path = self._paths.etc / "prometheus" / "prometheus.yml"
        good = path.read_bytes()
        _replace(path, _BROKEN.encode())
        try:
            send("POST", f"{self._prometheus}/-/reload")
        except ToolkitError as error:
            return error.what
        finally:
            _replace(path, good)
        return ""


def _replace(path: Path, content: bytes) -> None:
    write_atomically(path, content, mode=path.stat().st_mode & 0o777)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)
    except PermissionError:
        raise ToolkitError(
            f"pid {pid} may not be killed by this user", next_step="run it as the stack's owner"
        ) from None
