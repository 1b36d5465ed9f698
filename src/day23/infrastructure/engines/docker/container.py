"""The container of one service, as the Docker API is asked for it. Hardening is no option."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from day23.domain.placement import DEFAULT_PROJECT, SHARED_NETWORK, Network, Placement, peer_name
from day23.domain.resolved_service import ResolvedService
from day23.infrastructure.engines.docker.attendant import ATTENDANT
from day23.infrastructure.engines.docker.limits import ContainerLimits
from day23.infrastructure.engines.docker.mounts import Mount
from day23.infrastructure.engines.docker.ownership import Owner
from day23.infrastructure.engines.process_table import marks

_LOG_OPTIONS = {"max-size": "10m", "max-file": "3"}
_TMP = "rw,noexec,nosuid,nodev,size=64m,mode=1777"
_SECOND = 1_000_000_000
_HEALTH_INTERVAL = 15 * _SECOND
_HEALTH_TIMEOUT = 5 * _SECOND
_HEALTH_RETRIES = 3
_LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Site:
    """Where a container goes.

    Attributes:
        bind: Address of the host that published ports listen on.
    """

    root: Path
    logs: Path
    project: str
    placement: Placement
    owner: Owner
    limits: ContainerLimits

    @property
    def network(self) -> str:
        """The name of the network that services join."""
        if self.placement.network is Network.HOST:
            return "host"
        return SHARED_NETWORK if self.project == DEFAULT_PROJECT else f"{self.project}_{SHARED_NETWORK}"


def container_name(service: str, project: str) -> str:
    """Return the container's name: the Operations Guide's for the default project.

    Example:
        >>> container_name("mongodb", "day23"), container_name("mongodb", "day23-3f2a9c")
        ('shared-mongo', 'day23-3f2a9c-shared-mongo')
    """
    name = peer_name(service)
    return name if project == DEFAULT_PROJECT else f"{project}-{name}"


def container_body(
    service: ResolvedService, site: Site, mounts: Sequence[Mount], labels: Mapping[str, str]
) -> dict[str, Any]:
    """Return the request that makes the service's container."""
    environment = {**service.environment, **marks(site.root, service.name)}
    body = hardened_body(service.image, environment, site, mounts, labels)
    body |= {
        "Entrypoint": [ATTENDANT, "run", str(site.logs), service.name],
        "Cmd": list(service.argv),
        "WorkingDir": str(service.data_dir),
        "StopSignal": f"SIG{service.stop_signal}",
        "StopTimeout": math.ceil(service.stop_within),
        "Healthcheck": _health_check(service),
    }
    body["HostConfig"] |= {
        "RestartPolicy": {"Name": "always"},
        "NetworkMode": site.network,
    }
    if service.gpus:
        body["HostConfig"]["DeviceRequests"] = [_cards(service.gpus)]
    if site.placement.network is Network.BRIDGE:
        _publish(body, service, site)
    return body


def hardened_body(
    image: str,
    environment: Mapping[str, str],
    site: Site,
    mounts: Sequence[Mount],
    labels: Mapping[str, str],
) -> dict[str, Any]:
    """Return what every container has in common, without network."""
    return {
        "Image": image,
        "User": str(site.owner),
        "Env": [f"{name}={value}" for name, value in sorted(environment.items())],
        "Labels": dict(labels),
        "HostConfig": {
            "NetworkMode": "none",
            "Mounts": [mount.described() for mount in mounts],
            "ReadonlyRootfs": True,
            "Tmpfs": {"/tmp": _TMP},  # noqa: S108  # the container's own  # nosec B108
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges:true"],
            "Privileged": False,
            "IpcMode": "private",
            "Memory": site.limits.memory_bytes,
            "MemorySwap": site.limits.memory_bytes,
            "NanoCpus": site.limits.nano_cpus,
            "PidsLimit": site.limits.pids,
            "LogConfig": {"Type": "json-file", "Config": _LOG_OPTIONS},
        },
    }


def _publish(body: dict[str, Any], service: ResolvedService, site: Site) -> None:
    ports = sorted({address.rpartition(":")[2] for address in service.endpoints.values()})
    body["ExposedPorts"] = {f"{port}/tcp": {} for port in ports}
    body["HostConfig"]["PortBindings"] = {
        f"{port}/tcp": [{"HostIp": _LOOPBACK, "HostPort": port}] for port in ports
    }
    aliases = [peer_name(service.name)]
    body["NetworkingConfig"] = {"EndpointsConfig": {site.network: {"Aliases": aliases}}}


def _cards(count: int) -> dict[str, Any]:
    return {"Driver": "nvidia", "Count": count, "Capabilities": [["gpu"]]}


def _health_check(service: ResolvedService) -> dict[str, Any]:
    ready = service.ready
    if ready is None:
        return {"Test": ["NONE"]}
    port = ready.tcp or ready.mongodb or ready.port
    address = service.endpoints[port]
    probe = ["http", address, ready.http] if ready.http else ["tcp", address]
    return {
        "Test": ["CMD", ATTENDANT, "probe", *probe],
        "Interval": _HEALTH_INTERVAL,
        "Timeout": _HEALTH_TIMEOUT,
        "Retries": _HEALTH_RETRIES,
        "StartPeriod": int(ready.within * _SECOND),
    }
