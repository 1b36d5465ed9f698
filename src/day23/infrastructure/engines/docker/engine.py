"""Runs services as containers of this host's Docker daemon."""

import math
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from day23.domain.errors import ToolkitError
from day23.domain.observed_service import Observed
from day23.domain.placement import Placement
from day23.domain.resolved_service import ResolvedService
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.engines.docker import labels
from day23.infrastructure.engines.docker.container import Site, container_body, container_name
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket
from day23.infrastructure.engines.docker.limits import daemon_host, scaled
from day23.infrastructure.engines.docker.mounts import service_mounts
from day23.infrastructure.engines.docker.networks import ensure_network
from day23.infrastructure.engines.docker.observed_container import observed_service
from day23.infrastructure.engines.docker.ownership import hand_over, settled_owner
from day23.infrastructure.engines.docker.sdk import daemon, refusals_told
from day23.infrastructure.engines.log_tail import last_lines
from day23.infrastructure.files import make_private_folder

_CANDIDATE, _FORMER = ".next", ".former"
_ASIDE = (_CANDIDATE, _FORMER)
"""What the names of containers end with that are not yet, or no longer, the service's own."""

_STOP_SECONDS = 30.0

_DYING = "container not running"
"""What runc says of a container that died while the daemon still takes it for a running one."""

_UPDATE_TRIES = 5
_UPDATE_PAUSE_SECONDS = 0.1


