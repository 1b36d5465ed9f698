"""What a container may use: what its role says, and never more than its host can give."""

import os
from dataclasses import dataclass

from day23.domain.service_spec import Limits

DEFAULT_MEMORY_MB = 1024
DEFAULT_PIDS = 1024
"""Threads count too, and so do the health check's."""

LARGEST_MEMORY_SHARE = 0.5
"""Share of the host's memory that one service may have, so that none takes the host down."""


@dataclass(frozen=True, slots=True)
class Host:
    """How large a host is."""

    memory_mb: int
    cores: int


@dataclass(frozen=True, slots=True)
class ContainerLimits:
    """What the kernel is told."""

    memory_bytes: int
    nano_cpus: int
    pids: int


def this_host() -> Host:
    """Return the size of this host."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Host(memory >> 20, os.cpu_count() or 1)


def scaled(limits: Limits, host: Host) -> ContainerLimits:
    """Return the limits of a service on a host.

    Example:
        >>> scaled(Limits(memory_mb=16384, cpus=8), Host(memory_mb=4096, cores=2)).memory_bytes >> 20
        2048
    """
    memory = min(limits.memory_mb or DEFAULT_MEMORY_MB, int(host.memory_mb * LARGEST_MEMORY_SHARE))
    cpus = min(limits.cpus or host.cores, host.cores)
    return ContainerLimits(memory << 20, int(cpus * 1e9), limits.pids or DEFAULT_PIDS)
