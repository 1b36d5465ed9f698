"""What containers and images say about themselves."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from day23.domain.placement import peer_name
from day23.domain.resolved_service import ResolvedService

ROOT = "day23.root"
SERVICE = "day23.service"
CORE_HASH = "day23.core-hash"
DRIVER = "day23.driver"
STOP_WITHIN = "day23.stop-within"
PORTS = "day23.ports"
CONTENT = "day23.content"
VERSION = "org.opencontainers.image.version"
TITLE = "org.opencontainers.image.title"

DRIVER_VERSION = "1"
"""Changes whenever containers are made differently, so that the next run replaces them all."""

COMPOSE_PROJECT = "com.docker.compose.project"


def of_stack(root: Path) -> str:
    """Return the label that all containers of one stack root carry."""
    return f"{ROOT}={root}"


def of_service(root: Path, service: ResolvedService, project: str) -> dict[str, str]:
    """Return the labels of one service's container.

    Those of Compose make `docker compose -p <project> ps` and graphical tools list the stack.
    """
    ports = sorted(address.rpartition(":")[2] for address in service.endpoints.values())
    return {
        ROOT: str(root),
        SERVICE: service.name,
        CORE_HASH: service.core_hash,
        DRIVER: DRIVER_VERSION,
        STOP_WITHIN: str(service.stop_within),
        PORTS: ",".join(ports),
        COMPOSE_PROJECT: project,
        "com.docker.compose.service": peer_name(service.name),
        "com.docker.compose.container-number": "1",
        "com.docker.compose.oneoff": "False",
        "com.docker.compose.config-hash": service.core_hash,
        "com.docker.compose.project.working_dir": str(root),
    }


def labels_of(described: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the labels out of a short or a full description."""
    own = described.get("Labels") or described.get("Config", {}).get("Labels")
    return dict(own or {})