class DockerEngine:
    """Implements `ServiceEngine` with one hardened container per service.

    Docker restarts what dies, with a growing pause while it keeps dying, and after a reboot.

    Args:
        paths: The stack root; containers see its folders at the same paths.
        placement: How containers are named and find each other.
    """

    def __init__(self, paths: StackPaths, placement: Placement) -> None:
        self._paths = paths
        self._placement = placement
        self._project = placement.project_of(paths.root)

    def observe(self) -> Mapping[str, Observed]:
        """Return every service that has a container."""
        with DaemonSocket() as socket:
            found = [socket.container(each["Id"]) for each in self._listed(socket)]
        known = [observed_service(each) for each in found if each and not each["Name"].endswith(_ASIDE)]
        return {observed.name: observed for observed in known}

    def start(self, service: ResolvedService) -> None:
        """Start or replace the service; does not wait until it is ready.

        The new container exists before the old one is touched, and the old one is removed only when the new
        one has started: what the daemon refuses changes nothing.
        """
        site = self._site(service)
        client = daemon()
        name = container_name(service.name, self._project)
        body = container_body(
            service,
            site,
            service_mounts(service, self._paths),
            labels.of_service(self._paths.root, service, self._project),
        )
        with refusals_told(name, next_step="read the message, then run it again"):
            ensure_network(client, site.network)
            self._refuse_foreign(name)
            self._discard(client, self._containers(service.name, is_aside=True))
            made = client.create_container_from_config(body, name=f"{name}{_CANDIDATE}")["Id"]
            self._replace(client, name, self._containers(service.name, is_aside=False), made)

    def stop(self, name: str, within: float) -> None:
        """Stop the service within `within` seconds, by force after that. It stays known."""
        containers = self._containers(name)
        if not containers:
            return
        client = daemon()
        with refusals_told(name):
            for container in containers:
                keep_down(client, container["Id"])
                client.stop(container["Id"], timeout=math.ceil(within))

    def restart(self, name: str, within: float) -> None:
        """Stop the service within `within` seconds and start the very same again; does not wait until ready.

        Raises:
            ToolkitError: The service has no container.
        """
        containers = self._containers(name, is_aside=False)
        if not containers:
            raise ToolkitError(
                f"{name} cannot be restarted: it is not running", where=name, next_step="make day-23-up"
            )
        with refusals_told(name):
            daemon().restart(containers[0]["Id"], timeout=math.ceil(within))

    def remove(self, name: str) -> None:
        """Stop the service and forget it; its state stays."""
        containers = self._containers(name)
        if containers:
            with refusals_told(name):
                self._discard(daemon(), containers)

    def reload(self, name: str, signal: str) -> None:
        """Send the reload signal to the service.

        Raises:
            ToolkitError: The service is not running.
        """
        running = [each for each in self._containers(name) if each["State"] == "running"]
        if not running:
            raise ToolkitError(
                f"{name} cannot be reloaded: it is not running", where=name, next_step="make day-23-up"
            )
        with refusals_told(name):
            daemon().kill(running[0]["Id"], signal=f"SIG{signal}")

    def logs(self, name: str, lines: int) -> list[str]:
        """Return the last lines of the service's output, oldest first."""
        return last_lines([self._paths.log(name, "stdout"), self._paths.log(name, "stderr")], lines)

    def shutdown(self) -> None:
        """Stop every service at the same time and remove the containers; data and networks stay."""
        with DaemonSocket() as socket:
            containers = self._listed(socket)
        if not containers:
            return
        with refusals_told(self._project), ThreadPoolExecutor(len(containers)) as threads:
            list(threads.map(lambda each: self._discard(daemon(), [each]), containers))

    def _site(self, service: ResolvedService) -> Site:
        for folder in (service.config_dir, service.data_dir, self._paths.logs, self._paths.textfiles):
            make_private_folder(folder)
        owner = settled_owner(self._paths)
        hand_over(self._paths, service, owner)
        return Site(
            root=self._paths.root,
            logs=self._paths.logs,
            project=self._project,
            placement=self._placement,
            owner=owner,
            limits=scaled(service.limits, daemon_host()),
        )

    def _listed(self, socket: DaemonSocket) -> list[dict[str, Any]]:
        own = socket.containers(labels.of_stack(self._paths.root))
        return [each for each in own if labels.SERVICE in labels.labels_of(each)]

    def _containers(self, service: str, *, is_aside: bool | None = None) -> list[dict[str, Any]]:
        with DaemonSocket() as socket:
            own = [each for each in self._listed(socket) if labels.labels_of(each)[labels.SERVICE] == service]
        return [each for each in own if is_aside is None or _is_aside(each) == is_aside]

    def _refuse_foreign(self, name: str) -> None:
        with DaemonSocket() as socket:
            taken = socket.container(name)
        if taken and labels.labels_of(taken).get(labels.ROOT) != str(self._paths.root):
            raise foreign_name(name, taken)

    def _replace(self, client: Any, name: str, former: Sequence[Mapping[str, Any]], made: str) -> None:
        for container in former:
            self._stop(client, container)
            client.rename(container["Id"], f"{name}{_FORMER}")
        client.rename(made, name)
        try:
            client.start(made)
        except Exception:
            self._discard(client, [{"Id": made}])
            for container in former:
                client.rename(container["Id"], name)
                if container["State"] == "running":
                    client.start(container["Id"])
            raise
        self._discard(client, former)

    def _discard(self, client: Any, containers: Iterable[Mapping[str, Any]]) -> None:
        for container in containers:
            self._stop(client, container)
            _unless_gone(partial(client.remove_container, container["Id"], force=True))

    def _stop(self, client: Any, container: Mapping[str, Any]) -> None:
        within = float(labels.labels_of(container).get(labels.STOP_WITHIN, _STOP_SECONDS))
        _unless_gone(partial(client.stop, container["Id"], timeout=math.ceil(within)))


def keep_down(client: Any, container: str) -> None:
    """Let the daemon restart the container no more, also one that is dying at this very moment."""
    from docker.errors import APIError

    for tries_left in reversed(range(_UPDATE_TRIES)):
        try:
            client.update_container(container, restart_policy={"Name": "no"})
            return
        except APIError as error:
            if not tries_left or _DYING not in str(error):
                raise
            time.sleep(_UPDATE_PAUSE_SECONDS)


def foreign_name(name: str, taken: Mapping[str, Any]) -> ToolkitError:
    """Return the refusal of a name that a container of somebody else has."""
    image = taken.get("Config", {}).get("Image", "")
    return ToolkitError(
        f"the name {name} belongs to another container, {taken['Id'][:12]} of {image}, which is left alone",
        where=f"container {name}",
        next_step=f"docker rename {name} {name}-old, or set stack_project to another name",
    )


def _unless_gone(action: Callable[[], object]) -> None:
    from docker.errors import NotFound

    try:
        action()
    except NotFound:
        return


def _is_aside(listed: Mapping[str, Any]) -> bool:
    return any(name.endswith(_ASIDE) for name in listed["Names"])
