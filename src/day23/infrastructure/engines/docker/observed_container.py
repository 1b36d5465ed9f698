"""What Docker says about a container, as the state of a service."""

import time
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from day23.domain.observed_service import Observed, ServiceState
from day23.infrastructure.engines.docker import labels

_STATES = {
    "running": ServiceState.RUNNING,
    "restarting": ServiceState.BACKOFF,
    "created": ServiceState.STOPPED,
    "exited": ServiceState.STOPPED,
    "removing": ServiceState.STOPPED,
    "paused": ServiceState.FAILED,
    "dead": ServiceState.FAILED,
}

_UP_AFTER_SECONDS = 5.0
_LONG_PAUSE_SECONDS = 0.75
"""A container that was restarted after such a pause and lives shorter than that keeps dying.

The daemon waits 0.1 s before it restarts one, and twice as long each time while it lives less than 10 s.
"""


def observed_service(container: Mapping[str, Any]) -> Observed:
    """Return the service that a container of the stack is, out of the daemon's answer about the container."""
    own, state = labels.labels_of(container), container["State"]
    runs = state["Status"] == "running"
    started = datetime.fromisoformat(state["StartedAt"]).timestamp() if runs else None
    is_current = own.get(labels.DRIVER) == labels.DRIVER_VERSION
    return Observed(
        name=own[labels.SERVICE],
        state=_state(container, started),
        pid=int(state["Pid"]) if runs else None,
        started_at=started,
        core_hash=own.get(labels.CORE_HASH, "") if is_current else "",
        reload_hash="",
        detail="" if runs else _why(state),
    )


def _state(container: Mapping[str, Any], started: float | None) -> ServiceState:
    if started is not None and time.time() - started < _UP_AFTER_SECONDS and _keeps_dying(container, started):
        return ServiceState.BACKOFF
    return _STATES.get(container["State"]["Status"], ServiceState.FAILED)


def _keeps_dying(container: Mapping[str, Any], started: float) -> bool:
    """How often it was restarted since it was made does not tell: that may have been weeks apart."""
    died = datetime.fromisoformat(container["State"]["FinishedAt"]).timestamp()
    return bool(container["RestartCount"]) and started - died > _LONG_PAUSE_SECONDS


def _why(state: Mapping[str, Any]) -> str:
    if state.get("OOMKilled"):
        return "it used more memory than its limit"
    return str(state.get("Error") or f"it left with status {state.get('ExitCode')}")
