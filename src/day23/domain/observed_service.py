"""`Observed`: a service as its engine sees it."""

from dataclasses import dataclass
from enum import StrEnum


class ServiceState(StrEnum):
    """What an engine sees of a service."""

    RUNNING = "running"
    STARTING = "starting"
    BACKOFF = "backoff"
    STOPPED = "stopped"
    FAILED = "failed"

    @property
    def is_alive(self) -> bool:
        """Whether the service has a main process that nobody asked to end."""
        return self in (ServiceState.RUNNING, ServiceState.STARTING)


@dataclass(frozen=True, slots=True)
class Observed:
    """A service as the engine sees it now.

    Attributes:
        core_hash: Hash over everything whose change needs a restart; empty when unknown.
        reload_hash: Hash over the files whose change needs a reload only; empty when unknown.
        started_at: Unix seconds of the main process's start; None when not running.
        detail: The engine's own words, such as why the last start failed.
    """

    name: str
    state: ServiceState
    pid: int | None
    started_at: float | None
    core_hash: str
    reload_hash: str
    detail: str = ""
