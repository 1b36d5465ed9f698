"""The Docker SDK, loaded only when something has to change."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from day23.domain.errors import ToolkitError
from day23.infrastructure.engines.docker.daemon_socket import API_VERSION, daemon_address

_LONGEST_CALL_SECONDS = 3900
_DISK_FULL = "no space left on device"
_NO_CARDS = "could not select device driver"
FREE_SPACE_STEP = "check the daemon's free space with `docker system df`"
"""What helps where images do not fit."""
CARDS_STEP = "sudo apt-get install nvidia-container-toolkit, sudo systemctl restart docker"
"""What helps where the daemon cannot give containers a card."""


def daemon() -> Any:
    """Return the SDK's client of this host's daemon.

    Raises:
        ToolkitError: The SDK is not installed.
    """
    try:
        from docker import APIClient
    except ImportError:
        raise ToolkitError(
            "the Docker SDK is not installed", where="docker", next_step="run `make .venv`"
        ) from None
    return APIClient(base_url=daemon_address(), version=API_VERSION, timeout=_LONGEST_CALL_SECONDS)


@contextmanager
def refusals_told(where: str, next_step: str = "") -> Iterator[None]:
    """Turn what the daemon refuses into one message.

    Args:
        where: What it was asked about.
        next_step: What helps, when that is known.
    """
    from docker.errors import DockerException
    from requests.exceptions import RequestException

    try:
        yield
    except (DockerException, RequestException) as error:
        said = getattr(error, "explanation", None) or str(error)
        if isinstance(said, bytes):
            said = said.decode(errors="replace")
        steps = {_DISK_FULL: FREE_SPACE_STEP, _NO_CARDS: CARDS_STEP}
        step = next((each for sign, each in steps.items() if sign in said), next_step)
        raise ToolkitError(f"the Docker daemon refuses: {said}", where=where, next_step=step) from None


def is_missing(error: Exception) -> bool:
    """Whether the daemon says that something does not exist."""
    from docker.errors import NotFound

    return isinstance(error, NotFound)
