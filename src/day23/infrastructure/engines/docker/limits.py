"""What a container may use: what its role says, and never more than its host can give."""

from dataclasses import dataclass
from pathlib import Path

from day23.domain.service_spec import Limits
from day23.infrastructure.engines.docker.daemon_socket import DaemonSocket

DEFAULT_MEMORY_MB = 1024
DEFAULT_PIDS = 1024
"""Threads count too, and so do the health check's."""

LARGEST_SHARE = 0.5
"""Share of the host's memory, and of its process ids, that one service may have: none takes the host down."""

_LARGEST_PID_MAX = 1 << 22
_KERNEL = Path("/proc/sys/kernel")


@dataclass(frozen=True, slots=True)
class Host:
    """How large a host is for its daemon.

    Attributes:
        pids: How many processes and threads the kernel has ids for.
    """

    memory_mb: int
    cores: int
    pids: int = _LARGEST_PID_MAX


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
    pids = min(int((_KERNEL / name).read_text()) for name in ("pid_max", "threads-max"))
    return Host(int(told["MemTotal"]) >> 20, int(told["NCPU"]), pids)


def scaled(limits: Limits, host: Host) -> ContainerLimits:
    """Return the limits of a service on a host.

    Example:
        >>> scaled(Limits(memory_mb=16384, cpus=8), Host(memory_mb=4096, cores=2)).memory_bytes >> 20
        2048
    """
    memory = min(limits.memory_mb or DEFAULT_MEMORY_MB, int(host.memory_mb * LARGEST_SHARE))
    cpus = min(limits.cpus or host.cores, host.cores)
    pids = min(limits.pids or DEFAULT_PIDS, int(host.pids * LARGEST_SHARE))
    return ContainerLimits(memory << 20, int(cpus * 1e9), pids)
