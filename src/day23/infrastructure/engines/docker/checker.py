"""Runs a service's own validation command in a container of its image."""

from typing import Any

from day23.domain.placement import Placement
from day23.domain.resolved_service import ResolvedService
from day23.domain.stack_paths import StackPaths
from day23.infrastructure.engines.docker import labels
from day23.infrastructure.engines.docker.container import Site, hardened_body
from day23.infrastructure.engines.docker.limits import daemon_host, scaled
from day23.infrastructure.engines.docker.mounts import check_mounts
from day23.infrastructure.engines.docker.ownership import hand_over, settled_owner
from day23.infrastructure.engines.docker.sdk import daemon, refusals_told

_CHECK_SECONDS = 120
_SHOWN_LINES = 20


class ContainerChecker:
    """Implements `ConfigurationChecker`: exit status 0 accepts.

    The container is as hardened as the service's own, has no network, and is removed afterwards.
    """

    def __init__(self, paths: StackPaths, placement: Placement) -> None:
        self._paths = paths
        self._placement = placement

    def complaint(self, service: ResolvedService) -> str | None:
        """Return what the checker says against the service's files, or None when it accepts them."""
        client = daemon()
        with refusals_told(service.name):
            container = client.create_container_from_config(self._body(service))["Id"]
            try:
                client.start(container)
                return _judged(client, container)
            finally:
                client.remove_container(container, force=True, v=True)

    def _body(self, service: ResolvedService) -> dict[str, Any]:
        owner = settled_owner(self._paths)
        hand_over(self._paths, service, owner)
        project = self._placement.project_of(self._paths.root)
        site = Site(
            self._paths.root,
            self._paths.logs,
            project,
            self._placement,
            owner,
            scaled(service.limits, daemon_host()),
        )
        own = {labels.ROOT: str(self._paths.root), labels.COMPOSE_PROJECT: project}
        body = hardened_body(
            service.image, service.environment, site, check_mounts(service, self._paths), own
        )
        command = {"Entrypoint": [service.check_argv[0]], "Cmd": list(service.check_argv[1:])}
        return body | command | {"WorkingDir": str(service.config_dir)}


def _judged(client: Any, container: str) -> str | None:
    from requests.exceptions import RequestException

    try:
        status = int(client.wait(container, timeout=_CHECK_SECONDS)["StatusCode"])
    except RequestException:
        return f"its check did not end within {_CHECK_SECONDS} s"
    if status == 0:
        return None
    said = client.logs(container).decode(errors="replace")
    lines = [line for line in said.splitlines() if line.strip()]
    return "\n".join(lines[-_SHOWN_LINES:]) or f"its check left with status {status}"
