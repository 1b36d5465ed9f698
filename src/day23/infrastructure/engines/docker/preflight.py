"""What must be so on a host before containers start."""

from collections.abc import Sequence
from pathlib import Path

from day23.application.preflight import Finding, FindingState
from day23.domain.errors import ToolkitError
from day23.infrastructure.engines.docker import labels
from day23.infrastructure.engines.docker.container import container_name
from day23.infrastructure.engines.docker.daemon_socket import API_VERSION, DaemonSocket
from day23.infrastructure.engines.docker.engine import foreign_name


class DaemonAnswers:
    """Passes when this user may talk to a daemon that is new enough."""

    def findings(self) -> Sequence[Finding]:
        """Ask the daemon for its version."""
        with DaemonSocket() as socket:
            version = socket.version()
        refuse_old(version.get("Version", "unknown"), version.get("ApiVersion", "0.0"))
        return [Finding("container daemon", FindingState.PASSED, f"Docker {version['Version']}")]


class FreeNames:
    """Passes when no container of somebody else has a name that the stack needs."""

    def __init__(self, root: Path, project: str, services: Sequence[str]) -> None:
        self._root = root
        self._project = project
        self._services = services

    def findings(self) -> Sequence[Finding]:
        """Look each name up."""
        with DaemonSocket() as socket:
            return [self._finding(socket, service) for service in self._services]

    def _finding(self, socket: DaemonSocket, service: str) -> Finding:
        name = container_name(service, self._project)
        taken = socket.container(name)
        if taken is None:
            return Finding(f"container {name}", FindingState.PASSED, "free")
        if labels.labels_of(taken).get(labels.ROOT) == str(self._root):
            return Finding(f"container {name}", FindingState.PASSED, "this stack's own")
        refusal = foreign_name(name, taken)
        return Finding(f"container {name}", FindingState.FAILED, refusal.what, refusal.next_step)


def own_ports(root: Path) -> Sequence[int]:
    """Return the ports that running containers of the stack have; nothing while the daemon is silent."""
    try:
        with DaemonSocket() as socket:
            running = [
                each for each in socket.containers(labels.of_stack(root)) if each["State"] == "running"
            ]
    except ToolkitError:
        return ()
    listed = [labels.labels_of(each).get(labels.PORTS, "") for each in running]
    return [int(port) for ports in listed for port in ports.split(",") if port]


def refuse_old(version: str, api_version: str) -> None:
    """Raise unless a daemon is new enough.

    Raises:
        ToolkitError: It is not.
    """
    if _numbers(api_version) < _numbers(API_VERSION):
        raise ToolkitError(
            f"Docker {version} is too old: it speaks API {api_version}, the toolkit needs {API_VERSION}",
            where="Docker daemon",
            next_step="install Docker 20.10 or newer",
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
