"""What a container's state says about its service."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from day23.domain.observed_service import ServiceState
from day23.infrastructure.engines.docker import labels
from day23.infrastructure.engines.docker.observed_container import observed_service


def container(pause: float, lives: float, restarts: int) -> dict[str, Any]:
    """Return a running container that was restarted after `pause` seconds and lives since `lives` seconds."""
    started = datetime.now(UTC) - timedelta(seconds=lives)
    died = started - timedelta(seconds=pause)
    state = {"Status": "running", "Pid": 7, "StartedAt": started.isoformat(), "FinishedAt": died.isoformat()}
    return {
        "RestartCount": restarts,
        "State": state,
        "Config": {"Labels": {labels.SERVICE: "loki"}},
    }


@pytest.mark.parametrize(
    ("pause", "lives", "restarts", "state"),
    [
        pytest.param(0.1, 1.0, 1, ServiceState.RUNNING, id="killed once"),
        pytest.param(0.1, 1.0, 7, ServiceState.RUNNING, id="killed again weeks later"),
        pytest.param(1.6, 1.0, 5, ServiceState.BACKOFF, id="dies whenever it is started"),
        pytest.param(1.6, 6.0, 5, ServiceState.RUNNING, id="recovered"),
        pytest.param(3600.0, 1.0, 0, ServiceState.RUNNING, id="started again by hand"),
    ],
)
def test_a_service_keeps_dying_when_the_daemon_pauses_before_it_restarts_it(
    pause: float, lives: float, restarts: int, state: ServiceState
) -> None:
    assert observed_service(container(pause, lives, restarts)).state is state
