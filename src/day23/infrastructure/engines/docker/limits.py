"""What a container may use: what its role says, and never more than its host can give."""

from dataclasses import dataclass

from day23.domain.service_spec import Limits
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket

DEFAULT_MEMORY_MB = 1024
DEFAULT_PIDS = 1024
"""Threads count too, and so do the health check's."""

LARGEST_MEMORY_SHARE = 0.5
"""Share of the host's memory that one service may have, so that none takes the host down."""


@dataclass(frozen=True, slots=True)
class Host:
    """How large a host is for its daemon."""

    memory_mb: int
    cores: int


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """What the kernel is told."""

    memory_bytes: int
    nano_cpus: int
    pids: int


def daemon_host() -> Host:
    """Return what the daemon may use of this host; it refuses limits above that."""
    with DaemonSocket() as socket:
        told = socket.info()
    return Host(int(told["MemTotal"]) >> 20, int(told["NCPU"]))


def scaled(limits: Limits, host: Host) -> ContainerLimits:
    """Return the limits of a service on a host.

    Example:
        >>> scaled(Limits(memory_mb=16384, cpus=8), Host(memory_mb=4096, cores=2)).memory_bytes >> 20
        2048
    """
    memory = min(limits.memory_mb or DEFAULT_MEMORY_MB, int(host.memory_mb * LARGEST_MEMORY_SHARE))
    cpus = min(limits.cpus or host.cores, host.cores)
    return ContainerLimits(memory << 20, int(cpus * 1e9), limits.pids or DEFAULT_PIDS)
