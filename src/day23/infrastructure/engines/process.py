"""Runs services as plain processes under one supervisord per stack root."""

import shutil
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault  # our own supervisor answers  # nosec B411

from day23.domain.errors import ToolkitError
from day23.domain.observed_service import Observed, ServiceState
from day23.domain.resolved_service import ResolvedService
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.engines.log_tail import last_lines
from day23.infrastructure.engines.process_table import SUPERVISOR, end, marks, own_processes
from day23.infrastructure.engines.supervisor_client import (
    STOPPED_STATES,
    SupervisorClient,
    SupervisorGoneError,
    SupervisorHangsError,
)
from day23.infrastructure.engines.supervisor_config import hash_of, program_text
from day23.infrastructure.engines.supervisor_daemon import SupervisorDaemon
from day23.infrastructure.files import write_atomically

_STATES = {
    "RUNNING": ServiceState.RUNNING,
    "STARTING": ServiceState.STARTING,
    "BACKOFF": ServiceState.BACKOFF,
    "EXITED": ServiceState.BACKOFF,
    "STOPPING": ServiceState.STOPPED,
    "STOPPED": ServiceState.STOPPED,
}


class ProcessEngine:
    """Implements `ServiceEngine` with supervisord.

    A service that dies is restarted, at once or with a growing pause while it keeps dying; when the
    supervisor itself is killed, its services get TERM from the kernel.
    """

    def __init__(self, paths: StackPaths) -> None:
        self._paths = paths
        self._daemon = SupervisorDaemon(paths)

    def observe(self) -> Mapping[str, Observed]:
        """Return every service that has a program file or that the supervisor runs."""
        known = {name: _stopped(name) for name in self._daemon.known_services()}
        try:
            with SupervisorClient(self._daemon.folder) as client:
                active = {name: _observed(name, process) for name, process in client.processes().items()}
        except SupervisorGoneError:
            return known
        except SupervisorHangsError as error:
            return known | self._left_alone(error.what)
        return known | active

    def start(self, service: ResolvedService) -> None:
        """Start or replace the service; does not wait until it is ready."""
        text = program_text(service, self._environment(service), _setpriv())
        self._daemon.ensure_running()
        service.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomically(self._daemon.program_file(service.name), text, mode=0o600)
        with SupervisorClient(self._daemon.folder) as client:
            self._stop(client, service.name, service.stop_within)
            client.forget(service.name)
            _start(client, service.name)

    def stop(self, name: str, within: float) -> None:
        """Stop the service within `within` seconds, by force after that. It stays known."""
        try:
            with SupervisorClient(self._daemon.folder) as client:
                self._stop(client, name, within)
        except SupervisorGoneError:
            end(self._paths.root, {name}, within)

    def restart(self, name: str, within: float) -> None:
        """Stop the service within `within` seconds and start the very same again; does not wait until ready.

        Raises:
            ToolkitError: The supervisor does not know the service.
        """
        try:
            with SupervisorClient(self._daemon.folder) as client:
                process = client.processes()[name]["name"]
                self._stop(client, name, within)
                client.call("startProcess", f"{name}:{process}", False)
        except (SupervisorGoneError, Fault, KeyError):
            raise ToolkitError(
                f"{name} cannot be restarted: it is not running", where=name, next_step="make day-23-up"
            ) from None

    def remove(self, name: str) -> None:
        """Stop the service and forget it; its state stays."""
        self.stop(name, self._daemon.longest_stop(name))
        self._daemon.program_file(name).unlink(missing_ok=True)
        try:
            with SupervisorClient(self._daemon.folder) as client:
                client.forget(name)
        except SupervisorGoneError:
            return

    def reload(self, name: str, signal: str) -> None:
        """Send the reload signal to the main process.

        Raises:
            ToolkitError: The service is not running.
        """
        try:
            with SupervisorClient(self._daemon.folder) as client:
                reached = client.call("signalProcessGroup", name, signal)
        except (SupervisorGoneError, Fault):
            reached = []
        if not reached:
            raise ToolkitError(
                f"{name} cannot be reloaded: it is not running", where=name, next_step="make day-23-up"
            )

    def logs(self, name: str, lines: int) -> list[str]:
        """Return the last lines of the service's output, oldest first."""
        return last_lines([self._paths.log(name, "stdout"), self._paths.log(name, "stderr")], lines)

    def shutdown(self) -> None:
        """Stop every service at the same time, then the supervisor; return when all are gone."""
        try:
            with SupervisorClient(self._daemon.folder) as client:
                client.call("stopAllProcesses", False)
                services = client.processes()
                for name in services:
                    client.stop(name, self._daemon.longest_stop(*services))
                client.call("shutdown")
            self._daemon.wait_until_gone()
        except (SupervisorGoneError, SupervisorHangsError):
            pass
        self._daemon.clear()

    def _left_alone(self, why: str) -> dict[str, Observed]:
        """Return the services that go on although their supervisor hangs."""
        return {
            process.service: replace(
                _stopped(process.service), state=ServiceState.FAILED, pid=process.pid, detail=why
            )
            for process in own_processes(self._paths.root)
            if process.service != SUPERVISOR
        }

    def _stop(self, client: SupervisorClient, name: str, within: float) -> None:
        client.stop(name, within)
        end(self._paths.root, {name}, within=0)

    def _environment(self, service: ResolvedService) -> dict[str, str]:
        return {**service.environment, **marks(self._paths.root, service.name)}


def _start(client: SupervisorClient, name: str) -> None:
    try:
        client.call("startProcess", client.add(name), False)
    except Fault as fault:
        raise ToolkitError(
            f"{name} did not start: {fault.faultString}", where=name, next_step=f"invoke day23.logs {name}"
        ) from None


def _observed(name: str, process: Mapping[str, Any]) -> Observed:
    runs = process["state"] not in STOPPED_STATES and process["pid"] != 0
    return Observed(
        name=name,
        state=_STATES.get(str(process["statename"]), ServiceState.FAILED),
        pid=int(process["pid"]) if runs else None,
        started_at=float(process["start"]) if runs else None,
        core_hash=hash_of(str(process["name"])),
        reload_hash="",
        detail=str(process["spawnerr"]),
    )


def _stopped(name: str) -> Observed:
    return Observed(name, ServiceState.STOPPED, None, None, "", "")


def _setpriv() -> Path:
    found = shutil.which("setpriv")
    if found is None:
        raise ToolkitError("setpriv is missing", where="PATH", next_step="install the package util-linux")
    return Path(found)
